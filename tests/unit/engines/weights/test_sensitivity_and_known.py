"""How far a weight may move, and what is known of weights that were never published."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines import competency, weights
from zhiqiao.packs import common_file


def test_two_posts_by_hand() -> None:
    """A is (1, 0), B is (0, 1), weights 0.6 and 0.4: they are level at one half, both ways."""
    found = weights.sensitivity({"x": 0.6, "y": 0.4}, ["A", "B"], [[1, 0], [0, 1]], step=0.1)
    x, y = found.rooms
    assert (x.low, x.high, x.low_swap, x.high_swap) == (pytest.approx(0.5), 1, ("A", "B"), None)
    assert (y.low, y.high, y.low_swap, y.high_swap) == (0, pytest.approx(0.5), None, ("A", "B"))
    assert found.ranks == {"A": 1, "B": 2}
    # ±10 %: 0.54 and 0.66 for x, 0.36 and 0.44 for y: A stays ahead.
    assert [round(one.weight, 4) for one in found.shifts] == [0.54, 0.66, 0.36, 0.44]
    assert not any(one.changed for one in found.shifts)
    assert weights.sensitivity({"x": 0.6, "y": 0.4}, ["A", "B"], [[1, 0], [0, 1]], step=0.5).shifts[0].changed


def test_the_first_of_several_swaps_is_named() -> None:
    """Weights ½, ¼, ¼. A 0.55, B 0.5, C 0.3. Moving x to t leaves (1-t)/2 for y and z each.

    A = 0.6t + 0.5(1-t), B = 0.8t + 0.2(1-t), C = 0.1t + 0.5(1-t). A and B meet at 0.3(1-t) = 0.2t, t = 0.6;
    B and C at 0.7t = 0.3(1-t), t = 0.3; A and C at t = 0.
    """
    values = [[0.6, 0.5, 0.5], [0.8, 0.2, 0.2], [0.1, 0.5, 0.5]]
    room = weights.sensitivity({"x": 0.5, "y": 0.25, "z": 0.25}, ["A", "B", "C"], values, step=0.1).rooms[0]
    assert (room.low, room.low_swap) == (pytest.approx(0.3), ("B", "C"))
    assert (room.high, room.high_swap) == (pytest.approx(0.6), ("A", "B"))


def test_level_alternatives_share_a_rank_and_are_told() -> None:
    found = weights.sensitivity({"x": 0.5, "y": 0.5}, ["A", "B", "C"], [[1, 0], [0, 1], [0, 0]], step=0.1)
    assert found.ranks == {"A": 1, "B": 1, "C": 3}
    assert found.ties == (("A", "B"),)


def test_the_only_weight_can_not_move() -> None:
    found = weights.sensitivity({"x": 1.0, "y": 0.0}, ["A", "B"], [[1, 0], [0, 1]], step=0.1)
    assert found.rooms[0].fixed
    assert found.rooms[1].high == pytest.approx(0.5)
    assert found.shifts[1].weight == 1


def test_a_weight_set_scales_the_others() -> None:
    assert weights.rescaled({"x": 0.5, "y": 0.3, "z": 0.2}, "x", 0.75) == pytest.approx(
        {"x": 0.75, "y": 0.15, "z": 0.1}
    )
    with pytest.raises(weights.InputError):
        weights.rescaled({"x": 1.0}, "y", 0.5)
    with pytest.raises(weights.InputError):
        weights.rescaled({"x": 0.5, "y": 0.5}, "y", 1.5)


def test_tables_with_gaps_are_refused() -> None:
    with pytest.raises(weights.InputError):
        weights.sensitivity({"x": 1.0}, ["A", "B"], [[1.0], [math.nan]], step=0.1)
    with pytest.raises(weights.InputError):
        weights.sensitivity({"x": 0.5, "y": 0.5}, ["A", "B"], [[1.0], [2.0]], step=0.1)


cases = st.tuples(st.integers(2, 4), st.integers(2, 5)).flatmap(
    lambda size: st.tuples(
        st.lists(st.integers(1, 9), min_size=size[0], max_size=size[0]),
        st.lists(
            st.lists(st.integers(0, 9), min_size=size[0], max_size=size[0]),
            min_size=size[1],
            max_size=size[1],
        ),
    )
)


@given(cases, st.floats(0.01, 0.99))
def test_within_its_room_no_order_changes_and_past_it_the_named_pair_has(
    case: tuple[list[int], list[list[int]]], part: float
) -> None:
    parts, values = case
    given_ = {str(at): one / sum(parts) for at, one in enumerate(parts)}
    names = [f"r{at}" for at in range(len(values))]
    found = weights.sensitivity(given_, names, values, step=0.1)

    def scores(name: str, weight: float) -> dict[str, float]:
        moved = list(weights.rescaled(given_, name, weight).values())
        return {
            one: math.fsum(w * v for w, v in zip(moved, row, strict=True))
            for one, row in zip(names, values, strict=True)
        }

    ahead = [(a, b) for a in names for b in names if found.scores[a] > found.scores[b] + 1e-9]
    for room in found.rooms:
        assert room.low <= room.weight <= room.high
        inside = scores(room.indicator, room.low + (room.high - room.low) * part)
        assert all(inside[a] > inside[b] - 1e-9 for a, b in ahead)
        for bound, swap, end in ((room.low, room.low_swap, 0.0), (room.high, room.high_swap, 1.0)):
            if swap is None:
                assert bound == end
            else:
                at, past = scores(room.indicator, bound), scores(room.indicator, (bound + end) / 2)
                assert found.scores[swap.before] > found.scores[swap.after]
                assert at[swap.before] == pytest.approx(at[swap.after], abs=1e-9)
                assert past[swap.before] < past[swap.after]


def test_the_published_framework_gives_bounds_and_no_index() -> None:
    """The greatest of four is 0.2564: 1 - 0.2564 = 0.7436 for three, none above 0.2564, so none below 0.2308."""
    framework = competency.read_framework(common_file("competency", "frameworks", "ai-four-dimensions.toml"))
    known = weights.KnownWeights(
        {dimension.zh: dimension.weight.value for dimension in framework.dimensions},
        greatest="算法与设计技能",
    )
    bounds = known.bounds()
    assert bounds["算法与设计技能"] == (0.2564, 0.2564)
    others = [bound for name, bound in bounds.items() if name != "算法与设计技能"]
    assert len(others) == 3
    for bound in others:
        assert bound == pytest.approx((0.2308, 0.2564))
    with pytest.raises(weights.UnknownWeights) as caught:
        known.index(dict.fromkeys(known.weights, 80.0))
    assert caught.value.names == ("基础职业技能", "数据库与网络技能", "研究与实践技能")
    assert "研究与实践技能" in caught.value.zh


def test_an_index_is_bounded_while_weights_are_unknown() -> None:
    """0.5 for a; b and c share 0.5. With values 10, 20, 40 the rest gives 0.5·20 to 0.5·40."""
    known = weights.KnownWeights({"a": 0.5, "b": None, "c": None})
    assert known.index_bounds({"a": 10, "b": 20, "c": 40}) == pytest.approx((15, 25))
    capped = weights.KnownWeights({"a": 0.4, "b": None, "c": None}, greatest="a")
    # 0.6 for two of at most 0.4: 0.4 and 0.2 either way.
    assert capped.index_bounds({"a": 10, "b": 20, "c": 40}) == pytest.approx((4 + 8 + 8, 4 + 4 + 16))


def test_a_complete_set_gives_an_index() -> None:
    known = weights.KnownWeights({"a": 0.25, "b": 0.75})
    assert known.index({"a": 80, "b": 60}) == pytest.approx(65)
    with pytest.raises(weights.InputError, match="missing"):
        known.index({"a": 80})


def test_one_unknown_is_what_is_left() -> None:
    assert weights.KnownWeights({"a": 0.7, "b": None}).bounds()["b"] == pytest.approx((0.3, 0.3))


@pytest.mark.parametrize(
    ("given_", "greatest"),
    [
        ({"a": 0.7, "b": 0.7, "c": None}, ""),
        ({"a": 0.2, "b": None, "c": None}, "a"),
        ({"a": 0.3, "b": 0.4, "c": None}, "a"),
        ({"a": 0.3, "b": 0.4}, ""),
    ],
)
def test_what_can_not_be_completed_is_refused(given_: dict[str, float | None], greatest: str) -> None:
    with pytest.raises(weights.ImpossibleWeights):
        weights.KnownWeights(given_, greatest=greatest)


def test_names_and_values_are_checked() -> None:
    with pytest.raises(weights.InputError):
        weights.KnownWeights({"a": 1.2, "b": None})
    with pytest.raises(weights.InputError):
        weights.KnownWeights({"a": None, "b": 0.5}, greatest="a")
