"""Figures of pay and when two of them contradict each other; pure values, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from zhiqiao.platform.data.merging import ConflictRules

__all__ = ["Conflict", "PayFigure", "conflicts", "quantile", "solid"]


@dataclass(frozen=True)
class PayFigure:
    """What one source says a post is paid, in RMB a month.

    From postings `low` and `high` are the quartiles of the middles of stated ranges and `postings` their number;
    from a guideline they are the published low and high values and `postings` is None.
    """

    figure_uuid: UUID
    source_uuid: UUID
    source: str
    kind: str
    trust: str
    low: int | None
    median: int | None
    high: int | None
    postings: int | None
    period: tuple[str, str] | None
    place: str = ""
    as_published: str = ""
    is_demo: bool = False

    @property
    def is_guideline(self) -> bool:
        """Tell whether the figure was published as a guideline."""
        return self.postings is None


@dataclass(frozen=True)
class Conflict:
    """Two figures that contradict each other; `difference` is that of the medians over the smaller one."""

    one: PayFigure
    other: PayFigure
    difference: float


def quantile(counts: Mapping[int, int], share: float) -> int:
    """Return a quantile of counted values, interpolated between neighbours (type 7 of Hyndman and Fan 1996)."""
    total = sum(counts.values())
    place = (total - 1) * share
    below, part = int(place), place - int(place)
    left = _nth(counts, below)
    right = _nth(counts, min(below + 1, total - 1))
    return round(left + (right - left) * part)


def solid(figures: Sequence[PayFigure], rules: ConflictRules) -> list[PayFigure]:
    """Return the figures that rest on enough to be compared: published ones, and those of enough postings."""
    return [
        figure
        for figure in figures
        if figure.median and (figure.postings is None or figure.postings >= rules.min_postings)
    ]


def conflicts(figures: Sequence[PayFigure], rules: ConflictRules) -> tuple[Conflict, ...]:
    """Return the pairs that contradict each other, the widest apart first; too small samples prove nothing."""
    found = [
        Conflict(one, other, difference)
        for one, other in combinations(solid(figures, rules), 2)
        if one.source_uuid != other.source_uuid
        and (difference := _difference(one, other)) > rules.median_difference
        and not _overlap(one, other)
    ]
    return tuple(sorted(found, key=lambda item: -item.difference))


def _nth(counts: Mapping[int, int], place: int) -> int:
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if place < seen:
            return value
    msg = f"there is no value at place {place} of {seen}"
    raise IndexError(msg)


def _difference(one: PayFigure, other: PayFigure) -> float:
    left, right = one.median or 0, other.median or 0
    return abs(left - right) / min(left, right)


def _overlap(one: PayFigure, other: PayFigure) -> bool:
    """Tell whether the intervals touch; a missing end is the median itself."""
    low, high = one.low or one.median or 0, one.high or one.median or 0
    other_low, other_high = other.low or other.median or 0, other.high or other.median or 0
    return low <= other_high and other_low <= high
