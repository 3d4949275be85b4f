"""The tables of this package: programmes with the state of their gap, and the gap list."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.apps.management import selectors
from zhiqiao.apps.management.models import GapLine
from zhiqiao.apps.management.reasons import short_reason
from zhiqiao.apps.management.selectors import LineView
from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.infra.ui.templatetags.zq import chip
from zhiqiao.platform.data.api import ProgrammeView, SkillKind
from zhiqiao.platform.governance.api import Actor, can


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme in the list; figures are None where no gap was computed or may be seen."""

    uuid: UUID
    name: str
    school: str
    code: str
    roles: str
    missing: int | None
    open_proposals: int | None
    report_uuid: UUID | None
    url: str


TONES = {"missing": "error", "thin": "warning", "covered": "success"}


def _finding(row: LineView) -> object:
    """Show the finding as a chip, with a second one where demand is rising."""
    finding = chip(row.status_label, TONES.get(row.status, ""))
    return finding + chip(gettext("上升"), "accent", "trending-up") if row.rising else finding


PROGRAMMES = Table(
    key="programmes",
    columns=(
        Column("name", _("专业"), url=lambda row: row.url, is_head=True),
        Column("school", _("学校")),
        Column("roles", _("目标岗位"), "long"),
        Column(
            "missing",
            _("岗位要求而未开设的技能"),
            "number",
            evidence=lambda row: ("gap_report", row.report_uuid) if row.report_uuid else None,
            unknown=_("尚未计算差距"),
        ),
        Column("open_proposals", _("待处理建议"), "number", unknown=_("尚未计算差距")),
    ),
    search=("name", "school", "code", "roles"),
    empty=Empty(
        _("还没有专业"),
        _("目前专业和课程随区域包载入；课程编辑器建成后，学校可以自己录入，这里会列出与岗位需求的差距。"),
    ),
    file_name="programmes",
)

GAP = Table(
    key="gap",
    columns=(
        Column("rank", _("排序"), "number"),
        Column(
            "name",
            _("技能"),
            value=lambda row: str(row.name),
            url=lambda row: reverse("data:skill", args=[row.key]),
            is_head=True,
        ),
        Column("status_label", _("结论"), cell=_finding),
        Column(
            "share",
            _("需求占比"),
            "share",
            evidence=lambda row: ("gap_line", row.uuid),
            unknown=_("没有目标岗位的招聘信息"),
        ),
        Column("count", _("招聘信息数"), "number"),
        Column("taught_hours", _("现讲授学时"), "number", evidence=lambda row: ("gap_line", row.uuid)),
        Column("target_hours", _("宜有学时"), "number"),
        Column("reason", _("理由"), "long", value=short_reason, sort=None),
        Column("share_low", _("区间下限"), "share", is_extra=True),
        Column("share_high", _("区间上限"), "share", is_extra=True),
    ),
    filters=(
        Filter("status", _("结论"), choices=GapLine.Status.choices, lookup="status"),
        Filter("kind", _("类别"), choices=SkillKind.choices, lookup="kind"),
    ),
    search=("name", "key"),
    order="rank",
    empty=Empty(_("没有差距"), _("目标岗位的招聘信息与课程之间没有可列出的技能。")),
    file_name="gap",
)


def programme_rows(acting: Actor, views: list[ProgrammeView]) -> list[ProgrammeRow]:
    """Return the rows of the list, with figures in two queries for all programmes."""
    page = "management:gap" if can(acting, "gaps.read") else "management:courses"
    figures = selectors.figures_by_programme(acting)
    rows = []
    for view in views:
        found = figures.get(view.uuid)
        rows.append(
            ProgrammeRow(
                uuid=view.uuid,
                name=str(view.name),
                school=str(view.school),
                code=view.code,
                roles=" · ".join(str(role.name) for role in view.roles),
                missing=found.missing if found else None,
                open_proposals=found.open_proposals if found else None,
                report_uuid=found.report_uuid if found else None,
                url=reverse(page, args=[view.uuid]),
            )
        )
    return rows
