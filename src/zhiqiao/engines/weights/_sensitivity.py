"""How far a weight may move before a weighted-sum ranking changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zhiqiao.engines.weights._errors import InputError, Problem
from zhiqiao.engines.weights._normal import checked_weights, same_names
from zhiqiao.engines.weights._pairwise import Array

Places = npt.NDArray[np.intp]

_EQUAL = 1e-12


class Swap(NamedTuple):
    """Two alternatives that change places: `before` stands ahead until then."""

    before: str
    after: str


@dataclass(frozen=True)
class Room:
    """The open interval within which a weight may move without any two alternatives changing places.

    The others are scaled in proportion. At `low` and `high` the pair named is level and beyond it has changed places;
    where there is none the bound is 0 or 1 itself. `fixed` weights (the only one above 0) can not move that way.
    """

    indicator: str
    weight: float
    low: float
    high: float
    low_swap: Swap | None
    high_swap: Swap | None
    fixed: bool = False


@dataclass(frozen=True)
class Shifted:
    """Ranks after one weight was moved by a share of itself; `changed` when any differs from the ranks as they are."""

    indicator: str
    change: float
    weight: float
    ranks: Mapping[str, int]
    changed: bool


@dataclass(frozen=True)
class Sensitivity:
    """Scores and ranks as they are (1 the best, equal scores share a rank), room per weight, ranks after shifts."""

    scores: Mapping[str, float]
    ranks: Mapping[str, int]
    ties: tuple[tuple[str, str], ...]
    rooms: tuple[Room, ...]
    shifts: tuple[Shifted, ...]


def sensitivity(
    weights: Mapping[str, float],
    alternatives: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    step: float,
) -> Sensitivity:
    """Return how a ranking by Σ w_j v_ij depends on its weights.

    `values` is alternatives × indicators in the order of `weights`, on one scale and all known. Alternatives whose
    scores are level now are listed as ties and have no order that could change. `step` is the share (0.1: ±10 %) for
    the table of shifts; a weight is not moved beyond 1.
    """
    names, held = tuple(weights), checked_weights(weights)
    table = _table(names, alternatives, values)
    w = np.array([held[name] for name in names])
    scores = table @ w
    ranks = _ranks(scores)
    pairs = _neighbours(scores)
    rooms = tuple(_room(j, names, alternatives, table=table, w=w, pairs=pairs) for j in range(len(names)))
    shifts = []
    for j, name in enumerate(names):
        for change in (-step, step):
            moved = _moved(w, j, min(1.0, w[j] * (1 + change)))
            after = _ranks(table @ moved)
            shifts.append(Shifted(name, change, float(moved[j]), _named(alternatives, after), after != ranks))
    return Sensitivity(
        {name: float(score) for name, score in zip(alternatives, scores, strict=True)},
        _named(alternatives, ranks),
        _ties(alternatives, scores),
        rooms,
        tuple(shifts),
    )


def rescaled(weights: Mapping[str, float], name: str, value: float) -> dict[str, float]:
    """Return weights with one set to `value` (0..1) and the others scaled in proportion to keep the sum 1."""
    held = checked_weights(weights)
    same_names(tuple(held), (*(one for one in held if one != name), name), zh="权重表", en="the weights")
    if not 0 <= value <= 1:
        raise InputError(
            Problem(0, name, f"{value:g} 不在 0 到 1 之间。", f"{value:g} is not within 0 to 1.")
        )
    moved = _moved(np.array(list(held.values())), list(held).index(name), value)
    return {one: float(part) for one, part in zip(held, moved, strict=True)}


def _table(names: Sequence[str], alternatives: Sequence[str], values: Sequence[Sequence[float]]) -> Array:
    table = np.array(values, dtype=np.float64).reshape(len(values), -1)
    if (
        len(alternatives) < 2
        or table.shape != (len(alternatives), len(names))
        or not np.isfinite(table).all()
    ):
        raise InputError(
            Problem(
                0,
                "",
                f"需要 {len(alternatives)} 个方案（至少两个）× {len(names)} 个指标的完整数值。",
                f"values of {len(alternatives)} alternatives (two or more) × {len(names)} indicators are needed.",
            )
        )
    return table


def _moved(w: Array, j: int, value: float) -> Array:
    """Set weight j and scale the others; the only weight above 0 stays where it is."""
    rest = 1 - w[j]
    if rest <= _EQUAL:
        return w.copy()
    moved: Array = w * (1 - value) / rest
    moved[j] = value
    return moved


def _neighbours(scores: Array) -> tuple[Places, Places]:
    """Return pairs (ahead, behind) of each alternative with the next lower score and all that are level with that.

    The first two to change places as a weight moves are among them: whoever stands between two that meet, meets both.
    """
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    falling, level = -scores[order], _EQUAL * _size(scores)
    ahead, behind = [], []
    for at, a in enumerate(order):
        start = int(np.searchsorted(falling, falling[at] + level, side="right"))
        if start < len(order):
            end = int(np.searchsorted(falling, falling[start] + level, side="right"))
            ahead += [a] * (end - start)
            behind += order[start:end]
    return np.array(ahead, dtype=np.intp), np.array(behind, dtype=np.intp)


def _room(
    j: int,
    names: Sequence[str],
    alternatives: Sequence[str],
    *,
    table: Array,
    w: Array,
    pairs: tuple[Places, Places],
) -> Room:
    """Find the nearest crossings on both sides: t·d + (1 - t)·D = 0 for each pair, linear in the weight t."""
    weight, rest = float(w[j]), 1 - w[j]
    if rest <= _EQUAL:
        return Room(names[j], weight, weight, weight, None, None, fixed=True)
    ahead, behind = pairs
    others = table @ np.where(np.arange(len(w)) == j, 0.0, w) / rest
    own, other = table[ahead, j] - table[behind, j], others[ahead] - others[behind]
    moving = own != other
    ahead, behind = ahead[moving], behind[moving]
    turns = other[moving] / (other[moving] - own[moving])
    low, low_swap, high, high_swap = 0.0, None, 1.0, None
    if len(turns):
        below = int(np.where(turns < weight, turns, -np.inf).argmax())
        above = int(np.where(turns > weight, turns, np.inf).argmin())
        if _EQUAL < turns[below] < weight:
            low, low_swap = float(turns[below]), Swap(alternatives[ahead[below]], alternatives[behind[below]])
        if weight < turns[above] < 1 - _EQUAL:
            high, high_swap = (
                float(turns[above]),
                Swap(alternatives[ahead[above]], alternatives[behind[above]]),
            )
    return Room(names[j], weight, low, high, low_swap, high_swap)


def _size(scores: Array) -> float:
    return max(1e-300, float(np.abs(scores).max()))


def _ranks(scores: Array) -> list[int]:
    level = _EQUAL * _size(scores)
    return [1 + int((scores > score + level).sum()) for score in scores]


def _named(alternatives: Sequence[str], ranks: Sequence[int]) -> dict[str, int]:
    return dict(zip(alternatives, ranks, strict=True))


def _ties(alternatives: Sequence[str], scores: Array) -> tuple[tuple[str, str], ...]:
    level = _EQUAL * _size(scores)
    return tuple(
        (alternatives[a], alternatives[b])
        for a in range(len(alternatives))
        for b in range(a + 1, len(alternatives))
        if abs(scores[a] - scores[b]) <= level
    )
