"""Quantiles of counted pay and the rule that calls two figures contradicting."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.platform.data.merging import ConflictRules
from zhiqiao.platform.data.pay import PayFigure, conflicts, quantile

RULES = ConflictRules(min_postings=20, median_difference=0.25)


def figure(
    number: int, *, low: int | None, median: int | None, high: int | None, postings: int | None = 20
) -> PayFigure:
    uuid = UUID(int=number)
    return PayFigure(uuid, uuid, "x", "x", "", low, median, high, postings, None)


@given(
    st.lists(st.integers(1_000, 50_000), min_size=1, max_size=60),
    st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]),
)
def test_a_quantile_of_counts_is_that_of_the_values(values: list[int], share: float) -> None:
    assert abs(quantile(Counter(values), share) - float(np.quantile(values, share))) <= 0.5 + 1e-6


def test_there_is_no_quantile_of_nothing() -> None:
    with pytest.raises(IndexError):
        quantile({}, 0.5)


BASE = figure(1, low=4000, median=5000, high=6000)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (figure(2, low=6001, median=6251, high=7000), True),
        (figure(2, low=6001, median=6250, high=7000), False),
        (figure(2, low=6000, median=9000, high=9900), False),
        (figure(2, low=6001, median=9000, high=9900, postings=19), False),
        (figure(2, low=None, median=9000, high=None, postings=None), True),
        (figure(2, low=None, median=None, high=9000), False),
        (figure(1, low=6001, median=9000, high=9900), False),
    ],
    ids=[
        "apart",
        "just near enough",
        "intervals touch",
        "too few",
        "guideline of a median",
        "no median",
        "one source",
    ],
)
def test_the_rule(other: PayFigure, expected: bool) -> None:
    assert bool(conflicts([BASE, other], RULES)) is expected


def test_the_widest_contradiction_stands_first() -> None:
    far, farther = (figure(n, low=10_000 * n, median=10_000 * n, high=10_000 * n) for n in (2, 3))
    found = conflicts([BASE, far, farther], RULES)
    assert [round(pair.difference, 1) for pair in found] == [5.0, 3.0, 0.5]
