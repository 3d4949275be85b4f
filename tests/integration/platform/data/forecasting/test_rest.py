"""The JSON API of forecasts and alerts: the figures of the pages, drafts for those who make them only, nobody named."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.described import call
from tests.integration.platform.data.forecasting.conftest import TODAY, Region
from zhiqiao.platform.data.forecasting import actions, watching
from zhiqiao.platform.data.models import AlertState, DemandForecast, SkillCount
from zhiqiao.platform.data.selectors.forecasts import forecast_rows
from zhiqiao.platform.governance.api import Actor, User

SignIn = Callable[[User], Client]


@pytest.fixture
def published(made: DemandForecast, acting: Actor) -> DemandForecast:
    actions.publish_forecast(acting, made.uuid, now=made.created_at)
    made.refresh_from_db()
    return made


def test_a_draft_is_told_to_its_makers_only(
    made: DemandForecast, officer: User, alice: User, association_officer: User, sign_in: SignIn
) -> None:
    assert call(sign_in(officer), "/api/forecasts?state=draft")["items"][0]["uuid"] == str(made.uuid)
    for stranger in (alice, association_officer):
        client = sign_in(stranger)
        assert call(client, "/api/forecasts")["items"] == []
        for end in ("", "/series", "/series/role/0", "/scores"):
            call(client, f"/api/forecasts/{made.uuid}{end}", status=404)


@pytest.mark.parametrize("level", ["industry", "role", "skill", "industry_skill", "role_skill"])
@pytest.mark.parametrize("measure", ["count", "share"])
def test_series_are_those_of_the_pages(
    published: DemandForecast, alice: User, acting: Actor, sign_in: SignIn, level: str, measure: str
) -> None:
    client = sign_in(alice)
    url = f"/api/forecasts/{published.uuid}/series"
    found = call(client, f"{url}?level={level}&measure={measure}&size=200")
    lines = forecast_rows(acting, published.uuid, level, measure=measure)  # type: ignore[arg-type]  # as above
    assert [(row["at"], row["next"]) for row in found["items"]] == [(line.at, line.next) for line in lines]
    for row in found["items"][:1]:
        one = call(client, f"{url}/{level}/{row['at']}?measure={measure}")
        assert one["series"] == row
        assert len(one["forecast"]) == published.horizon
        assert all(month["lo"] <= month["mean"] <= month["hi"] for month in one["forecast"])
        assert measure == "count" or not one["scenarios"]


def test_a_series_that_is_none_is_not_there(published: DemandForecast, alice: User, sign_in: SignIn) -> None:
    client, url = sign_in(alice), f"/api/forecasts/{published.uuid}/series"
    call(client, f"{url}/role/99999", status=404)
    assert client.get(f"{url}/role/-1").status_code == 422
    assert client.get(f"{url}/planet/0").status_code == 422
    assert client.get(f"{url}?level=planet").status_code == 422
    call(client, f"/api/forecasts/{uuid4()}/series", status=404)
    assert call(client, f"{url}?level=skill&skill=python")["total"] == 1
    assert call(client, f"{url}?level=skill&skill=nothing")["total"] == 0


def test_scores_are_empty_until_the_months_arrive(
    published: DemandForecast, alice: User, sign_in: SignIn
) -> None:
    assert call(sign_in(alice), f"/api/forecasts/{published.uuid}/scores") == {"items": []}


def test_nobody_is_named(published: DemandForecast, officer: User, alice: User, sign_in: SignIn) -> None:
    text = sign_in(alice).get(f"/api/forecasts/{published.uuid}").content.decode()
    assert str(officer) not in text
    assert officer.username not in text


def test_alerts_are_read_and_narrowed(region: Region, alice: User, student: User, sign_in: SignIn) -> None:
    SkillCount.objects.filter(skill=region.skills["python"], month__gte="2026-09").delete()
    alert = watching.raise_alerts(today=TODAY)[0]
    client = sign_in(alice)
    found = call(client, "/api/alerts")
    one = call(client, f"/api/alerts/{alert.uuid}")
    assert one in found["items"]
    assert (one["skill"], one["state"]) == (alert.skill.key, AlertState(alert.state).value)
    assert call(client, "/api/alerts?skill=nothing")["total"] == 0
    assert call(client, f"/api/alerts?skill={alert.skill.key}")["total"] >= 1
    call(client, f"/api/alerts/{uuid4()}", status=404)
    assert sign_in(student).get("/api/alerts").status_code == 404
    assert Client().get("/api/alerts").status_code == 401
