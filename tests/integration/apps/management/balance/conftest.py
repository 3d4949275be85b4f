"""The small world of management with shared postings, a year of graduates, equipment, and a second officer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Places
from tests.factories import person_with
from tests.integration.apps.management.conftest import NOW, World, world
from zhiqiao.apps.management.balance.computing import compute_balance
from zhiqiao.apps.management.models import BalanceReport
from zhiqiao.platform.data.models import ProgrammeYear, TrainingCondition
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import Role, User

__all__ = ["world"]


@pytest.fixture
def region(world: World) -> World:
    """Return the world with its postings shared, 20 graduates of 2026 and a short line of equipment."""
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


@pytest.fixture
def second_officer(places: Places) -> User:
    """Another officer of the bureau."""
    return person_with(Role.BUREAU_OFFICER, places.bureau, username="officer-2", display_name="Zweite")


@pytest.fixture
def balance(region: World, officer: User, actor_of: Callable[[User], Actor]) -> BalanceReport:
    """Return the region's balance."""
    return compute_balance(acting=actor_of(officer), now=NOW)
