"""Published forecasts as the engine had them: what a report takes over instead of forecasting once more."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from zhiqiao.engines import demand as engine
from zhiqiao.platform.data.forecasting import storing
from zhiqiao.platform.data.forecasting.computing import LEVELS, Level
from zhiqiao.platform.data.forecasting.identifiers import FigurePlace, forecast_figure
from zhiqiao.platform.data.models import ForecastState
from zhiqiao.platform.data.selectors.forecasts import ForecastView, forecast, forecast_view, forecasts
from zhiqiao.platform.governance.api import Actor

__all__ = ["KeptForecast", "kept_forecast", "published_forecasts"]


@dataclass(frozen=True)
class KeptForecast:
    """One level of a forecast by count: series and months it was made from, and what it expects of each.

    `years` are (sum of the months ahead, low, high) of each series as the forecast pages show it, `figures` the uuids
    (`forecast_row`) of these sums, `bands` the scenario bands under the inputs registered when it was made.
    """

    forecast: engine.Forecast
    years: tuple[tuple[float | None, float | None, float | None], ...]
    figures: tuple[UUID, ...]
    bands: tuple[engine.Band, ...]


def published_forecasts(acting: Actor) -> list[ForecastView]:
    """Return the published forecasts, the one published last first."""
    rows = forecasts(acting).filter(state=ForecastState.PUBLISHED).order_by("-published_at", "-id")
    return [forecast_view(row) for row in rows]


def kept_forecast(acting: Actor, uuid: UUID, level: Level) -> KeptForecast | None:
    """Return a level of a forecast; None when it has no such level, 404 when it may not be seen."""
    view = forecast(acting, uuid)
    past = storing.history(view.uuid, level)
    if not past.keys:
        return None
    rows = storing.rows(view.uuid, level, measure="count")
    shape = (len(past.keys), view.horizon)
    mean, low, high, expected = (
        np.array([getattr(row, name) for row in rows], dtype=np.float64).reshape(shape)
        for name in ("mean", "lo", "hi", "expected")
    )
    return KeptForecast(
        forecast=engine.Forecast(
            table=engine.SeriesTable(tuple(LEVELS[level]), past.keys, past.months, past.counts),
            months=tuple(row.month for row in rows[: view.horizon]),
            mean=mean,
            lo=low,
            hi=high,
            expected=expected,
            method=tuple(row.method for row in rows[:: view.horizon]),
            level=view.level,
            facts={},
        ),
        years=tuple((item.next, item.low, item.high) for item in storing.series_of(view.uuid, level)),
        figures=tuple(
            forecast_figure(FigurePlace(view.id, level, "count", at)) for at in range(len(past.keys))
        ),
        bands=tuple(
            engine.Band(
                past.keys[item["at"]],
                item["year"],
                item["first_month"],
                item["last_month"],
                item["low"],
                item["base"],
                item["high"],
                inputs=(),
            )
            for item in storing.bands(view.uuid, level)
        ),
    )
