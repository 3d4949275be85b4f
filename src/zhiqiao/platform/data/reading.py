"""How a posting's text is shown: skills highlighted, and what each part of it says named in the margin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise

from zhiqiao.engines import jobmining
from zhiqiao.platform.data.lake import Span, shown
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.signals import Doubt
from zhiqiao.platform.data.tables import LINE_ROLES, mention_hint


@dataclass(frozen=True)
class Piece:
    """A piece of text, plain or naming a skill."""

    text: str
    skill_key: str = ""
    hint: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Passage:
    """A part of a posting that says one kind of thing; parts that do not count are shown quietly."""

    label: str | Promise
    counts: bool
    pieces: tuple[Piece, ...]


@cache
def _reader() -> jobmining.LineReader:
    return jobmining.LineReader(current_rules())


def passages(
    parts: Sequence[tuple[str, Span | None]], names: Mapping[str, str], *, doubts: Sequence[Doubt] = ()
) -> list[Passage]:
    """Return a text, cut at its mentions and the words to check, as passages; `names` gives the skills' names."""
    text = "".join(piece for piece, _span in parts)
    found = []
    for start, end, role in jobmining.read_roles_of_text(text, _reader()):
        pieces = tuple(_within(parts, start, end, names, _places(doubts)))
        if any(piece.text.strip() for piece in pieces):
            found.append(Passage(LINE_ROLES.get(role, role), role in jobmining.COUNTING_ROLES, pieces))
    return found


def role_at(text: str, position: int) -> str:
    """Return the kind of line that stands at a position of a text."""
    roles = jobmining.read_roles_of_text(text, _reader())
    return next((role for start, end, role in roles if start <= position < end), "other")


def _places(doubts: Sequence[Doubt]) -> list[tuple[int, int, str]]:
    """Return where words to check stand and what they signal, in order."""
    places = [
        (doubt.start, doubt.end, str(doubt.reason))
        for doubt in doubts
        if doubt.start is not None and doubt.end is not None
    ]
    return sorted(places)


def _within(
    parts: Sequence[tuple[str, Span | None]],
    start: int,
    end: int,
    names: Mapping[str, str],
    places: Sequence[tuple[int, int, str]],
) -> list[Piece]:
    """Return the pieces between two positions; a mention goes with the passage in which it begins."""
    pieces, at = [], 0
    for text, span in parts:
        after = at + len(text)
        if span is not None and start <= at < end:
            pieces.append(Piece(shown(text), span.skill_key, mention_hint(names, span)))
        elif span is None and at < end and after > start:
            first, last = max(start, at), min(end, after)
            pieces.extend(_plain(text[first - at : last - at], first, places))
        at = after
    return pieces


def _plain(text: str, at: int, places: Sequence[tuple[int, int, str]]) -> list[Piece]:
    """Cut a text that names no skill, which begins at a position, at the words to check."""
    pieces, done = [], 0
    for start, end, reason in places:
        first, last = max(start - at, done), min(end - at, len(text))
        if first < last:
            pieces += [Piece(shown(text[done:first])), Piece(shown(text[first:last]), doubt=reason)]
            done = last
    return [*pieces, Piece(shown(text[done:]))]
