"""The region of the balance with two years of shared postings of two industries, and what may act on it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass

import pytest

from tests.integration.apps.management.balance.conftest import (
    balance,
    balance_world,
    programme_world,
    region,
    region_world,
    second_officer,
    world,
)
from tests.integration.apps.management.conftest import World
from tests.worlds import lay
from zhiqiao.engines.demand import month_number, month_text
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
    SkillCount,
)
from zhiqiao.platform.governance.api import Actor, User

__all__ = [
    "balance",
    "balance_world",
    "programme_world",
    "region",
    "region_world",
    "second_officer",
    "world",
]

TODAY = dt.date(2026, 11, 21)
FIRST, MONTHS, YEAR = "2024-11", 24, 12


def month_at(number: int) -> str:
    """Return the month that lies some months after the first."""
    return month_text((month_number(FIRST) or 0) + number)


@dataclass
class History:
    """The region with its two posts: postings of packers double in the second year, those of clerks stay."""

    world: World
    packer: JobRole
    clerk: JobRole
    shared: PostingImport
    skills: dict[str, Skill]

    def add(self, month: str, role: JobRole | None, asked: list[tuple[str, ...]]) -> None:
        """Write postings of a month with the skills they name, and the counts that an import leaves behind."""
        start = JobPosting.objects.filter(posting_import=self.shared).count()
        rows = JobPosting.objects.bulk_create(
            JobPosting(
                org_root_id=self.shared.org_root_id,
                posting_import=self.shared,
                key=f"h{start + at}",
                row=start + at,
                title="职位",
                company=f"企业{at % 5}",
                role=role,
                diploma="bachelor" if at % 2 else "",
                city_code="511900",
                month=month,
            )
            for at in range(len(asked))
        )
        PostingSkill.objects.bulk_create(
            PostingSkill(posting=row, skill=self.skills[key])
            for row, keys in zip(rows, asked, strict=True)
            for key in keys
        )
        RoleCount.objects.create(posting_import=self.shared, role=role, month=month, postings=len(asked))
        for key, count in Counter(key for keys in asked for key in keys).items():
            SkillCount.objects.create(
                posting_import=self.shared,
                role=role,
                skill=self.skills[key],
                month=month,
                postings=count,
            )
        self.shared.rows_in += len(asked)
        self.shared.save()


def make_history(region: World) -> History:
    """Give the region the postings of 24 months, up to 2026-10."""
    region = deepcopy(region)
    office = Industry.objects.create(key="office", name_zh="商务服务", name_en="Business services", sort=9)
    Industry.objects.filter(key="new-materials").update(is_lead=True)
    link = ChainLink.objects.create(key="clerical", industry=office, name_zh="文书", name_en="Clerical")
    clerk = JobRole.objects.create(key="clerk", link=link, name_zh="文员", name_en="Clerk")
    shared = PostingImport.objects.create(
        org_root_id=region.posting_import.org_root_id,
        source=region.posting_import.source,
        imported_by=region.posting_import.imported_by,
        file_name="history.csv",
        state=ImportState.LIVE,
        taxonomy_version="t1",
    )
    region.posting_import.rows_in = 60  # of the newest month, all packers
    region.posting_import.save()
    found = History(region, region.role, clerk, shared, region.skills)
    for number in range(MONTHS):
        month, later = month_at(number), number >= YEAR
        if number < MONTHS - 1:
            named = ("tape-casting", "ceramic-chip-packaging") if later else ("tape-casting",)
            found.add(month, found.packer, [named] * (16 if later else 8))
        found.add(month, clerk, [("typing",)] * 6 + [()] * 2)
    return found


@pytest.fixture(scope="session")
def history_world(request: pytest.FixtureRequest, region_world: World) -> Iterator[History | None]:
    """The region with two years of postings."""
    yield from lay(request, make_history, region_world)


@pytest.fixture
def history(history_world: History, region: World) -> History:
    """Return the region with the postings of 24 months, up to 2026-10."""
    return deepcopy(history_world)


@pytest.fixture
def acting(officer: User, actor_of: Callable[[User], Actor]) -> Actor:
    """The bureau's officer as an actor."""
    return actor_of(officer)


@pytest.fixture
def publish(acting: Actor) -> Callable[[dt.date], DemandForecast]:
    """Return a function that makes and publishes a forecast as of a day."""

    def make(today: dt.date) -> DemandForecast:
        row = actions.make_forecast(acting, today=today)
        return actions.publish_forecast(acting, row.uuid, now=row.created_at)

    return make
