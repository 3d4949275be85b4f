"""Shapes that a single series may have and that are forecast in their own way: season, trend, break, new, constant."""

from __future__ import annotations

import numpy as np

from zhiqiao.engines.demand._parameters import ShapeParameters
from zhiqiao.engines.demand._smooth import means
from zhiqiao.engines.demand._values import Flags, Numbers

_YEAR = 12
_LINE_MONTHS = 24
_NEWEST = 6


def season_of(values: Numbers, wanted: ShapeParameters) -> tuple[Numbers, Flags]:
    """Return yearly factors [series, 12] by place in the year of the table's first month, and who has a season.

    Ratio to a centred year; strength 1 - var(rest)/var(season + rest) of Wang, Smith & Hyndman 2006, adjusted for the
    twelve fitted numbers. Factors are 1 where fewer than three years are known or the strength is low.
    """
    series, months = values.shape
    factors = np.ones((series, _YEAR))
    if months < wanted.season_months:
        return factors, np.zeros(series, dtype=bool)
    able = np.flatnonzero(
        (~np.isnan(values).any(axis=1)) & (means(values) >= wanted.min_level) & (values.max(axis=1) > 0)
    )
    if not len(able):
        return factors, np.zeros(series, dtype=bool)
    inside = slice(_YEAR // 2, months - _YEAR // 2)
    base = _centred_year(values[able])
    ratio = values[able][:, inside] / np.maximum(base, 1e-12)
    place = np.arange(months)[inside] % _YEAR
    found = np.stack([np.median(ratio[:, place == month], axis=1) for month in range(_YEAR)], axis=1)
    found = found / np.maximum(found.mean(axis=1, keepdims=True), 1e-12)
    rest = ratio - found[:, place]
    strength = 1 - _variance(rest, _YEAR) / np.maximum(
        _variance(ratio - ratio.mean(axis=1, keepdims=True), 1), 1e-12
    )
    clear = (strength >= wanted.season_strength) & (found.min(axis=1) > 0.02) & (np.ptp(found, axis=1) > 0.05)
    factors[able[clear]] = found[clear]
    has = np.zeros(series, dtype=bool)
    has[able[clear]] = True
    return factors, has


def _variance(values: Numbers, fitted: int) -> Numbers:
    """Return the variance of each row, less what so many fitted numbers take from it by chance."""
    return np.asarray((values**2).sum(axis=1) / max(1, values.shape[1] - fitted))


def _centred_year(values: Numbers) -> Numbers:
    """Return the 2×12 moving average of the months that have half a year on both sides."""
    weights = np.full(_YEAR + 1, 1 / _YEAR)
    weights[[0, -1]] /= 2
    windows = np.lib.stride_tricks.sliding_window_view(values, _YEAR + 1, axis=1)
    return np.asarray(windows @ weights)


def trend_of(values: Numbers, wanted: ShapeParameters) -> tuple[Numbers, Numbers, Flags]:
    """Return slope per month, end of the fitted line, and which series keep to a line over the newest two years.

    Least squares on known months. Both halves and the newest half-year must go the same way: a step is not a trend.
    """
    recent = values[:, -_LINE_MONTHS:]
    slope, end, r2, known = _line(recent)
    half = recent.shape[1] // 2
    first, *_ = _line(recent[:, :half])
    second, *_ = _line(recent[:, half:])
    steady = (np.sign(first) == np.sign(slope)) & (np.sign(second) == np.sign(slope))
    steady &= np.minimum(np.abs(first), np.abs(second)) > np.abs(slope) / 3
    newest, *_ = _line(recent[:, -_NEWEST:])
    steady &= newest * np.sign(slope) > np.abs(slope) / 3
    clear = (known >= wanted.trend_months) & (r2 >= wanted.trend_r2) & steady
    return slope, end, clear & (means(recent) >= wanted.min_level)


def _line(values: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Return slope, value at the last month, R² and number of known months of each series."""
    weight = (~np.isnan(values)).astype(float)
    filled = np.nan_to_num(values)
    count = np.maximum(weight.sum(axis=1), 1)
    time = np.arange(values.shape[1], dtype=float)
    centre_t = weight @ time / count
    centre_y = filled.sum(axis=1) / count
    spread_t = weight @ time**2 - count * centre_t**2
    slope = (filled @ time - count * centre_t * centre_y) / np.maximum(spread_t, 1e-12)
    spread_y = (filled**2).sum(axis=1) - count * centre_y**2
    r2 = slope**2 * spread_t / np.maximum(spread_y, 1e-12)
    end = centre_y + slope * (values.shape[1] - 1 - centre_t)
    return slope, end, np.where(spread_y > 1e-9, r2, 0.0), weight.sum(axis=1)


def is_new(values: Numbers, wanted: ShapeParameters) -> Flags:
    """Tell which series were zero in all known months, at least `new_months`, until the newest few."""
    before, recent = values[:, : -wanted.new_months], values[:, -wanted.new_months :]
    if before.shape[1] < wanted.new_months:
        return np.zeros(len(values), dtype=bool)
    known = (~np.isnan(before)).sum(axis=1)
    silent = (np.nan_to_num(before) == 0).all(axis=1) & (known >= wanted.new_months)
    return np.asarray(silent & (np.nan_to_num(recent) > 0).any(axis=1))


def has_break(values: Numbers, wanted: ShapeParameters) -> Flags:
    """Tell which series stand beyond all of the six months before, in each of the newest three, by far and by count."""
    if values.shape[1] < 9:
        return np.zeros(len(values), dtype=bool)
    recent, before = values[:, -3:], values[:, -9:-3]
    low, high = np.nan_to_num(before.min(axis=1)), np.nan_to_num(before.max(axis=1))
    least, most = np.nan_to_num(recent.min(axis=1)), np.nan_to_num(recent.max(axis=1))
    up = (least > wanted.break_ratio * high) & (least - high > wanted.break_z * np.sqrt(high + 1))
    down = (most * wanted.break_ratio < low) & (low - most > wanted.break_z * np.sqrt(low + 1))
    whole = ~np.isnan(values[:, -9:]).any(axis=1)
    return np.asarray((up | down) & whole & (np.maximum(low, least) >= wanted.min_level))


def is_constant(values: Numbers, months: int) -> Flags:
    """Tell which series have had one value, not zero, in all known months, and at least so many."""
    known = ~np.isnan(values)
    top = np.where(known, values, -np.inf).max(axis=1)
    low = np.where(known, values, np.inf).min(axis=1)
    return np.asarray((known.sum(axis=1) >= months) & (top == low) & (top > 0))
