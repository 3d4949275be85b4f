"""Plans from files of any kind on the command line, with what was met while reading them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from zhiqiao.engines import planfiles
from zhiqiao.packs import common_file

_MARKS = {
    planfiles.NoteKind.REFUSED: "✗",
    planfiles.NoteKind.READ_AS: "→",
    planfiles.NoteKind.TOLD: "·",
}


def read_plan_file(path: Path) -> planfiles.Imported:
    """Read a plan from JSON, XLSX or DOCX; raise EngineError or OSError."""
    return planfiles.import_plan(path.read_bytes(), plan_words(), name=path.stem)


def plan_words() -> planfiles.Words:
    """Return the wordings that are shipped."""
    return planfiles.read_words(common_file("curriculum", "plan_format.toml"))


def say_notes(notes: Iterable[planfiles.Note], language: str) -> None:
    """Print notes beside the result: what was refused first."""
    kinds = list(_MARKS)
    for note in sorted(notes, key=lambda note: kinds.index(note.kind)):
        print(f"{_MARKS[note.kind]} {note.text(language)}", file=sys.stderr)
