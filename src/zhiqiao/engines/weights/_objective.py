"""Weights that the data themselves give: entropy and CRITIC over a table of alternatives × indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from zhiqiao.engines.weights._errors import InputError, MissingValues, Problem, Undetermined
from zhiqiao.engines.weights._normal import normalised
from zhiqiao.engines.weights._pairwise import Array

Direction = Literal["benefit", "cost"]
Scaling = Literal["minmax", "share"]
Flags = npt.NDArray[np.bool_]

_ROUNDING = 1e-13


@dataclass(frozen=True)
class DecisionMatrix:
    """Values of alternatives (rows) by indicators (columns), every one known; made by `decision_matrix`."""

    alternatives: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Array
    directions: tuple[Direction, ...]
    rows: tuple[int, ...]


def decision_matrix(
    alternatives: Sequence[str],
    indicators: Sequence[str],
    values: Sequence[Sequence[float | None]],
    *,
    cost: Sequence[str] = (),
    row_numbers: Sequence[int] | None = None,
) -> DecisionMatrix:
    """Check a table and return it; indicators in `cost` are the better the smaller.

    Raises MissingValues with every empty cell and InputError for unknown or repeated names, fewer than two
    alternatives or values that are no finite numbers.
    """
    rows = tuple(row_numbers or [0] * len(alternatives))
    problems = _name_problems(alternatives, indicators, cost, rows)
    if problems:
        raise InputError(*problems)
    table = np.array(
        [[np.nan if cell is None else cell for cell in row] for row in values], dtype=np.float64
    ).reshape(len(alternatives), len(indicators))
    empty = [
        (i, j) for i, row in enumerate(values) for j, cell in enumerate(row) if cell is None or np.isnan(cell)
    ]
    if empty:
        cells = [(alternatives[i], indicators[j]) for i, j in empty]
        raise MissingValues(cells, [rows[i] for i, _ in empty])
    infinite = [(int(i), int(j)) for i, j in np.argwhere(~np.isfinite(table))]
    if infinite:
        raise InputError(
            *(
                Problem(
                    rows[i], indicators[j], "数值不是有限的数。请核对。", "the value is not finite. Check it."
                )
                for i, j in infinite
            )
        )
    directions: list[Direction] = ["cost" if name in cost else "benefit" for name in indicators]
    return DecisionMatrix(tuple(alternatives), tuple(indicators), table, tuple(directions), rows)


def _name_problems(
    alternatives: Sequence[str], indicators: Sequence[str], cost: Sequence[str], rows: Sequence[int]
) -> list[Problem]:
    problems = []
    if len(alternatives) < 2:
        problems.append(
            Problem(
                0,
                "",
                f"至少要有两个方案，实有 {len(alternatives)} 个。",
                f"at least two alternatives are needed, there are {len(alternatives)}.",
            )
        )
    if not indicators:
        problems.append(Problem(0, "", "没有指标列。", "there is no column of an indicator."))
    problems += [
        Problem(0, name, "指标名称重复。请改名。", "the indicator stands twice. Rename one.")
        for name in sorted({name for name in indicators if list(indicators).count(name) > 1})
    ]
    first: dict[str, int] = {}
    for name, row in zip(alternatives, rows, strict=True):
        if name in first:
            problems.append(
                Problem(
                    row,
                    "",
                    f"方案“{name}”重复（第 {first[name]} 行已有）。请改名或删去一行。",
                    f"alternative “{name}” stands in row {first[name]} already. Rename or delete one.",
                )
            )
        first.setdefault(name, row)
    for name in cost:
        if name not in indicators:
            known = "、".join(indicators)
            problems.append(
                Problem(
                    0,
                    name,
                    f"没有这个成本型指标；现有：{known}。",
                    f"no such indicator to be a cost; there are: {known}.",
                )
            )
    return problems


@dataclass(frozen=True)
class ObjectiveWeights:
    """Weights by indicator with what they were computed from.

    `details` maps an indicator to its figures (entropy and divergence, or deviation, conflict and information).
    `constant` indicators tell no alternative from another and weigh 0.
    """

    method: str
    scaling: Scaling
    weights: Mapping[str, float]
    details: Mapping[str, Mapping[str, float]]
    constant: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def scaled(matrix: DecisionMatrix) -> tuple[Array, Flags]:
    """Return the values brought to 0..1 with 1 the best, and which columns are constant (those stay 0)."""
    constant = _constant(matrix)
    peak = np.abs(matrix.values).max(axis=0)
    values = matrix.values / np.where(peak > 0, peak, 1.0)
    low = values.min(axis=0)
    result = (values - low) / np.where(constant, 1.0, values.max(axis=0) - low)
    costs = np.array([direction == "cost" for direction in matrix.directions])
    result = np.where(costs, 1 - result, result)
    return np.where(constant, 0.0, result), constant


def _constant(matrix: DecisionMatrix) -> Flags:
    """Tell which columns are constant but for rounding, which must not be blown up to a difference."""
    low, high = matrix.values.min(axis=0), matrix.values.max(axis=0)
    flat: Flags = high / 2 - low / 2 <= _ROUNDING * np.maximum(np.abs(low), np.abs(high))
    return flat


def entropy_weights(matrix: DecisionMatrix, *, scaling: Scaling = "minmax") -> ObjectiveWeights:
    """Return weights by Shannon's entropy: w_j ∝ 1 - e_j, e_j = -Σ p ln p / ln m, 0·ln 0 = 0 (Hwang and Yoon 1981).

    `minmax`: p are shares of values brought to 0..1 with 1 the best, so negative values and zeros are fine.
    `share`: p are shares of the values themselves, as in the source; directions play no part there, and a negative
    value raises InputError. All columns constant raises Undetermined.
    """
    if scaling == "minmax":
        values, constant = scaled(matrix)
    else:
        values = _not_negative(matrix)
        constant = _constant(matrix)
    _check_not_all(constant)
    sums = values.sum(axis=0)
    shares = values / np.where(sums > 0, sums, 1.0)
    logs = np.log(np.where(shares > 0, shares, 1.0))
    entropy = -(shares * logs).sum(axis=0) / np.log(len(matrix.alternatives))
    entropy = np.where(constant, 1.0, np.clip(entropy, 0.0, 1.0))
    divergence = 1 - entropy
    details = {
        name: {"entropy": float(e), "divergence": float(d)}
        for name, e, d in zip(matrix.indicators, entropy, divergence, strict=True)
    }
    return _result(matrix, divergence, method="entropy", scaling=scaling, constant=constant, details=details)


def critic_weights(matrix: DecisionMatrix) -> ObjectiveWeights:
    """Return CRITIC weights: w_j ∝ s_j · Σ_k (1 - r_jk) over values brought to 0..1 (Diakoulaki et al. 1995).

    s is the standard deviation (n - 1) and r Pearson's correlation. Raises Undetermined when all columns are constant
    or all others follow one another exactly.
    """
    values, constant = scaled(matrix)
    _check_not_all(constant)
    varying = np.flatnonzero(~constant)
    part = values[:, varying]
    deviation, conflict = np.zeros(values.shape[1]), np.zeros(values.shape[1])
    deviation[varying] = part.std(axis=0, ddof=1)
    correlation = np.clip(np.atleast_2d(np.corrcoef(part, rowvar=False)), -1.0, 1.0)
    conflict[varying] = (1 - correlation).sum(axis=1)
    conflict[np.abs(conflict) < 1e-12] = 0.0
    information = deviation * conflict
    if not information.sum() > 0:
        raise Undetermined(
            "各指标完全同步变化（或只有一个指标有差异），CRITIC 无法区分。请改用熵权法或层次分析法。",
            "The indicators follow one another exactly (or only one varies), so CRITIC can not tell them apart. "
            "Use entropy or AHP.",
        )
    details = {
        name: {"deviation": float(s), "conflict": float(f), "information": float(c)}
        for name, s, f, c in zip(matrix.indicators, deviation, conflict, information, strict=True)
    }
    return _result(matrix, information, method="critic", scaling="minmax", constant=constant, details=details)


def _not_negative(matrix: DecisionMatrix) -> Array:
    bad = np.argwhere(matrix.values < 0)
    if len(bad):
        raise InputError(
            *(
                Problem(
                    matrix.rows[i],
                    matrix.indicators[j],
                    "比重法不能处理负值。请改用极差法（minmax）。",
                    "a negative value has no share. Use the scaling minmax.",
                )
                for i, j in bad
            )
        )
    return matrix.values


def _check_not_all(constant: Flags) -> None:
    if constant.all():
        raise Undetermined(
            "所有指标在各方案之间都没有差异，无法由数据得到权重。",
            "No indicator tells the alternatives apart, so the data give no weights.",
        )


def _result(
    matrix: DecisionMatrix,
    raw: Array,
    *,
    method: str,
    scaling: Scaling,
    constant: Flags,
    details: Mapping[str, Mapping[str, float]],
) -> ObjectiveWeights:
    if not raw.sum() > 0:
        raise Undetermined(
            "各指标的信息量都是零，无法由数据得到权重。",
            "No indicator holds information, so the data give no weights.",
        )
    weights = dict(zip(matrix.indicators, normalised(raw), strict=True))
    names = tuple(name for name, flat in zip(matrix.indicators, constant, strict=True) if flat)
    notes = ("few_alternatives",) if len(matrix.alternatives) < 3 else ()
    return ObjectiveWeights(method, scaling, weights, details, names, notes)
