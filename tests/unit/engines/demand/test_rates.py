"""The test of two Poisson rates against exact binomial tails, and the interval of a sum to come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from zhiqiao.engines.demand import split_tail, total_interval


@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.01, 0.99))
def test_whole_numbers_give_the_exact_binomial_tail(more: int, less: int, share: float) -> None:
    exact = float(binom.sf(more - 1, more + less, share))
    assert float(split_tail(more, less, share)) == pytest.approx(exact, rel=1e-9, abs=1e-300)


@given(st.floats(0.1, 200), st.floats(0, 200), st.floats(0.05, 0.95))
def test_the_more_the_rarer(more: float, less: float, share: float) -> None:
    assert float(split_tail(more + 1, less, share)) <= float(split_tail(more, less, share)) + 1e-12


@pytest.mark.parametrize("rate", [0.8, 2.0, 15.0])
def test_the_interval_of_a_sum_covers_what_it_says(rate: float) -> None:
    draw = np.random.default_rng(7)
    past, coming = draw.poisson(rate, (2000, 12)).astype(float), draw.poisson(rate, (2000, 12)).sum(axis=1)
    low, high = total_interval(past.sum(axis=1), past, level=80)
    covered = float(((low <= coming) & (coming <= high)).mean())
    assert 0.78 <= covered <= 0.95  # whole bounds and swing never below that of counts widen it


def test_a_series_of_zeros_stays_at_zero_and_an_unknown_sum_unknown() -> None:
    low, high = total_interval([0.0, np.nan], np.array([[0.0] * 12, [np.nan] * 12]), level=80)
    assert (low[0], high[0]) == (0, 0)
    assert np.isnan([low[1], high[1]]).all()


def test_unknown_months_count_for_nothing_and_swinging_ones_widen() -> None:
    calm = [10.0, 10.0, 10.0, 10.0]
    rows = np.array([[*calm, np.nan, np.nan], [*calm, 10.0, 10.0], [2.0, 18.0, 2.0, 18.0, 2.0, 18.0]])
    low, high = total_interval([60.0, 60.0, 60.0], rows, level=80)
    widths = high - low
    assert widths[0] > widths[1]  # fewer postings known
    assert widths[2] > 2 * widths[1]
