"""Values that the table reader takes and gives; no reading happens here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

TableFormat = Literal["csv", "tsv", "xlsx", "jsonl", "parquet"]
CellValue = str | int | float | bool | None

MARK_COLUMNS = ("_row", "_field", "_reason", "_extra")
"""Columns a quarantine file adds to the original ones; reading it again leaves them out."""


@dataclass(frozen=True)
class Limits:
    """How much an untrusted table may ask of the machine."""

    max_bytes: int = 2 * 1024**3
    """Bytes after decompression."""
    max_workbook_bytes: int = 512 * 1024**2
    """Bytes of all parts of an unpacked workbook, which is held in memory; other formats are streamed."""
    max_workbook_cells: int = 25_000_000
    """Cells in the rectangle that a sheet spans, filled or not."""
    max_cell_chars: int = 1_000_000
    max_record_bytes: int = 64 * 1024**2
    """Bytes of one record that are held while looking for its end."""
    max_rows: int = 5_000_000
    max_ratio: int = 200
    """Unpacked bytes per packed byte, judged once `ratio_from` bytes came out."""
    ratio_from: int = 32 * 1024**2
    max_columns: int = 1_000


@dataclass(frozen=True)
class Note:
    """Something the reader mended or chose by itself; `text_of_note` words it."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class RowError:
    """One row that could not be delivered, with what is known of it."""

    row: int
    field: str
    reason: str
    detail: str = ""
    raw: tuple[str, ...] = ()
    """Original cells in column order, shortened."""
    rest: str = ""
    """Original text that belongs to no column, shortened."""


@dataclass(frozen=True)
class Chunk:
    """Some rows of a table: every column a string, null where the cell is empty or absent."""

    rows: pa.RecordBatch
    row_numbers: pa.Array
    errors: list[RowError]


@dataclass(frozen=True)
class TableInfo:
    """What a look at the head of a file tells; `estimated_rows` is exact when `complete`."""

    format: TableFormat
    compressed: bool
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    preview: tuple[dict[str, str], ...]
    preview_errors: tuple[RowError, ...]
    size: int
    estimated_rows: int
    complete: bool
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class ColumnMatch:
    """Which source column holds a target field, how sure (0–1) and why (name, part_of_name, content)."""

    source: str
    confidence: float
    why: Literal["name", "part_of_name", "content"]
