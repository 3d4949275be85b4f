"""The small statistics against worked values and their own properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.kernel import two_proportion_p, wilson_interval


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        # worked by hand from Wilson (1927) with z = 1.96
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson_intervals_match_worked_values(count: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(count, total) == pytest.approx((low, high), abs=2e-4)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a_wilson_interval_holds_its_share_and_stays_within_0_and_1(count: int, more: int) -> None:
    total = count + more
    low, high = wilson_interval(count, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low - 1e-12 <= count / total <= high + 1e-12


@given(st.integers(1, 400), st.integers(1, 400))
def test_ten_times_the_data_narrow_the_interval(count: int, more: int) -> None:
    low, high = wilson_interval(count, count + more)
    low10, high10 = wilson_interval(10 * count, 10 * (count + more))
    assert high10 - low10 < high - low


@pytest.mark.parametrize(("count", "total"), [(-1, 10), (11, 10)])
def test_an_impossible_count_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="not within"):
        wilson_interval(count, total)


def test_two_proportions_match_a_worked_value() -> None:
    # 15 % of 200 against 25 % of 200: pooled z = 2.5, p = 0.0124
    assert two_proportion_p(30, 200, 50, 200) == pytest.approx(0.0124, abs=1e-4)


@pytest.mark.parametrize("args", [(0, 0, 5, 10), (5, 10, 0, 0), (0, 10, 0, 10), (10, 10, 5, 5)])
def test_without_data_or_spread_nothing_is_significant(args: tuple[int, int, int, int]) -> None:
    assert two_proportion_p(*args) == 1.0


@given(st.integers(0, 300), st.integers(300, 600), st.integers(0, 300), st.integers(300, 600))
def test_the_order_of_the_two_sides_does_not_matter(a: int, n: int, b: int, m: int) -> None:
    assert two_proportion_p(a, n, b, m) == pytest.approx(two_proportion_p(b, m, a, n))
    assert 0 <= two_proportion_p(a, n, b, m) <= 1
