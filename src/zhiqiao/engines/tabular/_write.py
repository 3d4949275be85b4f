"""Tables written for people and their spreadsheets: no cell becomes a formula, and reading gives it back."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.dimensions import ColumnDimension, DimensionHolder

from zhiqiao.engines.tabular._header import unique_names
from zhiqiao.engines.tabular._reasons import text_of_error
from zhiqiao.engines.tabular._values import MARK_COLUMNS, RowError

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?%?\Z", re.ASCII)
_LONGEST_XLSX_CELL = 32_767
_SHEET_TITLE = re.compile(r"[\[\]:*?/\\']")
_COLUMN_WIDTH = (8, 60)
_SAMPLE_ROWS = 50

CellValue = str | int | float | bool | None


def safe_cell(value: CellValue) -> str:
    """Write a value so that no spreadsheet runs it: a leading apostrophe before what could start a formula.

    Text that starts with apostrophes and then such a sign gets one more, so reading takes exactly one away.
    """
    text = "" if value is None else str(value)
    if not isinstance(value, str) or not _DANGEROUS.match(text) or _PLAIN_NUMBER.match(text):
        return text
    return f"'{text}"


class CsvWriter:
    """A CSV file that spreadsheets open in the right encoding and without running formulas."""

    def __init__(self, path: Path, columns: Sequence[str], *, encoding: str = "utf-8-sig") -> None:
        self._file = path.open("w", encoding=encoding, newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._width = len(columns)
        self._writer.writerow([safe_cell(column) for column in columns])

    def write(self, row: Sequence[CellValue]) -> None:
        """Write one row, as wide as the columns; raise ValueError when it is not."""
        if len(row) != self._width:
            message = f"a row of {len(row)} cells under {self._width} columns"
            raise ValueError(message)
        self._writer.writerow([safe_cell(cell) for cell in row])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class QuarantineWriter:
    """A CSV of rows that could not be read, which a person corrects in place and imports again.

    After the original columns stand the row number, the field, the reason in both languages and the text that
    fitted no column; the reader leaves these four out.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._columns = [name for name in columns if name not in MARK_COLUMNS]
        names, _ = unique_names([*self._columns, *MARK_COLUMNS])
        self._writer = CsvWriter(path, names)
        self.written = 0

    def write(self, error: RowError) -> None:
        """Write one row error."""
        width = len(self._columns)
        cells = [*error.raw[:width], *[""] * (width - len(error.raw))]
        rest = " | ".join(part for part in (*error.raw[width:], error.rest) if part)
        self._writer.write([*cells, error.row, error.field, text_of_error(error), rest])
        self.written += 1

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_xlsx(
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
