"""Stretches of folded text that may name a skill, and the features they are judged by; judging is in `_learned`.

Works on many postings at once: their texts stand one behind the other in one array of code points, and each step is
one operation over all of it. A feature is the place of a weight in a table of `TABLE`, found by hashing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._files import read_csv
from zhiqiao.engines.jobmining._fold import fold_phrase

__all__ = [
    "TABLE",
    "CandidateReader",
    "Features",
    "Field",
    "Item",
    "Spans",
    "WordUses",
    "item_of",
    "read_candidate_words",
]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint32]

#: The number of weights; a power of two.
TABLE = 1 << 16
_GRAMS = 4
_GAP = "\n" * (2 * _GRAMS)
_LONGEST = 16
_LONGEST_NAME = 30
_REACH = 6  # ends tried behind one beginning
_CHAIN = 4  # words that may lead or trail one behind the other
_WORD_TABLE = 20

_ROLES = {"duty": 0, "requirement": 1, "other": 2}

_LEAD, _TAIL, _SPLIT, _JOIN = 1, 2, 4, 8
_USES = {"lead": _LEAD, "tail": _TAIL, "split": _SPLIT, "join": _JOIN}
_OUTSIDE, _HAN, _LETTER, _DIGIT, _SIGN, _SPACE = range(6)
_OF_SURFACE = 7  # of the features outside the n-grams inside a span, the first that do not look around it
_LIST_SIGNS = "、,/ ;|+()和及与或"

WordUses = dict[str, int]
Item = tuple[str, Ints, Ints]
"""A posting: folded text, a row (start, end, role) for each item that counts, and one (start, end) for each dictionary
hit in order; roles are the numbers of `_lines.ROLES`."""


def item_of(text: str, segments: Sequence[tuple[int, int, str]], hits: Sequence[tuple[int, int]]) -> Item:
    """Make an item of a folded text with roles by name."""
    rows = [(start, end, _ROLES[role]) for start, end, role in segments]
    return (
        text,
        np.array(rows, dtype=np.int64).reshape(-1, 3),
        np.array(list(hits), dtype=np.int64).reshape(-1, 2),
    )


def _classes() -> npt.NDArray[np.uint8]:
    """Tabulate what kind of sign a code point is; those beyond the first plane are read as U+FFFF."""
    table = np.zeros(1 << 16, dtype=np.uint8)
    table[0x3400:0xA000] = _HAN
    table[ord("a") : ord("z") + 1] = _LETTER
    table[ord("0") : ord("9") + 1] = _DIGIT
    table[[ord(sign) for sign in "+#&_.-"]] = _SIGN
    table[ord(" ")] = _SPACE
    return table


_CLASS = _classes()
_IS_LIST_SIGN = np.zeros(1 << 16, dtype=np.bool_)
_IS_LIST_SIGN[[ord(sign) for sign in _LIST_SIGNS]] = True


def read_candidate_words(path: Path) -> WordUses:
    """Read the words that lead to a skill, trail behind it, split or join; RulesError names file and fault."""
    words: WordUses = {}
    for row in read_csv(path, columns=("text", "use")):
        word = fold_phrase(row["text"])
        if row["use"] not in _USES or not 1 <= len(word) <= _GRAMS:
            raise RulesError(f"{path.name}: {row['text']!r} is not one to {_GRAMS} signs with a known use")
        words[word] = words.get(word, 0) | _USES[row["use"]]
    return words


class Spans(NamedTuple):
    """Candidates of a field, one row each: code points [start, end) of the field and what they hold."""

    start: Ints
    end: Ints
    covers: Ints  # dictionary hits inside


@dataclass(frozen=True)
class Field:
    """The texts of many postings as one; `bases` says where each begins."""

    bases: Ints
    codes: npt.NDArray[np.uint16]
    classes: npt.NDArray[np.uint8]
    han: Ints  # Chinese signs before each position
    grams: tuple[Hashes, ...]  # hash of the 1, 2, 3 and 4 signs from each position on
    role: Ints  # of the item around a position, -1 outside of what counts
    hits_near: Ints  # dictionary hits in that item
    hit_starts: Flags
    hit_ends: Flags
    inside: Flags  # a hit begins before and ends behind this position
    same: Ints  # where a hit that begins here ends

    def posting(self, position: Ints) -> Ints:
        """Return the number of the posting at each position."""
        return np.searchsorted(self.bases, position, side="right") - 1


class CandidateReader:
    """Finds candidates by the vocabulary of words that stand around skills."""

    def __init__(self, words: WordUses) -> None:
        self._uses = [np.zeros(1 << _WORD_TABLE, dtype=np.uint8) for _ in range(_GRAMS)]
        for word, uses in words.items():
            codes = _code_points(word + _GAP)
            place = _grams(codes)[len(word) - 1][0] >> (32 - _WORD_TABLE)
            self._uses[len(word) - 1][place] |= uses

    def field(self, items: Sequence[Item]) -> Field:
        """Lay postings one behind the other."""
        text = _GAP + "".join(item[0] + _GAP for item in items)
        lengths = np.array([len(item[0]) + len(_GAP) for item in items], dtype=np.int64)
        bases = np.cumsum(lengths) - lengths + len(_GAP)
        codes = _code_points(text)
        classes = _CLASS[codes]
        size = len(codes)
        hits = _flat([item[2] for item in items], bases)
        hit_starts, hit_ends, same = (
            np.zeros(size, np.bool_),
            np.zeros(size, np.bool_),
            np.zeros(size, np.int64),
        )
        hit_starts[hits[:, 0]] = True
        hit_ends[hits[:, 1]] = True
        same[hits[:, 0]] = hits[:, 1]
        role, near = _lines(items, bases, hit_starts)
        inside = np.cumsum(hit_starts.astype(np.int64) - hit_ends) > 0
        return Field(
            bases, codes, classes, _before(classes == _HAN), _grams(codes), role, near, hit_starts, hit_ends,
            inside & ~hit_starts, same,
        )  # fmt: skip

    def spans(self, field: Field) -> Spans:
        """Return all candidates of a field; none crosses, equals or lies in a dictionary hit."""
        chunks, begins, ends = self._bounds(field)
        starts, stops = np.flatnonzero(begins & ~field.inside), np.flatnonzero(ends & ~field.inside)
        first = np.searchsorted(stops, starts + 2)
        tried = first[:, None] + np.arange(_REACH)
        tried_stops = np.append(stops, 0)[np.minimum(tried, len(stops))]
        length = tried_stops - starts[:, None]
        fits = (
            (length >= 2) & (length <= _LONGEST_NAME) & (chunks[starts][:, None] == chunks[tried_stops - 1])
        )
        row, column = np.nonzero(fits)
        start, end = starts[row], tried_stops[row, column]
        han, letters = field.han, field.han + _before(field.classes == _LETTER)
        covers = _before(field.hit_starts)
        covered = covers[end] - covers[start]
        known = field.hit_starts[start] & (field.same[start] == end)
        good = (
            ((end - start <= _LONGEST) | (han[end] == han[start])) & (letters[end] > letters[start]) & ~known
        )
        return Spans(start[good], end[good], covered[good])

    def hits(self, field: Field) -> Spans:
        """Return the dictionary hits of a field in order."""
        starts = np.flatnonzero(field.hit_starts)
        return Spans(starts, field.same[starts], np.ones(len(starts), dtype=np.int64))

    def _bounds(self, field: Field) -> tuple[Ints, Flags, Flags]:
        """Return the number of the chunk at each position, and where candidates may begin and end."""
        classes = field.classes
        letters = (classes == _LETTER) | (classes == _DIGIT)
        named = letters | (classes == _SIGN)
        spaced = (classes == _SPACE) & _shift(named, 1) & _shift(letters, -1)
        uses = [
            table[grams >> (32 - _WORD_TABLE)] for table, grams in zip(self._uses, field.grams, strict=True)
        ]
        inner = ((classes == _HAN) | named | spaced) & (field.role >= 0)
        for length, use in enumerate(uses, start=1):
            split = np.flatnonzero(use[: -len(_GAP)] & _SPLIT)
            for step in range(length):
                inner[split + step] = False
        before, here = _shift(inner, 1), inner
        han = classes == _HAN
        change = (han != _shift(han, 1)) & before & here
        begins, ends = (here & ~before) | change, (before & ~here) | change
        join = np.flatnonzero(uses[0][: -len(_GAP)] & _JOIN)
        ends[join] = begins[join + 1] = True
        _chain(begins, ends, uses, number=(classes == _DIGIT) | (classes == _SIGN))
        chunks = np.cumsum(here & ~before)
        return np.where(inner, chunks, -1), begins & here, ends & before


def _chain(begins: Flags, ends: Flags, uses: Sequence[npt.NDArray[np.uint8]], *, number: Flags) -> None:
    """Let a candidate also begin behind leading words and numbers and end before trailing words."""
    inner = len(begins) - len(_GAP)  # nothing can stand in the gap behind the last text
    leads = [np.flatnonzero(use[:inner] & _LEAD) for use in uses]
    tails = [np.flatnonzero(use[:inner] & _TAIL) for use in uses]
    numbers = np.flatnonzero(number)
    for _ in range(_CHAIN):
        begins[numbers[begins[numbers]] + 1] = True
        for length, (lead, tail) in enumerate(zip(leads, tails, strict=True), start=1):
            begins[lead[begins[lead]] + length] = True
            ends[tail[ends[tail + length]]] = True


class Features:
    """The features of spans; `sums` adds weights without listing them, `indexes` lists them for the trainer."""

    def __init__(self, field: Field, spans: Spans) -> None:
        self._field = field
        self._spans = spans
        self._inner = [_salted(field.grams[1], 1), _salted(field.grams[2], 2)]
        self._single = [*self._edges(), *self._places()]

    def sums(self, table: npt.NDArray[np.int8]) -> Ints:
        """Return the sum of the weights of each span."""
        start, end, _ = self._spans
        total = np.zeros(len(start), dtype=np.int64)
        for features in self._single:
            total += table[features]
        for length, grams in enumerate(self._inner, start=2):
            added = _before(table[grams])
            total += np.where(
                end - start >= length, added[np.maximum(end - length + 1, start)] - added[start], 0
            )
        return total

    def surface_sums(self, table: npt.NDArray[np.int8], rows: Ints) -> Ints:
        """Return, for a table of several columns, the sums over the features of some spans that do not look around."""
        total = np.zeros((len(rows), table.shape[1]), dtype=np.int64)
        for features in self._single[:_OF_SURFACE]:
            total += table[features[rows]]
        for length, grams in enumerate(self._inner, start=2):
            places, sizes = self._inside(length, rows)
            added = np.zeros((len(places) + 1, table.shape[1]), dtype=np.int64)
            np.cumsum(table[grams[places]], axis=0, out=added[1:])
            stops = np.cumsum(sizes)
            total += added[stops] - added[stops - sizes]
        return total

    def indexes(self, *, surface_only: bool = False) -> list[Ints]:
        """List the features of each span, those without its surroundings or all."""
        single = np.stack(self._single[:_OF_SURFACE] if surface_only else self._single, axis=1)
        parts = [list(single)]
        for length, grams in enumerate(self._inner, start=2):
            places, sizes = self._inside(length, np.arange(len(single)))
            parts.append(np.split(grams[places], np.cumsum(sizes)[:-1]))
        return [np.concatenate(row).astype(np.int64) for row in zip(*parts, strict=True)]

    def _inside(self, length: int, rows: Ints) -> tuple[Ints, Ints]:
        """Return where the n-grams of a length inside some spans begin, and how many each span has."""
        start, end = self._spans.start[rows], self._spans.end[rows]
        sizes = np.maximum(end - start - length + 1, 0)
        return _runs(start, sizes), sizes

    def _edges(self) -> Iterator[Hashes]:
        start, end, _ = self._spans
        grams = self._field.grams
        yield _salted(self._whole(), 3)
        for length in (1, 2, 3):
            yield _salted(grams[length - 1][start], 10 + length)
            yield _salted(grams[length - 1][end - length], 20 + length)
        for length in range(1, _GRAMS + 1):
            yield _salted(grams[length - 1][start - length], 30 + length)
            yield _salted(grams[length - 1][end], 40 + length)

    def _places(self) -> Iterator[Hashes]:
        field, (start, end, covers) = self._field, self._spans
        count = field.han[end] - field.han[start]
        script = np.where(count == 0, 0, np.where(count == end - start, 1, 2))
        listed = _IS_LIST_SIGN[field.codes]
        left = np.where(field.hit_ends[start], 2, field.hit_ends[start - 1] & listed[start - 1])
        right = np.where(field.hit_starts[end], 2, field.hit_starts[end + 1] & listed[end])
        role, near = field.role[start], np.minimum(field.hits_near[start], 4)
        some = np.minimum(covers, 3)
        facts = (
            role * 3 + script,
            left * 3 + script,
            right * 3 + script,
            left * 3 + right,
            some * 3 + script,
            np.minimum(some, 1) * 9 + left * 3 + right,
            near * 3 + script,
            near * 3 + role,
            np.minimum(end - start, 14) * 3 + script,
        )
        for number, fact in enumerate(facts):
            yield _salted(fact.astype(np.uint32), 50 + number)

    def _whole(self) -> Hashes:
        """Hash each span as a whole."""
        start, end, _ = self._spans
        codes = self._field.codes.astype(np.uint32)
        total = np.zeros(len(start), np.uint32)
        factor = 1
        for step in range(_LONGEST_NAME):
            there = np.flatnonzero(end - start > step)
            if not len(there):
                break
            total[there] += (codes[start[there] + step] + np.uint32(1)) * np.uint32(factor)
            factor = factor * 1_000_003 & 0xFFFFFFFF
        return total


def _code_points(text: str) -> npt.NDArray[np.uint16]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.minimum(codes, 0xFFFF).astype(np.uint16)


def _grams(codes: npt.NDArray[np.uint16]) -> tuple[Hashes, ...]:
    """Hash the one to four signs from each position on (multiplicative hashing with a fold after each sign)."""
    wide = codes.astype(np.uint32)
    running = np.zeros(len(wide), dtype=np.uint32)
    found = []
    for step in range(_GRAMS):
        running = (running + np.roll(wide, -step) + np.uint32(1)) * np.uint32(0x9E3779B1)
        running ^= running >> np.uint32(15)
        found.append(running)
    return tuple(found)


def _salted(hashes: Hashes, salt: int) -> Hashes:
    """Turn hashes into features; the same hash gives another feature for each salt."""
    mixed = (hashes + np.uint32(salt * 0x9E3779B1 & 0xFFFFFFFF)) * np.uint32(0xC2B2AE35)
    return (mixed >> np.uint32(16)) & np.uint32(TABLE - 1)


def _flat(rows: Sequence[Ints], bases: Ints) -> Ints:
    """Lay spans of many postings one behind the other; columns behind the second stay as they are."""
    flat = np.concatenate(rows)
    flat[:, :2] += np.repeat(bases, [len(row) for row in rows])[:, None]
    return flat


def _lines(items: Sequence[Item], bases: Ints, hit_starts: Flags) -> tuple[Ints, Ints]:
    """Return role and number of hits of the item around each position."""
    spans = _flat([item[1] for item in items], bases)
    starts, ends, roles = spans.T
    hits = _before(hit_starts)
    role, near = np.full(len(hit_starts), -1, np.int64), np.zeros(len(hit_starts), np.int64)
    sizes = ends - starts
    places = _runs(starts, sizes)
    role[places] = np.repeat(roles, sizes)
    near[places] = np.repeat(hits[ends] - hits[starts], sizes)
    return role, near


def _runs(starts: Ints, sizes: Ints) -> Ints:
    """Return all positions of runs one behind the other."""
    ends = np.cumsum(sizes)
    return np.repeat(starts - ends + sizes, sizes) + np.arange(ends[-1] if len(ends) else 0)


def _before(values: npt.NDArray[np.generic]) -> Ints:
    """Return running sums: at each position the sum of all values before it."""
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def _shift(flags: Flags, by: int) -> Flags:
    return np.roll(flags, by)
