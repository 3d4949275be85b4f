"""What a forecast does with series of known shape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.unit.engines.demand.tables import CALENDAR, PARAMETERS, run, table
from zhiqiao.engines import demand

rng_of = np.random.default_rng


def test_a_constant_stays_constant_with_a_narrow_interval() -> None:
    found = run([[40.0] * 24, *rng_of(1).poisson(30, (9, 24))])
    assert found.method[0] == "constant"
    assert (found.mean[0] == 40).all()
    assert (found.hi[0] - found.lo[0] <= 2).all()


def test_noise_is_forecast_by_its_level_and_covered() -> None:
    rng = rng_of(2)
    values = np.maximum(0, rng.normal(200, 30, (300, 36)))
    found = run(np.rint(values), horizon=12)
    assert np.abs(found.mean.mean() - 200) < 10
    future = rng.normal(200, 30, (300, 12))
    cover = ((found.lo <= future) & (future <= found.hi)).mean()
    assert 0.72 < cover < 0.9


def test_one_series_of_noise_alone_gets_a_sensible_interval() -> None:
    values = np.rint(rng_of(3).normal(100, 10, (1, 24)))
    found = run(values, horizon=3)
    assert 85 < found.mean[0, 0] < 115
    assert 8 < found.hi[0, 0] - found.lo[0, 0] < 60


def test_three_clear_years_of_season_are_continued() -> None:
    rng, month = rng_of(4), np.arange(48)
    shape = 1 + 0.5 * np.sin(2 * np.pi * month / 12)
    rows = np.rint(rng.uniform(80, 400, (20, 1)) * shape * rng.normal(1, 0.04, (20, 48)))
    found = demand.forecast(table(rows[:, :36]), 12, parameters=PARAMETERS, calendar=CALENDAR)
    assert all(method == "season" for method in found.method)
    missed = np.abs(found.mean - rows[:, 36:]).mean()
    flat = np.abs(rows[:, 24:36].mean(axis=1, keepdims=True) - rows[:, 36:]).mean()
    assert missed < flat / 2


def test_noise_of_three_years_has_no_season() -> None:
    values = np.rint(rng_of(5).normal(200, 40, (200, 36)))
    assert sum("season" in method for method in run(values, horizon=1).method) <= 4


def test_a_trend_goes_on_damped_and_does_not_explode() -> None:
    rng = rng_of(6)
    rows = np.rint(100 + 10 * np.arange(24) + rng.normal(0, 4, (5, 24)))
    found = run(rows)
    assert set(found.method) == {"trend"}
    assert (np.diff(found.mean, axis=1) > 0).all()
    assert (found.mean[:, 0] > rows[:, -1] - 10).all()
    assert (found.mean[:, -1] < 2 * rows[:, -1]).all()
    steep = run(np.rint(5 * 1.25 ** np.arange(24))[None, :])
    assert steep.mean[0, -1] <= 2 * 5 * 1.25**24


def test_a_falling_trend_never_goes_below_zero() -> None:
    rows = np.maximum(0, np.rint(240 - 10 * np.arange(24) + rng_of(7).normal(0, 3, (4, 24))))
    found = run(rows)
    assert (found.mean >= 0).all()
    assert (found.lo >= 0).all()


def test_rare_counts_are_named_and_their_average_is_not_lost() -> None:
    rng = rng_of(8)
    rows = rng.poisson(0.4, (2000, 30))
    found = run(rows, horizon=3)
    assert {method for method in found.method if method not in ("zero", "new")} == {"counts"}
    assert abs(found.expected.mean() - 0.4) < 0.05
    future = rng.poisson(0.4, (2000, 3))
    assert ((found.lo <= future) & (future <= found.hi)).mean() >= 0.78
    assert (found.lo == np.rint(found.lo)).all()


def test_zeros_stay_zero_and_may_still_come() -> None:
    found = run(np.vstack([np.zeros(24), rng_of(9).poisson(2, (80, 24))]), horizon=3)
    assert found.method[0] == "zero"
    assert (found.mean[0] == 0).all()
    assert (found.hi[0] >= 0).all()


def test_a_new_skill_is_named_and_forecast_from_what_came() -> None:
    rows = np.vstack([np.r_[np.zeros(20), [10, 14, 18, 20]], rng_of(10).poisson(20, (60, 24))])
    found = run(rows, horizon=3)
    assert found.method[0] == "new"
    assert 5 < found.mean[0, 0] < 30


def test_a_break_is_named_and_the_new_level_counts() -> None:
    rows = np.vstack([np.r_[[20.0] * 10, [21.0] * 11, [100, 104, 98]], rng_of(11).poisson(20, (60, 24))])
    found = run(rows, horizon=1)
    assert found.method[0] == "break"
    assert found.mean[0, 0] > 45


def test_gaps_stay_unknown_and_are_named() -> None:
    rows = rng_of(12).poisson(50, (40, 24)).astype(float)
    rows[0, 5:9] = np.nan
    rows[1, :] = np.nan
    rows[2, :20] = np.nan
    found = run(rows, horizon=3)
    assert found.method[0] == "pooled+gaps"
    assert 40 < found.mean[0, 0] < 65
    assert found.method[1] == "unknown"
    assert np.isnan(found.mean[1]).all()
    assert np.isnan(found.hi[1]).all()
    assert found.method[2] == "short+gaps"
    assert np.isfinite(found.mean[2]).all()


def test_a_short_series_has_a_wider_interval_than_its_like() -> None:
    rows = rng_of(13).poisson(50, (200, 24)).astype(float)
    whole = run(rows, horizon=1)
    rows[:100, :19] = np.nan
    short = run(rows, horizon=1)
    assert np.median((short.hi - short.lo)[:100]) > np.median((whole.hi - whole.lo)[:100])


def test_shares_stay_shares() -> None:
    rng = rng_of(14)
    rows = rng.binomial(20_000, rng.uniform(0.0001, 0.05, (200, 1)), (200, 24)) / 20_000
    rows[0] = 0.97 + rng.uniform(0, 0.03, 24)
    found = run(rows, horizon=6)
    assert (found.hi <= 1).all()
    assert np.abs(found.mean.mean() - rows.mean()) < 0.1 * rows.mean()


def test_working_days_move_a_table_that_followed_them() -> None:
    months = [demand.month_text(2021 * 12 + at) for at in range(36)]
    days = CALENDAR.effective_days(months)
    assert days is not None
    rows = rng_of(15).poisson(np.outer(np.linspace(5, 60, 40), days))
    found = run(rows[:, :30], horizon=6)
    assert found.facts["elasticity"] > 0.8
    truth = rows[:, 30:]
    last = np.abs(rows[:, 29:30] - truth).mean()
    assert np.abs(found.mean - truth).mean() < 0.9 * last
    october, september = found.mean[:, 3].sum(), found.mean[:, 2].sum()
    assert october < september


def test_a_table_that_ignores_working_days_is_not_moved_by_them() -> None:
    found = run(rng_of(16).poisson(100, (50, 30)), horizon=3)
    assert found.facts["elasticity"] == 0


def test_the_same_table_gives_the_same_numbers() -> None:
    rows = rng_of(17).poisson(3, (500, 30))
    first, second = run(rows), run(rows)
    for name in ("mean", "lo", "hi", "expected"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


def test_a_wider_level_gives_a_wider_interval() -> None:
    rows = rng_of(18).poisson(60, (100, 24))
    narrow, wide = run(rows, horizon=3, level=60), run(rows, horizon=3, level=95)
    assert ((wide.hi - wide.lo) >= (narrow.hi - narrow.lo)).all()


@pytest.mark.parametrize(("horizon", "level"), [(0, 80), (13, 80), (3, 40), (3, 99.5)])
def test_a_horizon_or_level_that_is_not_offered_is_named(horizon: int, level: float) -> None:
    with pytest.raises(demand.HorizonError):
        run([[5.0] * 12], horizon=horizon, level=level)


def test_a_table_of_five_months_is_too_short() -> None:
    with pytest.raises(demand.ShortTable, match="5 months"):
        run([[1.0] * 5], horizon=1)


@settings(max_examples=40, deadline=None)
@given(
    arrays(
        float,
        st.tuples(st.integers(1, 8), st.integers(6, 40)),
        elements=st.one_of(st.just(np.nan), st.integers(0, 10_000).map(float), st.floats(0, 1e6)),
    ),
    st.integers(1, 12),
)
def test_bounds_hold_whatever_comes(values: np.ndarray, horizon: int) -> None:
    if (~np.isnan(values)).any(axis=0).sum() < 6:
        return
    found = run(values, horizon=horizon)
    known = ~np.isnan(values).all(axis=1)
    for part in (found.mean, found.lo, found.hi, found.expected):
        assert np.isfinite(part[known]).all()
        assert np.isnan(part[~known]).all()
        assert (part[known] >= 0).all()
    assert (found.lo[known] <= found.mean[known] + 1e-9).all()
    assert (found.mean[known] <= found.hi[known] + 1e-9).all()
