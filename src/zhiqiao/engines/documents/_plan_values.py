"""A document made ready for any format: numbered, checked, cleaned, every value written out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zhiqiao.engines.documents._chart_values import Chart
from zhiqiao.engines.documents._inline import ValueKind
from zhiqiao.engines.documents._values import Document, Tone
from zhiqiao.engines.documents._words import Words


@dataclass(frozen=True)
class Piece:
    """A part of running text. note: `text` is the footnote's, `number` its number; again: a footnote met before;
    cite, ref: `text` is shown, `target` the anchor it leads to; mark: a raised letter explained under the table.
    `is_figure` tells that a text is a computed number, `origin` is its name where it has one."""

    kind: Literal["text", "strong", "note", "again", "cite", "ref", "mark"]
    text: str
    target: str = ""
    number: int = 0
    is_figure: bool = False
    origin: str = ""


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class HeadingPlan:
    """A heading with its number as printed; `annex` is the number of the annex it stands in, 0 outside."""

    text: str
    number: str
    level: int
    anchor: str
    annex: int
    numbered: bool

    @property
    def depth(self) -> int:
        """Return the level it is set and listed at: within an annex, one below the annex's own title."""
        return min(3, self.level + 1) if self.annex else self.level


@dataclass(frozen=True)
class ParagraphPlan:
    """A paragraph."""

    line: Line


@dataclass(frozen=True)
class ItemsPlan:
    """A list."""

    lines: Sequence[Line]
    numbered: bool


@dataclass(frozen=True)
class CellPlan:
    """A cell: as text, as value for a spreadsheet (None: unknown), and over how many rows it reaches (0: covered)."""

    line: Line
    value: str | int | float | dt.date | None
    span: int = 1

    @property
    def text(self) -> str:
        """Return the plain text without marks."""
        return "".join(piece.text for piece in self.line if piece.kind not in {"mark", "cite"})


@dataclass(frozen=True)
class HeadPlan:
    """The head of a column; `group` stands above neighbours of the same group."""

    text: str
    group: str
    kind: ValueKind
    places: int | None
    width: float

    @property
    def is_number(self) -> bool:
        """Tell whether the column is aligned as numbers are."""
        return self.kind in {ValueKind.NUMBER, ValueKind.PERCENT}


@dataclass(frozen=True)
class Captioned:
    """What a table and a chart share: number, title, what is printed under it."""

    label: str
    title: str
    anchor: str
    number: int
    notes: Sequence[Line]
    source: Line
    empty: str


@dataclass(frozen=True)
class TablePlan(Captioned):
    """A table."""

    heads: Sequence[HeadPlan]
    rows: Sequence[Sequence[CellPlan]]
    landscape: bool


@dataclass(frozen=True)
class ChartPlan(Captioned):
    """A chart; `chart` holds cleaned texts, and None for every value that is unknown."""

    chart: Chart


@dataclass(frozen=True)
class CalloutPlan:
    """A boxed remark."""

    title: str
    lines: Sequence[Line]
    tone: Tone


@dataclass(frozen=True)
class ContentsPlan:
    """The table of contents."""

    depth: int


@dataclass(frozen=True)
class SourcesPlan:
    """The list of sources as (number, anchor, text)."""

    entries: Sequence[tuple[int, str, str]]


@dataclass(frozen=True)
class SignaturePlan:
    """The block for issuing."""

    lines: Sequence[tuple[str, str]]
    seal: str


@dataclass(frozen=True)
class PageBreakPlan:
    """A new page."""


@dataclass(frozen=True)
class AnnexPlan:
    """The beginning of an annex."""

    label: str
    title: str
    anchor: str
    number: int


BlockPlan = (
    HeadingPlan
    | ParagraphPlan
    | ItemsPlan
    | TablePlan
    | ChartPlan
    | CalloutPlan
    | ContentsPlan
    | SourcesPlan
    | SignaturePlan
    | PageBreakPlan
    | AnnexPlan
)


@dataclass(frozen=True)
class Plan:
    """The whole document; `document` has cleaned texts in everything but its blocks."""

    document: Document
    words: Words
    blocks: Sequence[BlockPlan]
    facts: Sequence[tuple[str, str]]  # for the title page and the contents sheet

    @property
    def entries(self) -> list[HeadingPlan | AnnexPlan]:
        """Return what a table of contents may list."""
        return [block for block in self.blocks if isinstance(block, (HeadingPlan, AnnexPlan))]

    @property
    def captioned(self) -> list[TablePlan | ChartPlan]:
        """Return tables and charts in order."""
        return [block for block in self.blocks if isinstance(block, (TablePlan, ChartPlan))]
