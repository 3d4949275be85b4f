"""Early signals: which monthly series have really changed, with a stated rate of false alarms.

Each month is judged only by what was known then. The postings of the newest 1 to 3 months are compared with the
reference before them: if demand had not changed, the count would be split between both by their totals (conditional
test of two Poisson rates, Przyborowski & Wilenski 1940; conservative for shares). Months that swing more than chance
are allowed for by a dispersion estimated from the reference (Pearson's chi-square by its degrees of freedom, drawn
towards series of the same size) that divides all counts (quasi-likelihood, McCullagh & Nelder 1989); where it is large
the change must also last: two months or more, each beyond all months of the reference. The limits on p are calibrated
by simulation (`bench/watch.py`), because windows overlap. After a signal the reference begins anew with the changed
months.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from zhiqiao.engines.demand._rates import split_tail

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Direction = Literal["rise", "fall"]
#: median of a chi-square by its degrees of freedom f: (1 - 2/9f)^3 (Wilson & Hilferty 1931)
_NINTH = 2 / 9


@dataclass(frozen=True)
class WatchParameters:
    """When a change counts as real; see packs/common/demand/watch.toml for units and reasons."""

    windows: tuple[int, ...]
    reference_months: int
    least_reference_months: int
    least_count: float
    least_ratio: float
    p_limit: float
    calm_dispersion: float
    p_limit_swinging: float
    dispersion_weight: float
    size_classes: tuple[float, ...]


@dataclass(frozen=True)
class Signal:
    """A change of one series, found in month `month` (both are positions in the table).

    `count` of `total` in the `window` newest months stand against `before_count` of `before_total` in the reference;
    `p` is how often such a split would be seen without a change, `dispersion` what the counts were divided by.
    """

    series: int
    month: int
    direction: Direction
    window: int
    count: float
    total: float
    before_count: float
    before_total: float
    before_months: int
    dispersion: float
    p: float

    @property
    def ratio(self) -> float:
        """Return the recent share by the share before; infinite when the skill was never named before."""
        before = self.before_count / self.before_total
        return self.count / self.total / before if before else float("inf")


def read_watch_parameters(path: Path) -> WatchParameters:
    """Read the parameters; raises ValueError naming one that is missing or out of range."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["watch"]
    missing = [item.name for item in fields(WatchParameters) if item.name not in rows]
    if missing:
        msg = f"{path.name}: [watch] lacks {', '.join(missing)}"
        raise ValueError(msg)
    lists = {key: tuple(value) for key, value in rows.items() if isinstance(value, list)}
    found = WatchParameters(**{**rows, **lists})
    limits = (found.p_limit, found.p_limit_swinging)
    if not all(0 < limit < 1 for limit in limits) or found.least_ratio <= 1 or min(found.windows) < 1:
        msg = f"{path.name}: limits of p must lie in (0, 1), least_ratio above 1 and windows from 1 on"
        raise ValueError(msg)
    return found


def watch(counts: Floats, totals: Floats, parameters: WatchParameters, *, start: int = 0) -> list[Signal]:
    """Return the signals of all series in the order of months, then series.

    `counts` [series, month] are postings that name the skill, `totals` [series, month] (or [month]) those that could;
    NaN is an unknown month and counts for nothing. `start` is the first month judged. Raises ValueError when shapes
    differ, a number is negative or a count exceeds its total.
    """
    counts, totals = _checked(counts, totals)
    sums = _Sums.of(counts, totals)
    anew: Places = np.zeros(len(counts), dtype=np.int64)
    signals: list[Signal] = []
    for month in range(start, counts.shape[1]):
        found = _month(sums, month, anew, parameters)
        for signal in found:
            anew[signal.series] = month - signal.window + 1
        signals += found
    return signals


def _checked(counts: Floats, totals: Floats) -> tuple[Floats, Floats]:
    counts = np.asarray(counts, dtype=np.float64)
    totals = np.asarray(totals, dtype=np.float64)
    if counts.ndim != 2 or totals.shape not in (counts.shape, counts.shape[1:]):
        msg = f"counts {counts.shape} and totals {totals.shape} do not fit: [series, month] is wanted"
        raise ValueError(msg)
    totals = np.broadcast_to(totals, counts.shape)
    unknown = np.isnan(counts) | np.isnan(totals)
    counts, totals = np.where(unknown, 0.0, counts), np.where(unknown, 0.0, totals)
    if (counts < 0).any() or (counts > totals).any():
        row, month = np.argwhere((counts < 0) | (counts > totals))[0]
        msg = f"series {row}, month {month}: {counts[row, month]:g} of {totals[row, month]:g} can not be"
        raise ValueError(msg)
    return counts, totals


@dataclass(frozen=True)
class _Sums:
    """Running sums over months, a zero column first: the sum of any stretch is one subtraction."""

    count: Floats
    total: Floats
    squares: Floats
    known: Floats
    share: Floats

    @classmethod
    def of(cls, counts: Floats, totals: Floats) -> _Sums:
        known = totals > 0
        squares = np.divide(counts**2, totals, out=np.zeros_like(counts), where=known)
        share = np.divide(counts, totals, out=np.full_like(counts, np.nan), where=known)
        count, total, square, months = map(_running, (counts, totals, squares, known.astype(np.float64)))
        return cls(count, total, square, months, share)


