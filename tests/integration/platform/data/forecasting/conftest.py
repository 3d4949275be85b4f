"""Monthly counts of two posts and three skills over three years, shared with the region; and the officers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest

from tests.conftest import Places
from tests.factories import person_with, the_one
from tests.worlds import lay
from zhiqiao.engines import demand as engine
from zhiqiao.platform.data.forecasting import actions
from zhiqiao.platform.data.models import (
    ChainLink,
    DemandForecast,
    ImportState,
    Industry,
    JobPosting,
    JobRole,
    PostingImport,
    PostingSkill,
    RoleCount,
    Skill,
    SkillCategory,
    SkillCount,
    Source,
)
from zhiqiao.platform.governance.api import Actor, Role, User
from zhiqiao.platform.governance.sessions import actor_for, current_memberships

FIRST, MONTHS = "2023-11", 36
TODAY = dt.date(2026, 11, 21)


def month_at(number: int) -> str:
    """Return the month that lies some months after the first."""
    return engine.month_text((engine.month_number(FIRST) or 0) + number)


@dataclass
class Region:
    """Two industries with a post each, three skills, one shared import."""

    developer: JobRole
    packer: JobRole
    skills: dict[str, Skill]
    shared: PostingImport

    def count(
        self,
        month: str,
        role: JobRole | None,
        postings: int,
        *,
        into: PostingImport | None = None,
        **asked: int,
    ) -> None:
        """Write the counts that an import leaves behind for a post and month."""
        target = into or self.shared
        RoleCount.objects.create(posting_import=target, role=role, month=month, postings=postings)
        for key, count in asked.items():
            SkillCount.objects.create(
                posting_import=target, role=role, skill=self.skills[key], month=month, postings=count
            )


def new_import(places: Places, user: User, *, shared: bool, key: str) -> PostingImport:
    """Return a live import of the person's organisation."""
    root = user.memberships.get().org_root_id
    source = Source.objects.create(
        org_root_id=root,
        key=key,
        name=key,
        brought_by=user,
        is_shared=shared,
        is_demo=True,
        licence_note="仅限测试",
    )
    return PostingImport.objects.create(
        org_root_id=root, source=source, imported_by=user, file_name=f"{key}.csv", state=ImportState.LIVE,
        is_demo=True, taxonomy_version="t1",
    )  # fmt: skip


@pytest.fixture
def association_officer(places: Places) -> User:
    """Officer of the association."""
    return person_with(Role.ASSOCIATION_OFFICER, places.association, username="assoc")


def the_officer(places: Places) -> User:
    """Return the officer of the education bureau."""
    return the_one(Role.BUREAU_OFFICER, places.bureau, username="officer")


def make_region(places: Places) -> Region:
    """Developers hold steady at 40 a month; packers grow from 20 to 90 and ever more ask for packaging."""
    category = SkillCategory.objects.create(key="c", name_zh="类", name_en="C")
    skills = {
        key: Skill.objects.create(key=key, name_zh=zh, name_en=key.title(), kind="ability", category=category)
        for key, zh in (("python", "Python编程"), ("java", "Java编程"), ("packaging", "陶瓷芯片封装"))
    }
    roles = []
    for key, zh in (("it", "信息技术"), ("materials", "新材料")):
        industry = Industry.objects.create(key=key, name_zh=zh, name_en=key.title())
        link = ChainLink.objects.create(key=key, industry=industry, name_zh=zh, name_en=key)
        roles.append(
            JobRole.objects.create(key=f"{key}-post", link=link, name_zh=f"{zh}岗", name_en=f"{key} post")
        )
    found = Region(*roles, skills, new_import(places, the_officer(places), shared=True, key="shared"))
    for number in range(MONTHS):
        month = month_at(number)
        found.count(month, found.developer, 40, python=20, java=10 + number % 2)
        found.count(month, found.packer, 20 + 2 * number, packaging=5 + 2 * number)
    return found


@pytest.fixture(scope="session")
def region_world(request: pytest.FixtureRequest, places_world: Places | None) -> Iterator[Region | None]:
    """Two industries over three years."""
    yield from lay(request, make_region, places_world, or_bare=True)


@pytest.fixture
def region(region_world: Region | None, places: Places, officer: User) -> Region:
    """Developers hold steady at 40 a month; packers grow from 20 to 90 and ever more ask for packaging."""
    return deepcopy(region_world) if region_world else make_region(places)


@pytest.fixture
def acting(officer: User, actor_of: Callable[[User], Actor]) -> Actor:
    """The bureau's officer as an actor."""
    return actor_of(officer)


def make_draft(places: Places) -> DemandForecast:
    """Let the bureau's officer draft a forecast."""
    officer = the_officer(places)
    return actions.make_forecast(actor_for(officer, current_memberships(officer.id)[0]), today=TODAY)


@pytest.fixture(scope="session")
def made_world(
    request: pytest.FixtureRequest, places_world: Places | None, region_world: Region | None
) -> Iterator[DemandForecast | None]:
    """A draft of the forecast."""
    yield from lay(request, make_draft, places_world, or_bare=True)


@pytest.fixture
def made(made_world: DemandForecast | None, places: Places, region: Region, acting: Actor) -> DemandForecast:
    """A draft of the forecast."""
    return deepcopy(made_world) if made_world else make_draft(places)


def add_posting(region: Region, month: str, role: JobRole, *skills: Skill) -> JobPosting:
    """Write one posting with its skills, without counts."""
    posting = JobPosting.objects.create(
        org_root_id=region.shared.org_root_id, posting_import=region.shared,
        key=f"p{JobPosting.objects.count()}", title="封装技术员", company="甲公司", role=role, month=month, city="巴中",
    )  # fmt: skip
    PostingSkill.objects.bulk_create([PostingSkill(posting=posting, skill=skill) for skill in skills])
    return posting
