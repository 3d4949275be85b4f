"""How published forecasts turned out: each level against the months that have come since, beside simple baselines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from django.db import transaction

from zhiqiao.engines import demand as engine
from zhiqiao.platform.data.forecasting import storing
from zhiqiao.platform.data.forecasting.computing import LEVELS, Level, Measure, share_of
from zhiqiao.platform.data.forecasting.series import DemandSeries, demand_series, shared_live
from zhiqiao.platform.data.models import DemandForecast, DemandForecastScore, ForecastState
from zhiqiao.platform.governance.api import Actor

__all__ = ["score_all", "score_forecast"]

Numbers = npt.NDArray[np.float64]


def score_all(*, today: dt.date, check: Callable[[], None] = lambda: None) -> int:
    """Score every published forecast of which new months have come; return how many scores were written."""
    written = 0
    for row in DemandForecast.objects.filter(state=ForecastState.PUBLISHED).order_by("id"):
        check()
        written += score_forecast(row, today=today)
    return written


@transaction.atomic
def score_forecast(row: DemandForecast, *, today: dt.date) -> int:
    """Compare a published forecast with the shared postings of its months that are over; return the scores written.

    Each level, measure and last month is scored once: a score stands, later months add another one.
    """
    among = shared_live(Actor.system())
    written = 0
    for level, by in LEVELS.items():
        if level not in row.summary:
            continue
        now = demand_series(Actor.system(), by, today=today, among=among)
        if not now.months or now.months[-1] <= row.last_month:
            continue
        for measure in ("count", "share"):
            written += _score(row, level, "count" if measure == "count" else "share", now)
    return written


def _score(row: DemandForecast, level: Level, measure: Measure, now: DemandSeries) -> int:
    past = storing.history(row.uuid, level)
    rows = [item for item in storing.rows(row.uuid, level) if item.measure == measure]
    ahead = engine.months_after(row.last_month, row.horizon)
    shape = (len(past.keys), row.horizon)
    mean, low, high = (
        np.array([getattr(item, name) for item in rows], dtype=np.float64).reshape(shape)
        for name in ("mean", "lo", "hi")
    )
    actual = _actual(now, past.keys, ahead, measure)
    known = ~(np.isnan(actual) | np.isnan(mean))
    come = [month for at, month in enumerate(ahead) if known[:, at].any()]
    if not come or row.scores.filter(level=level, measure=measure, until=come[-1]).exists():
        return 0
    history = past.counts if measure == "count" else share_of(past.counts, past.totals)
    found = engine.score(mean, actual, lo=low, hi=high, history=history)
    DemandForecastScore.objects.create(
        forecast=row,
        level=level,
        measure=measure,
        until=come[-1],
        months=len(come),
        cells=found.cells,
        unforeseen=len(set(now.keys) - set(past.keys)),
        mae=found.mae,
        rmse=found.rmse,
        cover=found.cover,
        width=found.width,
        mase=found.mase,
        baselines=_baselines(history, actual, known, row.horizon),
        inputs={"imports": [item.stored() for item in now.imports if item.postings]},
    )
    return 1


def _actual(
    now: DemandSeries, keys: Sequence[tuple[str, ...]], ahead: Sequence[str], measure: Measure
) -> Numbers:
    """Return what came [series, month]: in a month that is known, a series without a posting has none."""
    values = now.counts if measure == "count" else now.shares
    places = {key: at for at, key in enumerate(now.keys)}
    months = {month: at for at, month in enumerate(now.months)}
    actual = np.full((len(keys), len(ahead)), np.nan)
    for column, month in enumerate(ahead):
        at = months.get(month)
        if at is None or np.isnan(now.all_postings[at]):
            continue
        for row, key in enumerate(keys):
            if key in places:
                actual[row, column] = values[places[key], at]
            elif measure == "count":
                actual[row, column] = 0.0
    return actual


def _baselines(
    history: Numbers, actual: Numbers, known: npt.NDArray[np.bool_], horizon: int
) -> dict[str, float]:
    """Return the mean absolute error of each baseline on the cells that the forecast is scored on."""
    found = {}
    for name, guess in engine.baselines(history, horizon).items():
        missed = np.abs(guess - actual)[known]
        if not np.isnan(missed).any():
            found[name] = float(missed.mean())
    return found
