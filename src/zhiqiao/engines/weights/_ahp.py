"""Weights from pairwise comparisons: principal eigenvector, consistency, and which judgement to think over."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from zhiqiao.engines.weights._errors import IncompleteJudgements, NoRandomIndex
from zhiqiao.engines.weights._normal import normalised
from zhiqiao.engines.weights._pairwise import SCALE, Array, PairwiseMatrix, check_connected, connected_groups

Incomplete = Literal["refuse", "harker"]
_ZERO = 1e-12


@dataclass(frozen=True)
class RandomIndex:
    """Mean consistency index of random matrices by size, and the limit of the ratio."""

    version: str
    limit: float
    values: Mapping[int, float]

    def of(self, size: int, *, unknown: int = 0) -> float:
        """Return the index of a size; raise NoRandomIndex where the table ends.

        With `unknown` pairs it shrinks by 1 - 2·unknown/((size - 1)(size - 2)) (Ágoston and Csató, Omega 108, 2022):
        judgements that are not there can not contradict.
        """
        if size <= 2:
            return 0.0
        if size not in self.values:
            raise NoRandomIndex(size, largest=max(self.values))
        return self.values[size] * max(0.0, 1 - 2 * unknown / ((size - 1) * (size - 2)))


def read_random_index(path: Path) -> RandomIndex:
    """Read the table of a pack; a missing key raises KeyError with its name."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    values = {int(size): float(index) for part in data["values"] for size, index in part["index"].items()}
    return RandomIndex(version=data["version"], limit=data["limit"], values=values)


@dataclass(frozen=True)
class Judgement:
    """One judgement held against all others.

    `given` is a_ij; `ratio` is a_ij·w_j/w_i, 1 where it agrees with the weights; `implied` is w_i/w_j as the other
    judgements alone have it (None when they do not tie the two together); `suggested` is the step of the scale that
    makes the ratio of the whole matrix least, and `cr_after` that ratio.
    """

    first: str
    second: str
    given: float
    ratio: float
    implied: float | None
    suggested: float
    cr_after: float

    @property
    def deviation(self) -> float:
        """Return how far the judgement is from the weights, as |ln ratio|."""
        return abs(math.log(self.ratio))


@dataclass(frozen=True)
class Priorities:
    """Weights of the elements compared and what their consistency is.

    `usable` is false from a ratio of `limit` on (EV-01). `unknown` pairs were not compared; with any the ratio rests
    on a scaled random index.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    lambda_max: float
    ci: float
    ri: float
    cr: float
    limit: float
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def usable(self) -> bool:
        """Tell whether the ratio is below the limit."""
        return self.cr < self.limit

    def by_name(self) -> dict[str, float]:
        """Return the weights by name."""
        return dict(zip(self.names, self.weights, strict=True))


def priorities(
    matrix: PairwiseMatrix, *, random_index: RandomIndex, incomplete: Incomplete = "refuse"
) -> Priorities:
    """Return the principal eigenvector with lambda_max, CI, RI and CR (Saaty 1980).

    Pairs nobody compared raise IncompleteJudgements, or with `harker` are left out of the equation (Harker 1987:
    zero in their place and one more on the diagonal for each), which needs the rest to be connected (NotConnected).
    """
    if matrix.unknown and incomplete == "refuse":
        raise IncompleteJudgements(matrix.unknown)
    check_connected(matrix)
    size = matrix.size
    ri = random_index.of(size, unknown=len(matrix.unknown))
    eigenvalues, vectors = np.linalg.eig(_equation(matrix.array()))
    at = int(np.argmax(eigenvalues.real))
    weights = normalised(np.abs(vectors[:, at].real))
    lambda_max = float(eigenvalues[at].real)
    ci, cr = _consistency(lambda_max, size=size, ri=ri)
    return Priorities(
        matrix.names, weights, max(lambda_max, float(size)), ci, ri, cr, random_index.limit, matrix.unknown
    )


def judgements(
    matrix: PairwiseMatrix, *, random_index: RandomIndex, incomplete: Incomplete = "refuse"
) -> tuple[Judgement, ...]:
    """Hold every judgement against the others, the largest deviation first.

    The first is the most inconsistent pair; `best_change` finds the one whose change lowers the ratio most.
    Empty for one or two elements, which can not contradict.
    """
    found = priorities(matrix, random_index=random_index, incomplete=incomplete)
    if matrix.size < 3:
        return ()
    held = [_held(matrix, found, i, j) for i, j in matrix.pairs() if matrix.values[i][j] is not None]
    return tuple(sorted(held, key=lambda one: (-round(one.deviation, 12), one.first, one.second)))


def best_change(held: Iterable[Judgement]) -> Judgement | None:
    """Return the judgement whose single change lowers the ratio most; of equal ones the larger deviation."""
    return min(held, key=lambda one: (round(one.cr_after, 12), -one.deviation), default=None)


def _held(matrix: PairwiseMatrix, found: Priorities, i: int, j: int) -> Judgement:
    given = matrix.values[i][j] or math.nan
    stack = np.repeat(_equation(matrix.array())[None], len(SCALE), axis=0)
    stack[:, i, j], stack[:, j, i] = SCALE, 1 / np.array(SCALE)
    largest = np.linalg.eigvals(stack).real.max(axis=1)
    # Of steps that do equally well the one nearest to what was said.
    least, _, suggested = min(
        (round(float(value), 10), abs(math.log(step / given)), step)
        for value, step in zip(largest, SCALE, strict=True)
    )
    return Judgement(
        first=matrix.names[i],
        second=matrix.names[j],
        given=given,
        ratio=given * found.weights[j] / found.weights[i],
        implied=_implied(matrix, i, j),
        suggested=suggested,
        cr_after=_consistency(least, size=matrix.size, ri=found.ri)[1],
    )


def _implied(matrix: PairwiseMatrix, i: int, j: int) -> float | None:
    """Return w_i/w_j from all other judgements, or None when they do not tie i and j together."""
    without = matrix.changed(i, j, None)
    if len(connected_groups(without)) > 1:
        return None
    eigenvalues, vectors = np.linalg.eig(_equation(without.array()))
    vector = np.abs(vectors[:, int(np.argmax(eigenvalues.real))].real)
    return float(vector[i] / vector[j])


def _equation(values: Array) -> Array:
    """Return the matrix whose eigenvector is wanted: unknown judgements moved to the diagonal (Harker 1987)."""
    missing = np.isnan(values)
    equation = np.where(missing, 0.0, values)
    equation[np.diag_indices(len(values))] = 1.0 + missing.sum(axis=1)
    return equation


def _consistency(lambda_max: float, *, size: int, ri: float) -> tuple[float, float]:
    """Return CI and CR; rounding below a consistent matrix counts as consistent."""
    ci = max(0.0, (lambda_max - size) / (size - 1)) if size > 1 else 0.0
    ci = 0.0 if ci < _ZERO * size * 10 else ci
    return ci, (ci / ri if ri > 0 else 0.0)
