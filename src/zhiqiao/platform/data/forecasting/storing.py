"""Forecasts in the lake: four Parquet files each, written once, read by level and series; no permission here."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhiqiao.engines import demand as engine
from zhiqiao.infra import storage
from zhiqiao.platform.data import parquet
from zhiqiao.platform.data.forecasting.computing import LEVELS, Level, LevelForecast, Measure

__all__ = [
    "FILES",
    "History",
    "StoredRow",
    "StoredSeries",
    "bands",
    "changed_files",
    "discard",
    "history",
    "keys",
    "mix",
    "rows",
]
__all__ += ["series_of", "write"]

SERIES, ROWS, CHANGES, BANDS = "series.parquet", "rows.parquet", "changes.parquet", "scenario.parquet"
FILES = (SERIES, ROWS, CHANGES, BANDS)
_KEYS = ("industry", "role", "skill")
_YEAR = 12
Record = dict[str, Any]  # Any: Parquet values


@dataclass(frozen=True)
class StoredSeries:
    """One series of a forecast with the change it expects; `at` is its place within the level."""

    level: Level
    at: int
    industry: str
    role: str
    skill: str
    measure: Measure
    last: float | None
    next: float | None
    low: float | None
    high: float | None
    verdict: str
    method: str
    postings: float | None


@dataclass(frozen=True)
class StoredRow:
    """One month of the forecast of a series."""

    at: int
    measure: Measure
    month: str
    mean: float | None
    lo: float | None
    hi: float | None
    expected: float | None
    method: str


@dataclass(frozen=True)
class History:
    """The monthly postings that a level was forecast from, as they stood then; NaN is unknown."""

    keys: tuple[tuple[str, ...], ...]
    months: tuple[str, ...]
    counts: np.ndarray[Any, np.dtype[np.float64]]  # Any: NumPy's shape parameter
    totals: np.ndarray[Any, np.dtype[np.float64]]  # Any: see above


def write(forecast: UUID, found: Iterable[LevelForecast]) -> dict[str, str]:
    """Write the files of a forecast beside their place, move them there in one step; return their SHA-256."""
    folder = storage.forecast_folder(forecast)
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    tables: dict[str, list[pa.Table]] = {name: [] for name in FILES}
    for one in found:
        for name, table in zip(FILES, (_series(one), _rows(one), _changes(one), _bands(one)), strict=True):
            tables[name].append(table)
    for name, parts in tables.items():
        pq.write_table(pa.concat_tables(parts), partial / name, compression="zstd")
    partial.replace(folder)
    return {name: _digest(folder / name) for name in FILES}


def discard(forecast: UUID) -> None:
    """Remove the files of a draft."""
    shutil.rmtree(storage.forecast_folder(forecast), ignore_errors=True)


def changed_files(forecast: UUID, digests: Mapping[str, str]) -> tuple[str, ...]:
    """Return the files that are gone or are no longer those that were written."""
    folder = storage.forecast_folder(forecast)
    return tuple(
        name for name, digest in digests.items()
        if not (folder / name).exists() or _digest(folder / name) != digest
    )  # fmt: skip


def series_of(
    forecast: UUID, level: Level, *, measure: Measure = "count", at: int | None = None
) -> list[StoredSeries]:
    """Return the series of a level with their changes, or the one at a place."""
    found = _read(forecast, CHANGES, {"level": [level], "measure": [measure], **_at(at)})
    return [StoredSeries(**item) for item in found]


def rows(
    forecast: UUID, level: Level, *, at: int | None = None, measure: Measure | None = None
) -> list[StoredRow]:
    """Return the forecast months of a level, or of the series at a place, by count and by share or one of both."""
    found = _read(
        forecast, ROWS, {"level": [level], **({"measure": [measure]} if measure else {}), **_at(at)}
    )
    return [StoredRow(**{name: item[name] for name in StoredRow.__dataclass_fields__}) for item in found]


def bands(forecast: UUID, level: Level, *, at: int | None = None) -> list[Record]:
    """Return the scenario bands of a level or a series: at, year, first_month, last_month, low, base, high."""
    return _read(forecast, BANDS, {"level": [level], **_at(at)})


def history(forecast: UUID, level: Level, *, at: int | None = None) -> History:
    """Return what a level (or one series of it) was forecast from."""
    found = _read(forecast, SERIES, {"level": [level], **_at(at)})
    months = tuple(dict.fromkeys(item["month"] for item in found))
    keys = tuple(dict.fromkeys(tuple(item[name] for name in LEVELS[level]) for item in found))
    shape = (len(keys), len(months))
    counts, totals = (
        np.array([item[name] for item in found], dtype=np.float64).reshape(shape)
        for name in ("count", "total")
    )
    return History(keys, months, counts, totals)


def keys(forecast: UUID, level: Level, *, at: int | None = None) -> tuple[tuple[str, ...], ...]:
    """Return the keys of a level's series (or of one) in their order."""
    found = _read(forecast, CHANGES, {"level": [level], "measure": ["count"], **_at(at)})
    return tuple(tuple(row[name] for name in LEVELS[level]) for row in found)


