"""Tables of discovery runs and frameworks, and a framework as lines to be exported."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.platform.data.competency.frameworks import FrameworkVersionView, FrameworkView, WeightView
from zhiqiao.platform.data.models import CompetencyStudy, DiscoveryMethod, StudyState

__all__ = ["FRAMEWORKS", "LINES", "STUDIES", "framework_rows", "lines_of"]

STUDIES = Table(
    key="studies",
    caption=_("能力发现"),
    columns=(
        Column("title", _("名称"), url=lambda row: reverse("data:study", args=[row.uuid]), is_head=True),
        Column("state", _("状态"), value=lambda row: row.get_state_display()),
        Column("method", _("方法"), value=lambda row: row.get_method_display()),
        Column("k", _("组数"), "number", unknown=_("还没有建议组数")),
        Column("postings", _("招聘信息"), "number", value=lambda row: _done(row, row.postings)),
        Column("coherence", _("一致性"), "number", unknown=_("还没有结果"), is_extra=True),
        Column("agreement", _("稳定性"), "number", unknown=_("还没有结果"), is_extra=True),
        Column("made_by", _("由谁"), value=lambda row: str(row.made_by or ""), sort=None),
        Column("created_at", _("开始于"), "moment"),
    ),
    filters=(
        Filter("state", _("状态"), choices=StudyState.choices),
        Filter("method", _("方法"), choices=DiscoveryMethod.choices),
    ),
    search=("title",),
    empty=Empty(
        _("还没有能力发现"),
        _("从招聘信息里找出常在一起要求的技能，分成组，再由专家命名和调整。"),
    ),
    file_name="competency-studies",
    demo_key="is_demo",
)


def _done(row: CompetencyStudy, value: int) -> int | None:
    return value if row.state == StudyState.DONE else None


FRAMEWORKS = Table(
    key="frameworks",
    caption=_("能力标准"),
    columns=(
        Column("name", _("名称"), url=lambda row: row["url"], is_head=True),
        Column("owner", _("行业协会")),
        Column("state", _("状态")),
        Column("number", _("版本"), "number"),
        Column("published_at", _("发布于"), "day", unknown=_("还没有发布")),
    ),
    search=("name", "owner"),
    empty=Empty(
        _("还没有能力标准"),
        _("行业协会发布的能力标准会列在这里：维度、指标、技能和权重。"),
    ),
    file_name="competency-frameworks",
    demo_key="is_demo",
)


def framework_rows(views: list[FrameworkView]) -> list[dict[str, object]]:
    """Return frameworks as rows of the table: the version in force, else the draft."""
    rows: list[dict[str, object]] = []
    for view in views:
        shown = view.in_force or view.draft or view.versions[0]
        rows.append(
            {
                "uuid": view.uuid,
                "name": str(view.name),
                "owner": str(view.owner),
                "state": shown.state_label,
                "number": shown.number,
                "published_at": shown.published_at.date() if shown.published_at else None,
                "url": reverse("data:framework", args=[view.uuid]),
                "is_demo": view.is_demo,
            }
        )
    return rows


_UNKNOWN = _("未知；原因见旁边一列")
LINES = Table(
    key="framework-lines",
    caption=_("能力标准"),
    columns=(
        Column("dimension", _("维度")),
        Column("dimension_weight", _("维度权重"), "number", unknown=_UNKNOWN),
        Column("dimension_origin", _("维度权重的由来")),
        Column("indicator", _("指标")),
        Column("indicator_weight", _("指标权重"), "number", unknown=_UNKNOWN),
        Column("indicator_origin", _("指标权重的由来")),
        Column("skill_key", _("技能编号")),
        Column("skill", _("技能"), is_head=True),
        Column("skill_weight", _("技能权重"), "number", unknown=_UNKNOWN),
        Column("skill_origin", _("技能权重的由来")),
    ),
    file_name="competency-framework",
)


def lines_of(view: FrameworkVersionView) -> list[dict[str, object]]:
    """Return one row per skill; weights that are unknown stay empty with the reason beside them."""
    return [
        {
            "dimension": str(dimension.name),
            "dimension_weight": dimension.weight.value,
            "dimension_origin": _origin(dimension.weight),
            "indicator": str(indicator.name),
            "indicator_weight": indicator.weight.value,
            "indicator_origin": _origin(indicator.weight),
            "skill_key": line.key,
            "skill": str(line.name),
            "skill_weight": line.weight.value,
            "skill_origin": _origin(line.weight),
        }
        for dimension in view.dimensions
        for indicator in dimension.indicators
        for line in indicator.skills
    ]


def _origin(weight: WeightView) -> str:
    return gettext("%(state)s：%(source)s") % {
        "state": weight.state_label,
        "source": weight.source or weight.reason,
    }
