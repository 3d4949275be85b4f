"""Kendall's coefficient of concordance: how far several experts order the same items alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when first asked for: stats alone takes seconds


@dataclass(frozen=True)
class Concordance:
    """Kendall's W (0..1) of `experts` orders of `items`, with chi-square on `df` degrees of freedom and p.

    W and what follows from it are None when nobody tells any two items apart. The chi-square is an approximation
    that is rough below eight items.
    """

    w: float | None
    chi_square: float | None
    df: int
    p: float | None
    experts: int
    items: int


def concordance(ratings: npt.ArrayLike) -> Concordance | None:
    """Return Kendall's W with the correction for ties (Kendall and Gibbons 1990, Siegel 1956).

    `ratings` is experts × items without gaps. None with fewer than two experts or items, where there is no W.
    """
    values = np.asarray(ratings, dtype=np.float64)
    if values.ndim != 2 or min(values.shape) < 2:
        return None
    experts, items = values.shape
    ranks = np.vstack([scipy.stats.rankdata(row) for row in values])
    totals = ranks.sum(axis=0)
    spread = float(((totals - totals.mean()) ** 2).sum())
    ties = sum(
        float((counts.astype(np.float64) ** 3 - counts).sum())
        for counts in (np.unique(row, return_counts=True)[1] for row in values)
    )
    most = experts**2 * (items**3 - items) - experts * ties
    if most <= 0:
        return Concordance(None, None, items - 1, None, experts, items)
    w = min(1.0, 12 * spread / most)
    chi_square = experts * (items - 1) * w
    return Concordance(
        w, chi_square, items - 1, float(scipy.stats.chi2.sf(chi_square, items - 1)), experts, items
    )
