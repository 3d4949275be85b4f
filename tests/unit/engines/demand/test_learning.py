"""Weights of views where there is nothing, or next to nothing, to learn from."""

from __future__ import annotations

import numpy as np
import pytest

from zhiqiao.engines.demand import SeriesTable, forecast, month_text, read_calendar, read_parameters
from zhiqiao.engines.demand._pool import fit_weights
from zhiqiao.packs import common_file


def test_series_that_were_all_zero_before_leave_the_prior() -> None:
    parameters = read_parameters(common_file("demand", "forecast.toml"))
    views = np.zeros((600, len(parameters.pool.prior)))
    truth = np.zeros(600)
    truth[::7] = 2.0
    assert fit_weights(views, truth, parameters) == pytest.approx(parameters.pool.prior)


def test_hundreds_of_series_that_begin_at_once_can_be_forecast() -> None:
    draw = np.random.default_rng(3)
    values = np.zeros((600, 14))
    values[:, 12:] = draw.poisson(0.2, (600, 2))
    months = tuple(month_text(24_000 + at) for at in range(14))
    found = forecast(
        SeriesTable(("key",), tuple((str(at),) for at in range(600)), months, values),
        12,
        parameters=read_parameters(common_file("demand", "forecast.toml")),
        calendar=read_calendar(common_file("demand", "calendar_cn.toml")),
    )
    assert np.isfinite(found.mean).all()
    assert (found.lo <= found.hi).all()
