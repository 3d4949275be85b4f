"""What was met while reading a plan's file: where, what it says, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from zhiqiao.engines.kernel import ShapeProblem
from zhiqiao.engines.planfiles._wordings import WORDINGS, NoteKind

_SHOWN_ROWS = 12


@dataclass(frozen=True)
class Place:
    """Where in a file: a sheet by name or a table by number, rows from 1, a column by letters; all may be absent."""

    sheet: str = ""
    table: int = 0
    rows: tuple[int, ...] = ()
    column: str = ""

    def text(self, language: str) -> str:
        """Write the place as a reader looks for it."""
        zh = language == "zh"
        where = f"“{self.sheet}”" if self.sheet else ""
        if self.table:
            where = f"第 {self.table} 个表" if zh else f"table {self.table}"
        if self.rows and self.column:
            cells = [f"{self.column}{row}" for row in self.rows[:_SHOWN_ROWS]]
        else:
            cells = [f"第 {row} 行" if zh else f"row {row}" for row in self.rows[:_SHOWN_ROWS]]
            cells += ([f"{self.column} 列"] if zh else [f"column {self.column}"]) if self.column else []
        more = len(self.rows) - _SHOWN_ROWS
        if more > 0:
            cells.append(f"等 {len(self.rows)} 处" if zh else f"… {len(self.rows)} in all")
        return " ".join(part for part in (where, ("、" if zh else ", ").join(cells)) if part)


@dataclass(frozen=True)
class Note:
    """One thing met in a file; `path` is the place in the plan that it is about, where there is one."""

    code: str
    kind: NoteKind
    place: Place
    zh: str
    en: str
    path: str = ""

    def text(self, language: str) -> str:
        """Write place and note in one line."""
        colon, said = ("：", self.zh) if language == "zh" else (": ", self.en)
        where = self.place.text(language)
        return f"{where}{colon}{said}" if where else said


@dataclass
class Notes:
    """Collects notes; equal ones of a column become one with several rows."""

    _found: list[Note] = field(default_factory=list)

    def add(self, code: str, place: Place, path: str = "", **values: object) -> None:
        """Add a note by its code; raise KeyError for a code that has no wording."""
        kind, zh, en = WORDINGS[code]
        shown = {name: _short(str(value)) for name, value in values.items()}
        self._found.append(Note(code, kind, place, zh.format(**shown), en.format(**shown), path))

    def add_shape(self, problem: ShapeProblem, place: Place) -> None:
        """Add what the shape of a plan forbids."""
        self.add("shape", place, problem.path, at=problem.path, zh=problem.zh, en=problem.en)

    def all(self) -> tuple[Note, ...]:
        """Return all notes in the order met."""
        return tuple(_joined(self._found))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def _joined(notes: Iterable[Note]) -> Iterable[Note]:
    found: dict[tuple[object, ...], Note] = {}
    for note in notes:
        place = note.place
        key = (note.code, place.sheet, place.table, place.column, note.zh)
        before = found.get(key)
        if before is None:
            found[key] = note
            continue
        rows = (*before.place.rows, *(row for row in place.rows if row not in before.place.rows))
        joined = Place(place.sheet, place.table, rows, place.column)
        found[key] = Note(note.code, note.kind, joined, note.zh, note.en, before.path)
    return found.values()
