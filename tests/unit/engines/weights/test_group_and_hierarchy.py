"""Several experts into one matrix, several levels into global weights."""

from __future__ import annotations

import math

import pytest

from tests.unit.engines.weights.conftest import upper
from zhiqiao.engines import weights
from zhiqiao.engines.weights import RandomIndex


def test_levels_multiply(random_index: RandomIndex) -> None:
    """Dimensions 3:1 are 0.75 and 0.25; below the first 1:1, below the second 4:1."""
    top = weights.from_judgements(["知识", "实践"], {("知识", "实践"): 3})
    below = {
        "知识": weights.from_judgements(["基础", "专业"], {("基础", "专业"): 1}),
        "实践": weights.from_judgements(["实训", "实习"], {("实训", "实习"): 4}),
    }
    found = weights.hierarchy(top, below, random_index=random_index)
    assert found.leaves() == pytest.approx({"基础": 0.375, "专业": 0.375, "实训": 0.2, "实习": 0.05})
    assert math.fsum(found.leaves().values()) == pytest.approx(1, abs=1e-12)
    assert found.usable
    assert [(one.name, one.parent) for one in found.elements[:3]] == [
        ("知识", ""),
        ("实践", ""),
        ("基础", "知识"),
    ]


def test_one_unusable_matrix_makes_the_whole_unusable(random_index: RandomIndex) -> None:
    top = weights.from_judgements(["x", "y"], {("x", "y"): 9})
    bad = upper([9, 1 / 9], [9])
    found = weights.hierarchy(top, {"y": bad}, random_index=random_index)
    assert not found.usable
    assert not found.levels["y"].usable
    # x stays a leaf; the ratio of the whole weighs y's matrix by 0.1: 0.1·CI / 0.1·RI.
    assert set(found.leaves()) == {"x", "a", "b", "c"}
    assert found.cr == pytest.approx(found.levels["y"].cr)


def test_a_tree_needs_its_branches(random_index: RandomIndex) -> None:
    top = weights.from_judgements(["x", "y"], {("x", "y"): 2})
    with pytest.raises(weights.InputError, match="no place above"):
        weights.hierarchy(top, {"z": upper([2])}, random_index=random_index)
    with pytest.raises(weights.InputError, match="twice"):
        weights.hierarchy(top, {"x": upper([2]), "y": upper([2])}, random_index=random_index)


def test_two_experts_by_hand(random_index: RandomIndex) -> None:
    """a:b is 2 and 8: geometric mean 4, so AIJ gives 0.8. AIP: (2/3·8/9)^½ to (1/3·1/9)^½ is 4:1 too."""
    found = weights.group_priorities({"e1": upper([2]), "e2": upper([8])}, random_index=random_index)
    assert found.aij.weights == pytest.approx((0.8, 0.2))
    assert found.aip == pytest.approx((0.8, 0.2))
    (spread,) = found.spread
    assert (spread.answers, spread.mean, spread.least, spread.greatest) == pytest.approx((2, 4, 2, 8))
    # ln 2 and ln 8 are ln 2 from their mean each; with n - 1 = 1 the deviation is √2·ln 2.
    assert spread.gsd == pytest.approx(2 ** math.sqrt(2))


def test_an_inconsistent_expert_is_left_out_and_named(random_index: RandomIndex) -> None:
    good, bad = upper([2, 4], [2]), upper([9, 1 / 9], [9])
    found = weights.group_priorities({"good": good, "bad": bad}, random_index=random_index)
    assert found.left_out == ("bad",)
    assert found.aij.weights == pytest.approx((4 / 7, 2 / 7, 1 / 7))
    assert found.experts["bad"].cr > 0.1
    with pytest.raises(weights.Undetermined):
        weights.group_priorities({"bad": bad}, random_index=random_index)


def test_experts_judge_the_same_elements(random_index: RandomIndex) -> None:
    with pytest.raises(weights.InputError, match="missing"):
        weights.group_priorities({"e1": upper([2, 4], [2]), "e2": upper([8])}, random_index=random_index)


def test_agreement_of_orders(random_index: RandomIndex) -> None:
    same = {"e1": upper([2, 4], [2]), "e2": upper([3, 9], [3])}
    found = weights.group_priorities(same, random_index=random_index)
    assert found.agreement is not None
    assert found.agreement.w == pytest.approx(1)
    against = {"e1": upper([2, 4], [2]), "e2": upper([1 / 2, 1 / 4], [1 / 2])}
    found = weights.group_priorities(against, random_index=random_index)
    assert found.agreement is not None
    assert found.agreement.w == pytest.approx(0)
    assert found.aij.weights == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_a_gap_of_one_expert_is_not_filled_from_another(random_index: RandomIndex) -> None:
    matrices = {"e1": upper([2, None], [2]), "e2": upper([2, 4], [2])}
    with pytest.raises(weights.IncompleteJudgements):
        weights.group_priorities(matrices, random_index=random_index)
    found = weights.group_priorities(matrices, random_index=random_index, incomplete="harker")
    assert [one.answers for one in found.spread] == [2, 1, 2]
    assert found.spread[1].gsd is None
