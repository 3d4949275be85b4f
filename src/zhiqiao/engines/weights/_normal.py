"""Weights that sum to 1; the one place where a sum is divided out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from zhiqiao.engines.weights._errors import ImpossibleWeights, InputError, Problem

TOLERANCE = 1e-9
"""How far given weights may be from a sum of 1."""


def normalised(values: Iterable[float]) -> tuple[float, ...]:
    """Divide by the sum; the result sums to 1 within a few units of rounding. The sum must be positive."""
    parts = [float(value) for value in values]
    total = math.fsum(parts)
    if not (total > 0 and math.isfinite(total)):
        msg = f"no positive sum to divide by: {total}"
        raise ValueError(msg)
    return tuple(part / total for part in parts)


def checked_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights that are finite, not negative and sum to 1; raise what is wrong with them."""
    bad = [name for name, value in weights.items() if not (math.isfinite(value) and value >= 0)]
    if bad or not weights:
        raise InputError(
            *(
                Problem(0, name, "权重必须是不小于 0 的数。", "a weight must be a number of 0 or more.")
                for name in bad or [""]
            )
        )
    total = math.fsum(weights.values())
    if abs(total - 1) > TOLERANCE:
        raise ImpossibleWeights(
            f"权重之和是 {total:.10g}，不是 1。请先归一。",
            f"The weights sum to {total:.10g}, not to 1. Scale them first.",
        )
    return dict(zip(weights, normalised(weights.values()), strict=True))


def same_names(first: Sequence[str], second: Sequence[str], *, zh: str, en: str) -> None:
    """Raise InputError unless both hold the same names; `zh` and `en` say what the second one is."""
    for name in first:
        if name not in second:
            raise InputError(Problem(0, name, f"{zh}中没有这一项。", f"is missing in {en}."))
    for name in second:
        if name not in first:
            raise InputError(Problem(0, name, f"只出现在{zh}中。", f"stands only in {en}."))
