"""Seven views of every series and how they are weighed: learnt per size class from the table's own past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiqiao.engines.demand._parameters import Parameters
from zhiqiao.engines.demand._shapes import has_break, is_new
from zhiqiao.engines.demand._smooth import means, medians, smoothed
from zhiqiao.engines.demand._values import Numbers, Places

_ALPHAS = (0.2, 0.4, 0.7)
_WINDOWS = (3, 6, 12)
_SLOW, _FAST = 0.3, 0.7
_STEADY = 5.0  # counts added to both sides of a group's ratio, so that a tiny group moves nobody
_ROUNDS = 20


@dataclass(frozen=True)
class Views:
    """Series of comparable level [series, month] with what is computed once for all origins.

    `groups` hold, per key column with fewer than half as many values as series, the group of each series.
    """

    values: Numbers
    smooth: tuple[Numbers, ...]
    slow: Numbers
    groups: tuple[Places, ...]

    def at(self, month: int, rows: Places) -> Numbers:
        """Return the views [row, view] as they were when `month` months were known."""
        seen = self.values[rows, :month]
        columns = [state[rows, month - 1] for state in self.smooth]
        columns += [medians(seen, window) for window in _WINDOWS]
        columns.append(self.slow[rows, month - 1] * self._movement(month - 1)[rows])
        views = np.stack(columns, axis=1)
        return np.where(np.isnan(views), views[:, [1]], views)

    def _movement(self, month: int) -> Numbers:
        """Return how much the groups of each series stand above their slow level."""
        ratio = np.ones(len(self.values))
        fast, slow = (
            np.nan_to_num(self.smooth[_ALPHAS.index(_FAST)][:, month]),
            np.nan_to_num(self.slow[:, month]),
        )
        for group in self.groups:
            above = (np.bincount(group, fast) + _STEADY) / (np.bincount(group, slow) + _STEADY)
            ratio *= above[group] ** (1 / len(self.groups))
        return ratio


def make_views(values: Numbers, keys: Sequence[tuple[str, ...]]) -> Views:
    """Prepare the views of series that were freed of what all share."""
    smooth = tuple(smoothed(values, alpha) for alpha in _ALPHAS)
    return Views(values, smooth, smoothed(values, _SLOW), _groups(keys))


def _groups(keys: Sequence[tuple[str, ...]]) -> tuple[Places, ...]:
    found: list[Places] = []
    for position in range(len(keys[0]) if keys else 0):
        numbers: dict[str, int] = {}
        places = np.array([numbers.setdefault(key[position], len(numbers)) for key in keys], dtype=np.intp)
        if 1 < len(numbers) <= len(keys) / 2:
            found.append(places)
    return tuple(found)


def classes_at(values: Numbers, parameters: Parameters) -> Places:
    """Return the pool of each series: its size class, or one of the two last for new series and those with a break."""
    pool = parameters.class_of(means(values, 12))
    pool[is_new(values, parameters.shapes)] = parameters.classes
    pool[has_break(values, parameters.shapes)] = parameters.classes + 1
    return pool


def learning_rows(pool: Places, limit: int) -> Places:
    """Return which series are learnt from: of each pool every k-th, so that about `limit` remain."""
    parts = [np.flatnonzero(pool == number) for number in np.unique(pool)]
    return np.sort(np.concatenate([part[:: max(1, len(part) // limit)] for part in parts]))


def fit_weights(views: Numbers, truth: Numbers, parameters: Parameters) -> Numbers:
    """Return the weights of least absolute error, pulled to the prior; the prior where there is nothing to learn from.

    Iteratively reweighted least squares (E. J. Schlossmacher 1973) with a ridge to the prior.
    """
    prior = np.array(parameters.pool.prior)
    if len(truth) < parameters.pool.min_rows or not truth.any() or not views.any():
        return prior
    weights, floor = prior, 0.02 * np.abs(truth).mean()
    for _ in range(_ROUNDS):
        closeness = 1 / np.maximum(np.abs(truth - views @ weights), floor)
        weighted = views * closeness[:, None]
        curvature = weighted.T @ views
        pull = parameters.pool.ridge * np.trace(curvature) / len(prior)
        weights = np.linalg.solve(curvature + pull * np.eye(len(prior)), weighted.T @ truth + pull * prior)
    return np.asarray(weights)
