"""Synthetic monthly tables, seeded, and the parameters that ship; nothing here is real data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhiqiao.engines import demand, tabular
from zhiqiao.engines.demand import SeriesTable
from zhiqiao.packs import common_file

PARAMETERS = demand.read_parameters(common_file("demand", "forecast.toml"))
CALENDAR = demand.read_calendar(common_file("demand", "calendar_cn.toml"))
VOCABULARY = tabular.read_vocabulary(common_file("demand", "series_columns.csv"))
SCENARIO = demand.read_scenario_parameters(common_file("demand", "scenario.toml"))


def table(rows: Sequence[Sequence[float]] | np.ndarray, *, first: str = "2021-01") -> SeriesTable:
    """Return a table of one key column, `skill`, from its rows of months."""
    values = np.array(rows, dtype=float)
    start = demand.month_number(first)
    assert start is not None
    months = tuple(demand.month_text(start + at) for at in range(values.shape[1]))
    return SeriesTable(("skill",), tuple((f"s{at}",) for at in range(len(values))), months, values)


def run(rows: Sequence[Sequence[float]] | np.ndarray, horizon: int = 12, **options: float) -> demand.Forecast:
    return demand.forecast(table(rows), horizon, parameters=PARAMETERS, calendar=CALENDAR, **options)
