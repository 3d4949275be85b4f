"""The facts of the report from the database: they are those that the pages show, and lead to what they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import OrganisationFactory
from tests.integration.apps.management.conftest import NOW
from tests.integration.apps.management.gathering.conftest import TODAY, History, month_at
from zhiqiao.apps.management.balance.decisions import Wish, propose
from zhiqiao.apps.management.balance.health import healths
from zhiqiao.apps.management.balance.selectors import balance as balance_view
from zhiqiao.apps.management.errors import NothingToReport
from zhiqiao.apps.management.models import BalanceReport, ProgrammeDecision, ReportState
from zhiqiao.apps.management.report.gathering import STEPS, gather_facts
from zhiqiao.engines import report
from zhiqiao.engines.documents import Document
from zhiqiao.packs import common_file
from zhiqiao.platform.data.api import forecast_rows, resolve, scores_of
from zhiqiao.platform.data.forecasting import scoring, storing, watching
from zhiqiao.platform.data.models import (
    AlertState,
    DemandAlert,
    DemandForecast,
    InvestmentProject,
    JobPosting,
    Programme,
    ProgrammeRole,
    ProgrammeYear,
    ProjectStaff,
    RoleCount,
    SkillCount,
)
from zhiqiao.platform.governance.api import Actor, UnitKind, User

Publish = Callable[[dt.date], DemandForecast]


def gathered(acting: Actor, year: int = 2027, *, today: dt.date = TODAY) -> report.ReportFacts:
    return gather_facts(acting, year, today=today)


def plain(facts: report.ReportFacts) -> report.ReportFacts:
    """Return the facts without what tells where they were taken from."""
    versions = {name: value for name, value in facts.versions.items() if not name.endswith("_kept")}
    return replace(facts, evidence={}, versions=versions)


def industry(facts: report.ReportFacts, key: str) -> report.IndustryFacts:
    return next(item for item in facts.industries if item.name.key == key)


def test_counts_are_those_of_the_postings_that_the_report_leads_to(
    history: History, acting: Actor, officer: User, sign_in: Callable[[User], Client]
) -> None:
    facts = gathered(acting)
    assert (facts.months[0], facts.months[-1], len(facts.recent)) == ("2024-11", "2026-10", 12)
    assert facts.total.now == 11 * 16 + 60 + 12 * 8
    assert facts.total.before == 12 * 16
    assert industry(facts, "new-materials").change.direction is report.Direction.RISING
    assert industry(facts, "office").change.direction is report.Direction.UNCLEAR
    figures = {"total": facts.total.now, "total-before": facts.total.before}
    for item in facts.industries:
        key = item.name.key
        figures |= {f"postings:{key}": item.change.now, f"before:{key}": item.change.before}
        figures |= {f"postings:{key}/{post.name.key}": post.change.now for post in item.posts}
        figures |= {f"skill:{key}/{share.name.key}": share.count for share in item.skills}
    for change in facts.skills:
        pair = f"{change.industry.key}/{change.skill.key}"
        figures |= {f"skill:{pair}": change.change.now}
        figures |= {f"skill-before:{pair}": change.change.before} if change.change.before else {}
    assert len(figures) > 8
    client = sign_in(officer)
    for key, count in figures.items():
        ref = facts.evidence[key]
        assert ref.kind == "postings"
        page = client.get(reverse("data:postings"), dict(ref.query))
        assert page.context["table"].total == count, key


def test_what_came_in_and_what_did_not_count_adds_up(history: History, acting: Actor) -> None:
    history.add("2026-09", None, [()] * 3)
    history.add("", history.clerk, [()] * 2)
    history.add("2026-11", history.clerk, [()] * 4)  # a month that is not over
    JobPosting.objects.filter(posting_import=history.shared, role=None).update(is_excluded=False)
    coverage = gathered(acting).coverage
    assert coverage.no_post == 3
    assert coverage.rejected == 2
    assert coverage.counted == gathered(acting).sources[0].count
    out = coverage.duplicates + coverage.rejected + coverage.elsewhere + coverage.no_post
    assert coverage.read == coverage.counted + out
    assert coverage.companies == 5


def test_structure_tells_what_is_stated_and_what_is_not(history: History, acting: Actor) -> None:
    structure = gathered(acting).structure
    for parts in structure.values():
        assert sum(part.count for part in parts) == gathered(acting).total.now
    assert [part.name.key if part.name else None for part in structure["diploma"]] == ["bachelor", None]


def test_the_balance_in_force_is_taken_over_line_by_line(
    history: History, balance: BalanceReport, acting: Actor
) -> None:
    facts, view = gathered(acting), balance_view(acting)
    assert view is not None
    assert facts.versions["balance_kept"] == str(balance.uuid)
    assert {row.post.key for row in facts.gaps} == {"packager", "clerk"}
    for row in facts.gaps:
        line = view.post(row.post.key)
        assert line is not None
        assert row.postings == line.postings
        shown = (line.uncovered, line.quantity)
        told = (row.uncovered, row.quantity)
        assert [one and (one.value, one.low, one.high) for one in told] == [
            one and (one.value, one.low, one.high) for one in shown
        ]
        assert [item.kind for item in row.findings] == [item.kind for item in line.kinds]
        assert [name.key for name in row.programmes] == [str(item.uuid) for item in line.programmes]
        assert facts.evidence[f"gap:{row.post.key}"] == report.Ref("balance_line", str(line.uuid))
    for item in view.industries:
        uncovered = industry(facts, item.key).uncovered
        assert (uncovered and uncovered.value) == (item.uncovered and item.uncovered.value)
    (health,), (programme,) = healths(acting), facts.programmes
    assert (programme.advice, programme.firmness, programme.places) == (
        health.advice, health.firmness, health.places,
    )  # fmt: skip
    assert (programme.placement, programme.matching, programme.graduates, programme.year) == (
        pytest.approx(18 / 20), pytest.approx(12 / 18), 20, 2025,
    )  # fmt: skip
    assert facts.evidence[f"programme:{programme.name.key}"].key == str(health.uuid)


def test_what_was_approved_stands_beside_the_advice(
    history: History, balance: BalanceReport, acting: Actor, officer: User, second_officer: User
) -> None:
    wish = Wish(choice="reduce", places=30, reason="需求偏少")
    row = propose(history.world.programme.uuid, acting=acting, wish=wish, seen_report=balance.uuid, now=NOW)
    assert gathered(acting).programmes[0].decision == ""
    ProgrammeDecision.objects.filter(pk=row.pk).update(
        state="approved", decided_by=second_officer, decided_at=NOW
    )
    facts = gathered(acting)
    assert (facts.programmes[0].decision, facts.programmes[0].decided_places) == ("reduce", 30)
    compose(facts)


def test_a_stale_balance_is_computed_anew_and_gives_the_same(
    history: History, balance: BalanceReport, acting: Actor
) -> None:
    stored = gathered(acting)
    BalanceReport.objects.update(state=ReportState.STALE)
    anew = gathered(acting)
    assert "balance_kept" not in anew.versions
    assert plain(anew) == plain(stored)
    assert anew.evidence["gap:packager"].kind == "postings"


def test_a_published_forecast_is_taken_over_and_is_what_would_be_computed(
    history: History, acting: Actor, publish: Publish
) -> None:
    computed = gathered(acting)
    row = publish(TODAY)
    kept = gathered(acting)
    assert kept.versions["forecast_kept"] == str(row.uuid)
    assert plain(kept) == plain(computed)
    lines = {line.industry: line for line in forecast_rows(acting, row.uuid, "industry")}
    for item in kept.industries:
        line, year = lines[item.name.key], item.outlook.next_year
        assert (year.value, year.low, year.high) == (line.next, line.low, line.high)
        assert kept.evidence[f"forecast:{item.name.key}"] == report.Ref("forecast_row", str(line.uuid))
        assert len(item.outlook.mean) == len(kept.ahead) == 12
    posts = {line.role: line for line in forecast_rows(acting, row.uuid, "role")}
    for item in kept.industries:
        for post in item.posts:
            assert post.outlook.next_year.value == posts[post.name.key].next


def test_a_forecast_of_other_counts_is_not_taken_over(
    history: History, acting: Actor, publish: Publish
) -> None:
    publish(TODAY)
    history.add("2026-10", history.clerk, [("typing",)] * 5)
    assert "forecast_kept" not in gathered(acting).versions


def test_the_score_of_last_years_forecast_is_told_where_there_is_one(
    history: History, acting: Actor, publish: Publish
) -> None:
    again = gathered(acting).backtest
    assert again is not None
    assert (again.kept, again.last_year, again.origin) == (False, True, "2025-12")
    row = publish(dt.date(2026, 1, 5))
    assert gathered(acting).backtest == again  # not scored yet
    scoring.score_all(today=TODAY)
    facts = gathered(acting)
    kept, scores = facts.backtest, {line.level: line for line in scores_of(acting, row.uuid)}
    assert kept is not None
    assert (kept.kept, kept.origin, kept.months[-1], len(kept.months)) == (True, "2025-12", "2026-10", 10)
    assert {level.level for level in kept.levels} == {"industry", "post", "skill"}
    own = {line.level: line for line in scores_of(acting, row.uuid) if line.measure == "count"}
    assert [level.error for level in kept.levels] == [
        own[name].mae for name in ("industry", "role", "industry_skill")
    ]
    assert [level.error for level in kept.levels] == pytest.approx([level.error for level in again.levels])
    assert scores
    assert facts.evidence["backtest"] == report.Ref("demand_forecast", str(row.uuid))


def test_signals_are_those_people_were_alerted_of_and_did_not_dismiss(
    history: History, acting: Actor
) -> None:
    history.add("2026-10", history.clerk, [("ceramic-chip-packaging",)] * 20)
    found = gathered(acting).signals
    keys = {(item.industry.key, item.skill.key, item.month) for item in found}
    assert ("office", "ceramic-chip-packaging", "2026-10") in keys
    watching.raise_alerts(today=TODAY)
    facts = gathered(acting)
    alert = DemandAlert.objects.get(skill__key="ceramic-chip-packaging", scope_key="office")
    key = "signal:office/ceramic-chip-packaging/2026-10"
    assert facts.evidence[key] == report.Ref("demand_alert", str(alert.uuid))
    signal = next(item for item in facts.signals if item.industry.key == "office" and item.month == "2026-10")
    assert (signal.count, signal.total, signal.before_count) == (
        alert.count, alert.total, alert.before_count,
    )  # fmt: skip
    DemandAlert.objects.filter(pk=alert.pk).update(state=AlertState.DISMISSED)
    assert key not in gathered(acting).evidence


def test_every_reference_opens(
    history: History,
    balance: BalanceReport,
    acting: Actor,
    publish: Publish,
    officer: User,
    sign_in: Callable[[User], Client],
) -> None:
    root = acting.org_root_id or 0
    project = InvestmentProject.objects.create(
        org_root_id=root,
        name="封装厂",
        industry=history.packer.link.industry,
        start="2028-03",
        probability=0.5,
        source="公告",
    )
    ProjectStaff.objects.create(
        org_root_id=root, project=project, role=history.packer, year=2028, headcount=40
    )
    made = publish(TODAY)
    facts = gathered(acting)
    assert facts.projects[0].counted
    bands = industry(facts, "new-materials").outlook.scenarios
    assert [band.projects for band in bands] == [pytest.approx(20.0), 0.0]
    at = [line.industry for line in sorted(forecast_rows(acting, made.uuid, "industry"), key=lambda x: x.at)]
    stored = storing.bands(made.uuid, "industry", at=at.index("new-materials"))
    assert [(band.low, band.base, band.high) for band in bands] == [
        (item["low"], item["base"], item["high"]) for item in stored
    ]
    drawers = {(ref.kind, ref.key) for ref in facts.evidence.values() if ref.kind != "postings"}
    assert {kind for kind, _ in drawers} == {
        "forecast_row", "demand_forecast", "balance_report", "balance_line", "programme_health",
        "programme_year", "project",
    }  # fmt: skip
    for kind, key in drawers:
        assert resolve(acting, kind, UUID(key)).title
    some = [f"forecast:{history.packer.link.industry.key}", "gap:packager", f"project:{project.uuid}"]
    client = sign_in(officer)
    for name in some:
        ref = facts.evidence[name]
        assert client.get(reverse("evidence", args=[ref.kind, ref.key])).status_code == 200


def test_an_earlier_report_knows_only_what_was_known_then(
    history: History, balance: BalanceReport, acting: Actor, publish: Publish
) -> None:
    publish(TODAY)
    before = gathered(acting, 2026)
    assert before.months[-1] == "2025-12"
    assert not {"balance_kept", "forecast_kept"} & set(before.versions)
    assert before.earlier == ()
    assert industry(before, "office").change.direction is report.Direction.UNKNOWN
    packer = next(row for row in before.gaps if row.post.key == "packager")
    assert packer.postings == 12 * 8 + 2 * 16
    history.add("2026-10", history.clerk, [("typing",)] * 50)
    assert gathered(acting, 2026) == before


def test_a_month_without_any_posting_is_unknown_not_zero(history: History, acting: Actor) -> None:
    JobPosting.objects.filter(month=month_at(5)).delete()
    RoleCount.objects.filter(month=month_at(5)).delete()
    facts = gathered(acting)
    assert industry(facts, "office").outlook.counts[5] is None
    assert industry(facts, "office").change.before == 11 * 8
    assert industry(facts, "office").change.direction is report.Direction.UNCLEAR
    compose(facts)


def compose(facts: report.ReportFacts) -> None:
    limits = report.read_report_parameters(common_file("report", "report.toml"))
    for language in ("zh", "en"):
        words = report.read_words(common_file("report", "demand_report.toml"), language)
        assert isinstance(report.compose(facts, words, limits), Document)


def test_no_supply_is_said_and_a_report_comes_out(history: History, acting: Actor) -> None:
    ProgrammeYear.objects.all().delete()
    ProgrammeRole.objects.all().delete()
    facts = gathered(acting)
    assert facts.missing["graduates"] == "no_graduates"
    assert all(item.advice == "unknown" and item.quantity is None for item in facts.programmes)
    assert {row.findings[0].kind for row in facts.gaps} == {"programme_missing"}
    assert [source.count for source in facts.sources if source.key == "years"] == [None]
    compose(facts)


def test_one_industry_alone_and_one_without_any_posting_make_a_report(
    history: History, acting: Actor, publish: Publish
) -> None:
    JobPosting.objects.filter(role=history.clerk).delete()
    RoleCount.objects.filter(role=history.clerk).delete()
    SkillCount.objects.filter(role=history.clerk).delete()
    computed = gathered(acting)
    assert industry(computed, "office").change.now == 0
    assert set(industry(computed, "office").outlook.mean) == {None}
    assert "postings:office" not in computed.evidence
    compose(computed)
    publish(TODAY)
    assert plain(gathered(acting)) == plain(computed)


@pytest.mark.parametrize(
    ("year", "today", "said"),
    [
        (2024, TODAY, "2023 年底以前没有"),
        (2029, TODAY, "只到 2026-10"),
        (2025, TODAY, "只有 2 个月"),
        (2027, dt.date(2024, 1, 5), "还没有共享给区域的"),
    ],
)
def test_too_little_data_is_said(
    history: History, acting: Actor, year: int, today: dt.date, said: str
) -> None:
    with pytest.raises(NothingToReport, match=said):
        gathered(acting, year, today=today)


def test_postings_without_a_post_or_not_shared_make_no_report(history: History, acting: Actor) -> None:
    RoleCount.objects.update(role=None)
    with pytest.raises(NothingToReport, match="归入岗位"):
        gathered(acting)
    source = history.shared.source
    source.is_shared = False
    source.save()
    with pytest.raises(NothingToReport, match="还没有共享"):
        gathered(acting)


def test_who_may_not_compute_the_balance_gathers_nothing(
    history: History,
    alice: User,
    charlie: User,
    school_admin: User,
    student: User,
    actor_of: Callable[[User], Actor],
) -> None:
    for person in (alice, charlie, school_admin, student):
        with pytest.raises(Http404):
            gathered(actor_of(person))


def test_a_step_that_raises_stops_it_and_all_steps_are_told(history: History, acting: Actor) -> None:
    told: list[int] = []
    gather_facts(acting, 2027, today=TODAY, step=lambda done, _stage: told.append(done))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, STEPS)

    def stop(done: int, _stage: str) -> None:
        if done == 4:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        gather_facts(acting, 2027, today=TODAY, step=stop)


def test_queries_do_not_grow_with_programmes(
    history: History, balance: BalanceReport, acting: Actor, publish: Publish
) -> None:
    publish(TODAY)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            gathered(acting)
        return len(queries)

    stored = asked()
    BalanceReport.objects.update(state=ReportState.STALE)
    computed = asked()
    template = history.world.programme
    for number in range(3):
        unit = OrganisationFactory(
            key=f"unit-{number}", parent=template.organisation.parent, unit_kind=UnitKind.PROGRAMME
        )
        Programme.objects.create(
            org_root_id=template.org_root_id,
            organisation=unit,
            key=f"more-{number}",
            code="1",
            name_zh="更多",
            name_en="More",
            level="higher",
        )
    assert asked() == computed
    assert max(stored, computed) <= 60
