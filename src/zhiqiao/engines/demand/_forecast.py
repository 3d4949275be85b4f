"""The forecast of all series of a table at once; formulas, sources and figures stand in docs/models/demand.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiqiao.engines.demand._calendar import Calendar
from zhiqiao.engines.demand._errors import HorizonError, ShortTable
from zhiqiao.engines.demand._learn import BLOCKS, Past, interval_pool, learn, spread_of
from zhiqiao.engines.demand._months import months_after
from zhiqiao.engines.demand._parameters import Parameters
from zhiqiao.engines.demand._pool import classes_at, make_views
from zhiqiao.engines.demand._shapes import is_constant, season_of, trend_of
from zhiqiao.engines.demand._smooth import means, unrest
from zhiqiao.engines.demand._values import Flags, Forecast, Numbers, Places, SeriesTable
from zhiqiao.engines.demand._working_days import calendar_factor, find_elasticity, index_of_total

_SHORT_WIDER = 1.5
_TREND_REACH = 2.0


@dataclass(frozen=True)
class _Parts:
    """A table taken apart: `free` is freed of working days and season; the factors cover the horizon too."""

    free: Numbers
    calendar: Numbers
    season: Numbers
    seasonal: Flags
    elasticity: float


def forecast(
    table: SeriesTable,
    horizon: int,
    *,
    parameters: Parameters,
    calendar: Calendar | None = None,
    level: float | None = None,
) -> Forecast:
    """Return what is expected of every series for 1..`horizon` months after the last, with `level` per cent intervals.

    Nothing is left to chance: the same table gives the same numbers. Raises HorizonError for a horizon or level that is
    not offered and ShortTable when the table knows too few months.
    """
    level = parameters.level if level is None else level
    _check(table, horizon, level, parameters)
    unit = _unit(table.values)
    counts = table.values / unit
    ahead = months_after(table.months[-1], horizon)
    parts = _take_apart(counts, (*table.months, *ahead), parameters, calendar)
    views = make_views(parts.free, table.keys)
    past = Past(views, parts.calendar, parameters)
    drawn = _draw(past, parts, horizon=horizon, level=level)
    found = _finish(drawn, counts, parts, parameters)
    top = 1.0 if unit < 1 and np.nanmax(table.values) <= 1 else np.inf
    mean, low, high, expected = (np.clip(part * unit, 0.0, top) for part in found.numbers)
    facts = {"unit": unit, "elasticity": parts.elasticity}
    return Forecast(table, ahead, mean, low, high, expected, found.method, level, facts)


def _check(table: SeriesTable, horizon: int, level: float, parameters: Parameters) -> None:
    if not 1 <= horizon <= parameters.max_horizon:
        raise HorizonError(
            f"预测期须为 1 到 {parameters.max_horizon} 个月，不能是 {horizon}；更远的年份请用情景。",
            f"The horizon must be 1 to {parameters.max_horizon} months, not {horizon}; use scenarios for later years.",
        )
    if not 50 <= level <= 99:
        raise HorizonError(
            f"区间水平须在 50 到 99 之间，不能是 {level:g}。",
            f"The interval level must be within 50 to 99, not {level:g}.",
        )
    known = int((~np.isnan(table.values)).any(axis=0).sum())
    if known < parameters.min_months:
        raise ShortTable(
            f"表中只有 {known} 个月有数据，预测至少需要 {parameters.min_months} 个月。请补充更早的月份。",
            f"Only {known} months hold data; a forecast needs at least {parameters.min_months}. Add earlier months.",
        )


def _unit(values: Numbers) -> float:
    """Return what one count is worth: 1 in tables of whole numbers, the smallest usual share, or a hundredth."""
    positive = values[values > 0]
    if not len(positive) or (positive == np.rint(positive)).all():
        return 1.0
    if positive.max() <= 1:
        return float(np.quantile(positive, 0.01))
    return float(np.median(positive)) / 100


def _take_apart(
    counts: Numbers, months: tuple[str, ...], parameters: Parameters, calendar: Calendar | None
) -> _Parts:
    seen = counts.shape[1]
    days = None if calendar is None else calendar.effective_days(months)
    elasticity = find_elasticity(index_of_total(counts), days, parameters.calendar)
    factor = calendar_factor(days, elasticity, months=seen, horizon=len(months) - seen)
    even = counts / factor[:seen]
    yearly, seasonal = season_of(even, parameters.shapes)
    season = yearly[:, np.arange(len(months)) % 12]
    return _Parts(even / season[:, :seen], factor, season, seasonal, elasticity)


@dataclass(frozen=True)
class _Drawn:
    """Numbers in counts [series, month] and the pool of each series, before single cases are looked at."""

    mean: Numbers
    low: Numbers
    high: Numbers
    expected: Numbers
    pool: Places
    trending: Flags


def _draw(past: Past, parts: _Parts, *, horizon: int, level: float) -> _Drawn:
    free, parameters = parts.free, past.parameters
    rules = learn(past, level=level, horizon=horizon)
    seen = free.shape[1]
    views = np.nan_to_num(past.views.at(seen, np.arange(len(free))))
    pool, restless = classes_at(free, parameters), unrest(free)
    line, trending = _lines(free, horizon, parameters)
    result = np.zeros((4, len(free), horizon))
    for (leads, _), rule in zip(BLOCKS, rules, strict=False):
        centre = rule.central(views, pool)
        small = parameters.class_of(centre) < parameters.class_of(np.array(10.0))
        for lead in leads:
            if lead > horizon:
                break
            scale = parts.season[:, seen + lead - 1] * parts.calendar[seen + lead - 1]
            free_mean = np.where(trending, line[:, lead - 1], centre)
            mean = free_mean * scale
            spread = spread_of(mean, restless * scale)
            sized = interval_pool(mean, pool, parameters)
            average = np.where(small, views[:, 0] * rule.average[pool] * scale, mean)
            low, high = mean + rule.low[sized] * spread, mean + rule.high[sized] * spread
            result[:, :, lead - 1] = mean, np.maximum(low, 0.0), high, average
    return _Drawn(result[0], result[1], result[2], result[3], pool, trending)


def _lines(free: Numbers, horizon: int, parameters: Parameters) -> tuple[Numbers, Flags]:
    """Return the damped continuation of each series' line, and which series keep to theirs."""
    slope, end, trending = trend_of(free, parameters.shapes)
    steps = np.cumsum(parameters.shapes.trend_damping ** np.arange(1, horizon + 1))
    line = end[:, None] + slope[:, None] * steps
    return np.clip(line, end[:, None] / _TREND_REACH, np.maximum(end[:, None], 0) * _TREND_REACH), trending


