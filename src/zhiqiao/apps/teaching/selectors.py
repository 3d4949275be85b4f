"""Reads of plans and versions as plain values, always through `visible`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from zhiqiao.apps.teaching.models import (
    OPEN_STATES,
    PlanPoint,
    PlanRemark,
    PlanStep,
    PlanVersion,
    TrainingPlan,
    VersionState,
)
from zhiqiao.apps.teaching.points import point_text
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.api import ProgrammeView, programmes
from zhiqiao.platform.governance.api import Actor, can, get_visible, visible

__all__ = [
    "PlanView",
    "PointView",
    "RemarkView",
    "StepView",
    "VersionView",
    "plans_of",
    "points",
    "remarks",
    "startable",
    "steps",
    "version",
    "version_row",
]


@dataclass(frozen=True)
class VersionView:
    """A version with what the person may do with it."""

    uuid: UUID
    number: int
    state: str
    state_label: str
    origin_label: str
    sequence: int
    made_by: str
    made_at: dt.datetime
    changed_at: dt.datetime
    programme_uuid: UUID
    programme: Name
    school: Name
    entry_year: int
    is_demo: bool
    based_on: UUID | None
    may_edit: bool
    may_submit: bool
    may_approve: bool
    may_remark: bool
    may_revise: bool

    @property
    def title(self) -> str:
        """Return what the version is called: programme, entry year, number."""
        return f"{self.programme} {self.entry_year} v{self.number}"


@dataclass(frozen=True)
class PlanView:
    """The plan of a programme for an entry year in the list: its version in force and the one under way."""

    programme_uuid: UUID
    programme: Name
    school: Name
    entry_year: int
    is_demo: bool
    in_force: VersionView | None
    open: VersionView | None
    versions: int
    is_own: bool

    @property
    def shown(self) -> VersionView | None:
        """Return the version that the list leads to."""
        return self.open or self.in_force


@dataclass(frozen=True)
class StepView:
    """Something that was done with a version."""

    label: str
    by: str
    at: dt.datetime
    reason: str


@dataclass(frozen=True)
class PointView:
    """An open point of a copied version."""

    uuid: UUID
    text: str
    done_by: str
    done_at: dt.datetime | None


@dataclass(frozen=True)
class RemarkView:
    """What a reader said."""

    uuid: UUID
    table: str
    key: str
    text: str
    by: str
    at: dt.datetime
    done_by: str
    done_at: dt.datetime | None


def _versions() -> QuerySet[PlanVersion]:
    return PlanVersion.objects.select_related("plan", "made_by", "based_on")


def version_row(acting: Actor, version_uuid: UUID) -> PlanVersion:
    """Return a version's row; 404 when it may not be seen."""
    return get_visible(acting, "training_plans.read", _versions(), uuid=version_uuid)


def version(acting: Actor, row: PlanVersion) -> VersionView:
    """Return a version with its names."""
    known = {view.uuid: view for view in programmes(acting)}
    return _view(acting, row, known.get(row.plan.programme_uuid))


def plans_of(acting: Actor) -> list[PlanView]:
    """Return the plans the person may see: newest entry year first, within it those one writes oneself."""
    known = {view.uuid: view for view in programmes(acting)}
    rows = visible(acting, "training_plans.read", _versions()).order_by(
        "-plan__entry_year", "plan__programme_path", "plan_id", "-number"
    )
    by_plan: dict[int, list[PlanVersion]] = {}
    for row in rows:
        by_plan.setdefault(row.plan_id, []).append(row)
    found = [_plan(acting, versions, known) for versions in by_plan.values()]
    return sorted(found, key=lambda one: (-one.entry_year, not one.is_own))


def _plan(acting: Actor, rows: list[PlanVersion], known: dict[UUID, ProgrammeView]) -> PlanView:
    views = [_view(acting, row, known.get(row.plan.programme_uuid)) for row in rows]
    first = views[0]
    in_force = next((one for one in views if one.state == VersionState.IN_FORCE), None)
    return PlanView(
        programme_uuid=first.programme_uuid,
        programme=first.programme,
        school=first.school,
        entry_year=first.entry_year,
        is_demo=first.is_demo,
        in_force=in_force,
        open=next((one for one in views if one.state in OPEN_STATES), None) or (None if in_force else first),
        versions=len(views),
        is_own=can(acting, "training_plans.edit", rows[0].plan),
    )


def _view(acting: Actor, row: PlanVersion, programme: ProgrammeView | None) -> VersionView:
    plan = row.plan
    writes = can(acting, "training_plans.edit", plan)
    approves = can(acting, "training_plans.approve", plan)
    return VersionView(
        uuid=row.uuid,
        number=row.number,
        state=row.state,
        state_label=str(row.get_state_display()),
        origin_label=str(row.get_origin_display()),
        sequence=row.sequence,
        made_by=row.made_by.display_name if row.made_by else "",
        made_at=row.made_at,
        changed_at=row.updated_at,
        programme_uuid=plan.programme_uuid,
        programme=programme.name if programme else Name("—", "—"),
        school=programme.school if programme else Name("", ""),
        entry_year=plan.entry_year,
        is_demo=plan.is_demo,
        based_on=row.based_on.uuid if row.based_on else None,
        may_edit=writes and row.state == VersionState.DRAFT,
        may_submit=writes and row.state == VersionState.DRAFT,
        may_approve=approves,
        may_remark=can(acting, "training_plans.remark", plan),
        may_revise=writes and row.state not in OPEN_STATES,
    )


def startable(acting: Actor) -> list[ProgrammeView]:
    """Return the programmes for which the person may begin a plan."""
    return [
        view
        for view in programmes(acting)
        if can(
            acting,
            "training_plans.edit",
            TrainingPlan(programme_path=view.path, org_root_id=view.org_root_id),
        )
    ]


def siblings(acting: Actor, row: PlanVersion) -> list[PlanVersion]:
    """Return the versions of the same programme that one can compare with, newest first."""
    rows = visible(acting, "training_plans.read", _versions())
    found = rows.filter(plan__programme_uuid=row.plan.programme_uuid).exclude(pk=row.pk)
    return list(found.order_by("-plan__entry_year", "-number"))


def steps(row: PlanVersion) -> list[StepView]:
    """Return what was done with a version, newest first."""
    rows: Iterable[PlanStep] = row.steps.select_related("by").order_by("-at", "-pk")
    return [
        StepView(str(one.get_verb_display()), one.by.display_name if one.by else "", one.at, one.reason)
        for one in rows
    ]


def points(row: PlanVersion) -> list[PointView]:
    """Return the open points of a version, in the order in which they were found."""
    rows: Iterable[PlanPoint] = row.points.select_related("done_by").order_by("pk")
    return [
        PointView(
            one.uuid,
            point_text(one.kind, one.detail),
            one.done_by.display_name if one.done_by else "",
            one.done_at,
        )
        for one in rows
    ]


def remarks(row: PlanVersion) -> list[RemarkView]:
    """Return what readers said, open ones first, the newest first."""
    rows: Iterable[PlanRemark] = row.remarks.select_related("by", "done_by").order_by("done_at", "-at")
    return [
        RemarkView(
            one.uuid,
            one.table,
            one.key,
            one.text,
            one.by.display_name,
            one.at,
            one.done_by.display_name if one.done_by else "",
            one.done_at,
        )
        for one in rows
    ]
