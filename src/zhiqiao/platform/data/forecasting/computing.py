"""From monthly series to a forecast: months, the change of the year to come, scenario bands; no database here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from zhiqiao.engines import demand as engine
from zhiqiao.platform.data.forecasting.inputs import Inputs
from zhiqiao.platform.data.forecasting.parameters import calendar, forecast_rules, scenario_rules
from zhiqiao.platform.data.forecasting.series import DemandSeries, Dimension

__all__ = [
    "HORIZON",
    "LEVELS",
    "METHOD",
    "METHOD_VERSION",
    "Change",
    "Level",
    "LevelForecast",
    "Measure",
    "Verdict",
    "bands_of",
    "forecast_level",
    "mix_of",
    "share_of",
    "year_changes",
]

METHOD, METHOD_VERSION = "data.forecast", "2"
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


def bands_of(
    found: engine.Forecast, inputs: Inputs, mix: engine.Mix, *, parameters: engine.ScenarioParameters
) -> list[engine.Band]:
    """Return the scenario bands of a forecast's series under inputs; the forecast stays what it is."""
    plans, projects, retirements = engine.spread(
        inputs.stated, names=found.table.key_names, keys=found.table.keys, mix=mix
    )
    return engine.scenario(
        found, parameters=parameters, plans=plans, projects=projects, retirements=retirements
    )


def mix_of(series: Mapping[Level, DemandSeries]) -> engine.Mix:
    """Return how the postings of the last twelve months divide into posts and skills."""
    roles, skills = series["role"], series["role_skill"]
    return engine.Mix(
        industry_of={role: industry for industry, role in roles.keys},
        posts={role: count for (_industry, role), count in _last_year(roles).items()},
        skills={(role, skill): count for (role, skill), count in _last_year(skills).items() if count},
    )


def _last_year(series: DemandSeries) -> dict[tuple[str, ...], float]:
    return dict(zip(series.keys, np.nansum(series.counts[:, -_YEAR:], axis=1).tolist(), strict=True))


def forecast_level(
    level: Level,
    series: DemandSeries,
    *,
    inputs: Inputs,
    mix: engine.Mix,
    check: Callable[[], None] = lambda: None,
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
    bands = bands_of(found["count"], inputs, mix, parameters=scenario_rules())
    return LevelForecast(level, series, found, changes, tuple(bands))


def year_changes(found: engine.Forecast, *, mean: bool) -> tuple[Change, ...]:
    """Return the change of each series: sums of the year, or means of its months.

    The interval of a year of counts is that of a sum (`demand.total_interval`, as in the yearly report); the bounds of
    a mean of shares average those of the months, as if all missed to the same side: too wide rather than too narrow.
    Expected to rise or fall is called only what lies beyond the last twelve months with its whole interval.
    """
    parts = 1 / _YEAR if mean else 1.0
    history = found.table.values[:, -_YEAR:]
    full = history.shape[1] == _YEAR
    last = history.sum(axis=1) * parts if full else np.full(len(history), np.nan)
    expected, low, high = (part.sum(axis=1) * parts for part in (found.expected, found.lo, found.hi))
    if not mean:
        low, high = engine.total_interval(expected, history, level=found.level)
    return tuple(
        _change(*map(_known, row), method=method)
        for *row, method in zip(last, expected, low, high, found.method, strict=True)
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
