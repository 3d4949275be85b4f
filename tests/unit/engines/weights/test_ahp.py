"""AHP: Saaty's examples, consistency, the judgement to think over, unknown judgements."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.weights.conftest import upper
from zhiqiao.engines import weights
from zhiqiao.engines.weights import PairwiseMatrix, RandomIndex
from zhiqiao.packs import common_file

# Hypothesis wants no fixture that lives for one test, so the table is read here too.
INDEX = weights.read_random_index(common_file("evaluation", "random_index.toml"))

# Saaty, A scaling method for priorities in hierarchical structures, 1977: wealth of seven nations, and six criteria of
# choosing a school.
NATIONS = upper(
    [4, 9, 6, 6, 5, 5], [7, 5, 5, 3, 4], [1 / 5, 1 / 5, 1 / 7, 1 / 5], [1, 1 / 3, 1 / 3], [1 / 3, 1 / 3], [2]
)
SCHOOL = upper([4, 3, 1, 3, 4], [7, 3, 1 / 5, 1], [1 / 5, 1 / 5, 1 / 6], [1, 1 / 3], [3])


def test_the_table_is_that_of_the_rule() -> None:
    rule = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45}
    assert {size: INDEX.of(size) for size in rule} == rule
    assert (INDEX.of(1), INDEX.of(2), INDEX.limit) == (0, 0, 0.10)


@pytest.mark.parametrize("size", [3, 5, 9, 12, 15])
def test_the_table_is_what_random_matrices_give(size: int) -> None:
    """Every value of the table, also those past 9, is near the mean of random matrices."""
    random = np.random.default_rng(7)
    above = np.triu_indices(size, 1)
    scale = np.array([*(1 / np.arange(9, 1, -1)), *np.arange(1.0, 10)])
    stack = np.ones((1500, size, size))
    stack[:, above[0], above[1]] = random.choice(scale, (1500, len(above[0])))
    stack[:, above[1], above[0]] = 1 / stack[:, above[0], above[1]]
    ci = (np.linalg.eigvals(stack).real.max(axis=1) - size) / (size - 1)
    assert INDEX.of(size) == pytest.approx(ci.mean(), abs=0.08)


def test_no_ratio_past_the_end_of_the_table(random_index: RandomIndex) -> None:
    names = [str(at) for at in range(16)]
    equal = weights.from_judgements(names, {(a, b): 1 for i, a in enumerate(names) for b in names[i + 1 :]})
    with pytest.raises(weights.NoRandomIndex) as caught:
        weights.priorities(equal, random_index=random_index)
    assert caught.value.size == 16
    assert "15" in caught.value.en


def test_wealth_of_nations(random_index: RandomIndex) -> None:
    found = weights.priorities(NATIONS, random_index=random_index)
    printed = (0.427, 0.230, 0.021, 0.052, 0.052, 0.123, 0.094)
    assert found.weights == pytest.approx(printed, abs=0.0015)
    assert found.lambda_max == pytest.approx(7.608, abs=0.005)
    assert found.ci == pytest.approx((found.lambda_max - 7) / 6)
    assert found.cr == pytest.approx(found.ci / 1.32)
    assert found.usable


def test_choosing_a_school_is_too_inconsistent(random_index: RandomIndex) -> None:
    found = weights.priorities(SCHOOL, random_index=random_index)
    assert found.weights == pytest.approx((0.32, 0.14, 0.03, 0.13, 0.24, 0.14), abs=0.006)
    # The weights are as printed; the ratio is held against power iteration, another way to the same vector.
    values, vector = SCHOOL.array(), np.ones(6) / 6
    for _ in range(200):
        vector = values @ vector
        vector /= vector.sum()
    lambda_max = float((values @ vector).sum())
    assert found.weights == pytest.approx(vector, abs=1e-9)
    assert found.cr == pytest.approx((lambda_max - 6) / 5 / 1.24)
    assert found.cr == pytest.approx(0.229, abs=0.001)
    assert not found.usable


def test_a_three_by_three_by_hand(random_index: RandomIndex) -> None:
    """For three elements the eigenvector is the geometric mean of the rows, and lambda_max has a closed form.

    a:b = 1/3, a:c = 5, b:c = 7. Rows: (1·1/3·5)^(1/3) = 1.18563, (3·1·7)^(1/3) = 2.75892, (1/5·1/7·1)^(1/3) = 0.30571;
    sum 4.25026; weights 0.27896, 0.64912, 0.07193. With r = a_ab·a_bc/a_ac = 7/15, lambda = 1 + r^(1/3) + r^(-1/3).
    """
    found = weights.priorities(upper([1 / 3, 5], [7]), random_index=random_index)
    assert found.weights == pytest.approx((0.27896, 0.64912, 0.07193), abs=1e-5)
    r = 7 / 15
    lambda_max = 1 + r ** (1 / 3) + r ** (-1 / 3)
    assert found.lambda_max == pytest.approx(lambda_max)
    assert found.cr == pytest.approx((lambda_max - 3) / 2 / 0.58)


def test_the_pair_that_deviates_and_the_change_that_helps_need_not_be_one(random_index: RandomIndex) -> None:
    held = weights.judgements(SCHOOL, random_index=random_index)
    found = weights.priorities(SCHOOL, random_index=random_index).by_name()
    by_hand = {
        (one.first, one.second): abs(math.log(one.given * found[one.second] / found[one.first]))
        for one in held
    }
    assert (held[0].first, held[0].second) == max(by_hand, key=lambda pair: by_hand[pair])
    best = weights.best_change(held)
    assert best is not None
    assert best.cr_after == min(one.cr_after for one in held)
    # Every suggestion is what the matrix gives when it is really changed, and no other step of the scale does better.
    for one in held:
        i, j = SCHOOL.names.index(one.first), SCHOOL.names.index(one.second)
        after = weights.priorities(SCHOOL.changed(i, j, one.suggested), random_index=random_index)
        assert after.cr == pytest.approx(one.cr_after)
        for step in (*range(1, 10), *(1 / k for k in range(2, 10))):
            other = weights.priorities(SCHOOL.changed(i, j, step), random_index=random_index)
            assert other.cr >= one.cr_after - 1e-9


def test_one_judgement_turned_round_is_found(random_index: RandomIndex) -> None:
    """Weights 8:4:2:1 judged without error but for a:d, given as 1/8 in place of 8."""
    matrix = upper([2, 4, 1 / 8], [2, 4], [2])
    held = weights.judgements(matrix, random_index=random_index)
    best = weights.best_change(held)
    assert best is not None
    assert (held[0].first, held[0].second) == (best.first, best.second) == ("a", "d")
    assert best.implied == pytest.approx(8)
    assert best.suggested == 8
    assert best.cr_after == 0
    assert not weights.priorities(matrix, random_index=random_index).usable


def test_two_elements_can_not_contradict(random_index: RandomIndex) -> None:
    found = weights.priorities(upper([9]), random_index=random_index)
    assert (found.cr, found.usable, found.by_name()) == (
        0,
        True,
        {"a": pytest.approx(0.9), "b": pytest.approx(0.1)},
    )
    assert weights.judgements(upper([9]), random_index=random_index) == ()


def test_unknown_judgements_are_refused_by_name(random_index: RandomIndex) -> None:
    with pytest.raises(weights.IncompleteJudgements) as caught:
        weights.priorities(upper([2, None], [3]), random_index=random_index)
    assert caught.value.pairs == (("a", "c"),)


def test_harkers_method_needs_no_unknown_judgement(random_index: RandomIndex) -> None:
    """a:b = 2 and b:c = 3 tell that a:b:c = 6:3:1. By hand: rows (2, 2, 0), (1/2, 1, 3), (0, 1/3, 2) times (6, 3, 1)
    are (18, 9, 3), three times the vector."""
    found = weights.priorities(upper([2, None], [3]), random_index=random_index, incomplete="harker")
    assert found.weights == pytest.approx((0.6, 0.3, 0.1))
    assert found.lambda_max == pytest.approx(3)
    assert found.unknown == (("a", "c"),)
    assert found.cr == 0


def test_judgements_that_do_not_tie_all_together_give_no_weights(random_index: RandomIndex) -> None:
    with pytest.raises(weights.NotConnected) as caught:
        weights.priorities(
            upper([2, None, None], [None, None], [3]), random_index=random_index, incomplete="harker"
        )
    assert caught.value.groups == (("a", "b"), ("c", "d"))


def test_fewer_judgements_are_held_against_a_smaller_index(random_index: RandomIndex) -> None:
    assert random_index.of(4, unknown=1) == pytest.approx(0.90 * (1 - 2 / 6))
    assert random_index.of(4, unknown=3) == 0  # a tree of judgements can not contradict


sizes = st.integers(3, 8)


@st.composite
def matrices(draw: st.DrawFn) -> PairwiseMatrix:
    size = draw(sizes)
    scale = st.sampled_from([*(1 / k for k in range(2, 10)), *(float(k) for k in range(1, 10))])
    return upper(*([draw(scale) for _ in range(size - at - 1)] for at in range(size - 1)))


@given(matrices())
def test_weights_are_positive_and_sum_to_one(matrix: PairwiseMatrix) -> None:
    found = weights.priorities(matrix, random_index=INDEX)
    assert abs(math.fsum(found.weights) - 1) < 1e-12
    assert min(found.weights) > 0
    assert found.lambda_max >= matrix.size - 1e-9
    # It is an eigenvector: A·w = lambda·w.
    product = matrix.array() @ np.array(found.weights)
    assert product == pytest.approx(found.lambda_max * np.array(found.weights), rel=1e-8)


@given(matrices(), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(matrix: PairwiseMatrix, random: object) -> None:
    order = list(range(matrix.size))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = PairwiseMatrix(
        tuple(matrix.names[i] for i in order), tuple(tuple(matrix.values[i][j] for j in order) for i in order)
    )
    one, other = (weights.priorities(each, random_index=INDEX) for each in (matrix, turned))
    assert other.by_name() == pytest.approx(one.by_name(), rel=1e-8)
    assert other.cr == pytest.approx(one.cr, abs=1e-9)


@given(matrices())
def test_either_half_of_the_table_says_all(matrix: PairwiseMatrix) -> None:
    size = matrix.size
    above = [[matrix.values[i][j] if j > i else None for j in range(size)] for i in range(size)]
    below = [[matrix.values[i][j] if j < i else None for j in range(size)] for i in range(size)]
    assert weights.pairwise_matrix(matrix.names, above).array() == pytest.approx(matrix.array())
    assert weights.pairwise_matrix(matrix.names, below).array() == pytest.approx(matrix.array())


@given(st.lists(st.floats(1.0, 9.0), min_size=1, max_size=9))
def test_a_consistent_matrix_has_ratio_zero_and_gives_its_weights_back(parts: list[float]) -> None:
    names = [str(at) for at in range(len(parts))]
    matrix = weights.pairwise_matrix(names, [[a / b for b in parts] for a in parts])
    found = weights.priorities(matrix, random_index=INDEX)
    assert found.cr == 0
    assert found.weights == pytest.approx([part / math.fsum(parts) for part in parts], rel=1e-7)
