"""What a document says, in plain values: nothing here knows a file format.

Texts are in the reader's language already. A text is a string or a sequence of inline parts. None, NaN and infinity
in a place for a number mean unknown and are written as such, never as zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from zhiqiao.engines.documents._chart_values import Chart
from zhiqiao.engines.documents._inline import Inline, Text, ValueKind

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Unknown:
    """A cell without a value and why; `applies` False prints a dash: nothing could stand there."""

    reason: str = ""
    applies: bool = True


@dataclass(frozen=True)
class NamedNumber:
    """A number in a cell with its `origin` as of a figure; the column says how it is written."""

    value: int | float
    origin: str


Cell = str | int | float | Decimal | dt.date | Unknown | NamedNumber | Sequence[Inline] | None


@dataclass(frozen=True)
class Source:
    """Where something comes from, as the list of sources prints it."""

    key: str
    title: str
    organisation: str = ""
    year: str = ""
    definition: str = ""
    url: str = ""


@dataclass(frozen=True)
class Label:
    """What must be seen on every page (演示数据, AI 生成), with its facts for the file's own metadata."""

    text: str
    key: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    watermark: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3; numbered unless told otherwise (摘要, 前言); `key` names it whatever its words."""

    text: str
    level: int = 1
    numbered: bool = True
    key: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text; with a `key` it is a text that a person may rewrite."""

    text: Text
    key: str = ""


@dataclass(frozen=True)
class Items:
    """A list, with bullets or numbers; `key` as of a paragraph."""

    items: Sequence[Text]
    numbered: bool = False
    key: str = ""


@dataclass(frozen=True)
class Column:
    """A column: `width` is its weight against the others (None: by content); `merged` joins equal neighbours below
    each other; columns with the same `group` beside each other stand under one common head."""

    title: str
    kind: ValueKind = ValueKind.TEXT
    unit: str = ""
    places: int | None = None
    width: float | None = None
    merged: bool = False
    group: str = ""


@dataclass(frozen=True)
class Table:
    """A table; without rows it says `empty_reason` instead, which is then required."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    key: str = ""
    notes: Sequence[Text] = ()
    source: Text = ""
    empty_reason: str = ""
    landscape: bool = False


class Tone(StrEnum):
    """What a callout is about."""

    METHOD = "method"
    LIMITS = "limits"
    KEY = "key"


@dataclass(frozen=True)
class Callout:
    """A boxed remark: method, limits, or what to take away; `key` as of a paragraph."""

    title: str
    text: Sequence[Text]
    tone: Tone = Tone.METHOD
    key: str = ""


@dataclass(frozen=True)
class Contents:
    """The table of contents, on a page of its own."""

    depth: int = 2


@dataclass(frozen=True)
class Sources:
    """The list of sources, in the order of the document."""


@dataclass(frozen=True)
class Signature:
    """The block for issuing: lines like (签发人, 张三); an empty name leaves room for a hand."""

    lines: Sequence[tuple[str, str]]
    seal: bool = True


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Annex:
    """Begins an annex on a new page; headings and their numbers start afresh."""

    title: str


Block = (
    Heading | Paragraph | Items | Table | Chart | Callout | Contents | Sources | Signature | PageBreak | Annex
)


@dataclass(frozen=True)
class Cover:
    """What the title page shows beside title, organisation and date: lines like (编制单位, …)."""

    lines: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Document:
    """One document. `date` is its day in every format, also the time stamp inside the files."""

    title: str
    organisation: str
    date: dt.date
    language: Language
    blocks: Sequence[Block]
    subtitle: str = ""
    edition: str = ""
    version: str = ""
    digest: str = ""
    keywords: Sequence[str] = ()
    labels: Sequence[Label] = ()
    sources: Sequence[Source] = ()
    cover: Cover | None = field(default_factory=Cover)
