"""Monthly series: what is zero, what is unknown, what does not enter, whose postings count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest

from tests.conftest import Places
from tests.integration.platform.data.forecasting.conftest import (
    MONTHS,
    TODAY,
    Region,
    add_posting,
    month_at,
    new_import,
)
from zhiqiao.platform.data.api import demand_series
from zhiqiao.platform.data.forecasting.series import shared_live
from zhiqiao.platform.data.models import ImportState, RoleCount
from zhiqiao.platform.governance.api import Actor, User

ActorOf = Callable[[User], Actor]


def test_a_post_is_counted_month_by_month(region: Region, acting: Actor) -> None:
    series = demand_series(acting, ["role"], today=TODAY)
    assert series.keys == (("it-post",), ("materials-post",))
    assert (series.months[0], series.months[-1], len(series.months)) == ("2023-11", "2026-10", MONTHS)
    assert series.counts[1].tolist() == [20 + 2 * number for number in range(MONTHS)]
    assert series.totals[1, 0] == 60


def test_a_skill_is_a_share_of_the_postings_of_its_post_or_industry(region: Region, acting: Actor) -> None:
    for by in (["role", "skill"], ["skill", "industry"]):
        series = demand_series(acting, by, today=TODAY)
        at = next(at for at, key in enumerate(series.keys) if "packaging" in key)
        assert (series.counts[at, 0], series.totals[at, 0]) == (5, 20)
        assert series.shares[at, 0] == 0.25
    whole = demand_series(acting, ["skill"], today=TODAY)
    assert whole.totals[whole.keys.index(("packaging",)), 0] == 60


def test_a_month_without_any_posting_is_unknown_and_a_series_without_one_in_a_known_month_is_zero(
    region: Region, acting: Actor
) -> None:
    RoleCount.objects.filter(month=month_at(10)).delete()
    RoleCount.objects.filter(month=month_at(11), role=region.packer).delete()
    series = demand_series(acting, ["role"], today=TODAY)
    assert series.unknown_months == (month_at(10),)
    assert np.isnan(series.counts[:, 10]).all()
    assert series.counts[1, 11] == 0


def test_what_has_no_date_no_post_or_lies_in_a_month_that_is_not_over_does_not_enter_and_is_counted(
    region: Region, acting: Actor
) -> None:
    region.count("", region.developer, 7)
    region.count("2026-11", region.developer, 3)
    region.count("2026-10", None, 2)
    series = demand_series(acting, ["role"], today=TODAY)
    assert (series.undated, series.unfinished, series.unassigned) == (7, 3, 2)
    assert series.months[-1] == "2026-10"
    assert series.counts[0, -1] == 40
    assert series.all_postings[-1] == 40 + 90 + 2


def test_only_live_imports_that_the_person_may_see_count(
    region: Region, acting: Actor, places: Places, alice: User, bob: User, charlie: User, actor_of: ActorOf
) -> None:
    own = new_import(places, alice, shared=False, key="own")
    region.count("2026-10", region.developer, 100, into=own)
    found = {
        name: demand_series(actor_of(user), ["role"], today=TODAY).counts[0, -1]
        for name, user in (("owner", alice), ("colleague", bob), ("stranger", charlie))
    }
    assert found == {"owner": 140, "colleague": 140, "stranger": 40}
    among = shared_live(actor_of(alice))
    assert demand_series(actor_of(alice), ["role"], today=TODAY, among=among).counts[0, -1] == 40
    region.shared.state = ImportState.WITHDRAWN
    region.shared.save()
    assert demand_series(actor_of(charlie), ["role"], today=TODAY).keys == ()


def test_series_by_place_come_from_the_single_postings(region: Region, acting: Actor) -> None:
    for month in ("2026-09", "2026-10", "2026-10"):
        add_posting(region, month, region.packer, region.skills["packaging"])
    places = demand_series(acting, ["city"], today=TODAY)
    assert (places.keys, places.counts.tolist()) == ((("巴中",),), [[1, 2]])
    skills = demand_series(acting, ["skill", "city"], today=TODAY)
    assert (skills.keys, skills.totals.tolist()) == ((("packaging", "巴中"),), [[1, 2]])


def test_without_postings_there_are_no_months(places: Places, acting: Actor) -> None:
    series = demand_series(acting, ["role"], today=TODAY)
    assert (series.keys, series.months, series.counts.shape) == ((), (), (0, 0))


@pytest.mark.parametrize("by", [[], ["colour"]])
def test_a_dimension_there_is_not_is_an_error(acting: Actor, by: list[str]) -> None:
    with pytest.raises(ValueError, match="industry, role, skill, city"):
        demand_series(acting, by, today=dt.date(2026, 1, 1))
