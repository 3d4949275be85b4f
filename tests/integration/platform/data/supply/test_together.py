"""Rows of the supply side kept by two people at once, by hand and from tables: one is kept, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.integration.platform.data.supply.conftest import ActorOf, facts
from tests.together import together
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import EnterprisePlan, InvestmentProject, JobRole, Programme, ProgrammeYear
from zhiqiao.platform.data.supply import importing
from zhiqiao.platform.data.supply.plans import PlanFacts, save_plan
from zhiqiao.platform.data.supply.projects import ProjectFacts, Staff, save_project
from zhiqiao.platform.data.supply.targets import TARGETS
from zhiqiao.platform.data.supply.years import remove_year, save_year
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

pytestmark = pytest.mark.django_db(transaction=True)


def told(outcomes: object) -> int:
    assert isinstance(outcomes, list)
    broken = [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert broken == []
    return sum(isinstance(one, Refused) for one in outcomes)


def test_the_same_year_filled_in_by_two_is_there_once(
    alice: User, registry: User, programme: Programme, actor_of: ActorOf
) -> None:
    people = [actor_of(alice), actor_of(registry)]
    outcomes = together(*(
        lambda who=who: save_year(who, programme, facts(source=who.name), year=2025) for who in people * 2
    ))  # fmt: skip
    assert told(outcomes) == 3
    assert ProgrammeYear.objects.count() == 1
    assert AuditEvent.objects.filter(action="supply.year.added").count() == 1


def test_a_year_changed_by_two_and_taken_out_by_a_third(
    alice: User, registry: User, programme: Programme, actor_of: ActorOf
) -> None:
    first, second = actor_of(alice), actor_of(registry)
    row = save_year(first, programme, facts(), year=2025)
    outcomes = together(
        lambda: save_year(first, row, facts(enrolled=41), year=2025, seen=1),
        lambda: save_year(second, ProgrammeYear.objects.get(), facts(enrolled=42), year=2025, seen=1),
        lambda: remove_year(first, row, seen=1),
    )
    lost = [one for one in outcomes if isinstance(one, ProgrammeYear.DoesNotExist)]
    assert all(
        isinstance(one, Conflict | ProgrammeYear.DoesNotExist)
        for one in outcomes
        if isinstance(one, Exception)
    )
    assert len([one for one in outcomes if isinstance(one, Exception)]) == 2
    found = ProgrammeYear.objects.first()
    assert found is None or (found.version == 2 and not lost)


def test_a_project_s_staff_is_of_one_of_both(officer: User, developer: JobRole, actor_of: ActorOf) -> None:
    acting = actor_of(officer)
    industry = developer.link.industry

    def state(count: int) -> ProjectFacts:
        staff = [Staff(developer, 2027, count)]
        return ProjectFacts("工厂", industry, None, "", "2027-03", 0.5, "announced", "公告", None, staff)

    row = save_project(acting, None, state(1))
    rows = [InvestmentProject.objects.get(pk=row.pk) for _turn in range(3)]
    outcomes = together(*(
        lambda at=at, one=one: save_project(acting, one, state(at + 10), seen=1) for at, one in enumerate(rows)
    ))  # fmt: skip
    assert told(outcomes) == 2
    assert row.staff.count() == 1
    assert InvestmentProject.objects.get().version == 2


def test_plans_of_two_colleagues_for_one_post(
    enterprises: list[User], developer: JobRole, actor_of: ActorOf
) -> None:
    acting = actor_of(enterprises[0])
    outcomes = together(*(
        lambda count=count: save_plan(acting, None, PlanFacts(developer, 2027, count)) for count in range(3)
    ))  # fmt: skip
    assert told(outcomes) == 2
    assert EnterprisePlan.objects.count() == 1


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str, range], Path]:
    """Return a function that writes a table of years."""

    def _table(name: str, span: range) -> Path:
        path = tmp_path / name
        rows = "".join(f"ceramics,{year},{year - 1990},{name}\n" for year in span)
        path.write_text("专业,年份,招生人数,来源\n" + rows, encoding="utf-8")
        return path

    return _table


def test_two_tables_and_a_form_at_once_wait_for_nobody_for_ever(
    alice: User,
    registry: User,
    programme: Programme,
    actor_of: ActorOf,
    table: Callable[[str, range], Path],
) -> None:
    first, second = actor_of(alice), actor_of(registry)
    row = save_year(first, programme, facts(), year=2010)

    def take(who: Actor, name: str, span: range) -> object:
        path = table(name, span)
        for _turn in range(5):
            # a person who is shown the new result looks at it and writes
            checked = importing.check(TARGETS["supply.year"](who), path, name=name)
            with suppress(Conflict):
                return importing.commit(
                    who, TARGETS["supply.year"](who), path, name=name, fingerprint=checked.fingerprint
                )
        return None

    outcomes = together(
        lambda: take(first, "one.csv", range(2000, 2020)),
        lambda: take(second, "two.csv", range(2019, 1999, -1)),
        lambda: save_year(second, row, facts(enrolled=7), year=2010, seen=1),
    )
    told(outcomes)
    assert sorted(ProgrammeYear.objects.values_list("year", flat=True)) == list(range(2000, 2020))
    for done in outcomes:
        if isinstance(done, importing.Outcome):
            assert done.written + len(done.faults) >= 19
