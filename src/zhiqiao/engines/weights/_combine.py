"""Several sets of weights of the same indicators into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zhiqiao.engines.weights._errors import InputError, Problem, Undetermined
from zhiqiao.engines.weights._normal import checked_weights, normalised, same_names
from zhiqiao.engines.weights._pairwise import Array


@dataclass(frozen=True)
class Combined:
    """Combined weights and, in the order given, the share each set has in them (None: a product has no shares)."""

    method: str
    weights: Mapping[str, float]
    shares: tuple[float, ...] | None


def combine_linear(first: Mapping[str, float], second: Mapping[str, float], *, alpha: float) -> Combined:
    """Return alpha·first + (1 - alpha)·second; alpha within 0..1."""
    if not 0 <= alpha <= 1:
        raise InputError(
            Problem(0, "alpha", f"{alpha:g} 不在 0 到 1 之间。", f"{alpha:g} is not within 0 to 1.")
        )
    names, table = _table([first, second])
    mixed = normalised(alpha * table[0] + (1 - alpha) * table[1])
    return Combined("linear", dict(zip(names, mixed, strict=True)), (alpha, 1 - alpha))


def combine_product(first: Mapping[str, float], second: Mapping[str, float]) -> Combined:
    """Return weights in proportion to the products; a weight of 0 in either set stays 0.

    Raises Undetermined when every product is 0.
    """
    names, table = _table([first, second])
    product = table[0] * table[1]
    _check_some(product)
    return Combined("product", dict(zip(names, normalised(product), strict=True)), None)


def combine_geometric(
    first: Mapping[str, float], second: Mapping[str, float], *, alpha: float = 0.5
) -> Combined:
    """Return weights in proportion to first^alpha · second^(1 - alpha); alpha strictly within 0..1."""
    if not 0 < alpha < 1:
        raise InputError(
            Problem(0, "alpha", f"{alpha:g} 不在 0 与 1 之间。", f"{alpha:g} is not between 0 and 1.")
        )
    names, table = _table([first, second])
    mixed = table[0] ** alpha * table[1] ** (1 - alpha)
    _check_some(mixed)
    return Combined("geometric", dict(zip(names, normalised(mixed), strict=True)), None)


def combine_least_deviation(*sets: Mapping[str, float]) -> Combined:
    """Mix two or more sets so that the mixture is nearest to all of them (the "game theory" combination, 博弈论组合).

    Solves Σ_k a_k w_j·w_k = w_j·w_j for all j and scales |a| to 1. Where sets coincide the least solution is taken.
    """
    if len(sets) < 2:
        raise InputError(Problem(0, "", "至少要有两组权重。", "at least two sets of weights are needed."))
    names, table = _table(sets)
    products = table @ table.T
    solution, *_ = np.linalg.lstsq(products, np.diag(products), rcond=1e-12)
    shares = normalised(np.abs(solution))
    mixed = normalised(np.array(shares) @ table)
    return Combined("least_deviation", dict(zip(names, mixed, strict=True)), shares)


def _table(sets: Sequence[Mapping[str, float]]) -> tuple[tuple[str, ...], Array]:
    names = tuple(sets[0])
    for other in sets[1:]:
        same_names(names, tuple(other), zh="另一组权重", en="the other set of weights")
    checked = [checked_weights(one) for one in sets]
    return names, np.array([[one[name] for name in names] for one in checked], dtype=np.float64)


def _check_some(values: Array) -> None:
    if not values.sum() > 0:
        raise Undetermined(
            "两组权重没有共同的非零项，无法相乘。请改用线性组合。",
            "The two sets share no weight above 0, so they can not be multiplied. Combine them linearly.",
        )
