"""Kinds of notices this package sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.governance.api import register_notice_kind

register_notice_kind(
    "rules.check_shared",
    _("学校提交了规则检查"),
    _("%(who)s 提交了“%(title)s”的规则检查，%(blocking)s 处必须先解决，可以给予豁免。"),
)
register_notice_kind(
    "rules.waiver_given",
    _("给予了豁免"),
    _("%(who)s 豁免了“%(title)s”的规则 %(rule)s，有效至 %(expires)s。"),
)
register_notice_kind(
    "rules.waiver_withdrawn",
    _("撤回了豁免"),
    _("%(who)s 撤回了“%(title)s”对规则 %(rule)s 的豁免（理由：%(reason)s）。"),
)
