"""A programme of each school, three enterprises with a person for plans, and small facts to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Places
from tests.factories import OrganisationFactory, person_with
from tests.integration.platform.data.conftest import pack, skills, skills_world
from tests.worlds import lay
from zhiqiao import packs
from zhiqiao.platform.data.catalogue import load_industries, load_skills
from zhiqiao.platform.data.models import JobRole, Programme
from zhiqiao.platform.data.region import load_programmes
from zhiqiao.platform.data.supply.plans import PlanFacts, save_plan
from zhiqiao.platform.data.supply.years import YearFacts
from zhiqiao.platform.governance.api import (
    Actor,
    Organisation,
    OrganisationKind,
    Role,
    User,
    load_organisations,
)

__all__ = ["facts", "pack", "skills", "skills_world"]

ActorOf = Callable[[User], Actor]


def facts(**changes: object) -> YearFacts:
    """Return what a school might state of a year."""
    values: dict[str, object] = {
        "enrolled": 40,
        "students": 120,
        "graduates": 38,
        "placed": 36,
        "placed_locally": 20,
        "placed_matching": 24,
        "cost_per_student": 12000,
        "source": "学籍系统",
    }
    return YearFacts(**(values | changes))  # type: ignore[arg-type]


def _programme(unit: Organisation, key: str, name: str) -> Programme:
    return Programme.objects.create(
        org_root_id=unit.org_root_id,
        organisation=unit,
        key=key,
        code="430601" if key == "ceramics" else "510203",
        name_zh=name,
        name_en=key,
        level="higher",
    )


def load_shipped() -> Path:
    """Load the shipped region's catalogue, organisations and programmes."""
    folder = packs.folder("bazhong")
    load_skills(packs.folder("common", "skills"))
    load_industries(folder)
    load_organisations(folder, is_demo=True)
    load_programmes(folder, is_demo=True)
    return folder


@pytest.fixture(scope="session")
def bazhong_world(request: pytest.FixtureRequest) -> Iterator[Path | None]:
    """The shipped region."""
    yield from lay(request, load_shipped)


@pytest.fixture
def bazhong(bazhong_world: Path, db: None) -> Path:
    """The pack of the shipped region, whose catalogue, organisations and programmes are loaded."""
    return bazhong_world


@pytest.fixture
def programme(places: Places) -> Programme:
    """Alice's programme."""
    return _programme(places.programme, "ceramics", "材料工程技术")


@pytest.fixture
def other_programme(places: Places) -> Programme:
    """Charlie's programme in another school."""
    return _programme(places.other_programme, "software", "软件技术")


@pytest.fixture
def registry(places: Places) -> User:
    """Registry officer of school A."""
    return person_with(Role.REGISTRY_OFFICER, places.school, username="registry")


@pytest.fixture
def association(places: Places) -> User:
    """Officer of an association."""
    return person_with(Role.ASSOCIATION_OFFICER, places.association, username="association")


@pytest.fixture
def developer(skills: Path) -> JobRole:
    """A post."""
    return JobRole.objects.get(key="developer")


@pytest.fixture
def enterprises(db: None) -> list[User]:
    """The personnel officers of three enterprises."""
    return [
        person_with(
            Role.ENTERPRISE_HR,
            OrganisationFactory(
                key=f"firm-{number}", kind=OrganisationKind.ENTERPRISE, name_zh=f"第{number}家"
            ),
            username=f"hr-{number}",
        )
        for number in range(3)
    ]


@pytest.fixture
def plan(actor_of: ActorOf, developer: JobRole) -> Callable[..., object]:
    """Return a function with which an enterprise plans."""

    def _plan(user: User, headcount: int, *, year: int = 2027) -> object:
        return save_plan(actor_of(user), None, PlanFacts(developer, year, headcount, "扩产"))

    return _plan
