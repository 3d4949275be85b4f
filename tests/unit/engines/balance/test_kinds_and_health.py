"""Kinds of gap as in the fourth paper's table, and what is suggested for a programme."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.engines.balance.worlds import postings_of, programme
from zhiqiao.engines.balance import (
    Advice,
    BalanceParameters,
    Condition,
    GapKind,
    HealthFacts,
    Interval,
    ProgrammeSupply,
    RoleIndex,
    compare,
    gap_kinds,
    read_parameters,
    recommend,
)
from zhiqiao.packs import common_file


@pytest.fixture(scope="module")
def parameters() -> BalanceParameters:
    return read_parameters(common_file("balance", "balance.toml"))


def _index(supply: list[ProgrammeSupply], parameters: BalanceParameters) -> RoleIndex:
    postings = postings_of({"a": {"x": 1.0, "y": 1.0}, "b": {"z": 1.0}}, size={"a": 60, "b": 60})
    return compare(postings, supply, parameters, seed=1).roles[0]


def _kinds(supply: list[ProgrammeSupply], parameters: BalanceParameters) -> list[GapKind]:
    return [finding.kind for finding in gap_kinds(_index(supply, parameters), supply, parameters)]


def test_no_programme_is_said_alone(parameters: BalanceParameters) -> None:
    assert _kinds([programme("q", ["b"], {})], parameters) == [GapKind.PROGRAMME_MISSING]


def test_content_conditions_and_theory_are_told_apart(parameters: BalanceParameters) -> None:
    full = {"x": 16.0, "y": 16.0}
    other = programme("q", ["b"], {"z": 16})
    short = (Condition("洁净车间", required=2, present=1), Condition("未登记", required=2, present=None))
    behind = programme("p", ["a"], {"x": 16})
    assert _kinds([behind, other], parameters) == [GapKind.CONTENT_BEHIND]
    assert _kinds([replace(programme("p", ["a"], full), conditions=short), other], parameters) == [
        GapKind.CONDITIONS_SHORT
    ]
    for changed in ({"practice_share": 0.4}, {"practice_share": 0.6, "real_projects": 0}):
        made = replace(programme("p", ["a"], full), **changed)  # type: ignore[arg-type]  # mixed numbers
        assert _kinds([made, other], parameters) == [GapKind.TOO_THEORETICAL]
    assert _kinds([programme("p", ["a"], full), other], parameters) == []


def test_over_supply_needs_the_whole_interval(parameters: BalanceParameters) -> None:
    full = {"x": 16.0, "y": 16.0}
    supply = [programme("p", ["a"], full, graduates=900), programme("q", ["b"], {"z": 16}, graduates=100)]
    index = _index(supply, parameters)  # half of the postings against nine tenths of the graduates
    assert index.quantity is not None
    assert index.quantity.value == pytest.approx(-0.4 / 1.4)
    for limit, expected in ((0.2, [GapKind.OVER_SUPPLY]), (0.28, [])):
        strict = replace(parameters, kinds={**parameters.kinds, "over_supply": limit})
        assert [finding.kind for finding in gap_kinds(index, supply, strict)] == expected


def test_what_is_unknown_concludes_nothing(parameters: BalanceParameters) -> None:
    unknown = RoleIndex(_index([], parameters).role, 3, None, None, (), None)
    assert gap_kinds(unknown, [], parameters) == ()


def _flat(value: float, spread: float = 0.0) -> Interval:
    return Interval(value, value - spread, value + spread)


@pytest.mark.parametrize(
    ("facts", "advice", "reason"),
    [
        (HealthFacts("p"), Advice.UNKNOWN, "quantity_unknown"),
        (HealthFacts("p", _flat(0.0), _flat(0.1)), Advice.KEEP, "balanced"),
        (HealthFacts("p", _flat(0.5), _flat(0.1)), Advice.EXPAND, "demand_above_graduates"),
        (HealthFacts("p", _flat(0.0), _flat(0.6)), Advice.ADJUST, "content_behind"),
        (HealthFacts("p", _flat(-0.4), _flat(0.1)), Advice.REDUCE, "demand_below_graduates"),
        (HealthFacts("p", _flat(-0.8), _flat(0.1)), Advice.REDUCE, "demand_below_graduates"),
        (HealthFacts("p", _flat(-0.8), _flat(0.1), placement=0.5), Advice.STOP, "placement_low"),
        (HealthFacts("p", _flat(0.5), _flat(0.1), overlap={"q": 0.9}), Advice.ADJUST, "overlap_high"),
    ],
)
def test_advice_follows_its_reasons(
    facts: HealthFacts, advice: Advice, reason: str, parameters: BalanceParameters
) -> None:
    found = recommend(facts, [facts], parameters)
    assert found.advice == advice
    assert reason in found.reasons


def test_cost_is_compared_with_the_median_of_the_region(parameters: BalanceParameters) -> None:
    dear = HealthFacts("p", _flat(0.0), _flat(0.1), cost=30_000)
    others = [dear, replace(dear, key="q", cost=10_000), replace(dear, key="r", cost=12_000)]
    assert recommend(dear, others, parameters).reasons == ("cost_high",)


def test_places_move_towards_balance_by_a_step(parameters: BalanceParameters) -> None:
    def places(value: float) -> int | None:
        return recommend(HealthFacts("p", _flat(value), _flat(0.1), enrolled=100), [], parameters).places

    assert [places(value) for value in (0.0, 0.34, 0.9, -0.4)] == [100, 120, 120, 80]
    assert recommend(HealthFacts("p", _flat(0.9), _flat(0.1)), [], parameters).places is None


def test_firmness_falls_near_a_limit_and_names_what_flips(parameters: BalanceParameters) -> None:
    firm = recommend(HealthFacts("p", _flat(0.0, 0.1), _flat(0.1, 0.05)), [], parameters)
    near = recommend(HealthFacts("p", _flat(0.32, 0.1), _flat(0.1, 0.05)), [], parameters)
    assert firm.firmness == 1.0
    assert firm.flips == ()
    assert near.firmness < 1.0
    assert {"quantity_high", "expand_demand-10%"} <= set(near.flips)
