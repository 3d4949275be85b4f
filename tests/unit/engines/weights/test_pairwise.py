"""What a comparison matrix must be, and how a fault is told."""

from __future__ import annotations

import pytest

from zhiqiao.engines import weights


def problems(names: list[str], values: list[list[float | None]]) -> tuple[weights.Problem, ...]:
    with pytest.raises(weights.InputError) as caught:
        weights.pairwise_matrix(names, values)
    return caught.value.problems


def test_two_decimals_are_reciprocal_enough_and_made_exact() -> None:
    matrix = weights.pairwise_matrix(["a", "b"], [[1, 0.13], [8, 1]])
    assert matrix.values == ((1.0, 1 / 8), (8.0, 1.0))


def test_half_a_table_is_a_table() -> None:
    matrix = weights.pairwise_matrix(
        ["a", "b", "c"], [[None, 3, None], [None, None, None], [None, 1 / 5, None]]
    )
    assert matrix.values[1] == (pytest.approx(1 / 3), 1.0, pytest.approx(5))
    assert matrix.unknown == (("a", "c"),)


def test_what_is_not_reciprocal_is_told_with_the_value_that_would_be() -> None:
    (problem,) = problems(["a", "b"], [[1, 4], [0.5, 1]])
    assert problem.field == "b / a"
    assert "0.25" in problem.en
    assert "0.25" in problem.zh


@pytest.mark.parametrize("value", [0, -3, 10, 0.05, float("nan"), float("inf")])
def test_what_is_off_the_scale_is_refused(value: float) -> None:
    assert problems(["a", "b"], [[1, value], [None, 1]])[0].field == "a / b"


def test_the_diagonal_holds_ones() -> None:
    assert "diagonal" in problems(["a", "b"], [[2, 3], [1 / 3, 1]])[0].en


def test_a_table_that_is_not_square_is_refused() -> None:
    assert "2 rows and 3 columns" in problems(["a", "b"], [[1, 2, 3], [1 / 2, 1, 2]])[0].en
    assert "1 rows and 2 columns" in problems(["a", "b"], [[1, 2]])[0].en


def test_names_are_there_and_differ() -> None:
    assert problems([], [])
    assert problems(["a", "a"], [[1, 1], [1, 1]])[0].field == "a"
    assert problems(["a", " "], [[1, 1], [1, 1]])


def test_many_faults_are_told_at_once_and_the_rest_counted() -> None:
    with pytest.raises(weights.InputError) as caught:
        weights.pairwise_matrix(
            list("abcd"), [[1, 99, 99, 99], [99, 1, 99, 99], [99, 99, 1, 99], [99, 99, 99, 1]]
        )
    assert len(caught.value.problems) == 12
    assert "And 7 more." in caught.value.en
