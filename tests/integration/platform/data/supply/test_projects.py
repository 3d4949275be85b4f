"""Investment projects: facts that can not be, staff as part of a version, who keeps and who reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.http import Http404

from tests.conftest import Places
from tests.factories import OrganisationFactory, person_with
from tests.integration.platform.data.supply.conftest import ActorOf
from zhiqiao.platform.data.api import projects
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.evidence import resolve
from zhiqiao.platform.data.models import ChainLink, Industry, InvestmentProject, JobRole
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.data.supply.projects import ProjectFacts, Staff, save_project
from zhiqiao.platform.governance.api import OrganisationKind, Role, User


@pytest.fixture
def announced(developer: JobRole) -> ProjectFacts:
    """A project as it might be announced."""
    return ProjectFacts(
        name="陶瓷基板工厂",
        industry=developer.link.industry,
        link=developer.link,
        region="恩阳区",
        start="2027-03",
        probability=0.6,
        state="announced",
        source="招商公告",
        announced=dt.date(2026, 5, 18),
        staff=[Staff(developer, 2027, 25)],
    )


def test_a_project_is_read_with_its_staff(
    officer: User, alice: User, association: User, announced: ProjectFacts, actor_of: ActorOf
) -> None:
    save_project(actor_of(officer), None, announced)
    for reader in (officer, alice, association):
        view = projects(actor_of(reader))[0]
        assert (view.start, view.probability, view.staff) == ("2027-03", 0.6, (("developer", 25, 2027),))
        assert (view.industry_key, view.headcount, view.announced) == ("it", 25, dt.date(2026, 5, 18))


def test_no_staff_named_is_unknown_and_not_zero(
    officer: User, announced: ProjectFacts, actor_of: ActorOf
) -> None:
    save_project(actor_of(officer), None, replace(announced, staff=[]))
    assert projects(actor_of(officer))[0].headcount is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"start": "2027-13"}, "2027-03"),
        ({"start": "2027"}, "2027-03"),
        ({"probability": 1.2}, "可能性"),
        ({"source": ""}, "出处"),
    ],
)
def test_what_can_not_be_is_refused(
    officer: User, announced: ProjectFacts, actor_of: ActorOf, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        save_project(actor_of(officer), None, replace(announced, **changes))  # type: ignore[arg-type]
    assert not InvestmentProject.objects.exists()


def test_a_link_of_another_industry_and_a_post_twice_are_refused(
    officer: User, announced: ProjectFacts, developer: JobRole, actor_of: ActorOf
) -> None:
    other = Industry.objects.create(key="other", name_zh="别的", name_en="Other")
    link = ChainLink.objects.create(key="other-link", industry=other, name_zh="环节", name_en="Link")
    with pytest.raises(Refused, match="不属于"):
        save_project(actor_of(officer), None, replace(announced, link=link))
    twice = [Staff(developer, 2027, 1), Staff(developer, 2027, 2)]
    with pytest.raises(Refused, match="写了两次"):
        save_project(actor_of(officer), None, replace(announced, staff=twice))


def test_a_change_of_staff_alone_makes_a_version_and_stands_in_the_history(
    officer: User, announced: ProjectFacts, developer: JobRole, actor_of: ActorOf
) -> None:
    actor = actor_of(officer)
    row = save_project(actor, None, announced)
    changed = replace(announced, staff=[Staff(developer, 2027, 40)])
    row = save_project(actor, row, changed, seen=1)
    assert (row.version, row.staff.get().headcount) == (2, 40)
    assert keeping.history(row)[0].values == (("staff", "developer 2027: 25", "developer 2027: 40"),)
    again = save_project(actor, row, changed, seen=2)
    assert again.version == 2
    with pytest.raises(Conflict):
        save_project(actor, row, announced, seen=1)
    assert row.staff.get().headcount == 40


def test_another_bureau_a_school_and_an_association_can_not_change_it(
    officer: User,
    alice: User,
    association: User,
    places: Places,
    announced: ProjectFacts,
    actor_of: ActorOf,
) -> None:
    row = save_project(actor_of(officer), None, announced)
    elsewhere = OrganisationFactory(key="bureau-2", kind=OrganisationKind.GOVERNMENT)
    stranger = person_with(Role.BUREAU_OFFICER, elsewhere, username="officer-2")
    for person in (alice, association, stranger):
        with pytest.raises(Http404):
            save_project(actor_of(person), row, announced, seen=1)


def test_its_evidence_names_source_and_that_no_forecast_moves(
    officer: User, student: User, announced: ProjectFacts, actor_of: ActorOf
) -> None:
    row = save_project(actor_of(officer), None, announced)
    hop = resolve(actor_of(officer), "project", row.uuid)
    assert "不改变由数据得出的预测" in str(hop.how)
    assert ("软件开发 2027", 25) in list(hop.facts)
    with pytest.raises(Http404):
        resolve(actor_of(student), "project", row.uuid)
