"""Kinds of notices this package sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.governance.api import register_notice_kind

register_notice_kind(
    "postings.imported",
    _("招聘信息导入完成"),
    _("招聘信息“%(file)s”已入库：共 %(rows)s 行，新增 %(kept)s 条。"),
)
register_notice_kind(
    "taxonomy.decided",
    _("您提出的技能有了结果"),
    _("您提出的“%(term)s”%(state)s（说明：%(reason)s）。"),
)
register_notice_kind(
    "competency.discovered",
    _("能力发现完成"),
    _("“%(title)s”已完成，共 %(groups)s 组，可以命名和调整。"),
)
