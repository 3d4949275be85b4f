"""Supply against demand for the report: the balance in force while it is current, else computed as it would be now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from zhiqiao.apps.management.balance.assessing import assess
from zhiqiao.apps.management.balance.computing import compare
from zhiqiao.apps.management.balance.inputs import Inputs, conditions_of, gather, parameters, supply_of
from zhiqiao.apps.management.balance.selectors import BalanceView, PostLine, SkillLine, balance
from zhiqiao.apps.management.models import DecisionState, ProgrammeDecision, ProgrammeHealth, ReportState
from zhiqiao.apps.management.report.gathering_counts import Counted
from zhiqiao.apps.management.report.gathering_region import named
from zhiqiao.engines import balance as engine
from zhiqiao.engines import findings
from zhiqiao.engines.report import Name
from zhiqiao.platform.data.api import ProgrammeView, programme_years, whole_programmes
from zhiqiao.platform.governance.api import Actor, visible

__all__ = ["Supplied", "supplied"]


@dataclass(frozen=True)
class Supplied:
    """The comparison, and where its figures are stored: lines by (industry, post, skill), health by programme.

    `report_uuid` is None where it was computed for the report alone; there are then no lines to lead to. `years` are
    the years that graduates come from, by programme.
    """

    compared: findings.Compared
    is_demo: bool
    year_lines: int
    report_uuid: UUID | None = None
    lines: Mapping[tuple[str, str, str], UUID] = field(default_factory=dict)
    health: Mapping[str, UUID] = field(default_factory=dict)
    years: Mapping[str, UUID] = field(default_factory=dict)


def supplied(acting: Actor, count: Counted, rules: findings.Rules, *, anew: bool = False) -> Supplied:
    """Return supply against demand of the time of the report; with `anew` computed whatever is in force."""
    view = balance(acting) if count.is_newest and not anew else None
    if view is not None and view.state == ReportState.CURRENT:
        found = _stored(acting, view)
    else:
        until = "" if count.is_newest else count.months[-1]
        found = _computed(gather(acting, until=until), rules)
    return _decided(acting, found)


def _decided(acting: Actor, found: Supplied) -> Supplied:
    """Add what was approved last for each programme: a person decides, the report tells it beside the advice."""
    rows = visible(acting, "health.read", ProgrammeDecision.objects.filter(state=DecisionState.APPROVED))
    newest = {str(row.programme_uuid): row for row in rows.order_by("decided_at", "id")}
    programmes = tuple(
        replace(item, decision=row.choice, decided_places=row.places)
        if (row := newest.get(item.name.key))
        else item
        for item in found.compared.programmes
    )
    return replace(found, compared=replace(found.compared, programmes=programmes))


def _computed(inputs: Inputs, rules: findings.Rules) -> Supplied:
    """Compute as the balance pages would, with their seed."""
    seed = rules.balance.seed
    found = compare(inputs, parameters(), seed=seed)
    programmes = []
    for item in assess(inputs, parameters(), seed=seed):
        year = inputs.newest(item.view.uuid, "graduates")
        supply = next(one for one in inputs.supply if one.key == str(item.view.uuid))
        programmes.append(
            _programme(item.view, supply, item.facts, item.advice, year=year.year if year else None)
        )
    return Supplied(
        compared=findings.Compared(found.balance, found.kinds, tuple(programmes)),
        is_demo=inputs.is_demo,
        year_lines=len(inputs.years),
        years=_years(inputs),
    )


def _years(inputs: Inputs) -> dict[str, UUID]:
    found = {view.uuid: inputs.newest(view.uuid, "graduates") for view in inputs.programmes}
    return {str(uuid): year.uuid for uuid, year in found.items() if year}


def _stored(acting: Actor, view: BalanceView) -> Supplied:
    """Take over the report in force: the figures that the pages show."""
    views, years = tuple(whole_programmes(acting)), programme_years(acting)
    conditions = conditions_of(acting)
    newest: dict[UUID, UUID] = {}
    graduates = [year for year in years if year.graduates is not None]
    for year in graduates:  # the newest year comes first
        newest.setdefault(year.programme_uuid, year.uuid)
    rows = {
        row.programme_uuid: row
        for row in visible(acting, "health.read", ProgrammeHealth.objects.filter(report__uuid=view.uuid))
    }
    programmes = tuple(
        _of_row(item, supply_of(item, None, conditions.get(item.uuid, ())), rows[item.uuid])
        for item in views
        if item.uuid in rows
    )
    found = _balance(view)
    return Supplied(
        compared=findings.Compared(found, _kinds(view), programmes),
        is_demo=view.is_demo,
        year_lines=len(years),
        report_uuid=view.uuid,
        lines=_lines(view),
        health={str(uuid): row.uuid for uuid, row in rows.items()},
        years={str(programme): uuid for programme, uuid in newest.items()},
    )


def _balance(view: BalanceView) -> engine.Balance:
    posts = [row for industry in view.industries for row in industry.posts]
    gaps = sorted((line for row in posts for line in row.skills), key=lambda line: line.rank)
    return engine.Balance(
        gaps=tuple(_gap(line) for line in gaps),
        roles=tuple(_index(row) for row in posts),
        industries=tuple(
            engine.IndustryIndex(item.key, item.postings, item.uncovered) for item in view.industries
        ),
        draws=view.draws,
        level=view.level,
    )


def _role(row: PostLine | SkillLine) -> engine.RoleFacts:
    return engine.RoleFacts(row.post.key, row.post.industry_key, row.post.link_key)


def _gap(line: SkillLine) -> engine.SkillGap:
    return engine.SkillGap(
        role=_role(line),
        skill=engine.SkillFacts(line.skill.key, line.skill.kind),
        count=line.count,
        total=line.total,
        share=line.share,
        pressure=line.pressure,
        covered=line.covered,
        programmes=line.hours,
    )


def _index(row: PostLine) -> engine.RoleIndex:
    return engine.RoleIndex(
        role=_role(row),
        postings=row.postings,
        uncovered=row.uncovered,
        quantity=row.quantity,
        programmes=tuple(str(item.uuid) for item in row.programmes),
        graduates=row.graduates,
    )


def _kinds(view: BalanceView) -> tuple[engine.KindFinding, ...]:
    return tuple(
        engine.KindFinding(
            engine.GapKind(kind.kind),
            row.post.key,
            str(kind.programme.uuid) if kind.programme else "",
            kind.basis,
        )
        for industry in view.industries
        for row in industry.posts
        for kind in row.kinds
    )


def _lines(view: BalanceView) -> dict[tuple[str, str, str], UUID]:
    found: dict[tuple[str, str, str], UUID] = {}
    for industry in view.industries:
        found[industry.key, "", ""] = industry.uuid
        for row in industry.posts:
            found["", row.post.key, ""] = row.uuid
            found |= {("", row.post.key, line.skill.key): line.uuid for line in row.skills}
    return found


def _of_row(view: ProgrammeView, supply: engine.ProgrammeSupply, row: ProgrammeHealth) -> findings.Programme:
    figures, key = row.figures, str(view.uuid)
    health = engine.HealthFacts(
        key=key,
        quantity=_interval(figures["quantity"]),
        uncovered=_interval(figures["uncovered"]),
        enrolled=figures["enrolled"],
        placement=figures["placement"],
        matching=figures["matching"],
        cost=figures["cost"],
        overlap=figures["overlap"],
    )
    advice = engine.Recommendation(
        key, engine.Advice(row.advice), tuple(row.reasons), row.places, row.firmness, tuple(row.flips)
    )
    year, graduates = figures["years"].get("graduates"), figures["graduates"]
    return _programme(view, supply, health, advice, year=year, graduates=graduates)


def _interval(found: Sequence[float] | None) -> engine.Interval | None:
    return engine.Interval(*found) if found else None


def _programme(
    view: ProgrammeView,
    supply: engine.ProgrammeSupply,
    health: engine.HealthFacts,
    advice: engine.Recommendation,
    *,
    year: int | None,
    graduates: int | None = None,
) -> findings.Programme:
    known = supply.graduates if graduates is None else graduates
    return findings.Programme(
        name=named(str(view.uuid), view.name),
        school=named(str(view.org_root_id), view.school),
        posts=supply.roles,
        year=year,
        enrolled=health.enrolled,
        graduates=None if known is None else int(known),
        practice_share=supply.practice_share,
        health=health,
        advice=advice,
        conditions=tuple(
            (Name(item.name, item.name), item.required, item.present) for item in supply.conditions
        ),
    )
