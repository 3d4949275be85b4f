"""Running text: words with numbers, notes and references in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class ValueKind(StrEnum):
    """What a column or a figure holds; PERCENT is a share of one."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"


@dataclass(frozen=True)
class Strong:
    """Words in bold."""

    text: str


@dataclass(frozen=True)
class Note:
    """A footnote at this place; with `once` the same words have the same footnote everywhere."""

    text: str
    once: bool = False


@dataclass(frozen=True)
class Figure:
    """A number in running text with what it rests on; the evidence becomes a footnote, the same one once.

    With `marked` False it stays with the value and is not printed: the sentence says it once, in a note at its end.
    `origin` is the name that whoever composed the document knows the figure by; it is never printed.
    """

    value: float | int | Decimal | None
    kind: ValueKind = ValueKind.NUMBER
    unit: str = ""
    places: int | None = None
    evidence: str = ""
    marked: bool = True
    origin: str = ""


@dataclass(frozen=True)
class Cite:
    """The number of a source in the list of sources."""

    key: str


@dataclass(frozen=True)
class Reference:
    """“表 3” or “图 2”: a table or chart by its key."""

    key: str


Inline = str | Strong | Note | Figure | Cite | Reference
Text = str | Sequence[Inline]
