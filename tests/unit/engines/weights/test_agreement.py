"""Agreement of raters against printed examples."""

from __future__ import annotations

import pytest

from zhiqiao.engines import weights


def pairs(counts: list[list[int]]) -> tuple[list[int], list[int]]:
    cells = [(i, j) for i, row in enumerate(counts) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in cells], [j for _, j in cells]


def test_kappa_by_hand() -> None:
    """50 proposals, 20 both yes, 15 both no, 5 and 10 apart: p_o = 0.7, p_e = 0.5·0.6 + 0.5·0.4 = 0.5."""
    found = weights.cohen_kappa(*pairs([[20, 5], [10, 15]]))
    assert found.value == pytest.approx(0.4)
    assert found.low < 0.4 < found.high


def test_kappa_of_the_textbook_with_its_standard_error() -> None:
    """Fleiss, Statistical Methods for Rates and Proportions: 100 diagnoses, kappa 0.68, standard error 0.087."""
    found = weights.cohen_kappa(*pairs([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))
    assert found.value == pytest.approx(0.676, abs=0.001)
    assert (found.high - found.low) / 2 / 1.959964 == pytest.approx(0.088, abs=0.001)


def test_weighted_kappa_by_hand() -> None:
    """Three grades; one pair of neighbours apart. Linear weights 1, ½, 0.

    Shares: (0,0) ¼, (1,1) ¼, (2,2) ¼, (0,1) ¼. Observed ¾ + ½·¼ = 0.875. Rows ½, ¼, ¼; columns ¼, ½, ¼.
    Chance: diagonal ⅛ + ⅛ + 1/16 = 0.3125; neighbours ½·(¼ + 1/16 + 1/16 + ⅛) = 0.25; 0.5625 in all.
    """
    found = weights.cohen_kappa([0, 1, 2, 0], [0, 1, 2, 1], weights="linear", categories=[0, 1, 2])
    assert found.value == pytest.approx((0.875 - 0.5625) / (1 - 0.5625))
    full = weights.cohen_kappa(["优", "良"], ["优", "良"], weights="quadratic", categories=["优", "良", "中"])
    assert full.value == pytest.approx(1)


def test_fleiss_kappa_of_the_usual_example() -> None:
    """Ten subjects, fourteen raters, five categories: kappa 0.210 (Fleiss 1971's way)."""
    counts = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    found = weights.fleiss_kappa(counts)
    assert found.value == pytest.approx(0.210, abs=0.0005)
    assert (found.subjects, found.raters) == (10, 14)
    # Printed by statistical packages for this table: z = 12.3, so a standard error of 0.0170.
    assert (found.high - found.value) / 1.959964 == pytest.approx(0.0170, abs=0.0002)


SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_icc_of_shrout_and_fleiss() -> None:
    single, mean = weights.icc(SHROUT_FLEISS), weights.icc(SHROUT_FLEISS, average=True)
    assert (single.value, single.low, single.high) == pytest.approx((0.290, 0.019, 0.761), abs=0.001)
    assert (mean.value, mean.low, mean.high) == pytest.approx((0.620, 0.071, 0.927), abs=0.001)
    assert (single.method, mean.method) == ("icc_2_1", "icc_2_k")


def test_full_agreement_is_one() -> None:
    found = weights.icc([[1, 1], [5, 5], [9, 9]])
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_a_constant_distance_is_no_full_agreement() -> None:
    """The second rater is always 2 higher: the orders agree, the scores do not."""
    assert weights.icc([[1, 3], [2, 4], [3, 5]]).value < 0.5


def test_what_can_not_be_told_is_refused() -> None:
    with pytest.raises(weights.Undetermined):
        weights.cohen_kappa([1, 1], [1, 1])
    with pytest.raises(weights.Undetermined):
        weights.fleiss_kappa([[3, 0], [3, 0]])
    with pytest.raises(weights.Undetermined):
        weights.icc([[4, 4], [4, 4]])
    for bad in (lambda: weights.cohen_kappa([1], [1, 2]), lambda: weights.cohen_kappa([1], [1])):
        with pytest.raises(weights.InputError):
            bad()
    with pytest.raises(weights.InputError):
        weights.cohen_kappa([1, 2], [1, 3], categories=[1, 2])
    with pytest.raises(weights.InputError):
        weights.fleiss_kappa([[2, 1], [2, 2]])
    with pytest.raises(weights.InputError):
        weights.icc([[1, float("nan")], [2, 3]])
