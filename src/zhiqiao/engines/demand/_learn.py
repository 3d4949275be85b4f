"""Learning from the table's own past: at older origins, what would have been forecast, and by how much it missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy  # its parts are loaded when first asked for: stats alone takes seconds

from zhiqiao.engines.demand._parameters import Parameters
from zhiqiao.engines.demand._pool import Views, classes_at, fit_weights, learning_rows
from zhiqiao.engines.demand._smooth import unrest
from zhiqiao.engines.demand._values import Flags, Numbers, Places

#: Leads that share their weights and quantiles, and those of them that are learnt from.
BLOCKS: tuple[tuple[range, tuple[int, ...]], ...] = (
    (range(1, 4), (1, 2, 3)),
    (range(4, 7), (4, 6)),
    (range(7, 13), (8, 11)),
)
_FEW = 30
_NORMAL = 1.15  # white noise misses smoothing by 1.1 sd, and its median change is 0.95 sd
_FURTHER = 1.25
_COUNT_SHARE = 0.3


@dataclass(frozen=True)
class Past:
    """What is learnt from: series freed of working days and season, and the factor of working days."""

    views: Views
    calendar: Numbers
    parameters: Parameters


@dataclass(frozen=True)
class Examples:
    """What was seen at older origins, one row for a series at an origin and a lead.

    `views` and `truth` are freed of working days and season; `scale` brings them back to counts.
    """

    views: Numbers
    truth: Numbers
    pool: Places
    unrest: Numbers
    scale: Numbers


@dataclass(frozen=True)
class Rule:
    """How one block of leads is forecast: weights and residual quantiles per pool."""

    weights: Numbers
    low: Numbers
    high: Numbers
    average: Numbers

    def central(self, views: Numbers, pool: Places) -> Numbers:
        """Return the central forecast of each row, freed of working days and season."""
        return np.asarray(np.maximum(np.einsum("ij,ij->i", views, self.weights[pool]), 0.0))


def spread_of(central: Numbers, unrest_in_counts: Numbers) -> Numbers:
    """Return the unit in which misses are compared: the series' own unrest and a share of a count's deviation."""
    return np.asarray(unrest_in_counts + _COUNT_SHARE * np.sqrt(central + 0.5))


def learn(past: Past, *, level: float, horizon: int) -> list[Rule]:
    """Return a rule for each block of leads that the horizon needs."""
    rules: list[Rule] = []
    rows = learning_rows(classes_at(past.views.values, past.parameters), past.parameters.pool.rows_per_class)
    for leads, learnt in BLOCKS:
        if leads.start > horizon:
            break
        examples = _examples(past, rows, learnt)
        rules.append(_rule(examples, past.parameters, level, rules[-1] if rules else None))
    return rules


def _examples(past: Past, rows: Places, leads: tuple[int, ...]) -> Examples | None:
    parts = list(_seen(past, rows, leads))
    if not parts:
        return None
    views = np.concatenate([part.views for part in parts])
    truth = np.concatenate([part.truth for part in parts])
    usable = np.isfinite(views).all(axis=1) & np.isfinite(truth)
    pool = np.concatenate([part.pool for part in parts])[usable]
    rest = [
        np.concatenate(column)[usable]
        for column in zip(*((part.unrest, part.scale) for part in parts), strict=True)
    ]
    return Examples(views[usable], truth[usable], pool, rest[0], rest[1])


def _seen(past: Past, rows: Places, leads: tuple[int, ...]) -> Iterator[Examples]:
    values, wanted = past.views.values, past.parameters.pool
    months, count = values.shape[1], len(rows)
    first = max(wanted.first_origin, months - wanted.origins - leads[0] + 1)
    for origin in range(first, months - leads[0] + 1):
        seen = values[rows, :origin]
        views, pool, restless = past.views.at(origin, rows), classes_at(seen, past.parameters), unrest(seen)
        for lead in leads:
            at = origin + lead - 1
            if at < months:
                yield Examples(views, values[rows, at], pool, restless, np.full(count, past.calendar[at]))


def _rule(examples: Examples | None, parameters: Parameters, level: float, nearer: Rule | None) -> Rule:
    pools = parameters.classes + 2
    if examples is None or len(examples.truth) < _FEW:
        return _assumed(pools, parameters, level, nearer)
    chosen = [examples.pool == pool for pool in range(pools)]
    weights = np.stack([fit_weights(examples.views[at], examples.truth[at], parameters) for at in chosen])
    rule = Rule(weights, np.zeros(pools), np.zeros(pools), np.ones(pools))
    central = rule.central(examples.views, examples.pool) * examples.scale
    counts = examples.truth * examples.scale
    missed = (counts - central) / spread_of(central, examples.unrest * examples.scale)
    sized = interval_pool(central, examples.pool, parameters)
    tail = (1 - level / 100) / 2
    quantiles = np.array(
        [_quantiles(missed, sized == pool, tail, parameters.min_residuals) for pool in range(pools)]
    )
    plain = examples.views[:, 0] * examples.scale
    average = np.array([_ratio(counts[at], plain[at], parameters.min_residuals) for at in chosen])
    return Rule(weights, quantiles[:, 0], quantiles[:, 1], average)


def interval_pool(central: Numbers, pool: Places, parameters: Parameters) -> Places:
    """Return the pool whose misses bound a forecast: by its size, but new and broken series stay apart."""
    return np.where(pool >= parameters.classes, pool, parameters.class_of(central))


def _quantiles(missed: Numbers, own: Flags, tail: float, enough: int) -> tuple[float, float]:
    used = missed[own] if own.sum() >= enough else missed
    low, high = np.quantile(used, [tail, 1 - tail])
    return min(0.0, float(low)), max(0.0, float(high))


def _ratio(counts: Numbers, plain: Numbers, enough: int) -> float:
    if len(counts) < enough or not plain.sum() > 0:
        return 1.0
    return float(np.clip(counts.sum() / plain.sum(), 0.5, 2.0))


def _assumed(pools: int, parameters: Parameters, level: float, nearer: Rule | None) -> Rule:
    """Return what is assumed where the past is too short: the block before, wider, or normal misses."""
    if nearer is not None:
        return Rule(nearer.weights, nearer.low * _FURTHER, nearer.high * _FURTHER, nearer.average)
    weights = np.tile(np.array(parameters.pool.prior), (pools, 1))
    bound = np.full(pools, float(scipy.stats.norm.ppf(0.5 + level / 200)) * _NORMAL)
    return Rule(weights, -bound, bound, np.ones(pools))
