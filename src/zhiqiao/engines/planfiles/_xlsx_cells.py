"""Cells of a workbook: texts that stay texts, looks that are made once, ranges that are joined."""

from __future__ import annotations

import re

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from zhiqiao.engines.planfiles._errors import PlanFileError

_LONGEST = 32_767
_NUMBER = re.compile(r"(0|[1-9]\d{0,13})(\.\d{0,5}[1-9])?")
_THIN = Side(style="thin", color="000000")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", start_color="E9EEF2")
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def put(sheet: Worksheet, row: int, column: int, text: str, *, numeric: bool = False) -> Cell:
    """Write a text as text, or as a number where the column holds numbers; raise PlanFileError for one too long."""
    if len(text) > _LONGEST:
        raise PlanFileError(
            f"一段文字有 {len(text)} 个字符，工作簿的单元格最多 {_LONGEST} 个：{text[:20]}…；请分成几段",
            f"a text has {len(text)} characters, a cell holds {_LONGEST} at most: {text[:20]}…; split it by lines",
        )
    cell = _cell(sheet, row, column)
    if numeric and _NUMBER.fullmatch(text):
        cell.value = float(text) if "." in text else int(text)
    elif text:
        cell.value = text
        cell.data_type = "s"  # openpyxl takes "=…" for a formula and "#N/A" for an error unless told
        cell.quotePrefix = text[:1] in set("=+-@＝＋－＠")
    return cell


class Styles:
    """Looks of cells, each made once: openpyxl takes most of its time for finding a look that it has seen before."""

    def __init__(self, book: Workbook) -> None:
        self._sheet = book.create_sheet("looks")
        self._found: dict[tuple[int, int, bool], StyleArray] = {}

    def get(self, font: Font, align: Alignment, *, shaded: bool) -> StyleArray:
        """Return the look of a cell with borders."""
        key = (id(font), id(align), shaded)
        if key not in self._found:
            cell = self._sheet.cell(1, len(self._found) + 1)
            cell.font, cell.alignment, cell.border = font, align, _BOX
            if shaded:
                cell.fill = _SHADE
            self._found[key] = getattr(cell, "_style")  # noqa: B009  the stubs do not know it
        return self._found[key]

    def done(self, book: Workbook) -> None:
        """Take away the sheet that the looks were made on."""
        book.remove(self._sheet)


def join(sheet: Worksheet, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    """Join cells that have their borders already."""
    sheet.merged_cells.add(
        f"{get_column_letter(columns[0])}{rows[0]}:{get_column_letter(columns[1])}{rows[1]}"
    )


def write_range(
    styles: Styles,
    sheet: Worksheet,
    rows: tuple[int, int],
    columns: tuple[int, int],
    text: str,
    *,
    font: Font,
    align: Alignment = CENTRE,
    numeric: bool = False,
    shaded: bool = False,
) -> None:
    """Write a text into joined cells with borders all round."""
    style = styles.get(font, align, shaded=shaded)
    for row in range(rows[0], rows[1] + 1):
        for column in range(columns[0], columns[1] + 1):
            setattr(_cell(sheet, row, column), "_style", style)  # noqa: B010  the stubs do not know it
    put(sheet, rows[0], columns[0], text, numeric=numeric)
    if rows[0] < rows[1] or columns[0] < columns[1]:
        join(sheet, rows, columns)
