"""Programme health: open, keep, adjust, reduce or stop, each with reasons and how firm it is. A person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median

from zhiqiao.engines.balance._values import BalanceParameters, Interval


class Advice(StrEnum):
    """What the figures suggest for a programme."""

    EXPAND = "expand"
    KEEP = "keep"
    ADJUST = "adjust"
    REDUCE = "reduce"
    STOP = "stop"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class HealthFacts:
    """The figures of one programme; None is unknown and concludes nothing.

    `quantity` is the balance's quantity index over its posts, `uncovered` the share of their demand it does not teach,
    rates are 0..1, `cost` is RMB per student and year, `overlap` maps programmes of other schools to the degree (0..1)
    to which they train for the same posts.
    """

    key: str
    quantity: Interval | None = None
    uncovered: Interval | None = None
    enrolled: int | None = None
    placement: float | None = None
    matching: float | None = None
    cost: float | None = None
    overlap: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Recommendation:
    """What is suggested, for which reasons, how many places, and how firm that is.

    `firmness` is the share of the tried cases (each figure at both ends of its interval, each limit 10 % up and down)
    that give the same advice; `flips` names the cases that do not.
    """

    key: str
    advice: Advice
    reasons: tuple[str, ...]
    places: int | None
    firmness: float
    flips: tuple[str, ...]


def recommend(
    facts: HealthFacts, others: Sequence[HealthFacts], parameters: BalanceParameters
) -> Recommendation:
    """Recommend for one programme; `others` are all programmes of the region (for the median of cost)."""
    costs = [item.cost for item in others if item.cost is not None]
    middle = median(costs) if costs else None
    limits = parameters.health
    advice, reasons = _advise(facts, middle, limits)
    cases = _cases(facts, limits)
    flips = tuple(name for name, some, changed in cases if _advise(some, middle, changed)[0] != advice)
    firmness = 1 - len(flips) / len(cases) if cases else 0.0
    return Recommendation(facts.key, advice, reasons, _places(facts, advice, limits), firmness, flips)


def _advise(
    facts: HealthFacts, middle: float | None, limits: Mapping[str, float]
) -> tuple[Advice, tuple[str, ...]]:
    """Return the advice and the names of its reasons; a stop needs two independent ones."""
    if facts.quantity is None:
        return Advice.UNKNOWN, ("quantity_unknown",)
    value = facts.quantity.value
    weak = _weaknesses(facts, middle, limits)
    if value <= limits["stop_demand"] and weak:
        return Advice.STOP, ("demand_far_below_graduates", *weak)
    if value <= -limits["expand_demand"]:
        return Advice.REDUCE, ("demand_below_graduates", *weak)
    behind = facts.uncovered is not None and facts.uncovered.value >= limits["adjust_uncovered"]
    if behind or weak:
        return Advice.ADJUST, (*(("content_behind",) if behind else ()), *weak)
    if value >= limits["expand_demand"]:
        return Advice.EXPAND, ("demand_above_graduates",)
    return Advice.KEEP, ("balanced",)


def _weaknesses(facts: HealthFacts, middle: float | None, limits: Mapping[str, float]) -> tuple[str, ...]:
    found = []
    if facts.placement is not None and facts.placement < limits["placement_low"]:
        found.append("placement_low")
    if facts.matching is not None and facts.matching < limits["matching_low"]:
        found.append("matching_low")
    if facts.overlap and max(facts.overlap.values()) >= limits["overlap_high"]:
        found.append("overlap_high")
    if facts.cost is not None and middle and facts.cost >= limits["cost_high"] * middle:
        found.append("cost_high")
    return tuple(found)


def _cases(
    facts: HealthFacts, limits: Mapping[str, float]
) -> list[tuple[str, HealthFacts, Mapping[str, float]]]:
    """Return the tried cases: both ends of both intervals, and every limit 10 % down and up."""
    found: list[tuple[str, HealthFacts, Mapping[str, float]]] = []
    for end in ("low", "high"):
        if facts.quantity is not None:
            moved = replace(facts, quantity=replace(facts.quantity, value=getattr(facts.quantity, end)))
            found.append((f"quantity_{end}", moved, limits))
        if facts.uncovered is not None:
            moved = replace(facts, uncovered=replace(facts.uncovered, value=getattr(facts.uncovered, end)))
            found.append((f"uncovered_{end}", moved, limits))
    for name in (key for key in limits if key != "step"):
        found += [
            (f"{name}{change:+.0%}", facts, {**limits, name: limits[name] * (1 + change)})
            for change in (-0.1, 0.1)
        ]
    return found


def _places(facts: HealthFacts, advice: Advice, limits: Mapping[str, float]) -> int | None:
    """Return the places for the next year: moved towards balance, at most by `step`; None when enrolment is unknown.

    Balance would be reached when the share of graduates equals the share of demand: s·(1 + q) / (1 - q) = d.
    """
    if facts.enrolled is None or facts.quantity is None:
        return None
    if advice is Advice.STOP:
        return 0
    if advice not in {Advice.EXPAND, Advice.REDUCE}:
        return facts.enrolled
    value = max(-0.99, min(0.99, facts.quantity.value))
    wanted = (1 + value) / (1 - value)
    return round(facts.enrolled * max(1 - limits["step"], min(1 + limits["step"], wanted)))
