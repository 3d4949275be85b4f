"""Counts as rates: whether a count split between two spans differs from what the spans explain, and sums to come."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when first asked for: stats alone takes seconds
from scipy.special import betainc

Floats = npt.NDArray[np.float64]


def split_tail(more: npt.ArrayLike, less: npt.ArrayLike, share: npt.ArrayLike) -> Floats:
    """Return P(X >= more) for X binomial over more + less with `share`: one tail of the test of two Poisson rates.

    Given the sum of two Poisson counts, the one whose exposure is `share` of both is binomial if the rates are equal
    (Przyborowski & Wilenski 1940). Continued by the incomplete beta function to numbers that are not whole.
    """
    more, less = np.asarray(more, dtype=np.float64), np.asarray(less, dtype=np.float64)
    tail: Floats = betainc(np.maximum(more, 1e-9), less + 1, share)
    return np.where(more > 0, tail, 1.0)


def total_interval(expected: npt.ArrayLike, recent: Floats, *, level: float) -> tuple[Floats, Floats]:
    """Return the interval of `level` per cent of the sum of months to come, for sums expected E [series].

    `recent` [series, month] are the months known last; NaN is unknown. Variance = φ·(E + E²/N): the counts to come
    swing as counts do (E), and the level they swing around is itself known only from the N postings of the recent
    months (E²/N; prediction of a Poisson count, Nelson 1970). φ ≥ 1 is by how much the recent months swing more than
    counts do. Bounds are whole and not negative; NaN where E is.
    """
    expected = np.asarray(expected, dtype=np.float64)
    known = np.isfinite(recent).sum(axis=1)
    seen = np.nansum(recent, axis=1)
    mean = np.divide(seen, known, out=np.zeros_like(seen), where=known > 0)
    squares = np.nansum((recent - mean[:, None]) ** 2, axis=1)
    variance = np.divide(squares, known - 1, out=np.zeros_like(seen), where=known > 1)
    swing = np.maximum(1.0, np.divide(variance, mean, out=np.ones_like(seen), where=mean > 0))
    spread = np.sqrt(swing * (expected + expected**2 / np.maximum(seen, 1.0)))
    half = float(scipy.stats.norm.ppf(0.5 + level / 200)) * spread
    return np.maximum(0.0, np.floor(expected - half)), np.ceil(expected + half)
