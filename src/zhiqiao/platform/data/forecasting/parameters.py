"""The parameter files of forecasts and alerts, read from packs/common/demand."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from zhiqiao import packs
from zhiqiao.engines import demand as engine

__all__ = ["AlertRules", "alert_rules", "calendar", "forecast_rules", "scenario_rules", "watch_rules"]


@dataclass(frozen=True)
class AlertRules:
    """Which signals become alerts; see packs/common/demand/alerts.toml."""

    version: str
    recent_months: int
    same_change_months: int
    few_postings: int


@cache
def forecast_rules() -> engine.Parameters:
    """Return the parameters of the forecast."""
    return engine.read_parameters(packs.common_file("demand", "forecast.toml"))


@cache
def calendar() -> engine.Calendar:
    """Return the working days of mainland China."""
    return engine.read_calendar(packs.common_file("demand", "calendar_cn.toml"))


@cache
def scenario_rules() -> engine.ScenarioParameters:
    """Return the parameters of the scenario bands."""
    return engine.read_scenario_parameters(packs.common_file("demand", "scenario.toml"))


@cache
def watch_rules() -> engine.WatchParameters:
    """Return when a change counts as real."""
    return engine.read_watch_parameters(packs.common_file("demand", "watch.toml"))


@cache
def alert_rules() -> AlertRules:
    """Return which signals become alerts."""
    found = tomllib.loads(packs.common_file("demand", "alerts.toml").read_text(encoding="utf-8"))
    return AlertRules(version=found["version"], **found["alerts"])
