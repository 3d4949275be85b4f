"""Query counts of the pages of forecasts, scenarios and alerts with one of each."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.integration.apps.management.conftest import World
from tests.integration.apps.management.test_demand_alerts import raised
from tests.integration.platform.data.forecasting.conftest import (
    TODAY,
    Region,
    acting,
    region,
    region_world,
)
from tests.integration.platform.data.forecasting.test_scenarios import WHY, project, published
from tests.perf.recorded import compare_pages
from zhiqiao.platform.data.forecasting import scenarios, watching
from zhiqiao.platform.data.forecasting.identifiers import BandPlace, FigurePlace, band_figure, forecast_figure
from zhiqiao.platform.data.models import (
    DemandAlert,
    DemandForecast,
    DemandScenario,
    InvestmentProject,
    SkillCount,
)
from zhiqiao.platform.governance.api import Actor, User

__all__ = ["acting", "project", "published", "raised", "region", "region_world"]

SCENARIOS: dict[str, Callable[[DemandScenario], str]] = {
    "data:scenarios": lambda _row: reverse("data:scenarios"),
    "data:scenario": lambda row: reverse("data:scenario", args=[row.uuid]),
    "data:forecast_series scenario": lambda row: (
        reverse("data:forecast_series", args=["roles", "materials-post"]) + f"?scenario={row.uuid}"
    ),
    "evidence demand_scenario": lambda row: reverse("evidence", args=["demand_scenario", row.uuid]),
    "evidence scenario_band": lambda row: reverse(
        "evidence", args=["scenario_band", band_figure(BandPlace(row.forecast_id, "role", 2, 0))]
    ),
}
PAGES: dict[str, Callable[[DemandForecast, DemandAlert], str]] = {
    "data:forecast_overview": lambda _made, _alert: reverse("data:forecast_overview"),
    "data:forecast_level": lambda _made, _alert: (
        reverse("data:forecast_level", args=["skills"]) + "?industry=it"
    ),
    "data:forecast_series": lambda _made, _alert: reverse(
        "data:forecast_series", args=["skills", "packaging"]
    ),
    "data:forecasts": lambda _made, _alert: reverse("data:forecasts"),
    "data:forecast": lambda made, _alert: reverse("data:forecast", args=[made.uuid]),
    "data:alerts": lambda _made, _alert: reverse("data:alerts"),
    "data:alert": lambda _made, alert: reverse("data:alert", args=[alert.uuid]),
    "evidence demand_forecast": lambda made, _alert: reverse("evidence", args=["demand_forecast", made.uuid]),
    "evidence forecast_row": lambda made, _alert: reverse(
        "evidence", args=["forecast_row", forecast_figure(FigurePlace(made.pk, "role", "count", 0))]
    ),
    "evidence demand_alert": lambda _made, alert: reverse("evidence", args=["demand_alert", alert.uuid]),
}


def test_pages_ask_as_often_as_recorded(
    region: Region,
    project: InvestmentProject,
    published: DemandForecast,
    acting: Actor,
    alice: User,
    officer: User,
    sign_in: Callable[[User], Client],
) -> None:
    made = published
    inputs = scenarios.registered_with(made)
    row = scenarios.save_scenario(
        acting, made.uuid, WHY, inputs=inputs, values={f"project-{project.uuid}": 5.0}
    )
    SkillCount.objects.filter(skill=region.skills["python"], month__gte="2026-09").delete()
    alert = watching.raise_alerts(today=TODAY)[0]
    compare_pages((page, lambda to=to: (sign_in(alice), to(made, alert))) for page, to in PAGES.items())
    compare_pages((page, lambda to=to: (sign_in(officer), to(row))) for page, to in SCENARIOS.items())


def test_the_lines_on_a_programmes_page_ask_as_often_as_recorded(
    world: World, raised: DemandAlert, alice: User, sign_in: Callable[[User], Client]
) -> None:
    address = reverse("management:alerts", args=[world.programme.uuid])
    compare_pages([("management:alerts", lambda: (sign_in(alice), address))])
