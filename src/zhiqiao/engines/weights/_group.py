"""Several experts' comparison matrices into one: judgements averaged (AIJ), weights averaged (AIP), spread shown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from zhiqiao.engines.weights._ahp import Incomplete, Priorities, RandomIndex, priorities
from zhiqiao.engines.weights._concordance import Concordance, concordance
from zhiqiao.engines.weights._errors import Undetermined
from zhiqiao.engines.weights._normal import normalised, same_names
from zhiqiao.engines.weights._pairwise import PairwiseMatrix, from_judgements


@dataclass(frozen=True)
class Spread:
    """How experts differ on one pair: answers, geometric mean, geometric standard deviation, least and greatest.

    `gsd` is a factor, 1 where all agree, and None with fewer than two answers.
    """

    first: str
    second: str
    answers: int
    mean: float
    gsd: float | None
    least: float
    greatest: float


@dataclass(frozen=True)
class GroupPriorities:
    """What a group of experts says; those whose own ratio reaches the limit are left out and named."""

    experts: Mapping[str, Priorities]
    left_out: tuple[str, ...]
    matrix: PairwiseMatrix
    aij: Priorities
    aip: tuple[float, ...]
    spread: tuple[Spread, ...]
    agreement: Concordance | None


def group_priorities(
    matrices: Mapping[str, PairwiseMatrix], *, random_index: RandomIndex, incomplete: Incomplete = "refuse"
) -> GroupPriorities:
    """Join experts' matrices of the same elements (Aczél and Saaty 1983; Forman and Peniwati 1998).

    AIJ: geometric mean of each judgement over those who gave it, then the eigenvector. AIP: geometric mean of the
    experts' weights, scaled to 1. A matrix that is not usable alone counts in neither (EV-01). `agreement` is
    Kendall's W of the experts' orders. Raises Undetermined when no expert's matrix is usable.
    """
    names = next(iter(matrices.values())).names
    for matrix in matrices.values():
        same_names(names, matrix.names, zh="另一位专家的判断", en="another expert's judgements")
    experts = {
        expert: priorities(matrix, random_index=random_index, incomplete=incomplete)
        for expert, matrix in matrices.items()
    }
    usable = {expert: found for expert, found in experts.items() if found.usable}
    if not usable:
        limit = random_index.limit
        raise Undetermined(
            f"没有一位专家的判断矩阵通过一致性检验（CR < {limit:g}）。请按提示修改判断后再汇总。",
            f"No expert's matrix is consistent enough (CR < {limit:g}). Let judgements be thought over first.",
        )
    spread = _spread(names, [matrices[expert] for expert in usable])
    matrix = from_judgements(names, {(one.first, one.second): one.mean for one in spread})
    aij = priorities(matrix, random_index=random_index, incomplete=incomplete)
    weights = [[found.by_name()[name] for name in names] for found in usable.values()]
    aip = normalised(
        math.exp(math.fsum(map(math.log, column)) / len(column)) for column in zip(*weights, strict=True)
    )
    left_out = tuple(expert for expert in experts if expert not in usable)
    agreement = concordance([[round(weight, 12) for weight in row] for row in weights])
    return GroupPriorities(experts, left_out, matrix, aij, aip, spread, agreement)


def _spread(names: tuple[str, ...], matrices: list[PairwiseMatrix]) -> tuple[Spread, ...]:
    found = []
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            logs = [
                math.log(value)
                for matrix in matrices
                if (value := matrix.values[matrix.names.index(first)][matrix.names.index(second)]) is not None
            ]
            if logs:
                found.append(_one(first, second, logs))
    return tuple(found)


def _one(first: str, second: str, logs: list[float]) -> Spread:
    mean = math.fsum(logs) / len(logs)
    gsd = None
    if len(logs) > 1:
        gsd = math.exp(math.sqrt(math.fsum((value - mean) ** 2 for value in logs) / (len(logs) - 1)))
    return Spread(first, second, len(logs), math.exp(mean), gsd, math.exp(min(logs)), math.exp(max(logs)))
