"""Reads of gap reports and proposals as plain values, always through `visible`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from zhiqiao.apps.management.models import GapLine, GapReport, Proposal, ProposalState, ReportState
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.api import (
    CourseView,
    ModuleView,
    ProgrammeView,
    SkillView,
    names_of,
    programme,
    skills_by_key,
)
from zhiqiao.platform.governance.api import Actor, can, get_visible, visible


@dataclass(frozen=True)
class LineView:
    """One line of the gap list."""

    uuid: UUID
    skill_uuid: UUID
    key: str
    name: Name
    kind: str
    category: str
    status: str
    status_label: str
    rank: int
    count: int
    total: int
    share: float | None
    share_low: float
    share_high: float
    taught_hours: float
    target_hours: float
    rising: bool
    trend: dict[str, float] | None


@dataclass(frozen=True)
class SkillChangeView:
    """A skill in a proposal."""

    key: str
    name: Name
    hours: float
    level: int
    line: LineView | None


@dataclass(frozen=True)
class ProposalView:
    """A proposal with the names of what it changes."""

    uuid: UUID
    change: str
    change_label: str
    course: CourseView | None
    module: ModuleView | None
    skills: tuple[SkillChangeView, ...]
    lines: tuple[LineView, ...]
    hours: float
    score: float
    affinity: float
    rank: int
    state: str
    state_label: str
    version: int
    decided_at: dt.datetime | None
    decided_by: str
    decision_reason: str
    decided_skills: tuple[SkillChangeView, ...]
    decided_module: ModuleView | None
    stale_reason: str

    @property
    def is_open(self) -> bool:
        """Tell whether the proposal can be decided."""
        return self.state == ProposalState.OPEN


@dataclass(frozen=True)
class ReportView:
    """A report's facts and lines."""

    uuid: UUID
    state: str
    stale_reason: str
    computed_at: dt.datetime
    computed_by: str
    method: str
    postings: int
    enough: bool
    months: tuple[str, str] | None
    undated: int
    imports: tuple[dict[str, object], ...]
    is_demo: bool
    lines: tuple[LineView, ...]

    def count(self, status: str) -> int:
        """Return how many lines have a status."""
        return sum(line.status == status for line in self.lines)


def report_of(acting: Actor, programme_uuid: UUID) -> ReportView | None:
    """Return the programme's report in force, or None when none was computed yet."""
    rows = visible(acting, "gaps.read", GapReport.objects.select_related("computed_by"))
    row = rows.filter(programme_uuid=programme_uuid).exclude(state=ReportState.SUPERSEDED).first()
    return _report(row) if row else None


def _report(row: GapReport) -> ReportView:
    inputs = row.inputs
    return ReportView(
        uuid=row.uuid,
        state=row.state,
        stale_reason=row.stale_reason,
        computed_at=row.computed_at,
        computed_by=row.computed_by.display_name if row.computed_by else "",
        method=f"{row.method} {row.method_version}",
        postings=row.postings,
        enough=row.postings >= row.parameters["demand"]["min_postings"],
        months=(inputs["months"][0], inputs["months"][1]) if inputs["months"] else None,
        undated=inputs["undated"],
        imports=tuple(inputs["imports"]),
        is_demo=inputs["is_demo"],
        lines=lines_of(row.lines.order_by("rank")),
    )


def lines_of(rows: Iterable[GapLine]) -> tuple[LineView, ...]:
    """Return gap lines as values, with the names of their skills."""
    found = list(rows)
    facts = skills_by_key([row.skill_key for row in found])
    return tuple(
        LineView(
            uuid=row.uuid,
            skill_uuid=row.skill_uuid,
            key=row.skill_key,
            name=facts[row.skill_key].name,
            kind=facts[row.skill_key].kind,
            category=facts[row.skill_key].category,
            status=row.status,
            status_label=str(row.get_status_display()),
            rank=row.rank,
            count=row.count,
            total=row.total,
            share=row.share,
            share_low=row.share_low,
            share_high=row.share_high,
            taught_hours=row.taught_hours,
            target_hours=row.target_hours,
            rising=bool(row.trend and row.trend["rising"]),
            trend=row.trend,
        )
        for row in found
    )


def proposals_of(
    acting: Actor, view: ProgrammeView, *, states: Sequence[str] = ()
) -> tuple[ProposalView, ...]:
    """Return the programme's proposals, open ones first, in their order."""
    rows = visible(acting, "proposals.read", Proposal.objects.select_related("decided_by"))
    rows = rows.filter(programme_uuid=view.uuid)
    if states:
        rows = rows.filter(state__in=states)
    found = sorted(rows, key=lambda row: (row.state != ProposalState.OPEN, row.rank, row.pk))
    return _proposals(found, view)


def proposal(acting: Actor, proposal_uuid: UUID) -> tuple[ProposalView, ProgrammeView]:
    """Return one proposal and its programme; 404 when it may not be seen."""
    row = get_visible(
        acting, "proposals.read", Proposal.objects.select_related("decided_by"), uuid=proposal_uuid
    )
    view = programme(acting, row.programme_uuid)
    return _proposals([row], view)[0], view


@dataclass(frozen=True)
class ProposalLabel:
    """What a link to a proposal needs."""

    uuid: UUID
    change: str
    place: str
    skills: tuple[Name, ...]


def proposal_labels(acting: Actor, uuids: Sequence[UUID]) -> list[ProposalLabel]:
    """Return the labels of those proposals that may be seen, without reading whole course tables."""
    rows = list(visible(acting, "proposals.read", Proposal.objects.filter(uuid__in=uuids)).order_by("rank"))
    places = names_of(acting, [row.module_uuid or row.course_uuid for row in rows])
    skills = skills_by_key({item["key"] for row in rows for item in row.skills})
    return [
        ProposalLabel(
            row.uuid,
            row.change,
            str(places.get(row.module_uuid or row.course_uuid, "")),
            tuple(skills[item["key"]].name for item in row.skills),
        )
        for row in rows
    ]