def mix(forecast: UUID) -> engine.Mix:
    """Return how the postings of the last twelve months of the history divide into posts and skills."""
    roles = _last_year(forecast, "role", ("industry", "role"))
    skills = _last_year(forecast, "role_skill", ("role", "skill"))
    return engine.Mix(
        industry_of={role: industry for industry, role in roles},
        posts={role: count for (_industry, role), count in roles.items()},
        skills={(role, skill): count for (role, skill), count in skills.items() if count},
    )


def _last_year(forecast: UUID, level: Level, names: tuple[str, str]) -> dict[tuple[str, str], float]:
    path = storage.forecast_folder(forecast) / SERIES
    months = sorted({row["month"] for row in parquet.rows(path, columns=["month"], where={"level": [level]})})
    wanted = {"level": [level], "month": months[-_YEAR:]}
    sums: dict[tuple[str, str], float] = {}
    for row in parquet.rows(path, columns=[*names, "count"], where=wanted):
        key = (row[names[0]], row[names[1]])
        sums[key] = sums.get(key, 0.0) + (row["count"] or 0.0)
    return sums


def _at(at: int | None) -> dict[str, list[object]]:
    return {} if at is None else {"at": [at]}


def _read(forecast: UUID, name: str, where: Mapping[str, Sequence[object]]) -> list[Record]:
    return parquet.rows(storage.forecast_folder(forecast) / name, where=where)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _head(one: LevelForecast, *, each: int) -> dict[str, pa.Array]:
    """Return the columns that name a series, each row `each` times."""
    count = len(one.series.keys)
    spread = pa.array(np.repeat(np.arange(count), each))
    by = one.series.by
    columns = {"level": pa.array([one.level] * count, pa.string()), "at": pa.array(range(count), pa.int64())}
    for name in _KEYS:
        place = by.index(name) if name in by else None
        values = ["" if place is None else key[place] for key in one.series.keys]
        columns[name] = pa.array(values, pa.string())
    return {name: column.take(spread) for name, column in columns.items()}


def _numbers(values: np.ndarray[Any, np.dtype[np.float64]]) -> pa.Array:  # Any: see above
    return pa.array(values.ravel(), pa.float64(), from_pandas=True)


def _series(one: LevelForecast) -> pa.Table:
    series = one.series
    head = _head(one, each=len(series.months))
    months = pa.array(list(series.months) * len(series.keys), pa.string())
    return pa.table(
        {**head, "month": months, "count": _numbers(series.counts), "total": _numbers(series.totals)}
    )


def _rows(one: LevelForecast) -> pa.Table:
    parts = []
    for measure, found in one.found.items():
        each, count = len(found.months), len(found.table.keys)
        method = pa.array(found.method, pa.string()).take(pa.array(np.repeat(np.arange(count), each)))
        parts.append(
            pa.table(
                {
                    **_head(one, each=each),
                    "measure": pa.array([measure] * (count * each), pa.string()),
                    "month": pa.array(list(found.months) * count, pa.string()),
                    **{name: _numbers(getattr(found, name)) for name in ("mean", "lo", "hi", "expected")},
                    "method": method,
                }
            )
        )
    return pa.concat_tables(parts)


def _changes(one: LevelForecast) -> pa.Table:
    parts = []
    year = one.series.counts[:, -12:]
    for measure, changes in one.changes.items():
        columns = {
            name: pa.array([getattr(change, name) for change in changes], kind)
            for name, kind in (
                ("last", pa.float64()), ("next", pa.float64()), ("low", pa.float64()), ("high", pa.float64()),
                ("verdict", pa.string()), ("method", pa.string()),
            )
        }  # fmt: skip
        head = {**_head(one, each=1), "measure": pa.array([measure] * len(changes), pa.string())}
        parts.append(pa.table({**head, **columns, "postings": _numbers(year.sum(axis=1))}))
    return pa.concat_tables(parts)


def _bands(one: LevelForecast) -> pa.Table:
    place = {key: at for at, key in enumerate(one.series.keys)}
    names = ("year", "first_month", "last_month", "low", "base", "high")
    kinds = (pa.int64(), pa.string(), pa.string(), pa.float64(), pa.float64(), pa.float64())
    columns = {
        "level": pa.array([one.level] * len(one.bands), pa.string()),
        "at": pa.array([place[band.keys] for band in one.bands], pa.int64()),
    }
    for name, kind in zip(names, kinds, strict=True):
        columns[name] = pa.array([getattr(band, name) for band in one.bands], kind)
    return pa.table(columns)
