"""The pages of the demand forecast as owner, colleague and stranger, and as files to take away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.forecasting.conftest import TODAY, Region
from zhiqiao.platform.data.forecasting import actions
from zhiqiao.platform.data.models import DemandForecast, ForecastState, RoleCount
from zhiqiao.platform.governance.api import Actor, User

SignIn = Callable[[User], Client]


@pytest.fixture
def published(made: DemandForecast, acting: Actor) -> DemandForecast:
    return actions.publish_forecast(acting, made.uuid, now=made.created_at)


def test_before_the_first_forecast_the_page_says_what_to_do(
    officer: User, alice: User, sign_in: SignIn
) -> None:
    assert "点“开始预测”" in sign_in(officer).get(reverse("data:forecast_overview")).content.decode()
    page = sign_in(alice).get(reverse("data:forecast_overview")).content.decode()
    assert "教育局或行业协会发布预测后" in page
    assert "开始预测" not in page


def test_a_stranger_does_not_see_a_draft_a_colleague_does(
    made: DemandForecast, officer: User, data_officer: User, alice: User, student: User, sign_in: SignIn
) -> None:
    page = reverse("data:forecast", args=[made.uuid])
    assert sign_in(officer).get(page).status_code == 200
    assert "发布后全区域可见" in sign_in(data_officer).get(page).content.decode()
    assert sign_in(alice).get(page).status_code == 404
    assert sign_in(student).get(reverse("data:forecast_overview")).status_code == 404


def test_the_overview_names_what_rises_with_interval_and_basis(
    published: DemandForecast, alice: User, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    page = client.get(reverse("data:forecast_overview")).content.decode()
    assert "新材料岗" in page
    assert "演示数据" in page
    assert "/evidence/forecast_row/" in page
    assert "依据 2023-11 至 2026-10 的区域共享招聘信息" in page
    skills = client.get(reverse("data:forecast_level", args=["skills"])).content.decode()
    assert "陶瓷芯片封装" in skills
    narrowed = client.get(reverse("data:forecast_level", args=["skills"]) + "?industry=it").content.decode()
    assert "Python编程" in narrowed
    assert "陶瓷芯片封装" not in narrowed
    assert client.get(reverse("data:forecast_level", args=["nothing"])).status_code == 404


def test_a_series_shows_history_forecast_and_a_scenario_that_says_it_is_one(
    published: DemandForecast, alice: User, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    url = reverse("data:forecast_series", args=["skills", "packaging"])
    page = client.get(url).content.decode()
    assert "这是情景，不是预测" in page
    assert "没有登记的产业规划、投资项目、用人计划或退休数据作用于这个序列" in page
    assert "2027-10" in page
    assert "第 3 年（情景）" in page
    shares = client.get(url + "?measure=share&industry=materials").content.decode()
    assert "情景只按条数给出" in shares
    for wrong in ("?industry=nothing", "?forecast=nothing", "?industry=it"):
        assert client.get(url + wrong).status_code == 404


def test_a_small_series_says_so(region: Region, acting: Actor, officer: User, sign_in: SignIn) -> None:
    RoleCount.objects.filter(role=region.developer).update(postings=0)
    RoleCount.objects.filter(role=region.developer, month="2026-10").update(postings=3)
    actions.make_forecast(acting, today=TODAY)
    page = sign_in(officer).get(reverse("data:forecast_series", args=["roles", "it-post"])).content.decode()
    assert "只有 3 条招聘信息" in page


def test_an_officer_publishes_and_the_record_shows_it(
    made: DemandForecast, officer: User, alice: User, sign_in: SignIn
) -> None:
    client = sign_in(officer)
    assert sign_in(alice).post(reverse("data:forecast_publish", args=[made.uuid])).status_code == 404
    response = client.post(reverse("data:forecast_publish", args=[made.uuid]), follow=True)
    assert "已发布。" in response.content.decode()
    made.refresh_from_db()
    assert made.state == ForecastState.PUBLISHED
    again = client.post(reverse("data:forecast_discard", args=[made.uuid]), follow=True)
    assert "永久保留" in again.content.decode()
    record = sign_in(alice).get(reverse("data:forecasts")).content.decode()
    assert "预测的月份还没有到来" in record


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_table_is_taken_away_with_its_label_and_what_it_rests_on(
    published: DemandForecast, alice: User, bob: User, sign_in: SignIn, kind: str
) -> None:
    url = reverse("data:forecast_overview") + f"?export={kind}"
    response = sign_in(alice).get(url)
    assert response.status_code == 200
    if kind == "csv":
        text = response.content.decode("utf-8-sig")
        assert "新材料岗" in text
        assert "# 依据 2023-11 至 2026-10" in text
        assert "演示数据" in text


def test_the_pages_are_there_in_english(published: DemandForecast, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    client.cookies["zq_language"] = "en"
    page = client.get(reverse("data:forecast_overview")).content.decode()
    assert "Demand forecast" in page
    series = client.get(reverse("data:forecast_series", args=["skills", "packaging"])).content.decode()
    assert "This is a scenario, not a forecast" in series
