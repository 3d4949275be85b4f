"""Pairwise comparison matrices: checked on the way in, unknown judgements kept as unknown."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhiqiao.engines.weights._errors import InputError, NotConnected, Problem

Array = npt.NDArray[np.float64]
Cells = Sequence[Sequence[float | None]]
Place = tuple[int, str]

LARGEST = 9.0
"""Upper end of Saaty's scale; the lower end is its reciprocal."""
SCALE = (*(1 / step for step in range(9, 1, -1)), *(float(step) for step in range(1, 10)))
"""The 17 judgements of Saaty's scale, ascending."""
_ROUNDED = 0.005 + 1e-9  # a reciprocal may be written with two decimals: 1/3 as 0.33, 1/8 as 0.13


@dataclass(frozen=True)
class PairwiseMatrix:
    """Judgements `values[i][j]`: how many times element i counts as much as j; None where nobody compared them.

    Made by `pairwise_matrix` or `from_judgements`, which check it: square, ones on the diagonal, within 1/9..9 and
    exactly reciprocal.
    """

    names: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]

    @property
    def size(self) -> int:
        """Return the number of elements."""
        return len(self.names)

    @property
    def unknown(self) -> tuple[tuple[str, str], ...]:
        """Return the pairs that nobody compared."""
        return tuple((self.names[i], self.names[j]) for i, j in self.pairs() if self.values[i][j] is None)

    def pairs(self) -> list[tuple[int, int]]:
        """Return the places above the diagonal."""
        return [(i, j) for i in range(self.size) for j in range(i + 1, self.size)]

    def array(self) -> Array:
        """Return the judgements as an array, NaN where unknown."""
        return np.array(self.values, dtype=np.float64).reshape(self.size, self.size)

    def changed(self, i: int, j: int, value: float | None) -> PairwiseMatrix:
        """Return a copy with another judgement of elements i and j."""
        rows = [list(row) for row in self.values]
        rows[i][j] = value
        rows[j][i] = None if value is None else 1 / value
        return PairwiseMatrix(self.names, tuple(map(tuple, rows)))


def pairwise_matrix(
    names: Sequence[str], values: Cells, *, places: Callable[[int, int], Place] | None = None
) -> PairwiseMatrix:
    """Check a square table and return it; `places` tells the row and field that errors show for a cell.

    A judgement on one side of the diagonal gives the other by reciprocity; where both are None the pair is unknown.
    Of two that are reciprocal but for rounding to two decimals the larger is kept and the other made exact. Decimals
    such as 2.5 are judgements too. Raises InputError with all cells that are wrong.
    """
    check_names(names)
    _check_square(names, values)
    place = places or (lambda i, j: (0, f"{names[i]} / {names[j]}"))
    problems = [
        problem
        for i in range(len(names))
        for j in range(len(names))
        if (problem := _cell_problem(values[i][j], *place(i, j), diagonal=i == j))
    ]
    if problems:
        raise InputError(*problems)
    judgements: dict[tuple[str, str], float] = {}
    for i, first in enumerate(names):
        for j in range(i + 1, len(names)):
            value = _agreed(values[i][j], values[j][i])
            if value is not None and math.isnan(value):
                problems.append(_not_reciprocal(names, values, i, j, place=place(j, i)))
            elif value is not None:
                judgements[first, names[j]] = value
    if problems:
        raise InputError(*problems)
    return from_judgements(names, judgements)


def from_judgements(names: Sequence[str], judgements: Mapping[tuple[str, str], float]) -> PairwiseMatrix:
    """Build a matrix from judgements of single pairs, each pair once; pairs not named are unknown."""
    check_names(names)
    place = {name: i for i, name in enumerate(names)}
    rows: list[list[float | None]] = [
        [1.0 if i == j else None for j in place.values()] for i in place.values()
    ]
    for (first, second), value in judgements.items():
        i, j = place[first], place[second]
        rows[i][j], rows[j][i] = float(value), 1 / float(value)
    return PairwiseMatrix(tuple(names), tuple(map(tuple, rows)))


