"""All sheets of a small workbook as they stand, with their joined cells: for forms without one header row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from zhiqiao.engines.tabular._errors import TooManyColumns
from zhiqiao.engines.tabular._values import Limits
from zhiqiao.engines.tabular._workbook import check_workbook, load_sheet, open_book, text_of_cell


@dataclass(frozen=True)
class Sheet:
    """One sheet: texts of its cells as a person sees them, from column A; `first_row` is the number of the first."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    first_row: int
    joined: tuple[tuple[int, int, int, int], ...]
    """Joined ranges as top, left, bottom, right; counted from 0, rows from `first_row`."""


def read_sheets(file: BinaryIO, *, limits: Limits | None = None) -> tuple[Sheet, ...]:
    """Return every sheet; raise the TableError that says why the workbook can not be read."""
    limits = limits or Limits()
    check_workbook(file, limits=limits, streams=True)
    book = open_book(file)
    found = []
    for name in book.sheet_names:
        sheet = load_sheet(book, name)
        if sheet.total_width > limits.max_columns:
            raise TooManyColumns(found=sheet.total_width, limit=limits.max_columns)
        left = sheet.start[1] if sheet.start else 0
        top = sheet.start[0] if sheet.start else 0
        rows = tuple(("",) * left + tuple(text_of_cell(value) for value in row) for row in sheet.to_python())
        joined = tuple(
            (first[0] - top, first[1], last[0] - top, last[1])
            for first, last in sheet.merged_cell_ranges or ()
            if first[0] >= top
        )
        found.append(Sheet(name, rows, top + 1, joined))
    return tuple(found)


def check_container(file: BinaryIO, *, limits: Limits | None = None) -> None:
    """Check the container of any office file; raise the TableError that says what is wrong with it."""
    check_workbook(file, limits=limits or Limits(), streams=True)
