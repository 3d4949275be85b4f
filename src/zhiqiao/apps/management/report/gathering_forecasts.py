"""Published forecasts for the report: the one that rests on its counts, and the one of last year that was scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import numpy as np

from zhiqiao.apps.management.report.gathering_counts import LEVELS, Counted
from zhiqiao.engines import demand, findings
from zhiqiao.engines.report import Backtest, BacktestLevel, Estimate
from zhiqiao.platform.data.api import (
    ForecastView,
    KeptForecast,
    ScoreLine,
    kept_forecast,
    published_forecasts,
    scores_of,
)
from zhiqiao.platform.governance.api import Actor

__all__ = ["Forecasts", "forecasts_for"]

#: Levels whose outlook the report tells.
_TOLD: tuple[findings.LevelName, ...] = ("industry", "post")
#: A forecast of last year starts at most so many months away from the end of its year.
_NEAR = 3


@dataclass(frozen=True)
class Forecasts:
    """What was taken over: levels with the uuids of their figures by key, and the back-test with its forecast."""

    view: ForecastView | None = None
    levels: Mapping[findings.LevelName, findings.Kept] = field(default_factory=dict)
    figures: Mapping[tuple[str, ...], UUID] = field(default_factory=dict)
    backtest: Backtest | None = None
    scored: UUID | None = None


def forecasts_for(acting: Actor, count: Counted, year: int) -> Forecasts:
    """Return the published forecast of these very counts, and the score of the one that last year's report had."""
    published = published_forecasts(acting)
    tested, scored = _tested(acting, published, count, year)
    for view in published:
        if view.last_month == count.months[-1]:
            found = {name: kept_forecast(acting, view.uuid, LEVELS[name][1]) for name in _TOLD}
            same = {
                name: kept for name, kept in found.items() if kept and _rests_on(kept, count.levels[name])
            }
            if len(same) == len(_TOLD):
                return _kept(view, same, tested, scored)
            break  # the one in force: an older one of the same months must not stand in for it
    return Forecasts(backtest=tested, scored=scored)


def _rests_on(kept: KeptForecast, level: findings.Level) -> bool:
    table = kept.forecast.table
    return table.keys == level.keys and np.array_equal(table.values, level.counts, equal_nan=True)


def _kept(
    view: ForecastView,
    found: Mapping[findings.LevelName, KeptForecast],
    tested: Backtest | None,
    scored: UUID | None,
) -> Forecasts:
    return Forecasts(
        view=view,
        levels={
            name: findings.Kept(kept.forecast, tuple(Estimate(*row) for row in kept.years), kept.bands)
            for name, kept in found.items()
        },
        figures={
            key: uuid
            for kept in found.values()
            for key, uuid in zip(kept.forecast.table.keys, kept.figures, strict=True)
        },
        backtest=tested,
        scored=scored,
    )


def _tested(
    acting: Actor, published: Sequence[ForecastView], count: Counted, year: int
) -> tuple[Backtest | None, UUID | None]:
    """Return the score of the published forecast that starts nearest to the end of the year before last."""
    wanted = demand.month_number(f"{year - 2}-12") or 0

    def far(view: ForecastView) -> int:
        return abs((demand.month_number(view.last_month) or 0) - wanted)

    for view in sorted((item for item in published if far(item) <= _NEAR), key=far):
        scores = {line.level: line for line in scores_of(acting, view.uuid) if line.measure == "count"}
        found = [
            _score(name, view, scores[level])
            for name, (_by, level) in LEVELS.items()
            if level in scores and scores[level].best is not None
        ]
        until = max((scores[level].until for _by, level in LEVELS.values() if level in scores), default="")
        if found and until <= count.months[-1]:
            ahead = demand.months_after(view.last_month, view.horizon)
            came = tuple(month for month in ahead if month <= until)
            return Backtest(view.last_month, came, last_year=True, levels=tuple(found), kept=True), view.uuid
    return None, None


def _score(name: findings.LevelName, view: ForecastView, line: ScoreLine) -> BacktestLevel:
    summary = cast("Mapping[str, Mapping[str, int]]", view.summary)
    return BacktestLevel(
        level=name,
        series=summary[line.level]["series"],
        cells=line.cells,
        error=line.mae,
        naive={line.best_name: line.best or 0.0},
        cover=line.cover,
    )
