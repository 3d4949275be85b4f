"""The balance of a small region: figures, what counts, who may compute, evidence that comes out the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import Http404

from tests.integration.apps.management.conftest import NOW, World
from zhiqiao.apps.management.balance import selectors
from zhiqiao.apps.management.balance.computing import compute_balance
from zhiqiao.apps.management.errors import NothingToCompare
from zhiqiao.apps.management.models import BalanceReport, LineLevel, ReportState
from zhiqiao.engines.balance import GapKind
from zhiqiao.platform.data.api import resolve
from zhiqiao.platform.data.models import ImportState, JobPosting
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import User

ActorOf = Callable[[User], Actor]


def test_the_skill_nobody_teaches_leads_and_the_taught_one_has_no_pressure(balance: BalanceReport) -> None:
    lines = balance.lines.filter(level=LineLevel.SKILL).order_by("rank")
    first = lines[0]
    assert (first.skill_key, first.count, first.total) == ("ceramic-chip-packaging", 30, 60)
    assert first.facts["covered"] == 0
    taught = lines.get(skill_key="tape-casting")
    assert (taught.facts["covered"], taught.intervals["pressure"][0]) == (1, 0)


def test_an_industry_sums_its_posts(balance: BalanceReport) -> None:
    total = balance.lines.filter(level=LineLevel.TOTAL).order_by("rank")[0]
    single = balance.lines.get(level=LineLevel.SKILL, skill_key="ceramic-chip-packaging")
    assert (total.skill_key, total.count, total.total) == ("ceramic-chip-packaging", 30, 60)
    assert total.facts["posts"] == {"packager": 30}
    assert total.intervals["pressure"] == single.intervals["pressure"]


def test_post_and_industry_have_the_index_of_the_formula(balance: BalanceReport) -> None:
    # both skills are abilities of weight 1: uncovered 30/60 over asked 30/60 + 50/60
    for level in (LineLevel.ROLE, LineLevel.INDUSTRY):
        value, low, high = balance.lines.get(level=level).intervals["uncovered"]
        assert value == pytest.approx(30 / 80)
        assert low < value < high


def test_graduates_come_from_the_newest_year_that_knows_them(balance: BalanceReport) -> None:
    assert balance.lines.get(level=LineLevel.ROLE).facts["graduates"] == 20


def test_kinds_of_gap_are_kept_with_their_numbers(balance: BalanceReport) -> None:
    kinds = {line.kind: line.facts["basis"] for line in balance.lines.filter(level=LineLevel.KIND)}
    assert kinds[GapKind.CONDITIONS_SHORT] == {"name": "流延成型机", "required": 2.0, "present": 1.0}
    assert GapKind.PROGRAMME_MISSING not in kinds


def test_the_same_inputs_give_the_same_figures(
    balance: BalanceReport, officer: User, actor_of: ActorOf
) -> None:
    again = compute_balance(acting=actor_of(officer), now=NOW)
    columns = ("level", "rank", "role_key", "skill_key", "count", "total", "intervals", "facts")
    old, new = (list(row.lines.order_by("level", "rank").values_list(*columns)) for row in (balance, again))
    assert old == new
    balance.refresh_from_db()
    assert (balance.state, again.state) == (ReportState.SUPERSEDED, ReportState.CURRENT)


def test_postings_that_are_not_shared_excluded_or_withdrawn_do_not_count(
    region: World, officer: User, actor_of: ActorOf
) -> None:
    JobPosting.objects.filter(key__in=["p0", "p1"]).update(is_excluded=True)
    assert compute_balance(acting=actor_of(officer), now=NOW).postings == 58
    region.posting_import.state = ImportState.WITHDRAWN
    region.posting_import.save()
    with pytest.raises(NothingToCompare):
        compute_balance(acting=actor_of(officer), now=NOW)


def test_unshared_postings_do_not_count(world: World, officer: User, actor_of: ActorOf) -> None:
    with pytest.raises(NothingToCompare, match="共享"):
        compute_balance(acting=actor_of(officer), now=NOW)


def test_postings_older_than_the_window_fall_out_and_undated_stay(
    region: World, officer: User, actor_of: ActorOf
) -> None:
    JobPosting.objects.filter(key__in=["p0", "p1", "p2"]).update(month="2024-10")
    JobPosting.objects.filter(key="p3").update(month="2024-11")
    JobPosting.objects.filter(key="p4").update(month="")
    report = compute_balance(acting=actor_of(officer), now=NOW)
    assert (report.postings, report.inputs["undated"]) == (57, 1)
    assert report.inputs["months"] == ["2024-11", "2026-10"]


@pytest.mark.parametrize("name", ["alice", "bob", "charlie", "student", "school_admin", "data_officer"])
def test_only_the_bureau_computes(
    region: World, actor_of: ActorOf, request: pytest.FixtureRequest, name: str
) -> None:
    with pytest.raises(Http404):
        compute_balance(acting=actor_of(request.getfixturevalue(name)), now=NOW)


@pytest.mark.parametrize("level", list(LineLevel))
@pytest.mark.parametrize("name", ["officer", "charlie"])
def test_recomputing_from_the_drawer_gives_the_stored_value_for_any_reader(
    balance: BalanceReport, actor_of: ActorOf, request: pytest.FixtureRequest, name: str, level: LineLevel
) -> None:
    line = balance.lines.filter(level=level).order_by("rank")[0]
    if name == "charlie" and level == LineLevel.KIND:
        with pytest.raises(Http404):  # it concerns a programme of another school
            resolve(actor_of(request.getfixturevalue(name)), "balance_line", line.uuid)
        return
    hop = resolve(actor_of(request.getfixturevalue(name)), "balance_line", line.uuid)
    assert hop.recompute is not None
    assert hop.recompute() == hop.value


def test_recomputing_differs_once_postings_are_gone(
    balance: BalanceReport, officer: User, actor_of: ActorOf
) -> None:
    JobPosting.objects.filter(key="p0").update(is_excluded=True)
    line = balance.lines.get(level=LineLevel.SKILL, skill_key="ceramic-chip-packaging")
    hop = resolve(actor_of(officer), "balance_line", line.uuid)
    assert hop.recompute is not None
    assert hop.recompute() != hop.value


def test_evidence_leads_to_modules_years_and_imports(
    balance: BalanceReport, region: World, officer: User, actor_of: ActorOf
) -> None:
    actor = actor_of(officer)
    taught = balance.lines.get(level=LineLevel.SKILL, skill_key="tape-casting")
    role = balance.lines.get(level=LineLevel.ROLE)
    basis = [
        {(link.kind, link.uuid) for link in resolve(actor, kind, uuid).basis}
        for kind, uuid in (
            ("balance_line", taught.uuid),
            ("balance_line", role.uuid),
            ("balance_report", balance.uuid),
        )
    ]
    assert ("module", region.ceramics.uuid) in basis[0]
    assert "programme_year" in {kind for kind, _uuid in basis[1]}
    assert ("posting_import", region.posting_import.uuid) in basis[2]


def test_a_stranger_reads_indices_but_not_another_schools_numbers(
    balance: BalanceReport, charlie: User, alice: User, actor_of: ActorOf
) -> None:
    mine, theirs = (selectors.balance(actor_of(user)) for user in (alice, charlie))
    assert mine is not None
    assert theirs is not None
    own, other = mine.post("packager"), theirs.post("packager")
    assert own is not None
    assert other is not None
    assert (len(own.programmes), own.others, own.graduates, own.hidden) == (1, 0, 20, 0)
    assert (len(other.programmes), other.others, other.graduates) == (0, 1, None)
    assert other.uncovered == own.uncovered
    assert other.hidden > 0
    assert not any(line.hours for line in other.skills)
