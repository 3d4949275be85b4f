"""The figures of a document as a workbook: a contents sheet, then a sheet per table and per chart."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from zhiqiao.engines.documents import _palette
from zhiqiao.engines.documents._archive import midnight, settle
from zhiqiao.engines.documents._chart_values import BandKind, Chart, Series
from zhiqiao.engines.documents._docx_parts import properties_of
from zhiqiao.engines.documents._inline import ValueKind
from zhiqiao.engines.documents._lines import plain, with_note
from zhiqiao.engines.documents._plan import day_text, plan
from zhiqiao.engines.documents._plan_values import Captioned, CellPlan, ChartPlan, HeadPlan, Plan, TablePlan
from zhiqiao.engines.documents._text import width
from zhiqiao.engines.documents._values import Document
from zhiqiao.engines.documents._words import Words
from zhiqiao.engines.documents._xlsx_charts import add_chart

_LONGEST = 32_767
_FORBIDDEN_TITLE = re.compile(r"[\[\]:*?/\\']")
_WIDTHS = (9, 46)
_SAMPLE_ROWS = 300
#: Points: a line of 10.5 pt, and the highest row there is.
_LINE, _HIGHEST = 14.0, 409.0
_THIN = Side(style="thin", color="B9C3CB")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", start_color="E9EEF2")
_Value = str | int | float | dt.date | None


def to_xlsx(document: Document) -> bytes:
    """Return tables and chart figures as XLSX; the same document gives the same bytes.

    Numbers stay numbers, days stay days, text is never a formula. Cells that a page joins are written in each row,
    so that filters and sorting work. What is unknown is written as such, with its reason under the table.
    """
    return _BookMaker(plan(document)).make()


class _BookMaker:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._book = Workbook()
        self._font = Font(name="宋体" if plan.document.language == "zh" else "Arial", size=10.5)
        self._bold = Font(name=self._font.name, size=10.5, bold=True)
        self._small = Font(name=self._font.name, size=9, color=_palette.MUTED[1:])

    def make(self) -> bytes:
        contents = self._book.active
        assert isinstance(contents, Worksheet)
        contents.title = self._plan.words.contents
        listed = []
        for block in self._plan.captioned:
            sheet = self._book.create_sheet(_sheet_title(block))
            rows = self._table(sheet, block) if isinstance(block, TablePlan) else self._chart(sheet, block)
            listed.append((sheet, block, rows))
        self._contents(contents, listed)
        self._properties()
        target = io.BytesIO()
        self._book.save(target)
        return settle(target.getvalue(), self._plan.document.date)

    def _properties(self) -> None:
        document, properties = self._plan.document, self._book.properties
        properties.title, properties.creator = document.title, document.organisation
        properties.keywords = ", ".join([*document.keywords, *(label.text for label in document.labels)])
        properties.created = properties.modified = midnight(document.date).replace(tzinfo=None)
        properties.lastModifiedBy = document.organisation
        custom = getattr(self._book, "custom_doc_props")  # noqa: B009  the stubs do not know it
        for name, value in properties_of(self._plan).items():
            custom.append(StringProperty(name=name, value=value))

    def _contents(self, sheet: Worksheet, listed: Sequence[tuple[Worksheet, Captioned, int]]) -> None:
        document, words = self._plan.document, self._plan.words
        self._put(sheet, 1, 1, document.title).font = Font(name=self._font.name, size=16, bold=True)
        at = 2
        labels = words.comma.join(label.text for label in document.labels)
        facts = [
            ("", document.subtitle),
            (words.organisation, document.organisation),
            (words.date, day_text(document)),
        ]
        for name, value in [*facts, (words.label, labels), *self._plan.facts]:
            if not value:
                continue
            cell = self._put(sheet, at, 1, f"{name}{words.colon}{value}" if name else value)
            if name == words.label:
                cell.font = Font(name=self._font.name, size=10.5, bold=True, color=_palette.ERROR[1:])
            at += 1
        at += 1
        for column, name in enumerate((words.sheet, words.title, words.kind, words.rows), 1):
            self._head(sheet, at, column, name)
        for other, block, rows in listed:
            at += 1
            link = self._put(sheet, at, 1, block.label)
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{other.title}'!A1")
            link.font = Font(name=self._font.name, size=10.5, color=_palette.PRIMARY[1:], underline="single")
            self._put(sheet, at, 2, block.title)
            self._put(sheet, at, 3, words.table if isinstance(block, TablePlan) else words.data_of)
            self._put(sheet, at, 4, rows)
            for column in range(1, 5):
                sheet.cell(at, column).border = _BOX
                sheet.cell(at, column).alignment = Alignment(vertical="center", wrap_text=column == 2)
        for letter, size in zip("ABCD", (14, 60, 16, 10), strict=True):
            sheet.column_dimensions[letter].width = size
        sheet.sheet_view.showGridLines = False
        _set_print(sheet, landscape=False)

    def _table(self, sheet: Worksheet, block: TablePlan) -> int:
        """Write a table and return how many rows of figures it has."""
        heads = [f"{head.group} · {head.text}" if head.group else head.text for head in block.heads]
        top = self._begin(sheet, block, heads)
        for at, row in enumerate(block.rows, top + 1):
            for column, (cell, head) in enumerate(zip(row, block.heads, strict=True), 1):
                self._cell(sheet, (at, column), cell, head)
        for column in range(len(heads)):
            shown = [row[column].text for row in block.rows[:_SAMPLE_ROWS]]
            _set_width(sheet, column + 1, heads[column], shown)
        _set_heights(sheet, block, top + 1)
        if block.rows:
            last = f"{get_column_letter(len(heads))}{top + len(block.rows)}"
            sheet.auto_filter.ref = f"A{top}:{last}"
        self._end(sheet, block, top + max(1, len(block.rows)) + 2)
        _set_print(sheet, landscape=block.landscape)
        return len(block.rows)

    def _cell(self, sheet: Worksheet, place: tuple[int, int], cell: CellPlan, head: HeadPlan) -> None:
        # an unknown keeps its mark, or the reason under the table would hang in the air
        value = plain(cell.line) if cell.value is None else cell.value
        made = self._put(sheet, *place, value)
        made.border = _BOX
        is_right = isinstance(cell.value, (int, float)) or (cell.value is None and head.is_number)
        side = "right" if is_right else "left"
        made.alignment = Alignment(vertical="center", horizontal=side, wrap_text=isinstance(value, str))
        if isinstance(cell.value, (int, float)):
            made.number_format = number_format(head.kind, head.places, cell.value)
        elif isinstance(cell.value, dt.date):
            made.number_format = "yyyy-mm-dd"

    def _chart(self, sheet: Worksheet, block: ChartPlan) -> int:
        chart, words = block.chart, self._plan.words
        columns = chart_columns(chart, words)
        heads = [chart.category_title or words.item, *(name for name, _ in columns)]
        top = self._begin(sheet, block, heads)
        kind = ValueKind.PERCENT if chart.percent else ValueKind.NUMBER
        for at, category in enumerate(chart.categories):
            self._put(sheet, top + 1 + at, 1, category).border = _BOX
            for column, (_, values) in enumerate(columns, 2):
                value = values[at]
                made = self._put(sheet, top + 1 + at, column, value)
                made.border, made.alignment = _BOX, Alignment(horizontal="right")
                if value is not None:
                    made.number_format = number_format(kind, None, value)
        _set_width(sheet, 1, heads[0], chart.categories)
        for column, name in enumerate(heads[1:], 2):
            _set_width(sheet, column, name, [])
        below = top + len(chart.categories) + 2
        if not block.empty:
            add_chart(sheet, chart, top=top, column=len(heads) + 2)
        self._end(sheet, block, below)
        _set_print(sheet, landscape=True)
        return len(chart.categories)

    def _begin(self, sheet: Worksheet, block: Captioned, heads: Sequence[str]) -> int:
        """Write title, labels and heads; return the row of the heads."""
        self._put(sheet, 1, 1, f"{block.label}　{block.title}").font = Font(
            name=self._font.name, size=13, bold=True
        )
        labels = self._plan.words.comma.join(label.text for label in self._plan.document.labels)
        back = self._put(sheet, 2, 1, self._plan.words.contents)
        back.hyperlink = Hyperlink(ref=back.coordinate, location=f"'{self._plan.words.contents}'!A1")
        back.font = Font(name=self._font.name, size=9, color=_palette.PRIMARY[1:], underline="single")
        if labels:
            self._put(sheet, 2, 2, labels).font = Font(
                name=self._font.name, size=9, bold=True, color=_palette.ERROR[1:]
            )
        for column, text in enumerate(heads, 1):
            self._head(sheet, 4, column, text)
        sheet.row_dimensions[4].height = 32
        sheet.freeze_panes = "A5"
        sheet.print_title_rows = "4:4"
        if block.empty:
            words = self._plan.words
            self._put(sheet, 5, 1, f"{words.nothing}{words.colon}{block.empty}")
        return 4

    def _end(self, sheet: Worksheet, block: Captioned, at: int) -> None:
        words = self._plan.words
        lines = [plain(line) for line in with_note(block.notes, words)]
        if isinstance(block, ChartPlan) and _has_blanks(block.chart):
            lines.append(words.blank)
        if block.source:
            lines.append(f"{words.source}{words.colon}{plain(block.source)}")
        for step, text in enumerate(lines):
            self._put(sheet, at + step, 1, text).font = self._small

    def _head(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        cell = self._put(sheet, row, column, text)
        cell.font, cell.fill, cell.border = self._bold, _HEAD, _BOX
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)

    def _put(self, sheet: Worksheet, row: int, column: int, value: _Value) -> Cell:
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)
        if isinstance(value, str):
            if len(value) > _LONGEST:
                cut = self._plan.words.cut
                value = value[: _LONGEST - len(cut)] + cut
            cell.value = value
            cell.data_type = "s"  # openpyxl takes "=…" for a formula and "#N/A" for an error unless told
            cell.quotePrefix = value[:1] in set("=+-@＝＋－＠")
        else:
            cell.value = value
        cell.font = self._font
        return cell


def chart_columns(chart: Chart, words: Words) -> list[tuple[str, Sequence[float | int | None]]]:
    """Return a chart's figures as named columns: each series, then both ends of its bands."""
    before, after = words.brackets
    unit = f"{before}{chart.unit}{after}" if chart.unit and not chart.percent else ""
    found: list[tuple[str, Sequence[float | int | None]]] = []
    for series in chart.series:
        found.append((f"{series.name}{unit}", series.values))
        for band in series.bands:
            kind = words.interval if band.kind is BandKind.INTERVAL else words.scenario
            named = band.name if kind in band.name else f"{band.name}{before}{kind}{after}"
            found += [(f"{named} {words.low}", band.low), (f"{named} {words.high}", band.high)]
    return found


