"""Computes a programme's gap report from live demand and the course table, with its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhiqiao.apps.management.errors import NothingToCompare
from zhiqiao.apps.management.models import GapLine, GapReport, Proposal, ProposalState, ReportState
from zhiqiao.engines import curriculum as engine
from zhiqiao.packs import common_file
from zhiqiao.platform.data.api import (
    DemandTable,
    Edge,
    ProgrammeView,
    SkillDemandRow,
    add_edges,
    demand,
    programme,
    remove_edges_of,
    skills_by_key,
)
from zhiqiao.platform.governance.api import Actor, audit, require

METHOD = "curriculum.gap"
METHOD_VERSION = "1"
#: compulsory by law (TP-07, TP-08, TP-16): neither retired nor used as a place for new skills
PROTECTED = ("public_basic", "placement")
#: later courses stand on these, whether or not postings name what they teach
FOUNDATION = ("specialty_basic",)
WAITING = (ProposalState.OPEN, ProposalState.STALE)


def parameters() -> engine.GapParameters:
    """Return the parameters in force."""
    return engine.read_parameters(common_file("curriculum", "gap.toml"))


def compute_gap(programme_uuid: UUID, *, acting: Actor, now: dt.datetime) -> GapReport:
    """Compute and store the programme's gap report and proposals; the report before is superseded.

    Raises NothingToCompare without target posts; 404 where the person may not recompute.
    """
    view = programme(acting, programme_uuid)
    require(acting, "gaps.compute", GapReport(programme_path=view.path, org_root_id=view.org_root_id))
    if not view.roles:
        raise NothingToCompare(_("该专业还没有目标岗位，请先设置职业面向。"))
    table = demand(acting, [role.id for role in view.roles])
    found, lines, proposals = compare(view, table)
    with transaction.atomic():
        report = _store_report(view, table, found, acting=acting, now=now)
        rows = _store_lines(report, lines, table, view)
        kept = _store_proposals(report, proposals, rows, view)
        audit(
            acting,
            "gap.computed",
            obj=("gap_report", str(report.uuid)),
            detail={"programme": view.key, "postings": table.total, "lines": len(lines), "proposals": kept},
        )
    return report


def compare(
    view: ProgrammeView, table: DemandTable
) -> tuple[engine.GapParameters, list[engine.GapLine], list[engine.Proposal]]:
    """Run the engine over plain values: the pure part, which a recomputation calls again."""
    found = parameters()
    asked = [engine.SkillDemand(_facts(row), row.count, table.total, row.months) for row in table.rows]
    modules = [
        engine.ModuleFacts(
            key=str(module.uuid),
            course=str(course.uuid),
            hours=module.hours,
            skills=tuple(engine.TaughtSkill(item.key, item.hours, item.level) for item in module.skills),
            protected=course.category in PROTECTED,
            foundation=course.category in FOUNDATION,
        )
        for course, module in view.modules()
    ]
    taught = {
        item.key: engine.SkillFacts(item.key, item.kind, item.category, item.broader)
        for _course, module in view.modules()
        for item in module.skills
    }
    lines = engine.find_gaps(asked, modules, skills=list(taught.values()), parameters=found)
    proposals = engine.propose(
        lines, modules, skills=list(taught.values()), together=table.together, parameters=found
    )
    return found, lines, proposals


def _facts(row: SkillDemandRow) -> engine.SkillFacts:
    return engine.SkillFacts(row.key, row.kind, row.category, row.broader)


def _store_report(
    view: ProgrammeView, table: DemandTable, found: engine.GapParameters, *, acting: Actor, now: dt.datetime
) -> GapReport:
    before = GapReport.objects.filter(programme_uuid=view.uuid).exclude(state=ReportState.SUPERSEDED)
    before.update(state=ReportState.SUPERSEDED)
    return GapReport.objects.create(
        org_root_id=view.org_root_id,
        programme_uuid=view.uuid,
        programme_path=view.path,
        computed_at=now,
        computed_by_id=acting.user_id,
        method=METHOD,
        method_version=f"{METHOD_VERSION}/{found.version}",
        parameters={name: dict(value) if name != "version" else value for name, value in vars(found).items()},
        inputs={
            "roles": [role.key for role in view.roles],
            "imports": [
                {"uuid": str(item.uuid), "file": item.file_name, "postings": item.postings}
                for item in table.imports
            ],
            "months": list(table.months) if table.months else None,
            "undated": table.undated,
            "taxonomy": table.taxonomy_version,
            "is_demo": any(item.is_demo for item in table.imports) or view.is_demo,
        },
        postings=table.total,
    )


def _store_lines(
    report: GapReport, lines: list[engine.GapLine], table: DemandTable, view: ProgrammeView
) -> dict[str, GapLine]:
    facts = skills_by_key([line.skill.key for line in lines])
    rows = GapLine.objects.bulk_create(
        GapLine(
            org_root_id=report.org_root_id,
            report=report,
            skill_uuid=facts[line.skill.key].uuid,
            skill_key=line.skill.key,
            status=line.status,
            rank=rank,
            score=line.score,
            count=line.count,
            total=line.total,
            share_low=line.share_low,
            share_high=line.share_high,
            taught_hours=line.taught_hours,
            target_hours=line.target_hours,
            trend=asdict(line.trend) if line.trend else None,
        )
        for rank, line in enumerate(lines, start=1)
    )
    by_key = {row.skill_key: row for row in rows}
    edges = [*_demand_edges(report, by_key, table), *_module_edges(report, by_key, view)]
    add_edges(edges, org_root_id=report.org_root_id)
    return by_key


def _demand_edges(report: GapReport, rows: dict[str, GapLine], table: DemandTable) -> Iterator[Edge]:
    """Yield what the demand side rests on: a line on its demand figure, the report on the imports counted."""
    for asked in table.rows:
        if row := rows.get(asked.key):
            detail = {"count": row.count, "total": row.total}
            yield _edge(
                report, ("gap_line", row.uuid), ("skill_demand", asked.figure_uuid), "asked_for", detail
            )
    for item in table.imports:
        detail = {"postings": item.postings}
        yield _edge(report, ("gap_report", report.uuid), ("posting_import", item.uuid), "counts", detail)


def _module_edges(report: GapReport, rows: dict[str, GapLine], view: ProgrammeView) -> Iterator[Edge]:
    """Yield what the teaching side rests on: a line on each module that teaches its skill."""
    for _course, module in view.modules():
        for item in module.skills:
            if row := rows.get(item.key):
                ends = ("gap_line", row.uuid), ("module", module.uuid)
                yield _edge(report, *ends, "taught_in", {"hours": item.hours})


def _edge(
    report: GapReport,
    derived: tuple[str, UUID],
    basis: tuple[str, UUID],
    relation: str,
    detail: Mapping[str, object],
) -> Edge:
    return Edge(derived, basis, relation, report.method, report.method_version, detail)


def _store_proposals(
    report: GapReport, proposals: list[engine.Proposal], lines: dict[str, GapLine], view: ProgrammeView
) -> int:
    """Store the proposals; one that was open before keeps its identity, one that was rejected is not made again."""
    earlier = list(Proposal.objects.filter(programme_uuid=view.uuid))
    waiting = {_signature(row): row for row in earlier if row.state in WAITING}
    refused = {_refusal(row) for row in earlier if row.state == ProposalState.REJECTED}
    edges, kept, rank = [], [], 0
    for item in proposals:
        row = Proposal(
            org_root_id=report.org_root_id,
            programme_uuid=view.uuid,
            change=item.change,
            course_uuid=UUID(item.course),
            module_uuid=UUID(item.module) if item.module else None,
            skills=[asdict(skill) for skill in item.skills],
        )
        if _refusal(row) in refused:
            continue
        if before := waiting.get(_signature(row)):
            before.version += before.skills != row.skills
            before.skills, row = row.skills, before
        rank += 1
        row.report, row.programme_path, row.state, row.stale_reason = (
            report,
            view.path,
            ProposalState.OPEN,
            "",
        )
        row.hours, row.affinity, row.score, row.rank = item.hours, item.affinity, item.score, rank
        row.save()
        kept.append(row)
        edges += [
            _edge(
                report,
                ("proposal", row.uuid),
                ("gap_line", lines[key].uuid),
                "closes",
                {"score": lines[key].score},
            )
            for key in item.lines
        ]
        target = ("module", row.module_uuid) if row.module_uuid else ("course", row.course_uuid)
        edges.append(_edge(report, ("proposal", row.uuid), target, "changes", {"hours": item.hours}))
    gone = Proposal.objects.filter(programme_uuid=view.uuid, state__in=WAITING).exclude(report=report)
    remove_edges_of("proposal", [row.uuid for row in kept] + list(gone.values_list("uuid", flat=True)))
    gone.delete()
    add_edges(edges, org_root_id=report.org_root_id)
    return len(kept)


def _refusal(row: Proposal) -> tuple[str, UUID | None, frozenset[str]]:
    """Return what a rejection holds for: the same skills, wherever they would be taught; or the same module."""
    skills = frozenset(skill["key"] for skill in row.skills)
    if row.change in {Proposal.Change.ADD, Proposal.Change.UPDATE}:
        return "teach", None, skills
    return row.change, row.module_uuid, skills


def _signature(row: Proposal) -> tuple[str, UUID, UUID | None, frozenset[str]]:
    """Return what makes two proposals the same: change, place and skills; hours may differ."""
    return row.change, row.course_uuid, row.module_uuid, frozenset(skill["key"] for skill in row.skills)
