"""Which enterprises to visit first: points by rules that anybody can check, with the reason of every point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["Candidate", "Criterion", "Place", "Reason", "next_day", "shortlist"]


@dataclass(frozen=True)
class Criterion:
    """What earns points: `most` points for the best value; `full` is the value from which all points are given."""

    key: str
    most: float
    full: float


@dataclass(frozen=True)
class Candidate:
    """An enterprise with its values by criterion; a value that is not known earns nothing and is named."""

    key: str
    values: Mapping[str, float | None]


@dataclass(frozen=True)
class Reason:
    """Points of one criterion; `value` None is unknown."""

    criterion: str
    value: float | None
    points: float
    most: float


@dataclass(frozen=True)
class Place:
    """A place of the list."""

    rank: int
    key: str
    points: float
    reasons: tuple[Reason, ...]


def shortlist(
    candidates: Sequence[Candidate], criteria: Sequence[Criterion], *, size: int
) -> tuple[Place, ...]:
    """Return the first `size` by points; equals share a rank and stand in the order of their keys."""
    scored = [(one.key, tuple(_reason(one, criterion) for criterion in criteria)) for one in candidates]
    ordered = sorted(
        ((round(sum(one.points for one in reasons), 6), key, reasons) for key, reasons in scored),
        key=lambda one: (-one[0], one[1]),
    )
    ranks = [1 + sum(other[0] > points for other in ordered) for points, _key, _reasons in ordered]
    return tuple(
        Place(rank, key, points, reasons)
        for rank, (points, key, reasons) in zip(ranks, ordered[:size], strict=False)
    )


def _reason(candidate: Candidate, criterion: Criterion) -> Reason:
    value = candidate.values.get(criterion.key)
    part = 0.0 if value is None else max(0.0, min(1.0, value / criterion.full))
    return Reason(criterion.key, value, part * criterion.most, criterion.most)


def next_day(last_asked: date | None, *, least_days: int) -> date | None:
    """Return the day from which an enterprise may be asked again; None when it was never asked."""
    return None if last_asked is None else last_asked + timedelta(days=least_days)
