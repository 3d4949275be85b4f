"""Tables of the Word file, written straight as elements: five thousand rows take seconds, not minutes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from docx.oxml.ns import qn

from zhiqiao.engines.documents._docx_xml import Element, Writer, add, element, run
from zhiqiao.engines.documents._plan_values import CellPlan, HeadPlan, TablePlan

PORTRAIT_WIDTH, LANDSCAPE_WIDTH = 8788, 14003  # twentieths of a point: 155 mm and 247 mm
_BORDER: dict[str, str | int] = {"val": "single", "sz": 4, "space": 0, "color": "7D8B97"}
_SHADE: dict[str, str | int] = {"val": "clear", "color": "auto", "fill": "E9EEF2"}


def table_element(table: TablePlan, writer: Writer) -> Element:
    """Return the table: its head repeats on every page, no row is split between two."""
    made = element("w:tbl")
    widths = _widths(table)
    _properties(made, table, sum(widths))
    grid = add(made, "w:tblGrid")
    for width in widths:
        add(grid, "w:gridCol", w=width)
    _heads(made, table.heads, widths)
    below = bool(table.notes or table.source)
    for at, cells in enumerate(table.rows, 1):
        row = add(made, "w:tr")
        add(add(row, "w:trPr"), "w:cantSplit")
        for cell, head, width in zip(cells, table.heads, widths, strict=True):
            _cell(row, cell, head, width, writer)
        if below and at == len(table.rows):
            _keep_with_next(row)
    return made


def _keep_with_next(row: Element) -> None:
    """Keep a row on the page of what follows: notes and source do not begin a page on their own."""
    for paragraph in row.iter(qn("w:p")):
        paragraph.find(qn("w:pPr")).append(element("w:keepNext"))


def _widths(table: TablePlan) -> list[int]:
    whole = LANDSCAPE_WIDTH if table.landscape else PORTRAIT_WIDTH
    total = sum(head.width for head in table.heads)
    return [int(whole * head.width / total) for head in table.heads]


def _properties(made: Element, table: TablePlan, width: int) -> None:
    properties = add(made, "w:tblPr")
    add(properties, "w:tblStyle", val="TableGrid")
    add(properties, "w:tblW", w=width, type_="dxa")
    add(properties, "w:jc", val="center")
    borders = add(properties, "w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        thick: dict[str, str | int] = {"sz": 10} if side in {"top", "bottom"} else {}
        if side not in {"left", "right"}:
            add(borders, f"w:{side}", **{**_BORDER, **thick})
    add(properties, "w:tblLayout", type_="fixed")
    margins = add(properties, "w:tblCellMar")
    for side, size in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80)):
        add(margins, f"w:{side}", w=size, type_="dxa")
    add(
        properties,
        "w:tblLook",
        val="0020",
        firstRow=1,
        lastRow=0,
        firstColumn=0,
        lastColumn=0,
        noHBand=1,
        noVBand=1,
    )
    add(properties, "w:tblCaption", val=f"{table.label} {table.title}")


def _heads(made: Element, heads: Sequence[HeadPlan], widths: list[int]) -> None:
    grouped = any(head.group for head in heads)
    if grouped:
        row = _head_row(made)
        at = 0
        for group, members in groupby(heads, key=lambda head: head.group):
            count = len(list(members))
            if group:
                _head_cell(row, group, sum(widths[at : at + count]), span=count)
            else:
                for one in range(at, at + count):
                    _head_cell(row, heads[one].text, widths[one], merge="restart")
            at += count
    row = _head_row(made)
    for head, width in zip(heads, widths, strict=True):
        below = grouped and not head.group
        _head_cell(row, "" if below else head.text, width, merge="continue" if below else "")


def _head_row(made: Element) -> Element:
    row = add(made, "w:tr")
    properties = add(row, "w:trPr")
    add(properties, "w:cantSplit")
    add(properties, "w:tblHeader")
    return row


def _head_cell(row: Element, text: str, width: int, *, span: int = 1, merge: str = "") -> None:
    cell = _cell_frame(row, width, span=span, merge=merge, shaded=True)
    run(_paragraph(cell, "center"), text, bold=True)


def _cell(row: Element, cell: CellPlan, head: HeadPlan, width: int, writer: Writer) -> None:
    merge = {0: "continue", 1: ""}.get(cell.span, "restart")
    made = _cell_frame(row, width, merge=merge)
    paragraph = _paragraph(made, "right" if head.is_number else "left")
    if merge != "continue":
        writer.line(paragraph, cell.line)


def _cell_frame(row: Element, width: int, *, span: int = 1, merge: str = "", shaded: bool = False) -> Element:
    cell = add(row, "w:tc")
    properties = add(cell, "w:tcPr")
    add(properties, "w:tcW", w=width, type_="dxa")
    if span > 1:
        add(properties, "w:gridSpan", val=span)
    if merge:
        add(properties, "w:vMerge", val=merge)
    if shaded:
        add(properties, "w:shd", **_SHADE)
    add(properties, "w:vAlign", val="center")
    return cell


def _paragraph(cell: Element, align: str) -> Element:
    paragraph = add(cell, "w:p")
    properties = add(paragraph, "w:pPr")
    add(properties, "w:pStyle", val="ZhiqiaoTable")
    add(properties, "w:jc", val=align)
    return paragraph