def number_format(kind: ValueKind, places: int | None, value: float | int) -> str:
    """Return the number format of a cell."""
    if kind is ValueKind.PERCENT:
        return "0" + _decimals(1 if places is None else places) + "%"
    if places is None:
        places = 0 if value == int(value) else 2
    return "#,##0" + _decimals(places)


def _decimals(places: int) -> str:
    return "." + "0" * places if places else ""


def _has_blanks(chart: Chart) -> bool:
    return any(None in values for series in chart.series for values in (series.values, *_ends(series)))


def _ends(series: Series) -> list[Sequence[float | int | None]]:
    return [values for band in series.bands for values in (band.low, band.high)]


def _sheet_title(block: Captioned) -> str:
    return _FORBIDDEN_TITLE.sub(" ", f"{block.label} {block.title}").strip()[:31].strip()


def _set_width(sheet: Worksheet, column: int, head: str, shown: Sequence[str]) -> None:
    least, most = _WIDTHS
    longest = max((width(text) for text in shown), default=0)
    needed = max(longest * 1.15 + 2, width(head) / 2 * 1.15 + 4)
    sheet.column_dimensions[get_column_letter(column)].width = min(most, max(least, needed))


def _set_heights(sheet: Worksheet, block: TablePlan, first: int) -> None:
    """Make rows high enough for words that wrap: not every program does it by itself."""
    rooms = [
        sheet.column_dimensions[get_column_letter(at)].width - 1 for at in range(1, len(block.heads) + 1)
    ]
    for at, row in enumerate(block.rows, first):
        cells = zip(row, rooms, strict=True)
        lines = max(math.ceil(width(plain(cell.line)) * 1.1 / room) for cell, room in cells)
        if lines > 1:
            sheet.row_dimensions[at].height = min(_HIGHEST, lines * _LINE + 2)


def _set_print(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="&P / &N"))
