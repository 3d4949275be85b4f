"""Forecasts as long tables: keys, month, mean, lo, hi, method."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from zhiqiao.engines.demand._errors import InputError
from zhiqiao.engines.demand._values import Forecast

_OWN = ("month", "mean", "lo", "hi", "method")


def to_arrow(forecast: Forecast, *, whole_keys: Collection[str] = ()) -> pa.Table:
    """Return the forecast as a long table, series by series and month by month; unknown numbers are null.

    Keys are text but for the columns of `whole_keys`, which are 64-bit integers.
    """
    names = forecast.table.key_names
    taken = [name for name in names if name in _OWN]
    if taken:
        raise InputError(
            f"键列“{'、'.join(taken)}”与结果的列同名，请改名。",
            f"The key column {', '.join(taken)} has the name of a result column; rename it.",
        )
    horizon, series = len(forecast.months), len(forecast.table.keys)
    keys = zip(*forecast.table.keys, strict=True) if names and series else [[] for _ in names]
    rows = np.repeat(np.arange(series), horizon)
    columns = {
        name: pa.array(column, pa.string())
        .cast(pa.int64() if name in whole_keys else pa.string())
        .take(pa.array(rows))
        for name, column in zip(names, keys, strict=True)
    }
    columns["month"] = pa.array(list(forecast.months) * series, pa.string())
    for name in ("mean", "lo", "hi"):
        columns[name] = pa.array(getattr(forecast, name).ravel(), pa.float64(), from_pandas=True)
    columns["method"] = pa.array(forecast.method, pa.string()).take(pa.array(rows))
    return pa.table(columns)


def write(forecast: Forecast, path: Path, *, whole_keys: Collection[str] = ()) -> None:
    """Write the long table as Parquet, or as CSV where the name ends so; beside the target first, then moved."""
    table = to_arrow(forecast, whole_keys=whole_keys)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        if path.suffix.lower() == ".csv":
            pa_csv.write_csv(table, partial)
        else:
            pq.write_table(table, partial, compression="zstd")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
