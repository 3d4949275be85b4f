"""Running summaries of many series at once; unknown months leave the running value as it is."""

from __future__ import annotations

import warnings

import numpy as np

from zhiqiao.engines.demand._values import Numbers


def smoothed(values: Numbers, alpha: float) -> Numbers:
    """Return simple exponential smoothing after each month, [series, month]; NaN before the first known one.

    R. G. Brown 1959: s ← s + alpha · (y - s), begun at the first known value.
    """
    result = np.empty_like(values)
    state = np.full(len(values), np.nan)
    for month in range(values.shape[1]):
        new = values[:, month]
        moved = state + alpha * (new - state)
        state = np.where(np.isnan(new), state, np.where(np.isnan(state), new, moved))
        result[:, month] = state
    return result


def medians(values: Numbers, months: int) -> Numbers:
    """Return the median of the known ones of the newest months of each series; NaN where none is known."""
    recent = values[:, -months:]
    if not np.isnan(recent).any():
        return np.asarray(np.median(recent, axis=1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an all-NaN row is NaN, as wanted
        return np.asarray(np.nanmedian(recent, axis=1))


def means(values: Numbers, months: int | None = None) -> Numbers:
    """Return the mean of the known ones of the newest months (default: all) of each series; 0 where none is known."""
    recent = values if months is None else values[:, -months:]
    known = ~np.isnan(recent)
    total = np.where(known, recent, 0.0).sum(axis=1)
    return np.asarray(total / np.maximum(1, known.sum(axis=1)))


def unrest(values: Numbers) -> Numbers:
    """Return the median absolute change from month to month over the newest twelve; 0 where none is known."""
    changes = np.abs(np.diff(values[:, -12:], axis=1))
    if changes.shape[1] == 0:
        return np.zeros(len(values))
    return np.nan_to_num(medians(changes, changes.shape[1]))
