"""Kinds of notices this package sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.governance.api import register_notice_kind

register_notice_kind(
    "management.demand_alert",
    _("目标岗位的技能需求有变化"),
    _("招聘中提到“%(skill)s”的占比%(direction)s（%(month)s），专业“%(programme)s”的目标岗位要求这项技能。"),
)

register_notice_kind(
    "management.report_to_sign",
    _("人才需求报告等待签发"),
    _("%(who)s 提交了《重点产业人才需求动态预测报告》%(year)s 年度第 %(number)s 版，等待签发。"),
)

register_notice_kind(
    "management.report_published",
    _("人才需求报告已发布"),
    _("《重点产业人才需求动态预测报告》（%(region)s %(year)s 年度第 %(number)s 版）已发布。"),
)

register_notice_kind(
    "management.report_withdrawn",
    _("人才需求报告已撤回"),
    _(
        "《重点产业人才需求动态预测报告》（%(region)s %(year)s 年度第 %(number)s 版）已撤回（原因：%(reason)s）。"
    ),
)
