"""The printed plan as a workbook: sheets as they are printed, joined heads, rows repeated on every page.

Sections and small tables share sheets of many narrow columns, so that each table has widths of its own; wide tables
have a sheet of real columns.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from math import ceil

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from zhiqiao.engines.documents import settle, width
from zhiqiao.engines.planfiles._printed import Column, Layout, Section, Table
from zhiqiao.engines.planfiles._xlsx_cells import CENTRE, Styles, join, put, write_range

_UNITS, _UNIT = 48, 1.95  # narrow columns of a sheet of text, and how many characters each is wide
_WIDE = 3.5  # characters for one of a wide table's own units of width
_SHORT, _LEAST, _MOST = 10, 6, 40  # half-width places that a column asks for
_NUMBERS = "一二三四五六七八九十"
_SONG, _HEI = "宋体", "黑体"
_LINE, _HIGHEST = 14.5, 409.0  # points of a line of 10 pt, and the highest row there is
_HEADS = {
    name: Font(name=_HEI, size=size) for name, size in (("title", 18), ("section", 14), ("caption", 10.5))
}
_TEXT, _STRONG = Font(name=_SONG, size=10), Font(name=_SONG, size=10, bold=True)
_START = Alignment(horizontal="left", vertical="center", wrap_text=True)
_INSIDE = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
TEXT_SHEET, APPENDIX_SHEET = "培养方案", "附录"


@dataclass(frozen=True)
class _Span:
    """The sheet's columns that a table's column takes, from 1, both ends included, and the characters they hold."""

    left: int
    right: int
    places: float


def write_layout(layout: Layout, *, organisation: str, on: date, labels: Sequence[str]) -> bytes:
    """Return the file; raise PlanFileError for a text longer than a cell may hold."""
    return _Book(layout, organisation, on, labels).make()


class _Book:
    def __init__(self, layout: Layout, organisation: str, on: date, labels: Sequence[str]) -> None:
        self._layout = layout
        self._organisation = organisation
        self._on = on
        self._labels = labels
        self._book = Workbook()
        self._first: Worksheet = self._book.worksheets[0]
        self._first.title = TEXT_SHEET
        self._styles = Styles(self._book)
        self._captions = 0

    def make(self) -> bytes:
        sheet = self._first
        row = self._line(sheet, 1, self._layout.title + self._layout.subtitle, "title")
        for label in self._labels:
            row = self._line(sheet, row, f"【{label}】", "caption")
        self._set_up(sheet, landscape=False)
        number = 0
        for part in self._layout.parts:
            if isinstance(part, Section):
                if part.key == "appendix":
                    sheet, row = self._sheet(APPENDIX_SHEET, landscape=False), 1
                number += 1
                row = self._section(sheet, row, part, number)
            elif part.wide:
                self._wide(part)
            else:
                row = self._small(sheet, row, part)
        self._styles.done(self._book)
        self._order()
        self._properties()
        target = io.BytesIO()
        self._book.save(target)
        return settle(target.getvalue(), self._on)

    def _order(self) -> None:
        """Put the appendix last."""
        if APPENDIX_SHEET in self._book.sheetnames:
            at = self._book.sheetnames.index(APPENDIX_SHEET)
            self._book.move_sheet(APPENDIX_SHEET, len(self._book.sheetnames) - 1 - at)

    def _properties(self) -> None:
        properties = self._book.properties
        properties.title = self._layout.title
        properties.creator = properties.lastModifiedBy = self._organisation or "职桥 Zhiqiao"
        properties.keywords = "、".join(self._labels)
        day = datetime(self._on.year, self._on.month, self._on.day, tzinfo=UTC).replace(tzinfo=None)
        properties.created = properties.modified = day

    def _sheet(self, title: str, *, landscape: bool) -> Worksheet:
        sheet: Worksheet = self._book.create_sheet(title)
        self._set_up(sheet, landscape=landscape)
        return sheet

    def _set_up(self, sheet: Worksheet, *, landscape: bool) -> None:
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.6 if landscape else 0.8
        margins.top, margins.bottom = 0.8, 0.75
        sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="第 &P 页　共 &N 页"))
        said = ["　".join((self._layout.title, *self._labels)), self._organisation]
        left, right = (
            _HeaderFooterPart(text=text[:100].replace("&", "&&")) if text else None for text in said
        )
        sheet.HeaderFooter.oddHeader = HeaderFooterItem(left=left, right=right)
        sheet.sheet_view.showGridLines = False
        if not landscape:
            for column in range(1, _UNITS + 1):
                sheet.column_dimensions[get_column_letter(column)].width = _UNIT

    def _line(self, sheet: Worksheet, row: int, text: str, look: str = "") -> int:
        """Write a line over the whole width; return the next row."""
        join(sheet, (row, row), (1, _UNITS))
        cell = put(sheet, row, 1, text)
        cell.font = _HEADS.get(look, _TEXT)
        cell.alignment = CENTRE if look in {"title", "caption"} else _START
        lines = _lines(text, _UNITS * _UNIT * 10 / (cell.font.size or 10))
        sheet.row_dimensions[row].height = min(_HIGHEST, lines * _LINE * (cell.font.size or 10) / 10 + 4)
        return row + 1

    def _section(self, sheet: Worksheet, row: int, part: Section, number: int) -> int:
        row = self._line(sheet, row, f"{_NUMBERS[number - 1]}、{part.title}", "section")
        for line in part.lines:
            row = self._line(sheet, row, line)
        return row

    def _caption(self, part: Table) -> str:
        self._captions += 1
        return f"表{self._captions}　{part.title}"

    def _small(self, sheet: Worksheet, row: int, part: Table) -> int:
        row = self._line(sheet, row, self._caption(part), "caption")
        spans = list(_spans(part))
        row = self._head(sheet, row, part.columns, spans)
        row = self._rows(sheet, row, part, spans)
        sheet.row_dimensions[row].height = 8
        return row + 1

    def _wide(self, part: Table) -> None:
        sheet = self._sheet(part.title[:31], landscape=True)
        spans = []
        for at, column in enumerate(part.columns, 1):
            size = _WIDE * column.width if column.width else _natural(part, at - 1)
            sheet.column_dimensions[get_column_letter(at)].width = size
            spans.append(_Span(at, at, size))
        join(sheet, (1, 1), (1, len(spans)))
        cell = put(sheet, 1, 1, self._caption(part))
        cell.font, cell.alignment = _HEADS["section"], CENTRE
        sheet.row_dimensions[1].height = 26
        top = self._head(sheet, 2, part.columns, spans)
        sheet.print_title_rows = f"1:{top - 1}"
        sheet.freeze_panes = f"A{top}"
        self._rows(sheet, top, part, spans)
        for at, column in enumerate(part.columns):
            if column.merged:
                _join_equal(sheet, top, part, at)

    def _head(self, sheet: Worksheet, row: int, columns: Sequence[Column], spans: Sequence[_Span]) -> int:
        """Write the heads, in two rows where columns are grouped; return the row below."""
        grouped = any(column.group for column in columns)
        bottom = row + 1 if grouped else row
        for column, span in zip(columns, spans, strict=True):
            top = bottom if column.group else row
            write_range(
                self._styles,
                sheet,
                (top, bottom),
                (span.left, span.right),
                column.title,
                font=_HEADS["caption"],
                shaded=True,
            )
        for group, members in groupby(zip(columns, spans, strict=True), key=lambda one: one[0].group):
            inside = [span for _, span in members]
            if group:
                across = (inside[0].left, inside[-1].right)
                write_range(
                    self._styles, sheet, (row, row), across, group, font=_HEADS["caption"], shaded=True
                )
        heights = [_lines(column.title, span.places) for column, span in zip(columns, spans, strict=True)]
        whole = max(heights) * _LINE + 6
        for at in range(row, bottom + 1):
            sheet.row_dimensions[at].height = max(_LINE + 4, whole / (bottom - row + 1))
        return bottom + 1

    def _rows(self, sheet: Worksheet, row: int, part: Table, spans: Sequence[_Span]) -> int:
        aligned = [CENTRE if _is_short(part, at) else _INSIDE for at in range(len(spans))]
        for at, texts in enumerate(part.rows):
            font = _STRONG if at in part.strong else _TEXT
            for text, column, span, align in zip(texts, part.columns, spans, aligned, strict=True):
                write_range(
                    self._styles,
                    sheet,
                    (row, row),
                    (span.left, span.right),
                    text,
                    font=font,
                    align=align,
                    numeric=column.numeric,
                )
            lines = max(
                1 if column.merged else _lines(text, span.places)
                for text, column, span in zip(texts, part.columns, spans, strict=True)
            )
            sheet.row_dimensions[row].height = min(_HIGHEST, lines * _LINE + 3)
            row += 1
        return row


def _join_equal(sheet: Worksheet, top: int, part: Table, column: int) -> None:
    """Join equal neighbours of a column, within what the merged columns before it joined."""
    outer = [at for at in range(column + 1) if part.columns[at].merged]
    row = top
    for key, members in groupby(part.rows, key=lambda texts: [texts[at] for at in outer]):
        count = len(list(members))
        if count > 1 and key[-1]:
            join(sheet, (row, row + count - 1), (column + 1, column + 1))
        row += count


def _lines(text: str, places: float) -> int:
    """Return how many lines a text takes in so many half-width places."""
    return sum(max(1, ceil(width(line) / max(1.0, places * 1.05 - 1))) for line in text.split("\n"))


def _natural(part: Table, at: int) -> float:
    """Return how wide a column would like to be; a head may wrap into two lines."""
    longest = max((width(row[at]) for row in part.rows), default=0)
    most = _MOST / 2 if part.wide else _MOST
    return float(min(most, max(_LEAST, longest, width(part.columns[at].title) / 2))) + 2


def _is_short(part: Table, at: int) -> bool:
    """Tell whether a column is set in the middle: numbers, joined words, short words throughout."""
    column = part.columns[at]
    return column.numeric or column.merged or all(width(row[at]) <= _SHORT for row in part.rows)


def _spans(part: Table) -> Iterator[_Span]:
    """Yield the narrow columns that each column of a table takes; all of them are used."""
    wanted = [column.width or _natural(part, at) for at, column in enumerate(part.columns)]
    total, left, used = sum(wanted), 0, 0.0
    for at, size in enumerate(wanted):
        used += size
        rest = len(wanted) - at - 1
        right = min(_UNITS - rest, max(left + 1, round(_UNITS * used / total)))
        yield _Span(left + 1, right, (right - left) * _UNIT)
        left = right
