"""A small world: one programme that teaches tape casting and typing, and postings that ask for packaging."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal

import pytest

from tests.conftest import Places
from tests.factories import the_one
from tests.worlds import lay
from zhiqiao.apps.management.gap import compute_gap
from zhiqiao.apps.management.models import GapReport
from zhiqiao.platform.data.models import (
    ChainLink,
    Course,
    ImportState,
    Industry,
    JobPosting,
    JobRole,
    Module,
    ModuleSkill,
    PostingImport,
    PostingSkill,
    Programme,
    ProgrammeRole,
    RoleCount,
    Skill,
    SkillCategory,
    SkillCount,
    Source,
)
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import Role, User

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
MONTH = "2026-10"


@dataclass
class World:
    """What the tests of this package speak about."""

    programme: Programme
    ceramics: Module
    typing: Module
    role: JobRole
    skills: dict[str, Skill]
    posting_import: PostingImport


def make_skills() -> dict[str, Skill]:
    category = SkillCategory.objects.create(key="new-materials", name_zh="新材料", name_en="New materials")
    office = SkillCategory.objects.create(key="office", name_zh="办公", name_en="Office")
    rows = [
        ("electronic-ceramics", "电子陶瓷", "Electronic ceramics", "knowledge", category),
        ("tape-casting", "流延成型", "Tape casting", "ability", category),
        ("ceramic-chip-packaging", "陶瓷芯片封装", "Ceramic chip packaging", "ability", category),
        ("typing", "五笔打字", "Wubi typing", "ability", office),
    ]
    skills = {
        key: Skill.objects.create(key=key, name_zh=zh, name_en=en, kind=kind, category=home)
        for key, zh, en, kind, home in rows
    }
    for key in ("tape-casting", "ceramic-chip-packaging"):
        skills[key].broader = skills["electronic-ceramics"]
        skills[key].save()
    return skills


def make_module(course: Course, key: str, zh: str, skill: Skill, hours: int) -> Module:
    module = Module.objects.create(
        org_root_id=course.org_root_id,
        course=course,
        key=key,
        name_zh=zh,
        name_en=key.title(),
        theory_hours=hours // 2,
        practice_hours=hours - hours // 2,
    )
    ModuleSkill.objects.create(
        org_root_id=course.org_root_id, module=module, skill=skill, hours=Decimal(hours), level=3
    )
    return module


def make_postings(
    posting_import: PostingImport, role: JobRole, asked: list[tuple[Skill, ...]], *, month: str = MONTH
) -> None:
    """Write postings with their skills and the counts an import leaves behind."""
    rows = JobPosting.objects.bulk_create(
        JobPosting(
            org_root_id=posting_import.org_root_id,
            posting_import=posting_import,
            key=f"p{number}",
            title="陶瓷封装工艺员",
            role=role,
            month=month,
        )
        for number in range(len(asked))
    )
    pairs = [(row, skill) for row, skills in zip(rows, asked, strict=True) for skill in skills]
    PostingSkill.objects.bulk_create(PostingSkill(posting=row, skill=skill) for row, skill in pairs)
    counts = Counter(skill for _row, skill in pairs)
    RoleCount.objects.create(posting_import=posting_import, role=role, month=month, postings=len(asked))
    for skill, count in counts.items():
        SkillCount.objects.create(
            posting_import=posting_import, role=role, skill=skill, month=month, postings=count
        )


def make_world(places: Places) -> World:
    """Make a programme of school A whose target post asks for packaging in 30 of 60 postings."""
    head = the_one(Role.PROGRAMME_HEAD, places.programme, username="alice", display_name="Alice")
    skills = make_skills()
    industry = Industry.objects.create(key="new-materials", name_zh="新材料", name_en="New materials")
    link = ChainLink.objects.create(key="packaging", industry=industry, name_zh="封装", name_en="Packaging")
    role = JobRole.objects.create(
        key="packager", link=link, name_zh="陶瓷封装工艺员", name_en="Ceramic packaging technician"
    )
    root = places.school.pk
    programme = Programme.objects.create(
        org_root_id=root,
        organisation=places.programme,
        key="materials",
        code="430000",
        name_zh="材料工程技术",
        name_en="Materials engineering",
        level="higher",
    )
    ProgrammeRole.objects.create(org_root_id=root, programme=programme, role=role)

    def course(key: str, zh: str, category: str) -> Course:
        return Course.objects.create(
            org_root_id=root, programme=programme, key=key, name_zh=zh, name_en=key, category=category, term=1
        )

    ceramics = make_module(
        course("c1", "电子陶瓷工艺", "specialty_core"), "m-ceramics", "流延与成型", skills["tape-casting"], 24
    )
    typing = make_module(course("c2", "文字录入", "elective"), "m-typing", "五笔录入", skills["typing"], 16)
    source = Source.objects.create(org_root_id=root, key="own", name="本校收集", brought_by=head)
    posting_import = PostingImport.objects.create(
        org_root_id=root, source=source, imported_by=head, file_name="a.csv", state=ImportState.LIVE
    )
    both = (skills["tape-casting"], skills["ceramic-chip-packaging"])
    make_postings(posting_import, role, [both] * 30 + [both[:1]] * 20 + [()] * 10)
    return World(programme, ceramics, typing, role, skills, posting_import)


@pytest.fixture(scope="session")
def programme_world(request: pytest.FixtureRequest, places_world: Places | None) -> Iterator[World | None]:
    """A programme with its postings."""
    yield from lay(request, make_world, places_world, or_bare=True)


@pytest.fixture
def world(programme_world: World | None, places: Places, alice: User) -> World:
    """Return a programme of school A whose target post asks for packaging in 30 of 60 postings."""
    return deepcopy(programme_world) if programme_world else make_world(places)


@pytest.fixture
def report(world: World, alice: User, actor_of: Callable[[User], Actor]) -> GapReport:
    """Return the world's gap report."""
    return compute_gap(world.programme.uuid, acting=actor_of(alice), now=NOW)
