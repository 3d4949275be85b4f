"""Sheets as they stand: places, joined cells, numbers as a person sees them, and workbooks that ask for too much."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from zhiqiao.engines.tabular import Limits, TableError, check_container, read_sheets


def book(**cells: object) -> io.BytesIO:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "表"
    for place, value in cells.items():
        sheet[place] = value
    sheet.merge_cells("C3:D4")
    target = io.BytesIO()
    made.save(target)
    target.seek(0)
    return target


def test_a_sheet_keeps_its_places_and_joined_cells() -> None:
    (sheet,) = read_sheets(book(C3="头", E6=12.0))
    assert (sheet.name, sheet.first_row) == ("表", 3)
    assert sheet.rows == (("", "", "头", "", ""), ("",) * 5, ("",) * 5, ("", "", "", "", "12"))
    assert sheet.joined == ((0, 2, 1, 3),)


@pytest.mark.parametrize(
    "limits", [Limits(max_columns=3), Limits(max_workbook_cells=10), Limits(max_workbook_bytes=1000)]
)
def test_a_workbook_that_asks_for_too_much_is_refused(limits: Limits) -> None:
    with pytest.raises(TableError):
        read_sheets(book(A1="a", E9="b"), limits=limits)


def test_a_container_is_checked_without_being_a_workbook() -> None:
    with pytest.raises(TableError):
        check_container(io.BytesIO(b"PK\x03\x04 no archive"))
    check_container(book(A1="a"))
