"""Computes the region's balance and the health of its programmes, and stores both with their evidence."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.apps.management.balance.assessing import Assessment, assess
from zhiqiao.apps.management.balance.inputs import Inputs, gather, parameters, report_parameters
from zhiqiao.apps.management.errors import NothingToCompare
from zhiqiao.apps.management.models import (
    BalanceLine,
    BalanceReport,
    LineLevel,
    ProgrammeHealth,
    ReportState,
)
from zhiqiao.engines import balance as engine
from zhiqiao.platform.data.api import Edge, add_edges
from zhiqiao.platform.governance.api import Actor, audit, require

METHOD = "management.balance"
METHOD_VERSION = "1"
Step = Callable[[int, str], None]
STEPS = 4


@dataclass(frozen=True)
class Compared:
    """What the engine found: figures and kinds of gap of the whole region."""

    balance: engine.Balance
    kinds: tuple[engine.KindFinding, ...]


def compare(inputs: Inputs, found: engine.BalanceParameters, *, seed: int) -> Compared:
    """Run the engine over the inputs: the pure part, which a recomputation calls again."""
    result = engine.compare(inputs.postings, inputs.supply, found, seed=seed)
    kinds = [item for role in result.roles for item in engine.gap_kinds(role, inputs.supply, found)]
    return Compared(result, tuple(kinds))


def compute_balance(
    *, acting: Actor, now: dt.datetime, step: Step = lambda _done, _stage: None
) -> BalanceReport:
    """Compute and store the balance of the region; the report before is superseded.

    `step` is told how far it is (of `STEPS`) and may raise to stop: nothing is written before the end. Raises
    NothingToCompare without postings; 404 where the person may not compute.
    """
    require(acting, "balance.compute", BalanceReport(org_root_id=acting.org_root_id or 0))
    step(0, gettext_noop("读取招聘信息与课程表"))
    inputs, found, seed = gather(acting), parameters(), report_parameters().seed
    if not inputs.asked.roles:
        raise NothingToCompare(_("还没有共享给区域的、归入岗位的招聘信息，无法与专业比对。"))
    step(1, gettext_noop("比对需求与供给"))
    result = compare(inputs, found, seed=seed)
    step(2, gettext_noop("评估各专业"))
    assessments = assess(inputs, found, seed=seed)
    step(3, gettext_noop("保存结果"))
    with transaction.atomic():
        report = _store_report(inputs, found, acting=acting, now=now)
        _store_lines(report, inputs, result)
        _store_health(report, assessments)
        audit(
            acting,
            "balance.computed",
            obj=("balance_report", str(report.uuid)),
            detail={"postings": report.postings, "programmes": len(inputs.programmes)},
        )
    step(STEPS, gettext_noop("完成"))
    return report


def _store_report(
    inputs: Inputs, found: engine.BalanceParameters, *, acting: Actor, now: dt.datetime
) -> BalanceReport:
    asked, kept = inputs.asked, report_parameters()
    assert acting.org_root_id is not None
    before = BalanceReport.objects.filter(org_root_id=acting.org_root_id)
    before.exclude(state=ReportState.SUPERSEDED).update(state=ReportState.SUPERSEDED)
    values = {
        name: dict(value) if isinstance(value, Mapping) else value for name, value in vars(found).items()
    }
    return BalanceReport.objects.create(
        org_root_id=acting.org_root_id,
        computed_at=now,
        computed_by_id=acting.user_id,
        method=METHOD,
        method_version=f"{METHOD_VERSION}/{found.version}",
        parameters={**values, "report": vars(kept)},
        inputs={
            "imports": [
                {"uuid": str(item.uuid), "file": item.file_name, "postings": item.postings}
                for item in asked.imports
            ],
            "months": list(asked.months) if asked.months else None,
            "undated": asked.undated,
            "without_role": asked.without_role,
            "taxonomy": ", ".join(sorted({item.taxonomy_version for item in asked.imports})),
            "programmes": [str(view.uuid) for view in inputs.programmes],
            "is_demo": inputs.is_demo,
        },
        seed=kept.seed,
        postings=len(asked.roles),
    )


def lines_of(report: BalanceReport, result: Compared) -> list[BalanceLine]:
    """Return the lines of a report, not stored yet."""
    return [
        *_industry_lines(report, result),
        *_role_lines(report, result),
        *_skill_lines(report, result),
        *_total_lines(report, result),
        *_kind_lines(report, result),
    ]


def _store_lines(report: BalanceReport, inputs: Inputs, result: Compared) -> None:
    lines = lines_of(report, result)
    BalanceLine.objects.bulk_create(lines)
    add_edges(_edges(report, lines, inputs), org_root_id=report.org_root_id)


def _line(report: BalanceReport, level: LineLevel, rank: int, **values: object) -> BalanceLine:
    return BalanceLine(org_root_id=report.org_root_id, report=report, level=level, rank=rank, **values)


def _pressing(interval: engine.Interval | None) -> float:
    """Order by the lower end, so that few postings do not lead the list by chance; unknown comes last."""
    return -interval.low if interval else 1.0


def _industry_lines(report: BalanceReport, result: Compared) -> Iterator[BalanceLine]:
    for rank, item in enumerate(
        sorted(result.balance.industries, key=lambda row: (_pressing(row.uncovered), row.industry)), start=1
    ):
        yield _line(
            report,
            LineLevel.INDUSTRY,
            rank,
            industry_key=item.industry,
            count=item.postings,
            total=report.postings,
            intervals=_intervals(uncovered=item.uncovered),
        )


def _role_lines(report: BalanceReport, result: Compared) -> Iterator[BalanceLine]:
    for rank, item in enumerate(
        sorted(result.balance.roles, key=lambda row: (_pressing(row.uncovered), row.role.key)), start=1
    ):
        yield _line(
            report,
            LineLevel.ROLE,
            rank,
            industry_key=item.role.industry,
            role_key=item.role.key,
            count=item.postings,
            total=report.postings,
            intervals=_intervals(uncovered=item.uncovered, quantity=item.quantity),
            facts={"programmes": list(item.programmes), "graduates": item.graduates},
        )


def _skill_lines(report: BalanceReport, result: Compared) -> Iterator[BalanceLine]:
    most, kept = report.parameters["report"]["lines_per_post"], Counter[str]()
    for rank, item in enumerate(result.balance.gaps, start=1):
        kept[item.role.key] += 1
        if kept[item.role.key] > most:
            continue
        yield _line(
            report,
            LineLevel.SKILL,
            rank,
            industry_key=item.role.industry,
            role_key=item.role.key,
            skill_key=item.skill.key,
            count=item.count,
            total=item.total,
            intervals=_intervals(share=item.share, pressure=item.pressure),
            facts={"covered": item.covered, "hours": dict(item.programmes)},
        )


def _total_lines(report: BalanceReport, result: Compared) -> Iterator[BalanceLine]:
    """Yield the skills of each industry with their pressure summed over its posts, the most pressing first.

    A skill that many posts ask for a little leads no single post's list. Ends of intervals are summed too, which is
    wider than the interval of the sum.
    """
    sums: dict[tuple[str, str], list[engine.SkillGap]] = {}
    for item in result.balance.gaps:
        sums.setdefault((item.role.industry, item.skill.key), []).append(item)
    postings = {item.industry: item.postings for item in result.balance.industries}
    ranked = sorted(sums.items(), key=lambda pair: (-sum(gap.pressure.low for gap in pair[1]), pair[0]))
    most, kept = report.parameters["report"]["lines_per_post"], Counter[str]()
    for (industry, skill), gaps in ranked:
        kept[industry] += 1
        if kept[industry] > most:
            continue
        yield _line(
            report,
            LineLevel.TOTAL,
            kept[industry],
            industry_key=industry,
            skill_key=skill,
            count=sum(gap.count for gap in gaps),
            total=postings[industry],
            intervals={
                "pressure": [
                    sum(getattr(gap.pressure, end) for gap in gaps) for end in ("value", "low", "high")
                ]
            },
            facts={"posts": {gap.role.key: gap.count for gap in gaps}},
        )


def _kind_lines(report: BalanceReport, result: Compared) -> Iterator[BalanceLine]:
    roles = {item.role.key: item for item in result.balance.roles}
    for rank, item in enumerate(result.kinds, start=1):
        role = roles[item.role]
        yield _line(
            report,
            LineLevel.KIND,
            rank,
            industry_key=role.role.industry,
            role_key=item.role,
            programme_uuid=UUID(item.programme) if item.programme else None,
            kind=item.kind,
            count=role.postings,
            total=report.postings,
            facts={"basis": dict(item.basis)},
        )


def _intervals(**named: engine.Interval | None) -> dict[str, list[float]]:
    return {name: [item.value, item.low, item.high] for name, item in named.items() if item}


def _edges(report: BalanceReport, lines: list[BalanceLine], inputs: Inputs) -> Iterator[Edge]:
    """Yield what the figures rest on: imports counted, modules that teach a skill, years that state graduates."""

    def edge(line: UUID, kind: str, basis: tuple[str, UUID], detail: dict[str, object]) -> Edge:
        derived = ("balance_line" if kind != "counts" else "balance_report", line)
        return Edge(derived, basis, kind, report.method, report.method_version, detail)

    for item in inputs.asked.imports:
        yield edge(report.uuid, "counts", ("posting_import", item.uuid), {"postings": item.postings})
    serving: dict[str, list[int]] = {}
    for at, view in enumerate(inputs.programmes):
        for role in view.roles:
            serving.setdefault(role.key, []).append(at)
    for line in lines:
        for at in serving.get(line.role_key, ()):
            view = inputs.programmes[at]
            if line.level == LineLevel.SKILL:
                for _course, module in view.modules():
                    for skill in module.skills:
                        if skill.key == line.skill_key:
                            hours: dict[str, object] = {"hours": skill.hours}
                            yield edge(line.uuid, "taught_in", ("module", module.uuid), hours)
            elif line.level == LineLevel.ROLE and (year := inputs.newest(view.uuid, "graduates")):
                graduates: dict[str, object] = {"graduates": year.graduates}
                yield edge(line.uuid, "graduates", ("programme_year", year.uuid), graduates)


def _store_health(report: BalanceReport, assessments: list[Assessment]) -> None:
    ProgrammeHealth.objects.bulk_create(
        ProgrammeHealth(
            org_root_id=item.view.org_root_id,
            report=report,
            programme_uuid=item.view.uuid,
            programme_path=item.view.path,
            figures=figures_of(item),
            advice=item.advice.advice,
            reasons=list(item.advice.reasons),
            places=item.advice.places,
            firmness=item.advice.firmness,
            flips=list(item.advice.flips),
        )
        for item in assessments
    )


def figures_of(item: Assessment) -> dict[str, object]:
    """Return the figures that the advice rests on; what is unknown is None."""
    facts = item.facts
    return {
        **dict.fromkeys(("quantity", "uncovered")),
        **_intervals(quantity=facts.quantity, uncovered=facts.uncovered),
        "postings": item.postings,
        "graduates": item.graduates,
        "enrolled": facts.enrolled,
        "placement": facts.placement,
        "matching": facts.matching,
        "cost": facts.cost,
        "median_cost": item.median_cost,
        "overlap": dict(facts.overlap) if facts.overlap is not None else None,
        "years": item.years,
    }
