"""Kinds of notices this package sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.governance.api import register_notice_kind

register_notice_kind(
    "management.demand_alert",
    _("目标岗位的技能需求有变化"),
    _("招聘中提到“%(skill)s”的占比%(direction)s（%(month)s），专业“%(programme)s”的目标岗位要求这项技能。"),
)
