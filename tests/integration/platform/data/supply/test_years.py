"""Years of programmes: unknown stays unknown, parts not above wholes, who may, versions, history, evidence."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from tests.integration.platform.data.supply.conftest import ActorOf, facts
from zhiqiao.platform.data.api import programme_years
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.evidence import resolve
from zhiqiao.platform.data.models import Programme, ProgrammeYear
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.data.supply.years import remove_year, save_year, year_faults
from zhiqiao.platform.governance.api import AuditEvent, User


def test_what_is_not_known_is_none_and_never_zero(
    alice: User, programme: Programme, actor_of: ActorOf
) -> None:
    save_year(actor_of(alice), programme, facts(placed_matching=None, cost_per_student=None), year=2025)
    view = programme_years(actor_of(alice))[0]
    assert (view.placed_matching, view.cost_per_student, view.matching) == (None, None, None)
    assert view.placement == pytest.approx(36 / 38)


def test_nobody_in_work_is_a_zero_and_no_graduates_no_rate(
    alice: User, programme: Programme, actor_of: ActorOf
) -> None:
    nobody = facts(graduates=0, placed=0, placed_locally=0, placed_matching=0)
    save_year(actor_of(alice), programme, nobody, year=2025)
    view = programme_years(actor_of(alice))[0]
    assert (view.placed, view.placement) == (0, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"placed": 39}, "placed"),
        ({"placed_locally": 37}, "placed_locally"),
        ({"placed_matching": 37}, "placed_matching"),
        ({"placed": None, "placed_matching": 39}, "placed_matching"),
        ({"source": "  "}, "source"),
    ],
)
def test_figures_that_contradict_each_other_are_named(changes: dict[str, object], field: str) -> None:
    assert field in [name for name, _reason in year_faults(facts(**changes))]


def test_contradictions_are_refused_by_the_verb_and_by_the_database(
    alice: User, programme: Programme, actor_of: ActorOf
) -> None:
    with pytest.raises(Refused, match="就业人数"):
        save_year(actor_of(alice), programme, facts(placed=99), year=2025)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeYear.objects.create(
            org_root_id=programme.org_root_id,
            programme=programme,
            year=2025,
            graduates=1,
            placed=2,
            source="x",
        )


@pytest.mark.parametrize("year", [25, 1989, 2101])
def test_a_year_out_of_range_is_refused(
    alice: User, programme: Programme, actor_of: ActorOf, year: int
) -> None:
    with pytest.raises(Refused, match="年份"):
        save_year(actor_of(alice), programme, facts(), year=year)


def test_a_year_is_stated_once(alice: User, programme: Programme, actor_of: ActorOf) -> None:
    save_year(actor_of(alice), programme, facts(), year=2025)
    with pytest.raises(Refused, match="2025 年已经填过"):
        save_year(actor_of(alice), programme, facts(), year=2025)


def test_who_keeps_and_who_reads(
    alice: User,
    bob: User,
    charlie: User,
    registry: User,
    officer: User,
    association: User,
    programme: Programme,
    actor_of: ActorOf,
) -> None:
    row = save_year(actor_of(registry), programme, facts(), year=2025)
    save_year(actor_of(alice), row, facts(enrolled=41), year=2025, seen=1)
    for person in (bob, charlie, officer, association):
        with pytest.raises(Http404):
            save_year(actor_of(person), programme, facts(), year=2024)
    seen = {
        person.username: len(programme_years(actor_of(person))) for person in (alice, bob, charlie, officer)
    }
    assert seen == {"alice": 1, "bob": 1, "charlie": 0, "officer": 1}
    assert programme_years(actor_of(association)) == []


def test_programmes_can_be_chosen(
    officer: User,
    alice: User,
    charlie: User,
    programme: Programme,
    other_programme: Programme,
    actor_of: ActorOf,
) -> None:
    save_year(actor_of(alice), programme, facts(), year=2025)
    save_year(actor_of(charlie), other_programme, facts(), year=2025)
    assert len(programme_years(actor_of(officer))) == 2
    assert [view.programme_key for view in programme_years(actor_of(officer), [programme.uuid])] == [
        "ceramics"
    ]
    assert programme_years(actor_of(officer), []) == []


def test_a_change_over_somebody_elses_is_a_conflict_and_writes_nothing(
    alice: User, registry: User, programme: Programme, actor_of: ActorOf
) -> None:
    row = save_year(actor_of(alice), programme, facts(), year=2025)
    save_year(actor_of(registry), row, facts(enrolled=44), year=2025, seen=1)
    with pytest.raises(Conflict) as caught:
        save_year(actor_of(alice), row, facts(enrolled=50), year=2025, seen=1)
    assert caught.value.version == 2
    assert ProgrammeYear.objects.get().enrolled == 44
    with pytest.raises(Conflict):
        remove_year(actor_of(alice), row, seen=1)


def test_saving_without_a_change_makes_no_version_and_no_entry(
    alice: User, programme: Programme, actor_of: ActorOf
) -> None:
    row = save_year(actor_of(alice), programme, facts(), year=2025)
    entries = AuditEvent.objects.count()
    save_year(actor_of(alice), row, facts(), year=2025, seen=1)
    assert (ProgrammeYear.objects.get().version, AuditEvent.objects.count()) == (1, entries)


def test_the_history_says_who_changed_what(
    alice: User, registry: User, programme: Programme, actor_of: ActorOf
) -> None:
    row = save_year(actor_of(alice), programme, facts(), year=2025)
    save_year(actor_of(registry), row, facts(placed=None), year=2025, seen=1)
    latest, first = keeping.history(row)
    assert (latest.action, latest.values) == ("changed", (("placed", "36", ""),))
    assert (first.action, first.actor) == ("added", "Alice")


def test_what_was_removed_stays_in_the_trail(alice: User, programme: Programme, actor_of: ActorOf) -> None:
    row = save_year(actor_of(alice), programme, facts(), year=2025)
    remove_year(actor_of(alice), row, seen=1)
    assert not ProgrammeYear.objects.exists()
    assert AuditEvent.objects.get(action="supply.year.removed").detail["values"]["enrolled"] == ["40", ""]


def test_its_evidence_is_for_those_who_may_see_it(
    alice: User, charlie: User, programme: Programme, actor_of: ActorOf
) -> None:
    row = save_year(actor_of(alice), programme, facts(cost_per_student=None), year=2025)
    hop = resolve(actor_of(alice), "programme_year", row.uuid)
    assert ("招生人数", 40) in [(str(label), value) for label, value in hop.facts]
    assert ("生均成本（元/年）", None) in [(str(label), value) for label, value in hop.facts]
    with pytest.raises(Http404):
        resolve(actor_of(charlie), "programme_year", row.uuid)
