"""What a printed plan is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A section of the outline with the lines of its text."""

    key: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column: columns beside each other with the same group stand under one head; merged joins equal neighbours."""

    title: str
    group: str = ""
    numeric: bool = False
    merged: bool = False
    width: float | None = None


@dataclass(frozen=True)
class Table:
    """A table of texts; `strong` are rows of sums, `wide` asks for a page turned."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: frozenset[int] = frozenset()
    wide: bool = False


Part = Section | Table


@dataclass(frozen=True)
class Layout:
    """The whole."""

    title: str
    subtitle: str
    parts: tuple[Part, ...]
