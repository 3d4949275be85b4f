"""Begins plans: from nothing, the programme's course table, an earlier year, the version in force, or a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Max, When
from django.utils.translation import gettext as _

from zhiqiao.apps.teaching.document import Document, document_of, plan_of
from zhiqiao.apps.teaching.errors import BadStart
from zhiqiao.apps.teaching.files import read_file
from zhiqiao.apps.teaching.from_courses import bare_plan, plan_of_programme
from zhiqiao.apps.teaching.judging import region_code
from zhiqiao.apps.teaching.models import (
    OPEN_STATES,
    Origin,
    PlanPoint,
    PlanStep,
    PlanVersion,
    TrainingPlan,
    VersionState,
)
from zhiqiao.apps.teaching.points import Point, points_of_copy
from zhiqiao.apps.teaching.storing import load, write_new
from zhiqiao.engines.plans import Plan, Procedure
from zhiqiao.platform.data.api import ProgrammeView, programme
from zhiqiao.platform.governance.api import Actor, audit, get_visible, require, visible

__all__ = ["Wish", "check_year", "last_year_version", "revise", "start"]

#: A plan is begun for an entry year near the present; older ones come with a file.
_YEARS_BACK, _YEARS_AHEAD = 20, 5


@dataclass(frozen=True)
class Wish:
    """What is to be begun: for which programme and entry year, from what."""

    programme_uuid: UUID
    entry_year: int
    origin: Origin
    content: bytes = b""


@dataclass(frozen=True)
class _Beginning:
    plan: Plan
    based_on: PlanVersion | None = None
    points: tuple[Point, ...] = ()


@transaction.atomic
def start(wish: Wish, *, acting: Actor, now: dt.datetime) -> PlanVersion:
    """Begin the plan of a programme for an entry year and return its first draft. 404, BadStart."""
    view = programme(acting, wish.programme_uuid)
    scope = TrainingPlan(programme_path=view.path, org_root_id=view.org_root_id)
    require(acting, "training_plans.edit", scope)
    check_year(wish.entry_year, now=now)
    if TrainingPlan.objects.filter(programme_uuid=view.uuid, entry_year=wish.entry_year).exists():
        raise BadStart(_("这个专业这一级的方案已经有了，请打开它。"))
    beginning = _beginning(wish, view, acting)
    plan = TrainingPlan.objects.create(
        org_root_id=view.org_root_id,
        programme_uuid=view.uuid,
        programme_path=view.path,
        entry_year=wish.entry_year,
        level=view.level,
        is_demo=view.is_demo,
    )
    return _first(plan, beginning, acting=acting, now=now, origin=wish.origin)


@transaction.atomic
def revise(version_uuid: UUID, *, acting: Actor, now: dt.datetime) -> PlanVersion:
    """Begin a new version of a plan from one of its versions. 404, BadStart."""
    rows = PlanVersion.objects.select_related("plan").select_for_update(of=("self",))
    base = get_visible(acting, "training_plans.edit", rows, uuid=version_uuid)
    if PlanVersion.objects.filter(plan=base.plan, state__in=OPEN_STATES).exists():
        raise BadStart(_("已有一个版本正在编写或审定，请先完成它。"))
    found = plan_of(load(base).document)
    beginning = _Beginning(replace(found, version=None, procedure=_again(found.procedure)), base)
    return _first(base.plan, beginning, acting=acting, now=now, origin=Origin.VERSION)


def check_year(year: int, *, now: dt.datetime) -> None:
    """Raise BadStart for an entry year that no plan is begun for."""
    first, last = now.year - _YEARS_BACK, now.year + _YEARS_AHEAD
    if not first <= year <= last:
        raise BadStart(_("入学年份须在 %(first)s 到 %(last)s 之间。") % {"first": first, "last": last})


def last_year_version(acting: Actor, programme_uuid: UUID, entry_year: int) -> PlanVersion | None:
    """Return the version of the nearest earlier entry year: the one in force, else the newest."""
    rows = visible(acting, "training_plans.read", PlanVersion.objects.select_related("plan"))
    earlier = rows.filter(plan__programme_uuid=programme_uuid, plan__entry_year__lt=entry_year)
    not_in_force = Case(When(state=VersionState.IN_FORCE, then=0), default=1)
    return earlier.order_by("-plan__entry_year", not_in_force, "-number").first()


def _beginning(wish: Wish, view: ProgrammeView, acting: Actor) -> _Beginning:
    if wish.origin is Origin.FILE:
        return _from_file(wish, view)
    if wish.origin is Origin.LAST_YEAR:
        base = last_year_version(acting, view.uuid, wish.entry_year)
        if base is None:
            raise BadStart(_("这个专业还没有更早年份的方案可以复制。"))
        return _copy(base, wish)
    if wish.origin is Origin.COURSES:
        if not view.courses:
            raise BadStart(_("这个专业还没有课程表。"))
        return _Beginning(plan_of_programme(view, entry_year=wish.entry_year, region=region_code()))
    return _Beginning(bare_plan(view, entry_year=wish.entry_year, region=region_code()))


def _copy(base: PlanVersion, wish: Wish) -> _Beginning:
    """Return last year's plan for the next entry year: what was decided then is not decided again."""
    found = plan_of(load(base).document)
    stem = found.key.removesuffix(f"-{base.plan.entry_year}")
    copied = replace(
        found,
        key=f"{stem}-{wish.entry_year}",
        version=None,
        entry_year=wish.entry_year,
        procedure=_again(found.procedure),
    )
    return _Beginning(copied, base, points_of_copy(found, copied))


def _again(procedure: Procedure | None) -> Procedure | None:
    """Keep who sits on the panel; report, minutes and decision are made anew."""
    return Procedure(panel=procedure.panel) if procedure and procedure.panel is not None else None


def _from_file(wish: Wish, view: ProgrammeView) -> _Beginning:
    found, points = read_file(wish.content, name=f"{view.key}-{wish.entry_year}")
    if found.entry_year not in {None, wish.entry_year}:
        raise BadStart(_("文件是 %(year)s 级的方案，与所选的入学年份不同。") % {"year": found.entry_year})
    code = found.programme.code if found.programme else None
    if code and view.code and code != view.code:
        raise BadStart(_("文件的专业代码是 %(code)s，与所选的专业不同。") % {"code": code})
    if found.level is not None and found.level != view.level:
        raise BadStart(_("文件的办学层次与所选的专业不同。"))
    return _Beginning(replace(found, entry_year=wish.entry_year), points=points)


def _first(
    plan: TrainingPlan, beginning: _Beginning, *, acting: Actor, now: dt.datetime, origin: Origin
) -> PlanVersion:
    """Store a new draft with its rows, its open points and its first step."""
    last = plan.versions.aggregate(last=Max("number"))["last"] or 0
    version = PlanVersion.objects.create(
        org_root_id=plan.org_root_id,
        plan=plan,
        number=last + 1,
        origin=origin,
        based_on=beginning.based_on,
        made_by_id=acting.user_id,
        made_at=now,
    )
    document: Document = document_of(beginning.plan)
    write_new(version, document)
    PlanPoint.objects.bulk_create(
        PlanPoint(org_root_id=plan.org_root_id, version=version, kind=point.kind, detail=point.detail)
        for point in beginning.points
    )
    PlanStep.objects.create(
        org_root_id=plan.org_root_id, version=version, verb=PlanStep.Verb.MADE, by_id=acting.user_id, at=now
    )
    audit(
        acting,
        "training_plan.begun",
        obj=("plan_version", str(version.uuid)),
        detail={"entry_year": plan.entry_year, "origin": str(origin), "version": version.number},
    )
    return version