def open_proposals(acting: Actor) -> int:
    """Return how many proposals wait for this person's decision."""
    if not can(acting, "proposals.decide"):
        return 0
    return visible(acting, "proposals.decide", Proposal.objects.filter(state=ProposalState.OPEN)).count()


def proposals_of_module(acting: Actor, module_uuid: UUID, view: ProgrammeView) -> tuple[ProposalView, ...]:
    """Return the proposals that would change, or have changed, a module."""
    return tuple(
        item
        for item in proposals_of(acting, view)
        if module_uuid
        in {
            item.module.uuid if item.module else None,
            item.decided_module.uuid if item.decided_module else None,
        }
    )


def _proposals(rows: Sequence[Proposal], view: ProgrammeView) -> tuple[ProposalView, ...]:
    reports = {row.report_id for row in rows}
    wanted = {item["key"] for row in rows for item in row.skills}
    retired = {row.module_uuid for row in rows if row.change == Proposal.Change.RETIRE}
    modules = {module.uuid: module for course in view.courses for module in course.modules}
    wanted |= {item.key for uuid in retired if uuid in modules for item in modules[uuid].skills}
    lines = {
        (row.report_id, row.skill_key): line
        for row, line in _paired(GapLine.objects.filter(report__in=reports, skill_key__in=wanted))
    }
    names = skills_by_key(wanted)
    courses = {course.uuid: course for course in view.courses}
    return tuple(_proposal(row, courses=courses, modules=modules, lines=lines, names=names) for row in rows)


def _paired(rows: Iterable[GapLine]) -> list[tuple[GapLine, LineView]]:
    found = list(rows)
    return list(zip(found, lines_of(found), strict=True))


def _proposal(
    row: Proposal,
    *,
    courses: dict[UUID, CourseView],
    modules: dict[UUID, ModuleView],
    lines: dict[tuple[int, str], LineView],
    names: Mapping[str, SkillView],
) -> ProposalView:
    module = modules.get(row.module_uuid) if row.module_uuid else None

    def change(item: dict[str, object]) -> SkillChangeView:
        key = str(item["key"])
        return SkillChangeView(
            key=key,
            name=names[key].name,
            hours=float(str(item["hours"])),
            level=int(str(item["level"])),
            line=lines.get((row.report_id, key)),
        )

    skills = tuple(change(item) for item in row.skills)
    behind = (
        [item.line for item in skills]
        if skills
        else [lines.get((row.report_id, item.key)) for item in (module.skills if module else ())]
    )
    return ProposalView(
        uuid=row.uuid,
        change=row.change,
        change_label=str(row.get_change_display()),
        course=courses.get(row.course_uuid),
        module=module,
        skills=skills,
        lines=tuple(line for line in behind if line),
        hours=row.hours,
        score=row.score,
        affinity=row.affinity,
        rank=row.rank,
        state=row.state,
        state_label=str(row.get_state_display()),
        version=row.version,
        decided_at=row.decided_at,
        decided_by=row.decided_by.display_name if row.decided_by else "",
        decision_reason=row.decision_reason,
        decided_skills=tuple(change(item) for item in row.decided_skills),
        decided_module=modules.get(row.decided_module_uuid) if row.decided_module_uuid else None,
        stale_reason=row.stale_reason,
    )


def exposed_by_course(view: ProgrammeView, lines: Sequence[LineView]) -> dict[UUID, tuple[LineView, ...]]:
    """Return, per course, the asked skills that no other course teaches: what posts would lose without it."""
    asked = {line.key: line for line in lines if line.status in {"thin", "covered"}}
    teaching: dict[str, set[UUID]] = {}
    for course, module in view.modules():
        for skill in module.skills:
            teaching.setdefault(skill.key, set()).add(course.uuid)
    exposed: dict[UUID, list[LineView]] = {}
    for key, homes in teaching.items():
        if key in asked and len(homes) == 1:
            exposed.setdefault(next(iter(homes)), []).append(asked[key])
    return {uuid: tuple(sorted(found, key=lambda line: -line.count)) for uuid, found in exposed.items()}


def missing_skills(acting: Actor) -> int | None:
    """Return how many different skills are asked for and not taught in the programmes of this person's unit."""
    reports = visible(acting, "gaps.read", GapReport.objects.exclude(state=ReportState.SUPERSEDED))
    mine = (
        reports.filter(programme_path__startswith=acting.org_path) if acting.org_kind == "school" else reports
    )
    if not mine.exists():
        return None
    lines = GapLine.objects.filter(report__in=mine, status=GapLine.Status.MISSING)
    return lines.values("skill_key").distinct().count()


@dataclass(frozen=True)
class Figures:
    """What the list of programmes shows of one."""

    report_uuid: UUID
    missing: int
    open_proposals: int


def figures_by_programme(acting: Actor) -> dict[UUID, Figures]:
    """Return the figures of all programmes with a report in force that this person may see."""
    reports = visible(acting, "gaps.read", GapReport.objects.exclude(state=ReportState.SUPERSEDED))
    counted = reports.annotate(
        missing=Count("lines", filter=Q(lines__status=GapLine.Status.MISSING), distinct=True),
        waiting=Count("proposals", filter=Q(proposals__state=ProposalState.OPEN), distinct=True),
    )
    return {row.programme_uuid: Figures(row.uuid, row.missing, row.waiting) for row in counted}
