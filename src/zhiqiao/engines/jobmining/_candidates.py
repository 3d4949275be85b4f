"""Stretches of folded text that may name a skill, and the features they are judged by; judging is in `_learned`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._rules import read_csv

__all__ = [
    "CandidateWords",
    "Piece",
    "PieceReader",
    "Place",
    "after_features",
    "before_features",
    "find_places",
    "place_features",
    "read_candidate_words",
    "surface_features",
]

_HAN = "\u3400-\u9fff"
_INNER = rf"[{_HAN}a-z0-9+#&_.\-]+"
# A standard's number, or a run of Han and Latin signs in which Latin words may be set apart by one space.
_CHUNK = re.compile(rf"gb/t ?[0-9.\-]+|{_INNER}(?:(?<=[a-z0-9+#]) (?=[a-z0-9]){_INNER})*")
_NAME = re.compile(r"[a-z0-9][a-z0-9+#&_.\- ]*[a-z0-9+#]")
_WRITTEN = re.compile(rf"[a-z{_HAN}]")
_BETWEEN_SIBLINGS = frozenset("、,/ ;|+()和及与或")
_JOINING = frozenset("的和及与")
_LONGEST = 16
_LONGEST_NAME = 30
_LONGEST_CHUNK = 60
_CONTEXT = 4
_MANY = 4


@dataclass(frozen=True)
class CandidateWords:
    """Words that lead to a skill, trail behind it, or stand between two (`unless` one of some signs follows)."""

    lead: tuple[str, ...]
    tail: tuple[str, ...]
    split: tuple[tuple[str, str], ...]


class Piece(NamedTuple):
    """A candidate inside one chunk and the way it was cut out."""

    start: int
    end: int
    cut: str


class Place(NamedTuple):
    """A candidate in a posting and all that its surface does not tell.

    `covers` counts the dictionary hits inside it; `left` and `right` say how a hit adjoins: 0 none, 1 across a list
    sign, 2 without one.
    """

    start: int
    end: int
    before: str
    after: str
    role: str
    covers: int
    left: int
    right: int
    cut: str
    hits: int  # dictionary hits in the same item, up to four


def read_candidate_words(path: Path) -> CandidateWords:
    """Read the vocabulary of candidate boundaries; RulesError names file and fault."""
    rows = read_csv(path, columns=("text", "use", "unless"))
    unknown = {row["use"] for row in rows} - {"lead", "tail", "split"}
    if unknown:
        raise RulesError(f"{path.name}: use is lead, tail or split, not {min(unknown)!r}")
    return CandidateWords(
        lead=tuple(fold_phrase(row["text"]) for row in rows if row["use"] == "lead"),
        tail=tuple(fold_phrase(row["text"]) for row in rows if row["use"] == "tail"),
        split=tuple((fold_phrase(row["text"]), row["unless"]) for row in rows if row["use"] == "split"),
    )


class PieceReader:
    """Cuts a chunk of text into candidates by the vocabulary."""

    def __init__(self, words: CandidateWords) -> None:
        splits = "|".join(
            f"{re.escape(text)}(?![{re.escape(unless)}])" if unless else re.escape(text)
            for text, unless in words.split
        )
        # A number between Chinese signs starts the next item of a list written without line ends.
        self._split = re.compile(f"{splits}|(?<=[{_HAN}])[0-9]{{1,2}}(?=[{_HAN}])")
        lead = _longest_first(words.lead)
        self._lead = re.compile(rf"(?:[0-9]{{1,2}}\.(?![0-9])|[0-9]+(?=[{_HAN}])|[-._&+#]|{lead})+")
        self._tail = re.compile(rf"(?:{_longest_first(words.tail)}|[-._&]|(?<=[{_HAN}])[0-9]+)\Z")

    def read(self, chunk: str) -> tuple[Piece, ...]:
        """Return the candidates of a chunk, each span once; a sentence without a sign in it gives none."""
        if len(chunk) > _LONGEST_CHUNK:
            return ()
        found: dict[tuple[int, int], str] = {}
        joined: int | None = None
        for start, end, joins in self._parts(chunk):
            lead = self._lead.match(chunk, start, end)
            begin = lead.end() if lead else start
            if begin >= end:
                joined = None
                continue
            ends = self._ends(chunk, begin, end)
            for stop in ends:
                _keep(found, chunk, begin, stop, "core")
                if joined is not None:
                    _keep(found, chunk, joined, stop, "join")
            _keep_names(found, chunk, begin, end)
            joined = begin if joins else None
        return tuple(Piece(start, end, cut) for (start, end), cut in found.items())

    def _parts(self, chunk: str) -> Iterator[tuple[int, int, bool]]:
        """Yield the parts between splitting words, and whether a part may be joined with the next."""
        start = 0
        for match in self._split.finditer(chunk):
            yield start, match.start(), match[0] in _JOINING
            start = match.end()
        yield start, len(chunk), False

    def _ends(self, chunk: str, begin: int, end: int) -> list[int]:
        """Return where a core may end: with its trailing words, then without one after the other."""
        ends = [end]
        while end - begin > 2 and (tail := self._tail.search(chunk, begin, end)):
            end = tail.start()
            ends.append(end)
        return ends


def find_places(
    text: str,
    segments: Sequence[tuple[int, int, str]],
    taken: Sequence[tuple[int, int]],
    pieces: Callable[[str], Sequence[Piece]],
) -> Iterator[Place]:
    """Yield the candidates of a posting in the counting items; none crosses or equals a dictionary hit."""
    count, first = len(taken), 0
    for start, end, role in segments:
        while first < count and taken[first][1] <= start:
            first += 1
        last = first
        while last < count and taken[last][0] < end:
            last += 1
        hits = min(last - first, _MANY)
        low = first
        for chunk in _CHUNK.finditer(text, start, end):
            here, there = chunk.span()
            while low < last and taken[low][1] <= here:
                low += 1
            high = low
            while high < last and taken[high][0] < there:
                high += 1
            if high == low + 1 and taken[low][0] <= here and taken[low][1] >= there:
                continue
            near = taken[max(low - 1, 0) : high + 1]
            for piece in pieces(chunk[0]):
                begin, stop = here + piece.start, here + piece.end
                covers = _covers(begin, stop, taken[low:high]) if high > low else 0
                if covers >= 0:
                    left, right = _adjoining(text, begin, stop, near) if near else (0, 0)
                    before, after = text[max(start, begin - _CONTEXT) : begin], text[stop : stop + _CONTEXT]
                    yield Place(
                        begin, stop, before, after, role, covers, left, right, piece.cut, hits
                    )


def surface_features(surface: str) -> list[str]:
    """Describe the string itself: character n-grams with its edges, length, script and shape."""
    padded = f"^{surface}$"
    length, shape = min(len(surface), 14), _shape(surface)
    return [
        *(f"b{left}{right}" for left, right in pairwise(padded)),
        *(f"t{padded[at : at + 3]}" for at in range(len(padded) - 2)),
        f"w{surface}",
        f"n{length}",
        f"h{shape}",
        f"m{shape}{length}",
    ]


def before_features(before: str) -> list[str]:
    """Describe the up to four signs before a candidate; nothing stands before the first of an item."""
    before = before or "^"
    return [f"{size}<{before[-size:]}" for size in range(1, _CONTEXT + 1)]


def after_features(after: str) -> list[str]:
    """Describe the up to four signs behind a candidate."""
    after = after or "$"
    return [f"{size}>{after[:size]}" for size in range(1, _CONTEXT + 1)]


def place_features(
    role: str, covers: int, left: int, right: int, cut: str, hits: int, script: str
) -> list[str]:
    """Describe where a candidate stands; `script` is `a` for Latin names and `h` for all others."""
    return [
        f"role={role}",
        f"left={left}{script}",
        f"right={right}{script}",
        f"both={left}{right}",
        f"covers={min(covers, 3)}",
        f"edge={int(covers > 0)}{left}{right}",
        f"cut={cut}{script}",
        f"hits={hits}{script}",
        f"hits={min(hits, 3)}{role}",
    ]


def _longest_first(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _keep(found: dict[tuple[int, int], str], chunk: str, start: int, end: int, cut: str) -> None:
    length = end - start
    if length < 2 or length > _LONGEST_NAME or (start, end) in found:
        return
    surface = chunk[start:end]
    if (length <= _LONGEST or surface.isascii()) and _WRITTEN.search(surface):
        found[start, end] = cut


def _keep_names(found: dict[tuple[int, int], str], chunk: str, begin: int, end: int) -> None:
    """Add the Latin names in a mixed core, and what follows them: `spring boot框架`."""
    if chunk[begin:end].isascii():
        return
    for name in _NAME.finditer(chunk, begin, end):
        _keep(found, chunk, name.start(), name.end(), "name")
        if name.end() < end:
            _keep(found, chunk, name.start(), end, "name and noun")
            _keep(found, chunk, name.end(), end, "noun")


def _covers(begin: int, stop: int, hits: Sequence[tuple[int, int]]) -> int:
    """Count the hits inside a span; -1 if one crosses its edge, holds it or equals it."""
    inside = 0
    for start, end in hits:
        if start < stop and end > begin:
            if start < begin or end > stop or end - start == stop - begin:
                return -1
            inside += 1
    return inside


def _adjoining(text: str, begin: int, stop: int, near: Sequence[tuple[int, int]]) -> tuple[int, int]:
    left = right = 0
    for start, end in near:
        if end == begin:
            left = 2
        elif end == begin - 1 and text[end] in _BETWEEN_SIBLINGS:
            left = 1
        elif start == stop:
            right = 2
        elif start == stop + 1 and text[stop] in _BETWEEN_SIBLINGS:
            right = 1
    return left, right


def _shape(surface: str) -> str:
    """Write a string as runs of Han, letters, digits, spaces and signs, five runs at most."""
    shape = ""
    for sign in surface:
        run = (
            "H"
            if sign >= "\u3400"
            else "D" if sign.isdigit() else "L" if sign.isalpha() else "_" if sign == " " else "P"
        )
        if not shape.endswith(run):
            shape += run
    return shape[:5]
