"""Demand engine: monthly tables in; forecasts with intervals, scores, scenario bands and early signals out."""

from __future__ import annotations

from zhiqiao.engines.demand._calendar import Calendar, read_calendar
from zhiqiao.engines.demand._errors import (
    DemandError,
    HorizonError,
    InputError,
    MissingColumn,
    MixedLayout,
    NoMonthColumn,
    NoSeries,
    ParameterError,
    ScenarioError,
    ShortTable,
)
from zhiqiao.engines.demand._forecast import forecast
from zhiqiao.engines.demand._months import month_number, month_text, months_after
from zhiqiao.engines.demand._parameters import Parameters, read_parameters
from zhiqiao.engines.demand._rates import split_tail, total_interval
from zhiqiao.engines.demand._read import read_table, summary_of
from zhiqiao.engines.demand._reasons import text_of
from zhiqiao.engines.demand._scenario import (
    Band,
    IndustryPlan,
    Project,
    Retirement,
    ScenarioParameters,
    read_scenario_parameters,
    scenario,
)
from zhiqiao.engines.demand._score import Score, baselines, score
from zhiqiao.engines.demand._signals import Signal, WatchParameters, read_watch_parameters, watch
from zhiqiao.engines.demand._stated import Mix, Stated, StatedKind, StatedLine, spread
from zhiqiao.engines.demand._values import Flag, Forecast, Reading, Rejected, SeriesTable
from zhiqiao.engines.demand._write import to_arrow, write

__all__ = [
    "Band",
    "Calendar",
    "DemandError",
    "Flag",
    "Forecast",
    "HorizonError",
    "IndustryPlan",
    "InputError",
    "MissingColumn",
    "Mix",
    "MixedLayout",
    "NoMonthColumn",
    "NoSeries",
    "ParameterError",
    "Parameters",
    "Project",
    "Reading",
    "Rejected",
    "Retirement",
    "ScenarioError",
    "ScenarioParameters",
    "Score",
    "SeriesTable",
    "ShortTable",
    "Signal",
    "Stated",
    "StatedKind",
    "StatedLine",
    "WatchParameters",
    "baselines",
    "forecast",
    "month_number",
    "month_text",
    "months_after",
    "read_calendar",
    "read_parameters",
    "read_scenario_parameters",
    "read_table",
    "read_watch_parameters",
    "scenario",
    "score",
    "split_tail",
    "spread",
    "summary_of",
    "text_of",
    "to_arrow",
    "total_interval",
    "watch",
    "write",
]
