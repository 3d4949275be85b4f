"""The header row of a table: unique column names, notes on what was renamed; no data rows here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhiqiao.engines.tabular._errors import MissingHeader, TooManyColumns
from zhiqiao.engines.tabular._values import MARK_COLUMNS, Limits, Note

_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Header:
    """Column names in order; `kept` are the positions of those that are delivered."""

    names: tuple[str, ...]
    kept: tuple[int, ...]
    notes: tuple[Note, ...]
    quarantine: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns that are delivered."""
        return tuple(self.names[position] for position in self.kept)


def make_header(cells: Sequence[str], *, row: int, limits: Limits) -> Header:
    """Name the columns from the cells of the header row; raise MissingHeader or TooManyColumns."""
    if len(cells) > limits.max_columns:
        raise TooManyColumns(found=len(cells), limit=limits.max_columns)
    stripped = [cell.strip().lstrip("\ufeff") for cell in cells]
    if not any(_LETTER.search(cell) for cell in stripped) or max(map(len, stripped)) > _LONGEST_NAME:
        raise MissingHeader(row=row, found=" | ".join(cell[:20] for cell in stripped[:4]))
    names, notes = unique_names(stripped)
    quarantine = set(MARK_COLUMNS[:3]) <= set(names)
    kept = tuple(position for position, name in enumerate(names) if not (quarantine and name in MARK_COLUMNS))
    if quarantine:
        notes.append(Note("quarantine_file"))
    return Header(names=tuple(names), kept=kept, notes=tuple(notes), quarantine=quarantine)


def unique_names(names: Sequence[str]) -> tuple[list[str], list[Note]]:
    """Give every column a name of its own and note each one that was changed."""
    taken = set(names)
    seen: set[str] = set()
    result: list[str] = []
    notes: list[Note] = []
    for position, name in enumerate(names, start=1):
        chosen = name
        if not name:
            chosen = _free(f"column_{position}", taken=taken | seen)
            notes.append(Note("unnamed_column", {"position": position, "renamed": chosen}))
        elif name in seen:
            chosen = _numbered(name, taken=taken | seen)
            notes.append(Note("duplicate_column", {"name": name, "renamed": chosen}))
        seen.add(chosen)
        result.append(chosen)
    return result, notes


def _free(name: str, *, taken: set[str]) -> str:
    return name if name not in taken else _numbered(name, taken=taken)


def _numbered(name: str, *, taken: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
