"""An officer of an association, her colleague, a stranger; a programme with two posts; twelve enterprises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from tests.conftest import Places
from tests.factories import OrganisationFactory, person_with
from zhiqiao.platform.data.models import (
    ChainLink,
    Industry,
    JobRole,
    PostSurvey,
    Programme,
    ProgrammeRole,
    SurveyedEnterprise,
    SurveyUnit,
)
from zhiqiao.platform.data.survey import answering, asking, designing, framing, register
from zhiqiao.platform.data.survey.asking import Link
from zhiqiao.platform.data.survey.designing import SurveyText
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import OrganisationKind, Role, User

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
GIVEN: Mapping[str, object] = {
    "needs-people": "yes",
    "posts-needed": ["operator", "tester"],
    "hires": {"operator": 4, "tester": 2},
    "certificates": "preferred",
    "cooperation": ["placement", "project"],
    "visit": "yes",
}


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
def programme(places: Places) -> Programme:
    """A programme with two posts and no skills."""
    industry = Industry.objects.create(key="ceramics", name_zh="陶瓷", name_en="Ceramics")
    link = ChainLink.objects.create(key="firing", industry=industry, name_zh="烧成", name_en="Firing")
    row = Programme.objects.create(
        org_root_id=places.programme.org_root_id,
        organisation=places.programme,
        key="ceramics",
        code="430601",
        name_zh="材料工程技术",
        name_en="Materials",
        level="higher",
    )
    for key, zh in (("operator", "操作工"), ("tester", "检验员")):
        role = JobRole.objects.create(key=key, link=link, name_zh=zh, name_en=key.title())
        ProgrammeRole.objects.create(org_root_id=row.org_root_id, programme=row, role=role)
    return row


@dataclass
class Story:
    """A survey of twelve enterprises, nine small and three large; the links of those that were drawn."""

    survey: PostSurvey
    acting: Actor
    links: list[Link] = field(default_factory=list)

    def draw(self, size: int = 8, **options: object) -> None:
        rows = [row.uuid for row in register.enterprises(self.acting)]
        values: dict[str, object] = {"seed": "s", "acting": self.acting, "now": NOW}
        framing.draw_sample(self.survey.uuid, rows, size=size, **(values | options))  # type: ignore[arg-type]

    def send(self, now: dt.datetime = NOW) -> None:
        self.links += asking.send_links(self.survey.uuid, acting=self.acting, now=now)

    def answer(
        self, link: Link, now: dt.datetime = NOW, *, may_reuse: bool = True, **changes: object
    ) -> None:
        sheet = answering.find_sheet(link.token, now=now)
        given = {**GIVEN, **changes}
        sheet = answering.save_part(sheet, given, keys=set(given), version=sheet.row.version, now=now)
        answering.submit(sheet, may_reuse=may_reuse, version=sheet.row.version, now=now)

    def unit(self, link: Link) -> SurveyUnit:
        return SurveyUnit.objects.get(pk=link.unit.pk)


@pytest.fixture
def firms(olive: User, programme: Programme, actor_of: Callable[[User], Actor]) -> None:
    """Fill the register of the association."""
    industry = Industry.objects.get(key="ceramics")
    root = actor_of(olive).org_root_id
    assert root is not None
    SurveyedEnterprise.objects.bulk_create(
        SurveyedEnterprise(
            org_root_id=root,
            name=f"第{number:02d}陶瓷厂",
            folded_name=register.folded_name(f"第{number:02d}陶瓷厂"),
            industry=industry,
            size="large" if number < 3 else "small",
            place="甲县" if number % 2 else "乙县",
            contact_name=f"联系人{number}",
            contact_email=f"hr{number}@example.org",
        )
        for number in range(12)
    )


@pytest.fixture
def story(firms: None, olive: User, programme: Programme, actor_of: Callable[[User], Actor]) -> Story:
    """Return a draft survey."""
    acting = actor_of(olive)
    text = SurveyText("陶瓷岗位调研", "为修订培养方案", programme)
    return Story(designing.create_survey(text, acting=acting), acting)
