"""From monthly series to a forecast: months, the change of the year to come, scenario bands; no database here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from zhiqiao.engines import demand as engine
from zhiqiao.platform.data.forecasting.parameters import calendar, forecast_rules, scenario_rules
from zhiqiao.platform.data.forecasting.series import DemandSeries, Dimension

__all__ = [
    "HORIZON",
    "LEVELS",
    "METHOD",
    "METHOD_VERSION",
    "Change",
    "Inputs",
    "Level",
    "LevelForecast",
    "Measure",
    "Verdict",
    "forecast_level",
    "share_of",
    "year_changes",
]

METHOD, METHOD_VERSION = "data.forecast", "1"
HORIZON = 12
_YEAR = 12
Level = Literal["industry", "role", "skill", "industry_skill", "role_skill"]
Measure = Literal["count", "share"]
Verdict = Literal["rising", "fading", "flat", "unknown"]
Numbers = npt.NDArray[np.float64]
#: What the series of each level go by; the industry of a post lets the engine learn from its neighbours.
LEVELS: Mapping[Level, tuple[Dimension, ...]] = {
    "industry": ("industry",),
    "role": ("industry", "role"),
    "skill": ("skill",),
    "industry_skill": ("industry", "skill"),
    "role_skill": ("role", "skill"),
}


@dataclass(frozen=True)
class Inputs:
    """What people know of the years beyond the forecast; empty until somebody states it."""

    plans: tuple[engine.IndustryPlan, ...] = ()
    projects: tuple[engine.Project, ...] = ()
    retirements: tuple[engine.Retirement, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return what they are called."""
        return (
            *(plan.name for plan in self.plans),
            *(project.name for project in self.projects),
            *(one.name for one in self.retirements),
        )


@dataclass(frozen=True)
class Change:
    """The next twelve months of a series against its last twelve: postings, or the mean of monthly shares.

    `last` is None when not all of the last twelve months are known; the verdict is then unknown.
    """

    last: float | None
    next: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    method: str


@dataclass(frozen=True)
class LevelForecast:
    """The forecast of one level by count and by share, with its changes and (counts only) scenario bands."""

    level: Level
    series: DemandSeries
    found: Mapping[Measure, engine.Forecast]
    changes: Mapping[Measure, tuple[Change, ...]]
    bands: tuple[engine.Band, ...]


def share_of(counts: Numbers, totals: Numbers) -> Numbers:
    """Return counts by totals; NaN where either is unknown or the total is zero."""
    return np.divide(counts, totals, out=np.full_like(counts, np.nan), where=np.nan_to_num(totals) > 0)


def forecast_level(
    level: Level, series: DemandSeries, *, inputs: Inputs, check: Callable[[], None] = lambda: None
) -> LevelForecast:
    """Forecast twelve months of every series; raises the engine's errors (ShortTable …) and what `check` raises."""
    found: dict[Measure, engine.Forecast] = {}
    values: dict[Measure, Numbers] = {"count": series.counts, "share": series.shares}
    for measure, table in values.items():
        check()
        found[measure] = engine.forecast(
            series.table(table), HORIZON, parameters=forecast_rules(), calendar=calendar()
        )
    changes = {measure: year_changes(one, mean=measure == "share") for measure, one in found.items()}
    bands = engine.scenario(
        found["count"],
        parameters=scenario_rules(),
        plans=inputs.plans,
        projects=inputs.projects,
        retirements=inputs.retirements,
    )
    return LevelForecast(level, series, found, changes, tuple(bands))


def year_changes(found: engine.Forecast, *, mean: bool) -> tuple[Change, ...]:
    """Return the change of each series: sums of the year, or means of its months.

    The bounds of the year add up those of the months, as if all months missed to the same side: too wide rather than
    too narrow. Rising or fading is called only what lies beyond the last twelve months with its whole interval.
    """
    parts = 1 / _YEAR if mean else 1.0
    history = found.table.values[:, -_YEAR:]
    full = history.shape[1] == _YEAR
    last = history.sum(axis=1) * parts if full else np.full(len(history), np.nan)
    sums = (part.sum(axis=1) * parts for part in (found.expected, found.lo, found.hi))
    return tuple(
        _change(*map(_known, row), method=method)
        for *row, method in zip(last, *sums, found.method, strict=True)
    )


def _known(value: np.float64) -> float | None:
    return None if np.isnan(value) else float(value)


def _change(
    last: float | None, following: float | None, low: float | None, high: float | None, *, method: str
) -> Change:
    verdict: Verdict = "flat"
    if last is None or low is None or high is None:
        verdict = "unknown"
    elif low > last:
        verdict = "rising"
    elif high < last:
        verdict = "fading"
    return Change(last, following, low, high, verdict, method)
