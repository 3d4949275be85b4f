"""How a posting's text is shown: skills highlighted, and what each part of it says named in the margin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise

from zhiqiao import packs
from zhiqiao.engines import jobmining
from zhiqiao.platform.data.lake import Span, shown
from zhiqiao.platform.data.tables import LINE_ROLES, mention_hint


@dataclass(frozen=True)
class Piece:
    """A piece of text, plain or naming a skill."""

    text: str
    skill_key: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Passage:
    """A part of a posting that says one kind of thing; parts that do not count are shown quietly."""

    label: str | Promise
    counts: bool
    pieces: tuple[Piece, ...]


@cache
def _reader() -> jobmining.LineReader:
    return jobmining.LineReader(jobmining.read_rules(packs.common_file("jobmining")))


def passages(parts: Sequence[tuple[str, Span | None]], names: Mapping[str, str]) -> list[Passage]:
    """Return a text, cut at its mentions, as passages; `names` gives the skills' names by key."""
    text = "".join(piece for piece, _span in parts)
    found = []
    for start, end, role in jobmining.read_roles_of_text(text, _reader()):
        pieces = tuple(_within(parts, start, end, names))
        if any(piece.text.strip() for piece in pieces):
            found.append(Passage(LINE_ROLES.get(role, role), role in jobmining.COUNTING_ROLES, pieces))
    return found


def role_at(text: str, position: int) -> str:
    """Return the kind of line that stands at a position of a text."""
    roles = jobmining.read_roles_of_text(text, _reader())
    return next((role for start, end, role in roles if start <= position < end), "other")


def _within(
    parts: Sequence[tuple[str, Span | None]], start: int, end: int, names: Mapping[str, str]
) -> list[Piece]:
    """Return the pieces between two positions; a mention goes with the passage in which it begins."""
    pieces, at = [], 0
    for text, span in parts:
        after = at + len(text)
        if span is not None and start <= at < end:
            pieces.append(Piece(shown(text), span.skill_key, mention_hint(names, span)))
        elif span is None and at < end and after > start:
            pieces.append(Piece(shown(text[max(0, start - at) : end - at])))
        at = after
    return pieces
