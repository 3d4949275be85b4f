"""Weights of which some were never published: what arithmetic still says, and no index before all are set (EV-03)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from zhiqiao.engines.weights._errors import ImpossibleWeights, InputError, Problem, UnknownWeights
from zhiqiao.engines.weights._normal import TOLERANCE, checked_weights, same_names


class Bounds(NamedTuple):
    """The least and greatest value that is possible; equal where it is known."""

    low: float
    high: float


@dataclass(frozen=True)
class KnownWeights:
    """Weights that sum to 1, None where unknown; `greatest` names a known one that no other exceeds.

    Raises ImpossibleWeights when no completion exists, InputError for names and values that are none.
    """

    weights: Mapping[str, float | None]
    greatest: str = ""

    def __post_init__(self) -> None:
        """Check that the weights can be completed."""
        for name, value in self.weights.items():
            if value is not None and not (math.isfinite(value) and 0 <= value <= 1):
                raise InputError(
                    Problem(
                        0,
                        name,
                        "权重必须在 0 到 1 之间；未知的请留空。",
                        "a weight is within 0 to 1; leave it empty if unknown.",
                    )
                )
        if self.greatest and self.weights.get(self.greatest) is None:
            raise InputError(
                Problem(
                    0, self.greatest, "最大的一项必须有已知权重。", "the greatest weight must be a known one."
                )
            )
        self._check_possible()

    def _check_possible(self) -> None:
        cap, rest, unknown = self._cap(), self._rest(), len(self.unknown)
        over = [name for name, value in self.weights.items() if value is not None and value > cap + TOLERANCE]
        if over or rest < -TOLERANCE or rest > unknown * cap + TOLERANCE:
            known = 1 - rest
            raise ImpossibleWeights(
                f"已知权重之和为 {known:.6g}，其余 {unknown} 项（每项至多 {cap:.6g}）无法使总和为 1。请核对。",
                f"The known weights sum to {known:.6g}; the other {unknown} (each at most {cap:.6g}) can not make the "
                "sum 1. Check the known weights.",
            )

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the names of unknown weights."""
        return tuple(name for name, value in self.weights.items() if value is None)

    def complete(self) -> dict[str, float]:
        """Return the weights when all are known; raise UnknownWeights naming those that are not."""
        if self.unknown:
            raise UnknownWeights(self.unknown)
        return checked_weights({name: value for name, value in self.weights.items() if value is not None})

    def index(self, values: Mapping[str, float]) -> float:
        """Return Σ w·v; raise UnknownWeights while a weight is unknown."""
        weights = self.complete()
        same_names(tuple(weights), tuple(values), zh="指标数值", en="the values")
        return math.fsum(weight * values[name] for name, weight in weights.items())

    def bounds(self) -> dict[str, Bounds]:
        """Return the interval of every weight: none exceeds the greatest and together they make 1."""
        cap, rest, others = self._cap(), max(0.0, self._rest()), len(self.unknown) - 1
        free = Bounds(max(0.0, rest - others * cap), min(cap, rest))
        return {name: free if value is None else Bounds(value, value) for name, value in self.weights.items()}

    def index_bounds(self, values: Mapping[str, float]) -> Bounds:
        """Return the least and greatest Σ w·v over all possible completions."""
        same_names(tuple(self.weights), tuple(values), zh="指标数值", en="the values")
        fixed = math.fsum(
            weight * values[name] for name, weight in self.weights.items() if weight is not None
        )
        free = sorted(values[name] for name in self.unknown)
        return Bounds(fixed + self._spread_over(free), fixed + self._spread_over(free[::-1]))

    def _spread_over(self, values: list[float]) -> float:
        """Give each value in turn as much of the rest as one weight may hold."""
        rest, total = max(0.0, self._rest()), 0.0
        for value in values:
            part = min(self._cap(), rest)
            total, rest = total + part * value, rest - part
        return total

    def _cap(self) -> float:
        cap = self.weights.get(self.greatest)
        return 1.0 if cap is None else cap

    def _rest(self) -> float:
        return 1 - math.fsum(value for value in self.weights.values() if value is not None)
