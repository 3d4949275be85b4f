"""The small world of management with shared postings, a year of graduates, equipment, and a second officer."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import pytest

from tests.conftest import Places
from tests.factories import person_with, the_one
from tests.integration.apps.management.conftest import NOW, World, programme_world, world
from tests.worlds import lay
from zhiqiao.apps.management.balance.computing import compute_balance
from zhiqiao.apps.management.models import BalanceReport
from zhiqiao.platform.data.models import ProgrammeYear, TrainingCondition
from zhiqiao.platform.governance.models import Role, User
from zhiqiao.platform.governance.sessions import actor_for, current_memberships

__all__ = ["programme_world", "world"]


def make_region(world: World) -> World:
    """Share the postings of the world; add 20 graduates of 2026 and a short line of equipment."""
    world = deepcopy(world)
    source = world.posting_import.source
    source.is_shared, source.licence_note = True, "仅限区域内统计"
    source.save()
    root = world.programme.org_root_id
    years = {"programme": world.programme, "org_root_id": root, "source": "学籍系统"}
    ProgrammeYear.objects.create(**years, year=2025, enrolled=30, graduates=20, placed=18, placed_matching=12)
    ProgrammeYear.objects.create(**years, year=2026, enrolled=40)
    TrainingCondition.objects.create(
        programme=world.programme,
        org_root_id=root,
        name="流延成型机",
        unit="台",
        required=2,
        present=1,
        norm="每 40 人 1 台",
        norm_source="标准",
    )
    return world


@pytest.fixture(scope="session")
def region_world(request: pytest.FixtureRequest, programme_world: World | None) -> Iterator[World | None]:
    """The world as the bureau sees it."""
    yield from lay(request, make_region, programme_world, or_bare=True)


@pytest.fixture
def region(region_world: World | None, world: World) -> World:
    """Return the world with its postings shared, 20 graduates of 2026 and a short line of equipment."""
    return deepcopy(region_world) if region_world else make_region(world)


@pytest.fixture
def second_officer(places: Places) -> User:
    """Another officer of the bureau."""
    return person_with(Role.BUREAU_OFFICER, places.bureau, username="officer-2", display_name="Zweite")


def make_balance(places: Places) -> BalanceReport:
    """Compute the balance for the officer of the bureau."""
    officer = the_one(Role.BUREAU_OFFICER, places.bureau, username="officer")
    return compute_balance(acting=actor_for(officer, current_memberships(officer.id)[0]), now=NOW)


@pytest.fixture(scope="session")
def balance_world(
    request: pytest.FixtureRequest, places_world: Places | None, region_world: World | None
) -> Iterator[BalanceReport | None]:
    """The region with its balance."""
    yield from lay(request, make_balance, places_world, or_bare=True)


@pytest.fixture
def balance(
    balance_world: BalanceReport | None, places: Places, region: World, officer: User
) -> BalanceReport:
    """Return the region's balance."""
    return deepcopy(balance_world) if balance_world else make_balance(places)
