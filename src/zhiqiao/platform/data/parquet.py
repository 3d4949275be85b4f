"""Rows of a Parquet file for a page, read without loading pandas.

`pyarrow.parquet.read_table`, `pa.array` and `pa.scalar` look for pandas, and load it where it is installed: a second or
more of each web process, at the first drawer that quotes a sentence. A page wants a few rows of one file; DuckDB, which
the lake uses anyway, skips row groups that can not hold them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from zhiqiao.platform.data import duck

Record = dict[str, Any]  # Any: Parquet values
Where = Mapping[str, Sequence[object]]


def rows(path: Path, *, columns: Sequence[str] | None = None, where: Where | None = None) -> list[Record]:
    """Return the rows whose columns hold one of the wanted values, in the order of the file."""
    wanted = where or {}
    if not all(wanted.values()):
        return []
    shown = "*" if columns is None else ", ".join(_name(column) for column in columns)
    tests = [f"{_name(column)} IN ({', '.join('?' * len(values))})" for column, values in wanted.items()]
    query = f"SELECT {shown} FROM read_parquet(?) WHERE {' AND '.join(['true', *tests])}"  # noqa: S608 - names of ours
    with duck.opened() as lake:
        lake.execute(query, [str(path), *(value for values in wanted.values() for value in values)])
        names = [column[0] for column in lake.description or ()]
        return [dict(zip(names, row, strict=True)) for row in lake.fetchall()]


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
