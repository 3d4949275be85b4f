"""An association's officer, her colleague, a stranger of another association, and two small studies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from django.utils import timezone

from tests.conftest import Places
from tests.factories import OrganisationFactory, person_with
from zhiqiao.apps.evaluation import actions, answering, inviting
from zhiqiao.apps.evaluation.answering import Key, Reply
from zhiqiao.apps.evaluation.inviting import Link
from zhiqiao.apps.evaluation.models import WeightStudy
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import OrganisationKind, Role, User

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
FOUR = "基础 | Basic\n数据库 | Database\n算法 | Algorithms\n实践 | Practice"
TREE = "技能\n- 流延\n- 封装\n- 检测\n素养\n- 沟通\n- 外语"


@pytest.fixture
def olive(places: Places) -> User:
    """Officer of the association; the owner."""
    return person_with(Role.ASSOCIATION_OFFICER, places.association, username="olive", display_name="Olive")


@pytest.fixture
def otto(places: Places) -> User:
    """Another officer of the same association; the colleague."""
    return person_with(Role.ASSOCIATION_OFFICER, places.association, username="otto", display_name="Otto")


@pytest.fixture
def stella(db: None) -> User:
    """Officer of another association; the stranger."""
    other = OrganisationFactory(key="other-association", kind=OrganisationKind.ASSOCIATION)
    return person_with(Role.ASSOCIATION_OFFICER, other, username="stella", display_name="Stella")


@pytest.fixture
def eve(places: Places) -> User:
    """Expert in the region, of another organisation."""
    return person_with(Role.EXPERT, places.bureau, username="eve", display_name="Eve")


@dataclass
class Story:
    """A study with its links; answers by the code of the expert."""

    study: WeightStudy
    links: list[Link]
    acting: Actor

    def answer(
        self, code: str, values: list[float], *, submit: bool = True, basis: float | None = None
    ) -> None:
        """Answer all questions of the latest round in their order."""
        expert = next(link.expert for link in self.links if link.expert.code == code)
        found = answering.questions(expert)
        assert found is not None
        replies: Mapping[Key, Reply] = {
            key: Reply(value, basis, basis) for key, value in zip(found.keys, values, strict=True)
        }
        answering.save(found, replies, version=found.sheet.version, submit=submit, now=NOW)

    def open_round(self, **options: object) -> None:
        actions.open_round(self.study.uuid, acting=self.acting, now=NOW, **options)  # type: ignore[arg-type]

    def close_round(self) -> None:
        actions.close_round(self.study.uuid, acting=self.acting, now=NOW)

    def fresh(self) -> WeightStudy:
        return WeightStudy.objects.get(pk=self.study.pk)


Tell = Callable[..., Story]


@pytest.fixture
def tell(olive: User, actor_of: Callable[[User], Actor]) -> Tell:
    """Return a function that makes a study with experts."""

    def _tell(kind: str, items: str, experts: int) -> Story:
        acting = actor_of(olive)
        study = actions.create_study(actions.StudyText("一项研究", "用于测试", kind, items), acting=acting)
        guests = "\n".join(
            f"专家{number}，单位{number}，e{number}@example.org" for number in range(1, experts + 1)
        )
        links = inviting.invite(study.uuid, guests, acting=acting, now=timezone.now())
        return Story(study, links, acting)

    return _tell


CONSISTENT = [2.0, 1.0, 4.0, 1 / 2, 2.0, 4.0]
NEAR = [3.0, 1.0, 5.0, 1 / 3, 2.0, 5.0]
CONTRADICTORY = [5.0, 1 / 3, 4.0, 3.0, 1 / 4, 3.0]


@pytest.fixture
def ahp(tell: Tell) -> Story:
    """Return an AHP study with one closed round: two consistent experts, a contradictory one, a silent one."""
    story = tell("ahp", FOUR, 4)
    story.open_round()
    story.answer("E01", CONSISTENT)
    story.answer("E02", NEAR)
    story.answer("E03", CONTRADICTORY)
    story.close_round()
    return story


RATINGS = {
    "E01": [5.0, 5.0, 4.0, 3.0, 2.0],
    "E02": [4.0, 5.0, 4.0, 3.0, 1.0],
    "E03": [5.0, 4.0, 4.0, 2.0, 2.0],
    "E04": [4.0, 5.0, 5.0, 3.0, 1.0],
}


@pytest.fixture
def delphi(tell: Tell) -> Story:
    """Return a Delphi study with one closed round of four answers and one expert who was silent."""
    story = tell("delphi", TREE, 5)
    story.open_round()
    for code, values in RATINGS.items():
        story.answer(code, values, basis=0.8)
    story.close_round()
    return story
