"""The two ways into a table: a quick look at its head, and all of its rows in chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from zhiqiao.engines.tabular._assemble import Table, assemble
from zhiqiao.engines.tabular._delimited import DelimitedTable
from zhiqiao.engines.tabular._encoding import decode
from zhiqiao.engines.tabular._jsonl import JsonLinesTable
from zhiqiao.engines.tabular._parquet import ParquetTable
from zhiqiao.engines.tabular._sniff import Layout, count_records, extension_note, sniff
from zhiqiao.engines.tabular._source import content_size, open_seekable, open_source
from zhiqiao.engines.tabular._values import Chunk, Limits, TableInfo
from zhiqiao.engines.tabular._workbook import WorkbookTable, check_workbook, head_of_workbook

_PREVIEW_ROWS = 20
_PREVIEW_CHARS = 2_000
_PREVIEW_RECORD_BYTES = 4 * 1024**2


def inspect(
    path: Path, *, name: str | None = None, sheet: str | None = None, limits: Limits | None = None
) -> TableInfo:
    """Tell what a table is from its head alone; raise the TableError that says why it can not be read."""
    limits = limits or Limits()
    name = name or path.name
    layout = sniff(path, name=name, limits=limits)
    small = replace(limits, max_record_bytes=min(limits.max_record_bytes, _PREVIEW_RECORD_BYTES))
    with _open(path, layout=layout, sheet=sheet, limits=small, head_only=True) as (table, rows, complete):
        chunk = next(_chunks(table, limits=limits, batch_rows=_PREVIEW_ROWS))
        size = path.stat().st_size
        seen = chunk.rows.num_rows + len(chunk.errors)
        finished = complete and seen < _PREVIEW_ROWS
        estimate = rows if rows is not None else _estimate(path, layout, seen)
        return TableInfo(
            format=layout.format,
            compressed=layout.compressed,
            encoding="utf-8" if layout.encoding == "ascii" else layout.encoding,
            delimiter=layout.delimiter,
            columns=table.header.columns,
            preview=tuple(
                {name: _shown(value) for name, value in row.items()} for row in chunk.rows.to_pylist()
            ),
            preview_errors=tuple(chunk.errors),
            size=size,
            estimated_rows=seen if finished else max(seen, estimate),
            complete=finished,
            sheets=table.sheets,
            sheet=table.sheet,
            notes=table.header.notes + extension_note(layout, name),
        )


def _shown(value: str | None) -> str:
    text = value or ""
    return text if len(text) <= _PREVIEW_CHARS else f"{text[:_PREVIEW_CHARS]}…"


def read(
    path: Path,
    *,
    name: str | None = None,
    sheet: str | None = None,
    limits: Limits | None = None,
    batch_rows: int = 2000,
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Chunk]:
    """Yield all rows of a table in chunks; rows and errors together are the rows of the file.

    `progress` gets bytes done and bytes in all. A TableError is raised at once when the file is no table, and
    after the rows before it when the file breaks off or passes a limit. Columns are the same in every chunk,
    but for JSON lines, where a later chunk may have more.
    """
    limits = limits or Limits()
    layout = sniff(path, name=name or path.name, limits=limits)
    return _read(path, layout=layout, sheet=sheet, limits=limits, batch_rows=batch_rows, progress=progress)


def _read(
    path: Path,
    *,
    layout: Layout,
    sheet: str | None,
    limits: Limits,
    batch_rows: int,
    progress: Callable[[int, int], None] | None,
) -> Iterator[Chunk]:
    size = path.stat().st_size
    with _open(path, layout=layout, sheet=sheet, limits=limits, head_only=False) as (table, _, _):
        for chunk in _chunks(table, limits=limits, batch_rows=batch_rows):
            yield chunk
            if progress is not None:
                progress(table.position, size)
    if progress is not None:
        progress(size, size)


def _chunks(table: Table, *, limits: Limits, batch_rows: int) -> Iterator[Chunk]:
    unescape = isinstance(table, DelimitedTable) or table.header.quarantine
    return assemble(table, limits=limits, batch_rows=batch_rows, unescape=unescape)


@contextmanager
def _open(
    path: Path, *, layout: Layout, sheet: str | None, limits: Limits, head_only: bool
) -> Iterator[tuple[Table, int | None, bool]]:
    """Open the table; also give the number of rows where the format tells it, and whether the head is all."""
    size = path.stat().st_size
    if layout.format in {"csv", "tsv", "jsonl"}:
        kind = JsonLinesTable if layout.format == "jsonl" else DelimitedTable
        with open_source(path, limits=limits) as source:
            yield kind(source, layout=layout, limits=limits), None, layout.complete
        return
    with open_seekable(path, limits=limits) as file:
        if layout.format == "parquet":
            parquet = ParquetTable(file, limits=limits, size=size)
            yield parquet, parquet.rows, True
            return
        check_workbook(file, limits=limits, streams=not head_only)
        if not head_only:
            yield WorkbookTable(file, sheet=sheet, limits=limits, size=size), None, True
            return
        head, rows, complete = head_of_workbook(file, limits=limits)
        book = WorkbookTable(head, sheet=sheet, limits=limits, size=size)
        yield book, rows, complete


def _estimate(path: Path, layout: Layout, seen: int) -> int:
    """Scale the records of the head to the size of the content."""
    text = decode(layout.head, layout.encoding)
    records = text.count(layout.line_end)
    if layout.delimiter:
        records = count_records(text, delimiter=layout.delimiter) - 1
    if layout.complete:
        return max(seen, records)
    return records * content_size(path, compressed=layout.compressed) // max(1, len(layout.head))