@dataclass(frozen=True)
class _Finished:
    numbers: tuple[Numbers, Numbers, Numbers, Numbers]
    method: tuple[str, ...]


def _finish(drawn: _Drawn, counts: Numbers, parts: _Parts, parameters: Parameters) -> _Finished:
    """Treat series that need no model or allow none, and name what was done to each."""
    known = (~np.isnan(counts)).sum(axis=1)
    short = known < parameters.min_months
    constant = is_constant(counts, parameters.min_months)
    zero = (known >= parameters.min_months) & ~(np.nan_to_num(counts) > 0).any(axis=1)
    unknown = known == 0
    mean, low, high, expected = (part.copy() for part in (drawn.mean, drawn.low, drawn.high, drawn.expected))
    low[short] = np.maximum(0.0, mean[short] - _SHORT_WIDER * (mean[short] - low[short]))
    high[short] = mean[short] + _SHORT_WIDER * (high[short] - mean[short])
    if (np.nan_to_num(counts) == np.rint(np.nan_to_num(counts))).all():
        few = mean < parameters.low_count  # bounds of rare counts are whole, outwards
        low[few], high[few] = np.floor(low[few]), np.ceil(high[few] - 1e-9)
    value = np.nan_to_num(counts[constant]).max(axis=1, keepdims=True, initial=0.0)
    for part, shift in ((mean, 0.0), (low, -1.0), (high, 1.0), (expected, 0.0)):
        part[constant] = np.maximum(0.0, value + shift)
    for part in (mean, low, expected):
        part[zero] = 0.0
    for part in (mean, low, high, expected):
        part[unknown] = np.nan
    size = means(parts.free, 12)
    names = np.where(size < parameters.low_count, "counts", "pooled").astype(object)
    names[parts.seasonal] = "season"
    names[drawn.trending] = "trend"
    names[drawn.trending & parts.seasonal] = "season+trend"
    names[drawn.pool == parameters.classes] = "new"
    names[drawn.pool == parameters.classes + 1] = "break"
    for chosen, name in ((short, "short"), (zero, "zero"), (constant, "constant"), (unknown, "unknown")):
        names[chosen] = name
    gaps = (known < counts.shape[1]) & ~unknown
    method = tuple(f"{name}+gaps" if gap else str(name) for name, gap in zip(names, gaps, strict=True))
    return _Finished((mean, low, high, expected), method)