def check_names(names: Sequence[str]) -> None:
    """Raise InputError when there are none, or when one is empty or stands twice."""
    if not names:
        raise InputError(Problem(0, "", "没有要比较的元素。", "there is nothing to compare."))
    for name in names:
        if not name.strip():
            raise InputError(
                Problem(0, "", "有一项没有名称。请补上名称。", "an element has no name. Name it.")
            )
        if list(names).count(name) > 1:
            raise InputError(
                Problem(
                    0, name, "名称重复。请改成不同的名称。", "the name stands twice. Give different names."
                )
            )


def connected_groups(matrix: PairwiseMatrix) -> list[list[str]]:
    """Return the groups of elements that judgements tie together, in the order of the names."""
    left = list(range(matrix.size))
    groups = []
    while left:
        group, waiting = {left[0]}, [left[0]]
        while waiting:
            at = waiting.pop()
            for other, value in enumerate(matrix.values[at]):
                if value is not None and other not in group:
                    group.add(other)
                    waiting.append(other)
        groups.append([matrix.names[i] for i in sorted(group)])
        left = [i for i in left if i not in group]
    return groups


def check_connected(matrix: PairwiseMatrix) -> None:
    """Raise NotConnected unless every element can be reached from every other by judgements."""
    groups = connected_groups(matrix)
    if len(groups) > 1:
        raise NotConnected(groups)


def _check_square(names: Sequence[str], values: Cells) -> None:
    size = len(names)
    wrong = next((len(cells) for cells in values if len(cells) != size), None)
    if len(values) != size or wrong is not None:
        columns = size if wrong is None else wrong
        raise InputError(
            Problem(
                0,
                "",
                f"{size} 个元素应有 {size} 行 {size} 列，实有 {len(values)} 行、{columns} 列。请补全判断矩阵。",
                f"{size} elements need {size} rows and columns; there are {len(values)} rows and {columns} columns. "
                "Complete the matrix.",
            )
        )


def _cell_problem(value: float | None, row: int, field: str, *, diagonal: bool) -> Problem | None:
    if value is None:
        return None
    if diagonal and value != 1:
        return Problem(
            row,
            field,
            f"对角线上应为 1，实为 {value:g}。请改为 1。",
            f"the diagonal holds 1, not {value:g}. Write 1.",
        )
    if not (1 / LARGEST - _ROUNDED <= value <= LARGEST):
        return Problem(
            row,
            field,
            f"{value:g} 不在 1/9 到 9 之间。请按 1–9 标度判断。",
            f"{value:g} is not within 1/9 to 9. Judge on the scale of 1 to 9.",
        )
    return None


def _agreed(above: float | None, below: float | None) -> float | None:
    """Return the judgement above the diagonal that both cells tell: None for unknown, NaN where they differ."""
    if above is None or below is None:
        if above is None and below is None:
            return None
        one = above if above is not None else 1 / below if below is not None else math.nan
        return min(max(one, 1 / LARGEST), LARGEST)
    larger, smaller = max(above, below), min(above, below)
    if larger < 1 or abs(smaller - 1 / larger) > _ROUNDED:
        return math.nan
    return larger if above >= below else 1 / larger


def _not_reciprocal(names: Sequence[str], values: Cells, i: int, j: int, *, place: Place) -> Problem:
    above, below = values[i][j] or math.nan, values[j][i] or math.nan
    return Problem(
        *place,
        f"“{names[j]}”对“{names[i]}”是 {below:.4g}，而“{names[i]}”对“{names[j]}”是 {above:.4g}，两者应互为倒数。"
        f"请改为 {1 / above:.4g}，或只保留其中一个。",
        f"“{names[j]}” to “{names[i]}” is {below:.4g} but “{names[i]}” to “{names[j]}” is {above:.4g}; they must be "
        f"reciprocal. Write {1 / above:.4g} or leave one of them empty.",
    )
