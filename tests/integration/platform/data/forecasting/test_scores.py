"""Scores of published forecasts: the months that came, beside baselines, each once; drafts and the future have none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.forecasting.conftest import TODAY, Region
from zhiqiao.platform.data.api import scores_of
from zhiqiao.platform.data.forecasting import actions, scoring, storing
from zhiqiao.platform.data.models import DemandForecast, DemandForecastScore
from zhiqiao.platform.governance.api import Actor, User

LATER = dt.date(2027, 2, 3)


@pytest.fixture
def published(made: DemandForecast, acting: Actor) -> DemandForecast:
    return actions.publish_forecast(acting, made.uuid, now=made.created_at)


def add_months(region: Region, *months: str) -> None:
    for month in months:
        region.count(month, region.developer, 40, python=20, java=10)
        region.count(month, region.packer, 95, packaging=80)


def test_before_the_months_come_there_is_no_score(published: DemandForecast) -> None:
    assert scoring.score_all(today=TODAY) == 0


def test_a_draft_is_not_scored(made: DemandForecast, region: Region) -> None:
    add_months(region, "2026-11")
    assert scoring.score_all(today=LATER) == 0


def test_each_level_is_scored_once_per_month_that_came(
    published: DemandForecast, region: Region, acting: Actor
) -> None:
    add_months(region, "2026-11", "2026-12")
    assert scoring.score_all(today=LATER) == 10
    assert scoring.score_all(today=LATER) == 0
    add_months(region, "2027-01")
    assert scoring.score_all(today=LATER) == 10
    (role,) = [
        one for one in scores_of(acting, published.uuid) if (one.level, one.measure) == ("role", "count")
    ]
    assert (role.until, role.cells) == ("2027-01", 6)
    assert DemandForecastScore.objects.filter(level="role", measure="count").count() == 2


def test_the_error_is_that_of_the_stored_rows(published: DemandForecast, region: Region) -> None:
    add_months(region, "2026-11")
    scoring.score_all(today=LATER)
    score = DemandForecastScore.objects.get(level="role", measure="count")
    rows = {
        row.at: row
        for row in storing.rows(published.uuid, "role")
        if (row.month, row.measure) == ("2026-11", "count")
    }
    missed = [abs((rows[0].mean or 0) - 40), abs((rows[1].mean or 0) - 95)]
    assert score.mae == pytest.approx(sum(missed) / 2)
    assert score.baselines["last"] == pytest.approx((0 + 5) / 2)
    assert (score.months, score.unforeseen) == (1, 0)


def test_a_series_without_postings_in_a_known_month_had_none_and_a_new_one_was_not_foreseen(
    published: DemandForecast, region: Region
) -> None:
    region.count("2026-11", region.developer, 40, packaging=3)
    scoring.score_all(today=LATER)
    role = DemandForecastScore.objects.get(level="role", measure="count")
    assert role.cells == 2
    assert role.baselines["last"] == pytest.approx((0 + 90) / 2)
    assert DemandForecastScore.objects.get(level="role_skill", measure="count").unforeseen == 1


def test_the_score_stands_beside_the_forecast(
    published: DemandForecast, region: Region, alice: User, sign_in: Callable[[User], Client]
) -> None:
    add_months(region, "2026-11")
    scoring.score_all(today=LATER)
    client = sign_in(alice)
    page = client.get(reverse("data:forecast", args=[published.uuid])).content.decode()
    assert "最好的简单办法" in page
    assert "岗位 · 按条数" in page
    assert "预测的月份还没有到来" not in client.get(reverse("data:forecasts")).content.decode()
