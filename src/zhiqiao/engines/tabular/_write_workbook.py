"""Workbooks as `write_xlsx` makes them; apart, for openpyxl takes long to import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.dimensions import ColumnDimension, DimensionHolder

from zhiqiao.engines.tabular._values import CellValue

__all__ = ["write_workbook"]

_LONGEST_XLSX_CELL = 32_767
_SHEET_TITLE = re.compile(r"[\[\]:*?/\\']")
_COLUMN_WIDTH = (8, 60)
_SAMPLE_ROWS = 50


def write_workbook(
    target: Path | BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[CellValue]],
    *,
    title: str,
    note: str = "",
) -> None:
    """Write a workbook of one sheet; strings stay strings; a note, a row per line, gets a sheet of its own."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET_TITLE.sub(" ", title).strip()[:31] or "Sheet")
    sheet.freeze_panes = "A2"
    iterator = iter(rows)
    sample = list(islice(iterator, _SAMPLE_ROWS))
    _set_widths(sheet, columns, sample)
    sheet.append([_header_cell(sheet, column) for column in columns])
    for row in sample:
        sheet.append([_cell(sheet, value) for value in row])
    for row in iterator:
        sheet.append([_cell(sheet, value) for value in row])
    if note:
        book.properties.description = note
        notes = book.create_sheet("说明 Note")
        notes.append([_cell(notes, title)])
        for line in note.splitlines():
            notes.append([_cell(notes, line)])
    book.save(target)


def _set_widths(
    sheet: WriteOnlyWorksheet, columns: Sequence[str], sample: Sequence[Sequence[CellValue]]
) -> None:
    least, most = _COLUMN_WIDTH
    dimensions = cast("DimensionHolder[str, ColumnDimension]", getattr(sheet, "column_dimensions"))  # noqa: B009
    for at, column in enumerate(columns):
        texts = [column, *(row[at] for row in sample if at < len(row))]
        longest = max(_shown_width(str(text)) for text in texts)
        dimensions[get_column_letter(at + 1)].width = min(most, max(least, longest + 2))


def _shown_width(text: str) -> int:
    return sum(1 if letter < "\u1100" else 2 for letter in text[:80])


def _header_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = _cell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: CellValue) -> Cell:
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value=value)
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)[:_LONGEST_XLSX_CELL]
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # openpyxl takes "=…" for a formula and "#N/A" for an error unless told
    return cell
