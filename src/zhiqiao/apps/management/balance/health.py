"""Reads of the health of programmes and of the decisions about them, always through `visible`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from zhiqiao.apps.management.balance.wording import flip_sentence, interval, reason_sentence
from zhiqiao.apps.management.models import DecisionState, ProgrammeDecision, ProgrammeHealth, ReportState
from zhiqiao.engines.balance import Interval
from zhiqiao.platform.data.api import ProgrammeView, programme_years, programmes
from zhiqiao.platform.governance.api import Actor, can, visible


@dataclass(frozen=True)
class HealthView:
    """The health of one programme; rates 0..1, cost RMB per student and year, None is unknown."""

    uuid: UUID
    report_uuid: UUID
    report_state: str
    stale_reason: str
    computed_at: dt.datetime
    is_demo: bool
    programme: ProgrammeView
    advice: str
    reasons: tuple[str, ...]
    places: int | None
    firmness: float
    flips: tuple[str, ...]
    postings: int
    quantity: Interval | None
    uncovered: Interval | None
    graduates: int | None
    enrolled: int | None
    placement: float | None
    matching: float | None
    cost: float | None
    median_cost: float | None
    overlap: tuple[tuple[str, float], ...] | None
    years: Mapping[str, int]
    waiting: UUID | None


@dataclass(frozen=True)
class DecisionView:
    """One decision with who did what when, and the figures as they were seen."""

    uuid: UUID
    choice: str
    choice_label: str
    places: int | None
    reason: str
    state: str
    state_label: str
    version: int
    proposed_by: str
    proposed_by_id: int
    proposed_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    decision_reason: str
    seen_report: UUID | None
    seen_advice: str
    seen_quantity: Interval | None
    seen_uncovered: Interval | None


def healths(acting: Actor) -> list[HealthView]:
    """Return the health of all programmes one may see, in the order of their schools."""
    rows = visible(acting, "health.read", ProgrammeHealth.objects.select_related("report"))
    found = {
        row.programme_uuid: row
        for row in rows.exclude(report__state=ReportState.SUPERSEDED).order_by("report__computed_at", "id")
    }
    waiting = dict(
        visible(acting, "health.read", ProgrammeDecision.objects.all())
        .filter(state=DecisionState.PROPOSED)
        .values_list("programme_uuid", "uuid")
    )
    views = {view.uuid: view for view in programmes(acting)}
    return [
        _view(found[uuid], view, views, waiting.get(uuid)) for uuid, view in views.items() if uuid in found
    ]


def health(acting: Actor, programme_uuid: UUID) -> HealthView:
    """Return the health of one programme; 404 when it was not computed or may not be seen."""
    found = next((item for item in healths(acting) if item.programme.uuid == programme_uuid), None)
    if found is None:
        raise Http404
    return found


def decisions(acting: Actor, programme_uuid: UUID) -> list[DecisionView]:
    """Return all decisions about a programme, the newest first."""
    rows = visible(
        acting, "health.read", ProgrammeDecision.objects.select_related("proposed_by", "decided_by")
    )
    return [_decision(row) for row in rows.filter(programme_uuid=programme_uuid).order_by("-id")]


def stated_years(acting: Actor, item: HealthView) -> dict[str, UUID]:
    """Return for each figure that was stated for a year what it was stated in, as far as the person may see it."""
    rows = {row.year: row.uuid for row in programme_years(acting, [item.programme.uuid])}
    return {name: rows[year] for name, year in item.years.items() if year in rows}


def waiting_decisions(acting: Actor) -> int:
    """Return how many proposals wait for this person: never their own."""
    if not can(acting, "decisions.approve"):
        return 0
    rows = visible(acting, "decisions.approve", ProgrammeDecision.objects.all())
    return rows.filter(state=DecisionState.PROPOSED).exclude(proposed_by=acting.user_id).count()


def _view(
    row: ProgrammeHealth, view: ProgrammeView, views: Mapping[UUID, ProgrammeView], waiting: UUID | None
) -> HealthView:
    figures, report = row.figures, row.report
    names = {str(uuid): f"{item.school} · {item.name}" for uuid, item in views.items()}
    limits = report.parameters["health"]
    return HealthView(
        uuid=row.uuid,
        report_uuid=report.uuid,
        report_state=report.state,
        stale_reason=report.stale_reason,
        computed_at=report.computed_at,
        is_demo=report.inputs["is_demo"],
        programme=view,
        advice=row.advice,
        reasons=tuple(reason_sentence(name, figures, limits) for name in row.reasons),
        places=row.places,
        firmness=row.firmness,
        flips=tuple(flip_sentence(name) for name in row.flips),
        postings=figures["postings"],
        quantity=interval(figures["quantity"]),
        uncovered=interval(figures["uncovered"]),
        graduates=figures["graduates"],
        enrolled=figures["enrolled"],
        placement=figures["placement"],
        matching=figures["matching"],
        cost=figures["cost"],
        median_cost=figures["median_cost"],
        overlap=_overlap(figures["overlap"], names),
        years=figures["years"],
        waiting=waiting,
    )


def _overlap(
    found: Mapping[str, float] | None, names: Mapping[str, str]
) -> tuple[tuple[str, float], ...] | None:
    """Name the programmes one may see; others stay without a name."""
    if found is None:
        return None
    named: Sequence[tuple[str, float]] = [(names.get(key, ""), share) for key, share in found.items()]
    return tuple(sorted(named, key=lambda item: -item[1]))


def _decision(row: ProgrammeDecision) -> DecisionView:
    figures = row.seen.get("figures", {})
    return DecisionView(
        uuid=row.uuid,
        choice=row.choice,
        choice_label=str(row.get_choice_display()),
        places=row.places,
        reason=row.reason,
        state=row.state,
        state_label=str(row.get_state_display()),
        version=row.version,
        proposed_by=row.proposed_by.display_name,
        proposed_by_id=row.proposed_by.pk,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by.display_name if row.decided_by else "",
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        seen_report=row.seen_report,
        seen_advice=row.seen.get("advice", ""),
        seen_quantity=interval(figures.get("quantity")),
        seen_uncovered=interval(figures.get("uncovered")),
    )
