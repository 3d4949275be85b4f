"""Postings of three trades with planted groups of skills, brought in by the product's own verbs."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import pytest

from tests.conftest import Places
from tests.factories import person_with, the_one
from tests.integration.platform.data.conftest import (
    HEADER,
    bring_in,
    import_file,
    load_pack,
    pack,
    reading_with,
    skills,
    skills_world,
    upload,
    write_pack,
)
from tests.integration.platform.data.taxonomy.conftest import SilentStage
from tests.worlds import lay
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data import importing
from zhiqiao.platform.data.competency import studying
from zhiqiao.platform.data.models import CompetencyStudy
from zhiqiao.platform.governance.api import Actor, Role, User
from zhiqiao.platform.governance.sessions import actor_for, current_memberships

__all__ = ["import_file", "pack", "skills", "skills_world", "upload"]

PLANTED = {
    "garden": ("修剪花木", "施肥灌溉", "嫁接育苗", "病虫防治", "盆景造型"),
    "kitchen": ("切配加工", "中式烹饪", "烘焙裱花", "冷盘摆盘", "面点发酵"),
    "shop": ("收银结算", "理货上架", "商品陈列", "库存盘点", "导购接待"),
}
TITLES = {"garden": "园艺员", "kitchen": "厨师", "shop": "店员"}
KEYS = {
    name: f"{trade}-{number}"
    for trade, names in PLANTED.items()
    for number, name in enumerate(names, start=1)
}


def postings(count: int = 90, *, seed: int = 7, company: str = "甲") -> str:
    """Write postings with four skills of one trade each, now and then one of another."""
    chance, lines = random.Random(seed), []
    for number in range(count):
        trade = sorted(PLANTED)[number % 3]
        chosen = chance.sample(PLANTED[trade], 4)
        if chance.random() < 0.1:
            chosen.append(chance.choice(PLANTED[chance.choice(sorted(PLANTED))]))
        chosen = list(dict.fromkeys(chosen))
        text = f"任职要求：{'；'.join(f'能做{name}的工作' for name in chosen)}。编号{company}{seed}-{number * 7919}。"
        lines.append(f"{TITLES[trade]},{company}{number}公司,{text},巴中,,2026-01-05\n")
    return HEADER + "".join(lines)


@pytest.fixture(autouse=True)
def dictionary_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the dictionary alone speak: the learned stage may doubt planted words."""
    monkeypatch.setattr(importing, "learned_stage", SilentStage)


def load_trades(pack: Path) -> Path:
    """Write the planted skills and a post for each trade beside the tiny catalogue, and load both."""
    rows = "".join(f"{key},{name},{key},ability,programming,,,\n" for name, key in KEYS.items())
    path = pack / "skills" / "programming.csv"
    path.write_text(path.read_text(encoding="utf-8") + rows, encoding="utf-8")
    roles = pack / "job_roles.csv"
    roles.write_text(
        roles.read_text(encoding="utf-8") + "gardener,software,园艺,Gardener,园艺员,,,garden-1:1\n",
        encoding="utf-8",
    )
    load_pack(pack)
    return pack


@pytest.fixture
def trades(skills: Path) -> Path:
    """The tiny catalogue with the planted skills beside it and a post for each trade."""
    return load_trades(skills)


@pytest.fixture
def keeper(places: Places) -> User:
    """Officer of the association, who owns studies and frameworks."""
    return the_one(Role.ASSOCIATION_OFFICER, places.association, username="keeper")


@pytest.fixture
def expert(places: Places) -> User:
    """Expert of the association: edits, does not publish."""
    return person_with(Role.EXPERT, places.association, username="assoc-expert")


@pytest.fixture
def acting(keeper: User, actor_of: Callable[[User], Actor]) -> Actor:
    """The officer as an actor."""
    return actor_of(keeper)


def make_study(places: Places, folder: Path) -> CompetencyStudy:
    """Bring shared postings in and find their groups."""
    trades = load_trades(write_pack(folder / "study"))
    officer = the_one(Role.DATA_OFFICER, places.bureau, username="data-officer")
    keeper = the_one(Role.ASSOCIATION_OFFICER, places.association, username="keeper")
    acting = actor_for(keeper, current_memberships(keeper.id)[0])
    with reading_with(trades, SilentStage):
        bring_in(officer, postings(), folder, shared=True)
        found = studying.start_study(acting, studying.Wanted("三个行当", k=3))
        run_waiting()
    found.refresh_from_db()
    return found


@pytest.fixture(scope="session")
def study_world(
    request: pytest.FixtureRequest,
    places_world: Places,
    skills_world: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[CompetencyStudy | None]:
    """A finished run over shared postings."""
    yield from lay(request, lambda: make_study(places_world, tmp_path_factory.mktemp("world")), or_bare=True)


@pytest.fixture
def study(
    study_world: CompetencyStudy | None, places: Places, trades: Path, tmp_path: Path, data_officer: User
) -> CompetencyStudy:
    """A finished run over shared postings."""
    return deepcopy(study_world) if study_world else make_study(places, tmp_path)
