"""The table of this package: the plans one may see."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiqiao.apps.teaching.models import VersionState
from zhiqiao.apps.teaching.selectors import PlanView
from zhiqiao.infra.ui.table import Column, Empty, Table
from zhiqiao.infra.ui.templatetags.zq import chip

TONES = {
    VersionState.DRAFT: "accent",
    VersionState.SUBMITTED: "info",
    VersionState.APPROVED: "info",
    VersionState.IN_FORCE: "success",
}


def _state(row: PlanView) -> object:
    shown = row.shown
    return chip(shown.state_label, TONES.get(VersionState(shown.state), "")) if shown else ""


PLANS = Table(
    key="plans",
    columns=(
        Column(
            "programme",
            _("专业"),
            value=lambda row: str(row.programme),
            url=lambda row: reverse("teaching:version", args=[row.shown.uuid]),
            is_head=True,
        ),
        Column("entry_year", _("入学年份"), value=lambda row: str(row.entry_year)),
        Column(
            "state",
            _("状态"),
            value=lambda row: row.shown.state_label,
            cell=_state,
        ),
        Column(
            "in_force",
            _("执行中的版本"),
            value=lambda row: f"v{row.in_force.number}" if row.in_force else str(_("无")),
        ),
        Column("versions", _("版本数"), "number"),
        Column("changed", _("最近修改"), "moment", value=lambda row: row.shown.changed_at),
    ),
    search=("programme", "entry_year"),
    empty=Empty(
        _("还没有人才培养方案"),
        _("这里会列出各专业每一级的方案及其版本；专业带头人可以从空白、上一年的方案或文件开始。"),
    ),
    file_name="training-plans",
)
