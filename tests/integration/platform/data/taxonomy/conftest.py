"""An officer of the association beside the tiny catalogue and postings of the data tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Places
from tests.factories import person_with
from tests.integration.platform.data.conftest import (
    HEADER,
    import_file,
    pack,
    skills,
    skills_world,
    upload,
)
from zhiqiao.engines.jobmining import Finds, Shown, no_finds
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data import importing
from zhiqiao.platform.data.models import SkillChange
from zhiqiao.platform.data.taxonomy import actions, impact, remining
from zhiqiao.platform.governance.api import Actor, Role, User

__all__ = ["import_file", "pack", "skills", "skills_world", "upload"]

ROWS = (
    "Python开发工程师,甲公司,任职要求：熟练掌握Python和Docker，会用鹦鹉链。,成都,8-12K,2026-01-05\n",
    "Java开发工程师,乙公司,任职要求：精通Java和鹦鹉链；会用鹦鹉链。,重庆,10-15K,2026-02-06\n",
    "芯片封装技术员,丙公司,任职要求：掌握陶瓷芯片封装。,巴中,6-8K,2026-02-07\n",
    "行政文员,丁公司,公司介绍：我们研发鹦鹉链。任职要求：有团队合作精神。,巴中,,\n",
)
CSV = HEADER + "".join(ROWS)
NEW = actions.NewSkill("鹦鹉链", "ParrotChain", "tool", "programming", aliases=("鹦鹉引擎",))


class SilentStage:
    """A learned stage that finds nothing and doubts nothing."""

    version = "silent"

    def find(self, shown: Shown) -> Finds:
        return no_finds(len(shown.hits))


@pytest.fixture(autouse=True)
def silent_stage(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the dictionary alone speak, unless a test is marked to use the shipped stage."""
    if "shipped_stage" not in request.fixturenames:
        for module in (importing, remining, impact):
            monkeypatch.setattr(module, "learned_stage", SilentStage)


@pytest.fixture
def shipped_stage() -> None:
    """Ask for the learned stage that ships."""


@pytest.fixture
def keeper(places: Places) -> User:
    """Officer of the association, who decides."""
    return person_with(Role.ASSOCIATION_OFFICER, places.association, username="keeper")


@pytest.fixture
def second(places: Places) -> User:
    """Another officer of the association."""
    return person_with(Role.ASSOCIATION_OFFICER, places.association, username="second")


@pytest.fixture
def acting(keeper: User, actor_of: Callable[[User], Actor]) -> Actor:
    """The officer as an actor."""
    return actor_of(keeper)


@pytest.fixture
def in_force(acting: Actor) -> Callable[..., SkillChange]:
    """Return a function that previews a draft, brings it into force and mines again."""

    def _in_force(change: SkillChange, *, mine: bool = True) -> SkillChange:
        run_waiting()
        change.refresh_from_db()
        actions.activate(acting, change, seen=str(change.impact["old"]))
        if mine:
            run_waiting()
        change.refresh_from_db()
        return change

    return _in_force
