"""Reads the inputs of scenario bands from the register: announced projects, sums of hiring plans, regional statistics.

What is registered and can not be used is returned with its reason, never dropped silently. A quoted value never enters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext_noop as _

from zhiqiao.engines.demand import Stated, StatedLine
from zhiqiao.platform.data.forecasting.inputs import LIMITS, Basis, Input, Inputs, LeftOut
from zhiqiao.platform.data.models import IndicatorUse, ProjectState, RegionalValue, ValueState
from zhiqiao.platform.data.supply.plans import PlanView, plan_sums
from zhiqiao.platform.data.supply.projects import ProjectView, projects
from zhiqiao.platform.governance.api import Actor, can, visible

__all__ = ["registered_inputs"]

_Found = tuple[list[Input], list[LeftOut]]
#: Units in which people may be counted, and persons per unit.
_PERSONS = {"人": 1.0, "万人": 10_000.0}


def registered_inputs(acting: Actor) -> Inputs:
    """Return all that the person may see of the register, projects first."""
    parts = [
        _projects(projects(acting) if can(acting, "projects.read") else ()),
        _plans(plan_sums(acting) if can(acting, "plans.sums") else ()),
        _statistics(acting) if can(acting, "regional.read") else ([], []),
    ]
    items = tuple(item for found, _left in parts for item in found)
    return Inputs(items, tuple(item for _found, left in parts for item in left))


def _projects(found: Iterable[ProjectView]) -> _Found:
    items: list[Input] = []
    left: list[LeftOut] = []
    for one in found:
        if one.state == ProjectState.CANCELLED:
            left.append(LeftOut(one.name, _("已取消"), "project", one.name_en))
        elif not one.staff:
            left.append(
                LeftOut(one.name, _("公布的内容没有写用人；是未知，不是零。"), "project", one.name_en)
            )
        else:
            items.append(_project(one))
    return items, left


def _project(one: ProjectView) -> Input:
    # staff of the year in which it starts is needed from its month on, that of other years from January
    lines = tuple(
        StatedLine(role, one.start if one.start[:4] == str(year) else f"{year}-01", float(count))
        for role, count, year in one.staff
    )
    return Input(
        stated=Stated(
            id=f"project-{one.uuid}",
            kind="project",
            name=one.name,
            value=round(one.probability * 100, 6),
            source=one.source,
            industry=one.industry_key,
            people=sum(line.people for line in lines),
            lines=lines,
        ),
        year=one.start,
        definition="",
        basis=(Basis("project", str(one.uuid)),),
        is_demo=one.is_demo,
        name_en=one.name_en,
    )


def _plans(sums: Iterable[PlanView]) -> _Found:
    """Return the growth from the newest planned year but one to the newest, of sums that are open and comparable."""
    by_post: dict[str, dict[int, PlanView]] = defaultdict(dict)
    for one in sums:
        by_post[one.role_key][one.year] = one
    items: list[Input] = []
    left: list[LeftOut] = []
    for years in by_post.values():
        last = max(years)
        after, before = years[last], years.get(last - 1)
        reason = _plan_fault(before, after)
        if reason or before is None or not before.headcount or after.headcount is None:
            left.append(LeftOut(after.role.zh, reason, "plan_sums", after.role.en))
            continue
        items.append(
            Input(
                stated=Stated(
                    id=f"plan-{after.role_key}",
                    kind="plan",
                    name=after.role.zh,
                    value=round((after.headcount / before.headcount - 1) * 100, 1),
                    source="",
                    role=after.role_key,
                ),
                year=f"{before.year}–{after.year}",
                definition="",
                name_en=after.role.en,
                counts=(after.enterprises or 0, before.headcount, after.headcount),
                basis=tuple(Basis(kind, str(uuid)) for kind, uuid in (after.figure, before.figure)),
                is_demo=before.is_demo or after.is_demo,
            )
        )
    return items, left


def _plan_fault(before: PlanView | None, after: PlanView) -> str:
    if before is None:
        return _("只填报了一年，算不出年增长")
    if before.headcount is None or after.headcount is None:
        return _("有一年少于三家企业，合计不公开")
    if before.enterprises != after.enterprises:
        return _("两年填报的企业数不同，合计不能相比")
    if not before.headcount:
        return _("前一年的合计为零，算不出年增长")
    low, high = LIMITS["plan"]
    percent = (after.headcount / before.headcount - 1) * 100
    return "" if low <= percent <= high else _("年增长超出可用的范围")


def _statistics(acting: Actor) -> _Found:
    """Return planned growth and retirements from the statistics that were named as inputs."""
    rows = visible(acting, "regional.read", RegionalValue.objects.exclude(indicator__used_as=""))
    newest: dict[tuple[str, str], RegionalValue] = {}
    quoted: list[RegionalValue] = []
    for row in rows.select_related("indicator__industry", "definition").order_by("year", "-state"):
        if row.state == ValueState.QUOTED:
            quoted.append(row)
        elif row.indicator.industry is not None:
            key = (row.indicator.used_as, row.indicator.industry.key)
            known = newest.get(key)
            # of one year what was published goes before what was estimated
            if known is None or known.year < row.year or row.state == ValueState.OFFICIAL:
                newest[key] = row
    found = [
        one
        for (use, industry), row in sorted(newest.items())
        if (one := _statistic(row, use, staff=newest.get((IndicatorUse.STAFF, industry)))) is not None
    ]
    unpaired = [
        _without(row, _("没有登记同一产业的退休比例"))
        for (use, industry), row in sorted(newest.items())
        if use == IndicatorUse.STAFF and (IndicatorUse.RETIRING, industry) not in newest
    ]
    left = [_without(row, _("转引，未核对，不参加计算")) for row in quoted]
    return (
        [one for one in found if isinstance(one, Input)],
        [*(one for one in found if isinstance(one, LeftOut)), *unpaired, *left],
    )


def _statistic(row: RegionalValue, use: str, *, staff: RegionalValue | None) -> Input | LeftOut | None:
    if use == IndicatorUse.STAFF:
        return None  # enters with the share that retires
    kind = "plan" if use == IndicatorUse.GROWTH else "retirement"
    low, high = LIMITS[kind]
    if row.indicator.unit_zh != "%" or not low <= row.value <= high:
        return _without(row, _("单位不是 %，或数值超出可用的范围"))
    if use == IndicatorUse.GROWTH:
        return _from_value(
            row, Stated(f"growth-{row.uuid}", "plan", row.indicator.name_zh, float(row.value), row.source)
        )
    if staff is None:
        return _without(row, _("没有登记同一产业的从业人数"))
    if staff.indicator.unit_zh not in _PERSONS or staff.value < 0:
        return _without(staff, _("从业人数的单位要写成“人”或“万人”"))
    people = float(staff.value) * _PERSONS[staff.indicator.unit_zh]
    stated = Stated(
        f"retiring-{row.uuid}",
        "retirement",
        row.indicator.name_zh,
        float(row.value),
        row.source,
        people=people,
    )
    return _from_value(row, stated, staff)


def _from_value(row: RegionalValue, stated: Stated, *others: RegionalValue) -> Input:
    assert row.indicator.industry is not None  # asked for by the constraint
    rows = (row, *others)
    return Input(
        stated=replace(stated, industry=row.indicator.industry.key),
        year="、".join(dict.fromkeys(str(one.year) for one in rows)),
        definition="；".join(one.definition.text for one in rows),
        basis=tuple(Basis("regional_value", str(one.uuid)) for one in rows),
        is_demo=any(one.is_demo for one in rows),
        name_en=row.indicator.name_en,
    )


def _without(row: RegionalValue, reason: str) -> LeftOut:
    return LeftOut(row.indicator.name_zh, reason, "regional_value", row.indicator.name_en)
