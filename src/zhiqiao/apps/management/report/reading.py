"""A document as a page shows it: chapters with plain blocks, figures that open their evidence, tables that sort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from zhiqiao.apps.management.report.composing import Printed, all_lines, lines_of
from zhiqiao.apps.management.report.drawing import chart_data
from zhiqiao.apps.management.report.figures import Ways
from zhiqiao.engines.documents import (
    AnnexPlan,
    Block,
    BlockPlan,
    CalloutPlan,
    CellPlan,
    ChartPlan,
    Heading,
    HeadingPlan,
    HeadPlan,
    ItemsPlan,
    Line,
    ParagraphPlan,
    Piece,
    SignaturePlan,
    SourcesPlan,
    Table,
    TablePlan,
    plain,
    with_note,
)
from zhiqiao.engines.report import between
from zhiqiao.infra.ui.charts import ChartData, ChartType

__all__ = ["Chapter", "ShownBlock", "Sort", "chapter_of", "chapter_with", "chapters", "entry_title"]

#: From which weight on a column of words gets more room on the page.
_MUCH, _SOME = 28, 18


@dataclass(frozen=True)
class Sort:
    """How a table is to be sorted: its anchor, the column, and whether the largest come first."""

    anchor: str
    column: int
    down: bool

    @classmethod
    def read(cls, text: str) -> Sort | None:
        """Read what a link says (`table-3.2.down`); None for anything else."""
        anchor, _, rest = text.partition(".")
        column, _, way = rest.partition(".")
        return cls(anchor, int(column), way == "down") if column.isdecimal() else None


@dataclass(frozen=True)
class Head:
    """The head of a column: `sort` is the link's value, `state` ascending, descending or empty.

    `room` tells how many words stand below it: "much", "some", or few (empty).
    """

    text: str
    is_number: bool
    sort: str
    state: str
    span: int = 1
    rows: int = 1
    room: str = ""


@dataclass(frozen=True)
class ShownPiece:
    """A part of running text; `url` leads to the evidence of a figure."""

    kind: str
    text: str
    target: str = ""
    number: int = 0
    url: str = ""


Shown = Sequence[ShownPiece]


@dataclass(frozen=True)
class ShownCell:
    """A cell; `span` is over how many rows it reaches."""

    pieces: Shown
    is_number: bool
    span: int
    is_head: bool = False


@dataclass(frozen=True)
class ShownBlock:
    """One block: `kind` names its template; what does not belong to the kind stays empty."""

    kind: str
    key: str = ""
    anchor: str = ""
    title: str = ""
    level: int = 0
    tone: str = ""
    numbered: bool = False
    lines: Sequence[Shown] = ()
    notes: Sequence[Shown] = ()
    source: Shown = ()
    empty: str = ""
    above: Sequence[Head] = ()
    heads: Sequence[Head] = ()
    rows: Sequence[Sequence[ShownCell]] = ()
    chart: ChartData | None = None
    chart_kind: ChartType = "line"
    entries: Sequence[tuple[int, str, str]] = ()
    pairs: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Chapter:
    """A chapter: its place in the address, its title, its sections as (anchor, title); `is_within` one of a chapter."""

    key: str
    title: str
    is_annex: bool
    is_within: bool = False
    sections: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[ShownBlock] = field(default_factory=list)
    footnotes: list[Piece] = field(default_factory=list)


def chapters(
    printed: Printed, ways: Ways, *, only: str | None = None, sort: Sort | None = None
) -> list[Chapter]:
    """Return the chapters of a document; with `only` the blocks of that chapter alone (the first when empty)."""
    maker = _Maker(printed, ways, sort)
    found: list[Chapter] = []
    pairs = zip(printed.document.blocks, printed.plan.blocks, strict=True)
    for block, planned in pairs:
        if _begins(block, planned):
            assert isinstance(planned, (HeadingPlan, AnnexPlan))
            is_within = isinstance(planned, HeadingPlan) and planned.level > 1
            is_annex = isinstance(planned, AnnexPlan)
            found.append(Chapter(planned.anchor, entry_title(planned), is_annex, is_within))
            continue
        if not found:
            continue  # the table of contents stands at the side
        chapter = found[-1]
        if isinstance(planned, HeadingPlan):
            chapter.sections.append((planned.anchor, entry_title(planned)))
        if only is None or only == chapter.key or (not only and len(found) == 1):
            for shown in maker.shown(block, planned):
                _append(chapter.blocks, shown)
            chapter.footnotes.extend(_notes(planned, chapter.footnotes, maker.notes))
    return found


def _append(blocks: list[ShownBlock], shown: ShownBlock) -> None:
    """Add a block; paragraphs that a person wrote in place of one stay one text."""
    last = blocks[-1] if blocks else None
    if last and shown.key and (last.kind, last.key, shown.kind) == ("paragraph", shown.key, "paragraph"):
        blocks[-1] = replace(last, lines=[*last.lines, *shown.lines])
    else:
        blocks.append(shown)


def chapter_of(printed: Printed, key: str) -> tuple[str, str]:
    """Return place and title of the chapter that a block stands in; empty when no block has the key."""
    place = ("", "")
    for block, planned in zip(printed.document.blocks, printed.plan.blocks, strict=True):
        if _begins(block, planned):
            assert isinstance(planned, (HeadingPlan, AnnexPlan))
            place = (planned.anchor, entry_title(planned))
        if getattr(block, "key", "") == key and key:
            return place
    return ("", "")


def chapter_with(printed: Printed, figure: str) -> str:
    """Return the place of the chapter that prints a figure first; empty when none does."""
    place = ""
    for block, planned in zip(printed.document.blocks, printed.plan.blocks, strict=True):
        if _begins(block, planned):
            assert isinstance(planned, (HeadingPlan, AnnexPlan))
            place = planned.anchor
        if any(piece.origin == figure for line in all_lines(planned) for piece in line):
            return place
    return ""


def entry_title(planned: HeadingPlan | AnnexPlan) -> str:
    """Return a heading with its number, as it is printed."""
    if isinstance(planned, AnnexPlan):
        return f"{planned.label}　{planned.title}"
    space = " " if planned.number.isascii() and planned.number else ""
    return f"{planned.number}{space}{planned.text}"


def _begins(block: Block, planned: BlockPlan) -> bool:
    """Tell whether a page begins here: chapters, annexes, and what has a key of its own (one industry)."""
    if not isinstance(block, Heading) or not isinstance(planned, HeadingPlan):
        return isinstance(planned, AnnexPlan)
    return (planned.level == 1 and not planned.annex) or bool(block.key)


class _Maker:
    """What the blocks of one page share."""

    def __init__(self, printed: Printed, ways: Ways, sort: Sort | None) -> None:
        self._printed, self._ways, self._sort = printed, ways, sort
        self.notes = {
            piece.target: piece
            for planned in printed.plan.blocks
            for line in lines_of(planned)
            for piece in line
            if piece.kind == "note"
        }

    def shown(self, block: Block, planned: BlockPlan) -> Iterator[ShownBlock]:
        key = getattr(block, "key", "")
        match planned:
            case HeadingPlan():
                yield ShownBlock(
                    "heading", anchor=planned.anchor, title=entry_title(planned), level=planned.depth
                )
            case ParagraphPlan():
                yield ShownBlock("paragraph", key, lines=self._lines([planned.line], key))
            case ItemsPlan():
                lines = self._lines(planned.lines, key)
                yield ShownBlock("items", key, lines=lines, numbered=planned.numbered)
            case CalloutPlan():
                lines = self._lines(planned.lines, key)
                yield ShownBlock("callout", key, title=planned.title, tone=planned.tone.value, lines=lines)
            case TablePlan():
                assert isinstance(block, Table)
                yield self._table(block, planned)
            case ChartPlan():
                yield self._chart(planned, key)
            case SourcesPlan():
                yield ShownBlock("sources", entries=planned.entries)
            case SignaturePlan():
                yield ShownBlock("signature", pairs=planned.lines)

    def _lines(self, lines: Sequence[Line], key: str) -> list[Shown]:
        return [[self._piece(piece, key) for piece in line] for line in lines]

    def _piece(self, piece: Piece, key: str) -> ShownPiece:
        url = self._ways.to(piece.origin, key) if piece.is_figure else ""
        return ShownPiece(piece.kind, piece.text, piece.target, piece.number, url)

    def _below(self, notes: Sequence[Line], key: str) -> list[Shown]:
        return self._lines(with_note(notes, self._printed.plan.words), key)

    def _chart(self, planned: ChartPlan, key: str) -> ShownBlock:
        names = planned.chart.origins or [""] * len(planned.chart.categories)
        kind, data = chart_data(planned, [self._ways.to(name, key) for name in names])
        return ShownBlock(
            "chart",
            key,
            anchor=planned.anchor,
            title=f"{planned.label}　{planned.title}",
            chart=None if planned.empty else data,
            chart_kind=kind,
            empty=planned.empty,
            notes=self._below(planned.notes, key),
            source=self._lines([planned.source], key)[0],
        )

    def _table(self, table: Table, planned: TablePlan) -> ShownBlock:
        sort = self._sort if self._sort and self._sort.anchor == planned.anchor else None
        if sort and sort.column >= len(planned.heads):
            sort = None
        above, heads = _heads(planned, sort)
        rows = planned.rows if sort is None else _sorted(planned, sort)
        return ShownBlock(
            "table",
            table.key,
            anchor=planned.anchor,
            title=f"{planned.label}　{planned.title}",
            above=above,
            heads=heads,
            rows=[self._row(row, planned.heads, table.key) for row in rows],
            empty=planned.empty,
            notes=self._below(planned.notes, table.key),
            source=self._lines([planned.source], table.key)[0],
        )

    def _row(self, row: Sequence[CellPlan], heads: Sequence[HeadPlan], key: str) -> list[ShownCell]:
        return [
            ShownCell(self._cell(cell.line, key), head.is_number, cell.span, is_head=at == 0)
            for at, (cell, head) in enumerate(zip(row, heads, strict=True))
            if cell.span
        ]

    def _cell(self, line: Line, key: str) -> Shown:
        """Return the parts of a cell; both ends of an interval together lead to the figure between them."""
        if len(line) == 3 and line[0].is_figure and line[2].is_figure:
            middle = between(line[0].origin, line[2].origin)
            if middle:
                return [ShownPiece("text", plain(line), url=self._ways.to(middle, key))]
        return [self._piece(piece, key) for piece in line]


def _heads(planned: TablePlan, sort: Sort | None) -> tuple[list[Head], list[Head]]:
    """Return the heads, and above them those of groups (empty when there are none)."""
    made = [_head(planned, at, sort) for at in range(len(planned.heads))]
    if not any(head.group for head in planned.heads):
        return [], made
    above: list[Head] = []
    last = ""
    for head, own in zip(planned.heads, made, strict=True):
        if head.group and head.group == last:
            above[-1] = Head(head.group, False, "", "", above[-1].span + 1)
        elif head.group:
            above.append(Head(head.group, False, "", ""))
        else:
            above.append(replace(own, rows=2))
        last = head.group
    return above, [own for head, own in zip(planned.heads, made, strict=True) if head.group]


def _head(planned: TablePlan, at: int, sort: Sort | None) -> Head:
    head = planned.heads[at]
    mine = sort is not None and sort.column == at
    down = not sort.down if mine and sort else head.is_number
    state = ("descending" if sort and sort.down else "ascending") if mine else ""
    way = "down" if down else "up"
    room = "" if head.is_number else "much" if head.width >= _MUCH else "some" if head.width >= _SOME else ""
    return Head(head.text, head.is_number, f"{planned.anchor}.{at}.{way}", state, room=room)


def _sorted(planned: TablePlan, sort: Sort) -> list[list[CellPlan]]:
    """Return the rows in the wanted order, unknown ones last, with nothing joined any more."""
    whole = [
        [CellPlan(_unmerged(planned.rows, at, column), cell.value) for column, cell in enumerate(row)]
        for at, row in enumerate(planned.rows)
    ]
    known = [row for row in whole if _value(row, sort) is not None]
    known.sort(key=lambda row: _order(row[sort.column]), reverse=sort.down)
    return known + [row for row in whole if _value(row, sort) is None]


def _unmerged(rows: Sequence[Sequence[CellPlan]], at: int, column: int) -> Line:
    while not rows[at][column].span and at:
        at -= 1
    return rows[at][column].line


def _value(row: Sequence[CellPlan], sort: Sort) -> object:
    return row[sort.column].value


def _order(cell: CellPlan) -> tuple[int, float, str]:
    if isinstance(cell.value, (int, float)):
        return (0, float(cell.value), "")
    return (1, 0.0, str(cell.value))


def _notes(planned: BlockPlan, known: Sequence[Piece], notes: Mapping[str, Piece]) -> list[Piece]:
    """Return the footnotes that a block adds to its chapter; one said in an earlier chapter is said again here."""
    have = {piece.target for piece in known}
    found: dict[str, Piece] = {}
    for line in lines_of(planned):
        for piece in line:
            if piece.kind in {"note", "again"} and piece.target not in have:
                found.setdefault(piece.target, notes[piece.target])
    return list(found.values())
