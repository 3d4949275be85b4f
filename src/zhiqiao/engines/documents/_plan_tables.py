"""Cells of tables made ready: written out, aligned, joined where a column says so."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal

from zhiqiao.engines.documents._errors import BadBlock
from zhiqiao.engines.documents._inline import ValueKind
from zhiqiao.engines.documents._lines import LineMaker, Marks, plain
from zhiqiao.engines.documents._plan_values import CellPlan, HeadPlan, Piece
from zhiqiao.engines.documents._text import clean, formatted, is_known, width
from zhiqiao.engines.documents._values import Cell, Column, NamedNumber, Table, Unknown
from zhiqiao.engines.documents._words import Words

_SAMPLE_ROWS = 200
_WIDTHS = (4.0, 30.0)  # half-width places; beyond, a column wraps rather than starving its neighbours
_PADDING = 2.4
_SHORT = 11.0
_ROOM = {False: 90.0, True: 144.0}  # half-width places of 9 pt on an upright and on a wide page
_DASH = "—"
_LONGEST_SPAN = 25  # lines of a page; then the words stand again, or a page would begin without them


class CellMaker:
    """Makes heads and cells of one table; reasons of unknown cells become marks."""

    def __init__(self, lines: LineMaker, words: Words, marks: Marks) -> None:
        self._lines = lines
        self._words = words
        self._marks = marks

    def heads(self, table: Table) -> list[HeadPlan]:
        """Return the heads, each with its unit and the weight of its width."""
        sample = table.rows[:_SAMPLE_ROWS]
        heads = [self._head(column, [row[at] for row in sample]) for at, column in enumerate(table.columns)]
        if any(column.width is not None for column in table.columns):
            return heads
        widths = _fitted(heads, _ROOM[table.landscape])
        return [dataclasses.replace(head, width=width) for head, width in zip(heads, widths, strict=True)]

    def rows(self, table: Table) -> list[list[CellPlan]]:
        """Return the cells row by row; a merged column's first cell says how many rows it reaches over."""
        rows = [
            [self._cell(cell, column, (table, at)) for cell, column in zip(row, table.columns, strict=True)]
            for at, row in enumerate(table.rows, 1)
        ]
        outer: list[int] = []
        lines = self._lines_of(table, rows) if any(column.merged for column in table.columns) else []
        for at, column in enumerate(table.columns):
            if column.merged:
                outer.append(at)
                _merge(rows, at, outer, lines)
        return rows

    def _lines_of(self, table: Table, rows: Sequence[Sequence[CellPlan]]) -> list[int]:
        """Return about how many lines each row takes in print."""
        widths = [head.width for head in self.heads(table)]
        room = [_ROOM[table.landscape] * one / sum(widths) - _PADDING for one in widths]
        return [
            max(math.ceil(width(cell.text) / max(at, 2.0)) for cell, at in zip(row, room, strict=True))
            for row in rows
        ]

    def _head(self, column: Column, cells: Sequence[Cell]) -> HeadPlan:
        before, after = self._words.brackets
        title = clean(column.title)
        text = f"{title}{before}{clean(column.unit)}{after}" if column.unit else title
        weight = column.width
        if weight is None:
            longest = max((width(self._shown(cell, column)) for cell in cells), default=0)
            # a head may wrap into two lines, cells of numbers may not
            weight = min(_WIDTHS[1], max(_WIDTHS[0], longest, width(text) / 2 + 1)) + _PADDING
        return HeadPlan(text, clean(column.group), column.kind, column.places, weight)

    def _shown(self, cell: Cell, column: Column) -> str:
        if isinstance(cell, NamedNumber):
            cell = cell.value
        if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool) and is_known(cell):
            return formatted(cell, column.kind, places=column.places)
        if isinstance(cell, (str, dt.date)):
            return str(cell)[:80]
        if cell is None or isinstance(cell, (Unknown, int, float, Decimal)):
            return self._words.unknown
        return plain(self._lines.line(cell, Marks()))[:80]

    def _cell(self, cell: Cell, column: Column, place: tuple[Table, int]) -> CellPlan:
        match cell:
            case None:
                return self._unknown(Unknown())
            case Unknown():
                return self._unknown(cell)
            case bool():
                raise BadBlock(
                    place[0].title, f"row {place[1]}, {column.title}: write a truth value in words"
                )
            case int() | float() | Decimal():
                return self._number(cell, column, place)
            case NamedNumber():
                return self._number(cell.value, column, place, origin=cell.origin)
            case dt.date():
                day = cell.date() if isinstance(cell, dt.datetime) else cell
                return CellPlan((Piece("text", day.isoformat()),), day)
            case _:
                line = self._lines.line(cell, self._marks)
                return CellPlan(line, plain(line))

    def _number(
        self, cell: int | float | Decimal, column: Column, place: tuple[Table, int], *, origin: str = ""
    ) -> CellPlan:
        if not is_known(cell):
            return self._unknown(Unknown())
        if column.kind is ValueKind.DATE:
            raise BadBlock(
                place[0].title, f"row {place[1]}, {column.title}: {cell} is a number in a date column"
            )
        text = formatted(cell, column.kind, places=column.places)
        value = float(cell) if isinstance(cell, Decimal) else cell
        return CellPlan((Piece("text", text, is_figure=True, origin=origin),), value)

    def _unknown(self, cell: Unknown) -> CellPlan:
        shown = Piece("text", self._words.unknown if cell.applies else _DASH)
        reason = clean(cell.reason)
        return CellPlan((shown, self._marks.note(reason)) if reason else (shown,), None)


def _fitted(heads: Sequence[HeadPlan], room: float) -> list[float]:
    """Return widths that fit: numbers, days and short words keep theirs, long words share what is left and wrap."""
    rigid = [head.kind is not ValueKind.TEXT or head.width <= _SHORT for head in heads]
    fixed = sum(head.width for head, is_rigid in zip(heads, rigid, strict=True) if is_rigid)
    words = sum(head.width for head, is_rigid in zip(heads, rigid, strict=True) if not is_rigid)
    if fixed + words <= room or not words:
        return [head.width for head in heads]
    shrink = max((room - fixed) / words, 0.35)
    return [
        head.width if is_rigid else head.width * shrink for head, is_rigid in zip(heads, rigid, strict=True)
    ]


def _merge(rows: list[list[CellPlan]], at: int, outer: Sequence[int], lines: Sequence[int]) -> None:
    """Join equal neighbours of a column, within what the merged columns before it have joined."""
    begin = 0
    for row in range(1, len(rows) + 1):
        fits = row < len(rows) and sum(lines[begin : row + 1]) <= _LONGEST_SPAN
        if fits and _alike(rows[begin], rows[row], outer):
            continue
        first = rows[begin][at]
        rows[begin][at] = CellPlan(first.line, first.value, span=row - begin)
        for covered in range(begin + 1, row):
            cell = rows[covered][at]
            rows[covered][at] = CellPlan(cell.line, cell.value, span=0)
        begin = row


def _alike(above: Sequence[CellPlan], below: Sequence[CellPlan], columns: Sequence[int]) -> bool:
    """Tell whether rows agree in these columns; two unknown values are not the same value."""
    return all(above[at].value is not None and above[at].value == below[at].value for at in columns)
