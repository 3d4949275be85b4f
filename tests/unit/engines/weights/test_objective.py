"""Entropy, CRITIC and combinations: worked by hand, and what must hold for any table."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zhiqiao.engines import weights

TABLE = [[1.0, 10.0, 5.0], [2.0, 20.0, 5.0], [3.0, 20.0, 5.0]]


def matrix(values: list[list[float | None]], cost: tuple[str, ...] = ()) -> weights.DecisionMatrix:
    names = [chr(ord("x") + at) for at in range(len(values[0]))]
    return weights.decision_matrix([f"r{at}" for at in range(len(values))], names, values, cost=cost)


def test_entropy_by_hand() -> None:
    """x: 0, ½, 1 are shares 0, ⅓, ⅔; y: 0, 1, 1 are 0, ½, ½; z is constant.

    e_x = (⅓·ln 3 + ⅔·ln 1.5)/ln 3 = 0.57938, e_y = ln 2/ln 3 = 0.63093; 1 - e: 0.42062 and 0.36907 of 0.78969.
    """
    found = weights.entropy_weights(matrix(TABLE))
    assert found.details["x"]["entropy"] == pytest.approx(0.57938, abs=1e-5)
    assert found.details["y"]["entropy"] == pytest.approx(0.63093, abs=1e-5)
    assert found.weights == pytest.approx({"x": 0.53264, "y": 0.46736, "z": 0.0}, abs=1e-5)
    assert found.constant == ("z",)


def test_the_fighter_aircraft_of_hwang_and_yoon() -> None:
    """Multiple Attribute Decision Making, 1981: four aircraft, six attributes, shares of the values themselves."""
    aircraft: list[list[float | None]] = [
        [2.0, 1500, 20000, 5.5, 5, 9],
        [2.5, 2700, 18000, 6.5, 3, 5],
        [1.8, 2000, 21000, 4.5, 7, 7],
        [2.2, 1800, 20000, 5.0, 5, 5],
    ]
    names = ["speed", "range", "payload", "price", "reliability", "agility"]
    table = weights.decision_matrix(list("abcd"), names, aircraft, cost=["price"])
    found = weights.entropy_weights(table, scaling="share")
    entropies = [found.details[name]["entropy"] for name in names]
    assert entropies == pytest.approx([0.9946, 0.9829, 0.9989, 0.9931, 0.9703, 0.9770], abs=2e-4)
    # Printed weights come from entropies of four digits: 1e-4 of the 0.0832 they leave in all is 0.0012 of a weight.
    printed = [0.0649, 0.2055, 0.0133, 0.0829, 0.3570, 0.2764]
    assert list(found.weights.values()) == pytest.approx(printed, abs=2e-3)


def test_a_cost_is_turned_round() -> None:
    """As a cost, x is 1, ½, 0: the same shares in another order; y as a cost is 1, 0, 0, whose entropy is 0."""
    found = weights.entropy_weights(matrix(TABLE, cost=("x", "y")))
    assert found.details["x"]["entropy"] == pytest.approx(0.57938, abs=1e-5)
    assert found.details["y"]["entropy"] == 0


def test_critic_by_hand() -> None:
    """a: 0, ½, 1; b: 1, ½, 0; c: 0, 1, ½. All deviate by ½. r_ab = -1, r_ac = ½, r_bc = -½.

    Conflicts: a 2 + ½, b 2 + 1½, c ½ + 1½; of 8 in all.
    """
    found = weights.critic_weights(matrix([[0, 10, 3], [5, 5, 5], [10, 0, 4]]))
    assert found.details["x"] == pytest.approx({"deviation": 0.5, "conflict": 2.5, "information": 1.25})
    assert found.weights == pytest.approx({"x": 2.5 / 8, "y": 3.5 / 8, "z": 2 / 8})


def test_critic_leaves_a_constant_out() -> None:
    found = weights.critic_weights(matrix([[0, 10, 7], [5, 4, 7], [10, 0, 7]]))
    assert found.constant == ("z",)
    assert found.weights["z"] == 0
    assert math.fsum(found.weights.values()) == pytest.approx(1, abs=1e-12)


def test_critic_can_not_tell_what_moves_together() -> None:
    with pytest.raises(weights.Undetermined):
        weights.critic_weights(matrix([[0, 1], [5, 6], [10, 11]]))
    with pytest.raises(weights.Undetermined):
        weights.critic_weights(matrix([[0, 1], [5, 1], [10, 1]]))


def test_constant_tables_give_no_weights() -> None:
    flat: list[list[float | None]] = [[0.1 + 0.2, 5], [0.3, 5], [0.3, 5]]
    for work in (weights.entropy_weights, weights.critic_weights):
        with pytest.raises(weights.Undetermined):
            work(matrix(flat))


def test_a_missing_value_is_named() -> None:
    with pytest.raises(weights.MissingValues) as caught:
        weights.decision_matrix(["r", "s"], ["x", "y"], [[1, None], [float("nan"), 2]], row_numbers=[2, 3])
    assert caught.value.cells == (("r", "y"), ("s", "x"))
    assert [(one.row, one.field) for one in caught.value.problems] == [(2, "y"), (3, "x")]


def test_shares_of_negative_values_are_refused_and_scaling_takes_them() -> None:
    table = matrix([[-1, 2], [0, 1], [3, 5]])
    with pytest.raises(weights.InputError, match="minmax"):
        weights.entropy_weights(table, scaling="share")
    assert math.fsum(weights.entropy_weights(table).weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("alternatives", "indicators", "values", "cost"),
    [
        (["r"], ["x"], [[1]], []),
        (["r", "s"], [], [[], []], []),
        (["r", "r"], ["x"], [[1], [2]], []),
        (["r", "s"], ["x", "x"], [[1, 1], [2, 2]], []),
        (["r", "s"], ["x"], [[1], [2]], ["nowhere"]),
        (["r", "s"], ["x"], [[1], [float("inf")]], []),
    ],
)
def test_tables_that_are_none(
    alternatives: list[str], indicators: list[str], values: list[list[float | None]], cost: list[str]
) -> None:
    with pytest.raises(weights.InputError):
        weights.decision_matrix(alternatives, indicators, values, cost=cost)


tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(-50, 50), min_size=width, max_size=width), min_size=3, max_size=8
    )
)


@given(tables, st.floats(0.5, 20), st.floats(-30, 30))
def test_weights_do_not_depend_on_units_or_order(
    table: list[list[float | None]], factor: float, shift: float
) -> None:
    moved = [[(cell or 0) * factor + shift for cell in row] for row in table]
    for work in (weights.entropy_weights, weights.critic_weights):
        try:
            found = work(matrix(table))
        except weights.Undetermined:
            assume(False)
        assert abs(math.fsum(found.weights.values()) - 1) < 1e-12
        assert min(found.weights.values()) >= 0
        assert work(matrix(moved)).weights == pytest.approx(found.weights, abs=1e-7)  # type: ignore[arg-type]
        assert work(matrix(table[::-1])).weights == pytest.approx(found.weights, abs=1e-9)
        turned = work(matrix([row[::-1] for row in table])).weights
        assert list(turned.values())[::-1] == pytest.approx(list(found.weights.values()), abs=1e-9)


S, O = {"x": 0.5, "y": 0.3, "z": 0.2}, {"x": 0.2, "y": 0.2, "z": 0.6}  # noqa: E741


def test_combinations_by_hand() -> None:
    linear = weights.combine_linear(S, O, alpha=0.25)
    assert linear.weights == pytest.approx({"x": 0.275, "y": 0.225, "z": 0.5})
    # Products 0.10, 0.06, 0.12 of 0.28.
    assert weights.combine_product(S, O).weights == pytest.approx({"x": 10 / 28, "y": 6 / 28, "z": 12 / 28})
    roots = [math.sqrt(0.10), math.sqrt(0.06), math.sqrt(0.12)]
    geometric = weights.combine_geometric(S, O)
    assert list(geometric.weights.values()) == pytest.approx([root / sum(roots) for root in roots])


def test_least_deviation_solves_its_equations() -> None:
    """S·S = 0.38, S·O = 0.28, O·O = 0.44: 0.38a + 0.28b = 0.38, 0.28a + 0.44b = 0.44.

    The determinant is 0.0888; a = (0.38·0.44 - 0.28·0.44)/0.0888 = 0.4955, b = (0.38·0.44 - 0.28·0.38)/0.0888 = 0.6847.
    """
    found = weights.combine_least_deviation(S, O)
    a, b = 0.044 / 0.0888, 0.0608 / 0.0888
    assert found.shares == pytest.approx((a / (a + b), b / (a + b)))
    assert found.weights["x"] == pytest.approx((0.5 * a + 0.2 * b) / (a + b))
    assert weights.combine_least_deviation(S, S).weights == pytest.approx(S)


def test_combining_needs_weights_of_the_same_things() -> None:
    with pytest.raises(weights.InputError, match="missing"):
        weights.combine_linear(S, {"x": 0.5, "y": 0.5}, alpha=0.5)
    with pytest.raises(weights.ImpossibleWeights):
        weights.combine_product(S, {"x": 0.5, "y": 0.5, "z": 0.5})
    with pytest.raises(weights.InputError):
        weights.combine_linear(S, O, alpha=1.5)
    with pytest.raises(weights.InputError):
        weights.combine_geometric(S, O, alpha=1)
    with pytest.raises(weights.Undetermined):
        weights.combine_product({"x": 1.0, "y": 0.0}, {"x": 0.0, "y": 1.0})


@given(
    st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)), min_size=1, max_size=12),
    st.floats(0.01, 0.99),
)
def test_every_combination_sums_to_one(parts: list[tuple[float, float]], alpha: float) -> None:
    first, second = (
        {str(at): pair[side] / math.fsum(one[side] for one in parts) for at, pair in enumerate(parts)}
        for side in (0, 1)
    )
    for found in (
        weights.combine_linear(first, second, alpha=alpha),
        weights.combine_product(first, second),
        weights.combine_geometric(first, second, alpha=alpha),
        weights.combine_least_deviation(first, second),
    ):
        assert abs(math.fsum(found.weights.values()) - 1) < 1e-12