def _running(values: Floats) -> Floats:
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)


@dataclass(frozen=True)
class _Split:
    """Counts and totals of all series before (0) and in (1) the window, months of the reference, dispersion."""

    k0: Floats
    n0: Floats
    k1: Floats
    n1: Floats
    months: Floats
    phi: Floats

    @classmethod
    def at(cls, sums: _Sums, begin: Places, cut: int, end: int, parameters: WatchParameters) -> _Split:
        rows = np.arange(len(begin))
        k0, n0, squares, months = (
            part[:, cut] - part[rows, begin] for part in (sums.count, sums.total, sums.squares, sums.known)
        )
        k1, n1 = (part[:, end] - part[:, cut] for part in (sums.count, sums.total))
        return cls(k0, n0, k1, n1, months, _dispersion(k0, n0, squares, months, parameters))


def _month(sums: _Sums, month: int, anew: Places, parameters: WatchParameters) -> list[Signal]:
    """Judge one month of all series: of each at most one signal, that of the window which tells most."""
    best: dict[int, Signal] = {}
    for window in parameters.windows:
        cut = month + 1 - window
        if cut < parameters.least_reference_months:
            continue
        begin = np.minimum(np.maximum(anew, cut - parameters.reference_months), cut)
        split = _Split.at(sums, begin, cut, month + 1, parameters)
        for direction, p, matters in _judged(split, parameters):
            for row in map(int, np.flatnonzero(matters & (p <= parameters.p_limit))):
                swings = split.phi[row] > parameters.calm_dispersion
                if swings and not (
                    p[row] <= parameters.p_limit_swinging
                    and _lasts(sums.share[row], int(begin[row]), cut, month + 1, direction)
                ):
                    continue
                if row not in best or p[row] < best[row].p:
                    best[row] = _signal(split, row, (month, window), direction, float(p[row]))
    return [best[row] for row in sorted(best)]


def _lasts(share: Floats, begin: int, cut: int, end: int, direction: Direction) -> bool:
    """Tell whether two months or more lie beyond every month of the reference."""
    window, before = share[cut:end], share[begin:cut]
    if end - cut < 2 or np.isnan(window).any():
        return False
    return bool(window.min() > np.nanmax(before) if direction == "rise" else window.max() < np.nanmin(before))


def _judged(
    split: _Split, parameters: WatchParameters
) -> list[tuple[Direction, Floats, npt.NDArray[np.bool_]]]:
    """Return p-values of a rise and of a fall, and where the change is large enough to matter."""
    k0, n0, k1, n1, phi = split.k0, split.n0, split.k1, split.n1, split.phi
    known = (split.months >= parameters.least_reference_months) & (n0 > 0) & (n1 > 0)
    share = np.divide(n1, n0 + n1, out=np.full_like(n0, 0.5), where=known)
    expected = np.divide(k0 * n1, n0, out=np.zeros_like(n0), where=known)
    rise = known & (k1 >= parameters.least_count) & (k1 >= parameters.least_ratio * expected)
    fall = known & (expected >= parameters.least_count) & (k1 * parameters.least_ratio <= expected)
    return [
        ("rise", split_tail(k1 / phi, k0 / phi, share), rise),
        ("fall", split_tail(k0 / phi, k1 / phi, 1 - share), fall),
    ]


def _dispersion(
    count: Floats, total: Floats, squares: Floats, months: Floats, parameters: WatchParameters
) -> Floats:
    """Return by how much months swing more than chance (1 = as chance), drawn towards series of the same size."""
    share = np.divide(count, total, out=np.zeros_like(count), where=total > 0)
    spread = share * (1 - share)
    freedom = np.maximum(months - 1, 0)
    usable = (spread > 0) & (freedom > 0)
    chi = np.divide(squares - count * share, spread, out=np.zeros_like(count), where=usable)
    monthly = np.divide(count, months, out=np.zeros_like(count), where=months > 0)
    size = np.searchsorted(np.asarray(parameters.size_classes), monthly, side="right")
    typical = np.ones_like(count)
    for one in np.unique(size[usable]):
        members = usable & (size == one)
        median = (1 - _NINTH / freedom[members]) ** 3  # of a chi-square by its degrees of freedom
        typical[members] = max(1.0, float(np.median(chi[members] / freedom[members] / median)))
    weight = parameters.dispersion_weight
    own = np.divide(chi, freedom, out=np.ones_like(chi), where=freedom > 0)
    # the class must not hide a series that swings more than chance alone would have it
    own = np.where(own > 1 + 2 * np.sqrt(2 / np.maximum(freedom, 1)), own, 1.0)
    drawn: Floats = (weight * typical + chi) / (weight + freedom)
    return np.maximum(np.maximum(1.0, own), drawn)


def _signal(split: _Split, row: int, at: tuple[int, int], direction: Direction, p: float) -> Signal:
    k0, n0, k1, n1, months, phi = (
        float(part[row]) for part in (split.k0, split.n0, split.k1, split.n1, split.months, split.phi)
    )
    month, window = at
    return Signal(row, month, direction, window, k1, n1, k0, n0, int(months), phi, p)
