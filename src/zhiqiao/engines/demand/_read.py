"""Monthly tables from files: cells become numbers or unknown, and all that was not taken is named."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiqiao.engines import tabular
from zhiqiao.engines.demand._columns import Layout, find_layout
from zhiqiao.engines.demand._errors import NoSeries, ShortTable
from zhiqiao.engines.demand._months import month_number, month_text
from zhiqiao.engines.demand._parameters import Parameters
from zhiqiao.engines.demand._values import Flag, Numbers, Reading, Rejected, SeriesTable

_NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")  # 007 is a name
_BATCH = 20_000
_Key = tuple[str, ...]


def read_table(
    path: Path, *, keys: Sequence[str], vocabulary: tabular.Vocabulary, parameters: Parameters
) -> Reading:
    """Read a wide or long table of monthly values (CSV, also .gz, XLSX, JSONL or Parquet).

    Cells that are no number or negative are unknown, and named; so are holes. A key that stands twice with different
    values is left out, and named. Raises TableError, or InputError when there is nothing to forecast.
    """
    chunks = list(tabular.read(path, batch_rows=_BATCH))
    rejected = [
        Rejected(error.row, error.field, "unreadable", error.detail or error.reason)
        for chunk in chunks
        for error in chunk.errors
    ]
    rows = pa.Table.from_batches([chunk.rows for chunk in chunks if chunk.rows.num_rows] or [chunks[0].rows])
    places = np.concatenate([chunk.row_numbers.to_numpy(zero_copy_only=False) for chunk in chunks])
    layout = find_layout(rows.column_names, keys, vocabulary)
    taker = _wide if layout.kind == "wide" else _long
    found, values, numbers = taker(rows, places, layout, rejected)
    if not found:
        raise NoSeries(
            "表中没有可用的序列。请检查键列和数值。",
            "No usable series is left. Check the key columns and values.",
        )
    table, flags = _framed(layout.keys, found, values, numbers)
    _check_length(table, parameters)
    flags += _flags_of(table, parameters)
    total = rows.num_rows + sum(len(chunk.errors) for chunk in chunks)
    return Reading(table, layout.kind, total, tuple(rejected), tuple(flags), _whole_keys(path, table))


def _whole_keys(path: Path, table: SeriesTable) -> frozenset[str]:
    """Return the key columns of whole numbers: those declared so, or in a file without types those that read so."""
    try:
        schema = pq.read_schema(path)
    except pa.ArrowInvalid:
        columns = zip(table.key_names, zip(*table.keys, strict=True), strict=True)
        return frozenset(name for name, column in columns if all(map(_WHOLE.fullmatch, column)))
    return frozenset(name for name in table.key_names if pa.types.is_integer(schema.field(name).type))


def _keys_of(rows: pa.Table, names: Sequence[str]) -> list[_Key | None]:
    """Return the key of each row; None where a part of it is empty."""
    if not names:
        return [()] * rows.num_rows
    columns = [rows.column(name).to_pylist() for name in names]
    return [None if None in key else key for key in zip(*columns, strict=True)]


def _numbers_of(column: pa.ChunkedArray, places: Numbers, field: str, rejected: list[Rejected]) -> Numbers:
    """Return a column as numbers, NaN where it is empty or refused."""
    is_number = pc.fill_null(pc.match_substring_regex(column, _NUMBER), False)
    clean = pc.if_else(is_number, pc.utf8_trim_whitespace(column), None)
    clean = pc.replace_substring_regex(clean, pattern=r"^\+", replacement="")
    values = np.array(pc.cast(clean, pa.float64()).to_numpy(), dtype=float)
    odd = np.flatnonzero(~is_number.to_numpy() & column.is_valid().to_numpy())
    negative = np.flatnonzero(values < 0)
    infinite = np.flatnonzero(np.isinf(values))
    for at, reason in [(at, "not_a_number") for at in (*odd, *infinite)] + [
        (at, "negative") for at in negative
    ]:
        text = str(column[int(at)].as_py())[:50]
        rejected.append(Rejected(int(places[at]), field, reason, text))  # type: ignore[arg-type]  # of two literals
    values[negative] = np.nan
    values[infinite] = np.nan
    return values


def _wide(
    rows: pa.Table, places: Numbers, layout: Layout, rejected: list[Rejected]
) -> tuple[list[_Key], Numbers, list[int]]:
    columns = [_numbers_of(rows.column(name), places, name, rejected) for name, _ in layout.months]
    values = np.stack(columns, axis=1)
    first: dict[_Key, int] = {}
    refused: set[_Key] = set()
    for at, key in enumerate(_keys_of(rows, layout.keys)):
        if key is None:
            rejected.append(Rejected(int(places[at]), ",".join(layout.keys), "no_key"))
        elif key not in first:
            first[key] = at
        else:
            rejected.append(
                Rejected(int(places[at]), ",".join(layout.keys), "duplicate_key", " | ".join(key))
            )
            if not np.array_equal(values[first[key]], values[at], equal_nan=True):
                refused.add(key)
    kept = [key for key in first if key not in refused]
    rejected += [
        Rejected(int(places[first[key]]), ",".join(layout.keys), "duplicate_key", " | ".join(key))
        for key in sorted(refused)
    ]
    return kept, values[[first[key] for key in kept]], [number for _, number in layout.months]


def _long(
    rows: pa.Table, places: Numbers, layout: Layout, rejected: list[Rejected]
) -> tuple[list[_Key], Numbers, list[int]]:
    amounts = _numbers_of(rows.column(layout.value), places, layout.value, rejected)
    texts = rows.column(layout.month).to_pylist()
    known = {text: month_number(text) for text in set(texts) if text is not None}
    cells: dict[tuple[_Key, int], int] = {}
    refused: set[tuple[_Key, int]] = set()
    series: dict[_Key, int] = {}
    for at, (key, text) in enumerate(zip(_keys_of(rows, layout.keys), texts, strict=True)):
        number = None if text is None else known[text]
        if key is None or number is None:
            field, reason = (
                (layout.month, "no_month") if key is not None else (",".join(layout.keys), "no_key")
            )
            rejected.append(Rejected(int(places[at]), field, reason, text or ""))  # type: ignore[arg-type]  # literals
            continue
        series.setdefault(key, len(series))
        earlier = cells.setdefault((key, number), at)
        if earlier != at:
            shown = " | ".join((*key, month_text(number)))
            rejected.append(Rejected(int(places[at]), layout.value, "duplicate_month", shown))
            if not np.array_equal(amounts[earlier], amounts[at], equal_nan=True):
                refused.add((key, number))
    return _spread(series, cells, refused, amounts)


def _spread(
    series: dict[_Key, int],
    cells: dict[tuple[_Key, int], int],
    refused: set[tuple[_Key, int]],
    amounts: Numbers,
) -> tuple[list[_Key], Numbers, list[int]]:
    """Spread the cells of a long table over series and months; two different values for one cell leave it unknown."""
    months = sorted({month for _, month in cells})
    column = {month: at for at, month in enumerate(months)}
    values = np.full((len(series), len(months)), np.nan)
    for (key, month), at in cells.items():
        if (key, month) not in refused:
            values[series[key], column[month]] = amounts[at]
    return list(series), values, months


def _framed(
    names: tuple[str, ...], keys: list[_Key], values: Numbers, numbers: list[int]
) -> tuple[SeriesTable, list[Flag]]:
    """Give the table every month from the first known to the last known one; months without any value are named."""
    known = [number for number, column in zip(numbers, values.T, strict=True) if not np.isnan(column).all()]
    if not known:
        raise NoSeries("所有数值都缺失或无法使用。", "All values are missing or unusable.")
    flags = [
        Flag("no_value_at_the_end", month=month_text(number)) for number in numbers if number > known[-1]
    ]
    span = range(known[0], known[-1] + 1)
    framed = np.full((len(keys), len(span)), np.nan)
    for number, column in zip(numbers, values.T, strict=True):
        if number in span:
            framed[:, number - known[0]] = column
    flags += [Flag("month_missing", month=month_text(number)) for number in span if number not in known]
    return SeriesTable(names, tuple(keys), tuple(map(month_text, span)), framed), flags


def _check_length(table: SeriesTable, parameters: Parameters) -> None:
    known = int((~np.isnan(table.values)).any(axis=0).sum())
    if known < parameters.min_months:
        raise ShortTable(
            f"表中只有 {known} 个月有数据，预测至少需要 {parameters.min_months} 个月。请补充更早的月份。",
            f"Only {known} months hold data; a forecast needs at least {parameters.min_months}. Add earlier months.",
        )


def _flags_of(table: SeriesTable, parameters: Parameters) -> list[Flag]:
    known = ~np.isnan(table.values)
    count = known.sum(axis=1)
    missing_for_all = int((~known.any(axis=0)).sum())
    flags: list[Flag] = []
    for at, key in enumerate(table.keys):
        if count[at] == 0:
            flags.append(Flag("no_value", key))
            continue
        if count[at] < parameters.min_months:
            flags.append(Flag("short", key, detail=str(count[at])))
        if not (table.values[at][known[at]] > 0).any():
            flags.append(Flag("all_zero", key))
        gaps = len(table.months) - int(count[at])
        if gaps > missing_for_all:
            flags.append(Flag("gaps", key, detail=str(gaps)))
    return flags


def summary_of(reading: Reading) -> dict[str, dict[str, int]]:
    """Count what was rejected by reason and what is flagged by code."""
    return {
        "rejected": dict(Counter(row.reason for row in reading.rejected)),
        "flags": dict(Counter(flag.code for flag in reading.flags)),
    }
