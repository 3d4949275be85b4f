"""Tables written for people and their spreadsheets: no cell becomes a formula, and reading gives it back."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from zhiqiao.engines.tabular._header import unique_names
from zhiqiao.engines.tabular._reasons import text_of_error
from zhiqiao.engines.tabular._values import MARK_COLUMNS, CellValue, RowError

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][+-]?\d+)?%?\Z", re.ASCII)


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
    # Imported here: what only reads tables does not wait for the library that writes workbooks.
    from zhiqiao.engines.tabular._write_workbook import write_workbook

    write_workbook(target, columns, rows, title=title, note=note)
