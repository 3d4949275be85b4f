"""Evidence of what was stated: programme year, regional value, investment project; nothing here is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.infra.db.names import local_name
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.evidence import Hop, Link, resolver
from zhiqiao.platform.data.figures import PlanScope, read_plan_uuid
from zhiqiao.platform.data.models import InvestmentProject, ProgrammeYear, RegionalValue, ValueState
from zhiqiao.platform.data.selectors.asked import posts
from zhiqiao.platform.data.supply.labels import YEAR_LABELS
from zhiqiao.platform.data.supply.plans import plan_sums
from zhiqiao.platform.data.supply.projects import get_project, project_view
from zhiqiao.platform.data.supply.regional import get_value
from zhiqiao.platform.data.supply.years import FIGURES, get_year
from zhiqiao.platform.governance.api import Actor, require, visible

__all__ = ["plan_sums_hop", "programme_year_hop", "project_hop", "regional_value_hop"]

METHOD_VERSION = "1"


def _year_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = ProgrammeYear.objects.filter(uuid__in=uuids).select_related("programme")
    return {row.uuid: _year_title(row) for row in visible(actor, "supply.read", rows)}


def _year_title(row: ProgrammeYear) -> str:
    return f"{local_name(row.programme.name_zh, row.programme.name_en)} {row.year}"


@resolver("programme_year", label=gettext_lazy("专业年度数据"), titles=_year_titles)
def programme_year_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return what a school stated of a programme in a year."""
    row = get_year(actor, uuid)
    figures = [(YEAR_LABELS[name], getattr(row, name)) for name in FIGURES]
    return Hop(
        kind="programme_year",
        uuid=uuid,
        title=_year_title(row),
        facts=[*figures, (_("数字的来源"), row.source), (_("统计口径"), row.definition or None)],
        how=_("由学校填报或从文件导入，没有计算；空着的是未知，不当作零。"),
        method="data.supply",
        method_version=METHOD_VERSION,
        at=row.updated_at,
        url=reverse("data:supply_year", args=[uuid]),
        is_demo=row.is_demo,
    )


@resolver("plan_sums", label=gettext_lazy("企业用人计划合计"))
def plan_sums_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a sum of enterprises' plans: the sums of its posts, never what one enterprise plans."""
    require(actor, "plans.sums")
    place = read_plan_uuid(uuid)
    if place is None:
        raise Http404
    year, scope, scope_id = place
    within = {
        post.id
        for post in posts()
        if scope is PlanScope.ALL or scope_id == (post.id if scope is PlanScope.ROLE else post.industry_id)
    }
    found = [one for one in plan_sums(actor, [year]) if one.role_id in within]
    told = [one for one in found if one.headcount is not None]
    if not told:
        raise Http404
    total = sum(one.headcount or 0 for one in told)
    return Hop(
        kind="plan_sums",
        uuid=uuid,
        title=_("%(year)s 年企业用人计划合计") % {"year": year},
        facts=[
            *(
                (
                    str(one.role),
                    _("%(people)s 人，%(count)s 家企业")
                    % {"people": one.headcount, "count": one.enterprises},
                )
                for one in told
            ),
            (_("少于三家企业、不公开也不计入的岗位"), len(found) - len(told)),
        ],
        how=_("各企业填报的计划按岗位和年份相加；单个企业的数字不公开，也不能由此推出。"),
        method="data.plans",
        method_version=METHOD_VERSION,
        at=None,
        basis=[] if scope is PlanScope.ROLE else [Link(*one.figure, str(one.role)) for one in told],
        url=reverse("data:plan_sums"),
        value=formats.number(total),
        is_demo=any(one.is_demo for one in told),
    )


def _value_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = RegionalValue.objects.filter(uuid__in=uuids).select_related("indicator")
    return {row.uuid: _value_title(row) for row in visible(actor, "regional.read", rows)}


def _value_title(row: RegionalValue) -> str:
    return f"{local_name(row.indicator.name_zh, row.indicator.name_en)} {row.year}"


@resolver("regional_value", label=gettext_lazy("区域统计数值"), titles=_value_titles)
def regional_value_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return one value of the region's statistics with where it is written and what it counts."""
    row = get_value(actor, uuid)
    unit = local_name(row.indicator.unit_zh, row.indicator.unit_en)
    quoted = _("转引自别处的说法，没有对照原始公报；只作引用，不参加任何计算。")
    return Hop(
        kind="regional_value",
        uuid=uuid,
        title=_value_title(row),
        facts=[
            (_("性质"), row.get_state_display()),
            (_("出处"), row.source),
            (_("页码或位置"), row.page or None),
            (_("口径"), row.definition.text),
            (_("口径版本"), row.definition.number),
        ],
        how=quoted if row.state == ValueState.QUOTED else _("按出处抄录，没有计算。"),
        method="data.supply",
        method_version=METHOD_VERSION,
        at=row.updated_at,
        url=reverse("data:regional_indicator", args=[row.indicator.key]),
        value=f"{formats.number(row.value)} {unit}",
        is_demo=row.is_demo,
    )


def _project_titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = visible(actor, "projects.read", InvestmentProject.objects.filter(uuid__in=uuids))
    return {row.uuid: local_name(row.name, row.name_en) for row in rows}


@resolver("project", label=gettext_lazy("招商引资项目"), titles=_project_titles)
def project_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return an investment project as it was announced, with the staff it says it needs."""
    row = get_project(actor, uuid)
    view = project_view(row)
    lines = zip(view.staff, view.staff_names, strict=True)
    return Hop(
        kind="project",
        uuid=uuid,
        title=view.title,
        facts=[
            (_("产业"), str(view.industry)),
            (_("进展"), view.state_label),
            (_("开始用人的月份"), view.start),
            (_("可能性"), formats.percent(view.probability, places=0)),
            (_("出处"), view.source),
            *((f"{name} {staff[2]}", staff[1]) for staff, name in lines),
        ],
        how=_("按公布的内容登记；可能性是教育局的判断。只移动情景区间，不改变由数据得出的预测。"),
        method="data.supply",
        method_version=METHOD_VERSION,
        at=row.updated_at,
        url=reverse("data:project", args=[uuid]),
        is_demo=view.is_demo,
    )
