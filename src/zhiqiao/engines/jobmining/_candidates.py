"""Stretches of folded text that may name a skill, and the features they are judged by; judging is in `_learned`.

Works on many postings at once: their texts stand one behind the other in one array of code points, and each step is
one operation over all of it. A feature is the place of a weight in a table of `TABLE`, found by hashing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import prod
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._files import read_csv
from zhiqiao.engines.jobmining._fold import codes_of, fold_phrase
from zhiqiao.engines.jobmining._second_stage import Shown

__all__ = [
    "TABLE",
    "CandidateReader",
    "Features",
    "Field",
    "Spans",
    "WeightTable",
    "WordUses",
    "read_candidate_words",
]

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint32]
Codes = npt.NDArray[np.uint16]
Counts = npt.NDArray[np.int32]
Told = npt.NDArray[np.int16]

#: The number of weights; a power of two.
TABLE = 1 << 16
_GRAMS = 4
_GAP = "\n" * (2 * _GRAMS)
_LONGEST = 16
_LONGEST_NAME = 30
_REACH = 6  # ends tried behind one beginning
_CHAIN = 4  # words that may lead or trail one behind the other
_WORD_TABLE = 20
_FACTOR = np.uint32(1_000_003)
_UNFACTOR = np.uint32(pow(1_000_003, -1, 1 << 32))

_LEAD, _TAIL, _SPLIT, _JOIN = 1, 2, 4, 8
_USES = {"lead": _LEAD, "tail": _TAIL, "split": _SPLIT, "join": _JOIN}
_OUTSIDE, _HAN, _LETTER, _DIGIT, _SIGN, _SPACE = range(6)
_LIST_SIGNS = "、,/ ;|+()和及与或"
# How many values there are of what is told of a span besides its signs; together they are one number.
_ROLE, _LEFT, _NEAR, _RIGHT, _SCRIPT, _COVERS, _LENGTH = _TOLD = (4, 3, 5, 3, 3, 4, 15)

WordUses = dict[str, int]


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
    """Some of the texts shown, with a gap between; `moved` says how far each was, `bases` where it begins now."""

    bases: Ints
    moved: Ints
    hit_rows: Ints  # the numbers of the hits in it among those shown
    codes: Codes
    classes: npt.NDArray[np.uint8]
    han: Counts  # Chinese signs before each position
    grams: tuple[Hashes, ...]  # hash of the 1, 2, 3 and 4 signs from each position on
    within: tuple[Hashes, Hashes]  # features of the 2 and 3 signs from each position on
    prefixes: tuple[Hashes, Hashes]
    counting: Flags  # lies in an item that counts
    told_of_start: Told  # what is told of a span that starts here: role, what is left, hits in the item
    told_of_end: Told  # what is right of a span that ends here
    hit_starts: Flags
    inside: Flags  # a hit begins before and ends behind this position
    same: Ints  # where a hit that begins here ends

    def shown(self, positions: Ints) -> Ints:
        """Return where positions of this field are in what was shown."""
        return positions - self.moved[np.searchsorted(self.bases, positions, side="right") - 1]


class CandidateReader:
    """Finds candidates by the vocabulary of words that stand around skills."""

    def __init__(self, words: WordUses) -> None:
        self._uses = [np.zeros(1 << _WORD_TABLE, dtype=np.uint8) for _ in range(_GRAMS)]
        for word, uses in words.items():
            codes = codes_of(word + _GAP).astype(np.uint16)
            place = _grams(codes)[len(word) - 1][0] >> (32 - _WORD_TABLE)
            self._uses[len(word) - 1][place] |= uses

    def field(self, shown: Shown, numbers: Ints) -> Field:
        """Lay some of the texts shown one behind the other, so far apart that no feature reaches over."""
        starts, ends = shown.bounds[numbers], shown.bounds[numbers + 1] - 1
        bases = np.cumsum(ends - starts + len(_GAP)) - (ends - starts)
        moved = bases - starts
        codes = _laid_out(shown.codes, starts, ends, bases)
        classes, listed, grams = _CLASS.take(codes), _IS_LIST_SIGN.take(codes), _grams(codes)
        hit_rows, hits = _laid(shown.hits, starts, ends, moved)
        hit_starts, hit_ends = np.zeros(len(codes), np.bool_), np.zeros(len(codes), np.bool_)
        same = np.zeros(len(codes), np.int64)
        hit_starts[hits[:, 0]] = True
        hit_ends[hits[:, 1]] = True
        same[hits[:, 0]] = hits[:, 1]
        around = _around(_laid(shown.items, starts, ends, moved)[1], hit_starts)
        left = np.where(hit_ends, np.int16(2), _shift(hit_ends & listed, 1).view(np.int8))
        right = np.where(hit_starts, np.int16(2), (_shift(hit_starts, -1) & listed).view(np.int8))
        inside = np.cumsum(hit_starts.view(np.int8) - hit_ends.view(np.int8), dtype=np.int16) > 0
        return Field(
            bases, moved, hit_rows, codes, classes, _before(classes == _HAN), grams,
            (_salted(grams[1], 1), _salted(grams[2], 2)), _prefixes(codes), around >= _LEFT * _NEAR,
            (around + left * _NEAR).astype(np.int16), right, hit_starts, inside & ~hit_starts, same,
        )  # fmt: skip

    def spans(self, field: Field) -> Spans:
        """Return all candidates of a field; none crosses, equals or lies in a dictionary hit."""
        inner, begins, ends = self._bounds(field)
        starts, stops = np.flatnonzero(begins & ~field.inside), np.flatnonzero(ends & ~field.inside)
        outer = np.flatnonzero(~inner)
        first = np.searchsorted(stops, starts + 2)
        limit = np.minimum(outer[np.searchsorted(outer, starts)], starts + _LONGEST_NAME)
        tried = np.clip(np.searchsorted(stops, limit, side="right") - first, 0, _REACH)
        start, end = np.repeat(starts, tried), stops[_runs(first, tried)]
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

    def _bounds(self, field: Field) -> tuple[Flags, Flags, Flags]:
        """Return what may be part of a candidate, and where candidates may begin and end."""
        classes = field.classes
        letters = (classes == _LETTER) | (classes == _DIGIT)
        named = letters | (classes == _SIGN)
        spaced = (classes == _SPACE) & _shift(named, 1) & _shift(letters, -1)
        uses = [
            table.take(grams >> (32 - _WORD_TABLE))
            for table, grams in zip(self._uses, field.grams, strict=True)
        ]
        inner = ((classes == _HAN) | named | spaced) & field.counting
        inner[_runs_of(uses, _SPLIT)] = False
        before, here = _shift(inner, 1), inner
        han = classes == _HAN
        change = (han != _shift(han, 1)) & before & here
        begins, ends = (here & ~before) | change, (before & ~here) | change
        join = np.flatnonzero((uses[0][: -len(_GAP)] & _JOIN) != 0)
        ends[join] = begins[join + 1] = True
        _chain(begins, ends, uses, number=(classes == _DIGIT) | (classes == _SIGN))
        return inner, begins & here, ends & before


def _chain(begins: Flags, ends: Flags, uses: Sequence[npt.NDArray[np.uint8]], *, number: Flags) -> None:
    """Let a candidate also begin behind leading words and numbers and end before trailing words."""
    inner = len(begins) - len(_GAP)  # nothing can stand in the gap behind the last text
    leads = [(use[:inner] & _LEAD) != 0 for use in uses]
    tails = [(use[:inner] & _TAIL) != 0 for use in uses]
    number = number[:inner]
    for _ in range(_CHAIN):
        begins[1 : inner + 1] |= number & begins[:inner]
        for length, (lead, tail) in enumerate(zip(leads, tails, strict=True), start=1):
            begins[length : inner + length] |= lead & begins[:inner]
            ends[:inner] |= tail & ends[length : inner + length]


def _runs_of(uses: Sequence[npt.NDArray[np.uint8]], use: int) -> Ints:
    """Return all places of words that have a use."""
    places = [np.flatnonzero((words[: -len(_GAP)] & use) != 0) for words in uses]
    return np.concatenate([start + step for length, start in enumerate(places, 1) for step in range(length)])


class WeightTable:
    """Weights of features, ready to be summed."""

    def __init__(self, weights: npt.NDArray[np.int8]) -> None:
        self.weights = weights.astype(np.int16)  # holds the sum of all single features of a span
        told: npt.NDArray[np.int16] = np.stack(
            [self.weights[each] for each in _facts(np.arange(prod(_TOLD)))]
        ).sum(axis=0)
        self.told = told.astype(np.int16)


class Features:
    """The features of spans; `sums` adds weights without listing them, `indexes` lists them for the trainer."""

    def __init__(self, field: Field, spans: Spans) -> None:
        self._field = field
        self._spans = spans

    def sums(self, table: WeightTable) -> Ints:
        """Return the sum of the weights of each span."""
        start, end, _ = self._spans
        weights = table.weights
        total = table.told.take(self._told()).astype(np.int64)
        total += weights.take(self._whole())
        total += self._sums_at(start, weights, self._first, self._before)
        total += self._sums_at(end, weights, self._last, self._behind)
        for length, features in enumerate(self._field.within, start=2):
            total += self._sums_within(length, features, weights)
        return total

    def surface_sums(self, table: npt.NDArray[np.int8]) -> Ints:
        """Return, for a table of several columns, the sums over the features that do not look around a span."""
        total = np.zeros((len(self._spans.start), table.shape[1]), dtype=np.int64)
        for features in self._of_surface():
            total += table.take(features, axis=0)
        for length, features in enumerate(self._field.within, start=2):
            total += self._sums_within(length, features, table)
        return total

    def indexes(self, *, surface_only: bool = False) -> list[Ints]:
        """List the features of each span, those without its surroundings or all."""
        single = self._of_surface() if surface_only else [*self._of_surface(), *self._of_surroundings()]
        parts = [list(np.stack(single, axis=1))]
        for length, features in enumerate(self._field.within, start=2):
            places, sizes = self._inside(length)
            parts.append(np.split(features[places], np.cumsum(sizes)[:-1]))
        return [np.concatenate(row).astype(np.int64) for row in zip(*parts, strict=True)]

    def _of_surface(self) -> list[Hashes]:
        """Return the features of each span as it is written, but those of `within`."""
        edges = zip(self._first(self._spans.start), self._last(self._spans.end), strict=True)
        return [self._whole(), *chain.from_iterable(edges)]

    def _of_surroundings(self) -> list[Hashes]:
        edges = zip(self._before(self._spans.start), self._behind(self._spans.end), strict=True)
        return [*chain.from_iterable(edges), *_facts(self._told())]

    def _first(self, start: Ints) -> list[Hashes]:
        return [
            _salted(grams.take(start), salt) for salt, grams in enumerate(self._field.grams[:3], start=11)
        ]

    def _last(self, end: Ints) -> list[Hashes]:
        return [_salted(self._field.grams[size - 1].take(end - size), 20 + size) for size in (1, 2, 3)]

    def _before(self, start: Ints) -> list[Hashes]:
        return [
            _salted(grams.take(start - size), 30 + size)
            for size, grams in enumerate(self._field.grams, start=1)
        ]

    def _behind(self, end: Ints) -> list[Hashes]:
        return [_salted(grams.take(end), salt) for salt, grams in enumerate(self._field.grams, start=41)]

    def _sums_at(
        self, edges: Ints, weights: npt.NDArray[np.int16], *features: Callable[[Ints], list[Hashes]]
    ) -> npt.NDArray[np.int16]:
        """Sum the weights of features of an edge, once for all the spans that share it."""
        used = np.zeros(len(self._field.codes), dtype=np.bool_)
        used[edges] = True
        places = np.flatnonzero(used)
        sums = np.zeros(len(used), dtype=np.int16)
        sums[places] = sum(weights.take(each) for kind in features for each in kind(places))
        return sums.take(edges)

    def _sums_within(
        self, length: int, features: Hashes, weights: npt.NDArray[np.integer]
    ) -> npt.NDArray[np.int32]:
        """Sum the weights of the n-grams of a length inside each span: over the whole field where spans are many."""
        start, end, _ = self._spans
        stop = np.maximum(end - length + 1, start)
        if 4 * int((stop - start).sum()) > len(features):
            added = _before(weights.take(features, axis=0))
            return added.take(stop, axis=0) - added.take(start, axis=0)
        places, sizes = self._inside(length)
        added = _before(weights.take(features.take(places), axis=0))
        stops = np.cumsum(sizes)
        return added.take(stops, axis=0) - added.take(stops - sizes, axis=0)

    def _inside(self, length: int) -> tuple[Ints, Ints]:
        """Return where the n-grams of a length inside the spans begin, and how many each span has."""
        start, end, _ = self._spans
        sizes = np.maximum(end - start - length + 1, 0)
        return _runs(start, sizes), sizes

    def _whole(self) -> Hashes:
        """Return the feature of each span as a whole, by a polynomial over its first signs."""
        start, end, _ = self._spans
        sums, scales = self._field.prefixes
        stop = np.minimum(end, start + _LONGEST_NAME)
        return _salted((sums.take(stop) - sums.take(start)) * scales.take(start), 3)

    def _told(self) -> Ints:
        """Return what is told of each span besides its signs, as one number."""
        field, (start, end, covers) = self._field, self._spans
        count = field.han.take(end) - field.han.take(start)
        script = np.where(count == 0, 0, np.where(count == end - start, 1, 2))
        told = field.told_of_start.take(start).astype(np.int64) * _RIGHT + field.told_of_end.take(end)
        told = (told * _SCRIPT + script) * _COVERS + np.minimum(covers, _COVERS - 1)
        numbers: Ints = told * _LENGTH + np.minimum(end - start, _LENGTH - 1)
        return numbers


def _facts(told: Ints) -> list[Hashes]:
    """Return the features of what is told of spans besides their signs."""
    role, left, near, right, script, some, length = np.unravel_index(told, _TOLD)
    role = role - 1
    facts = (
        role * 3 + script,
        left * 3 + script,
        right * 3 + script,
        left * 3 + right,
        some * 3 + script,
        np.minimum(some, 1) * 9 + left * 3 + right,
        near * 3 + script,
        near * 3 + role,
        length * 3 + script,
    )
    return [_salted(fact.astype(np.uint32), salt) for salt, fact in enumerate(facts, start=50)]


def _grams(codes: npt.NDArray[np.uint16]) -> tuple[Hashes, ...]:
    """Hash the one to four signs from each position on (multiplicative hashing with a fold after each sign)."""
    signs = np.concatenate((codes, codes[: _GRAMS - 1])).astype(np.uint32) + np.uint32(1)
    running = np.zeros(len(codes), dtype=np.uint32)
    found = []
    for step in range(_GRAMS):
        running = (running + signs[step : step + len(codes)]) * np.uint32(0x9E3779B1)
        running ^= running >> np.uint32(15)
        found.append(running)
    return tuple(found)


def _salted(hashes: Hashes, salt: int) -> Hashes:
    """Turn hashes into features; the same hash gives another feature for each salt."""
    mixed = (hashes + np.uint32(salt * 0x9E3779B1 & 0xFFFFFFFF)) * np.uint32(0xC2B2AE35)
    return (mixed >> np.uint32(16)) & np.uint32(TABLE - 1)


def _prefixes(codes: Codes) -> tuple[Hashes, Hashes]:
    """Return sums of (code + 1) * factor ** position before each position, and factor ** -position.

    The difference of two sums, brought down to the first position, hashes what stands between.
    """
    powers, back = _powers(1 << len(codes).bit_length())
    sums = np.zeros(len(codes) + 1, dtype=np.uint32)
    np.cumsum((codes + np.uint32(1)) * powers[: len(codes)], dtype=np.uint32, out=sums[1:])
    return sums, back[: len(codes)]


@lru_cache(maxsize=4)
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Return factor ** position and factor ** -position."""
    powers = np.full((2, size), [[_FACTOR], [_UNFACTOR]], dtype=np.uint32)
    powers[:, 0] = 1
    np.multiply.accumulate(powers, axis=1, out=powers)
    return powers[0], powers[1]


def _laid_out(codes: npt.NDArray[np.uint32], starts: Ints, ends: Ints, bases: Ints) -> Codes:
    """Return the signs of some texts, each moved to its base, with a gap before each and behind the last."""
    laid = np.full(int(bases[-1] + ends[-1] - starts[-1]) + len(_GAP), ord(_GAP[0]), dtype=np.uint16)
    first = int(starts[0])
    signs = np.minimum(codes[first : int(ends[-1])], 0xFFFF).astype(np.uint16)
    for start, end, base in zip(
        (starts - first).tolist(), (ends - first).tolist(), bases.tolist(), strict=True
    ):
        laid[base : base + end - start] = signs[start:end]
    return laid


def _laid(rows: Ints, starts: Ints, ends: Ints, moved: Ints) -> tuple[Ints, Ints]:
    """Return the numbers of the rows that stand in some texts, and the rows moved with them."""
    low, high = np.searchsorted(rows[:, 0], (starts[0], ends[-1]))
    begins = rows[low:high, 0]
    text = np.searchsorted(starts, begins, side="right") - 1
    there = begins < ends[text]
    laid = rows[low:high][there]
    laid[:, :2] += moved[text[there], None]
    return np.flatnonzero(there) + low, laid


def _around(items: Ints, hit_starts: Flags) -> Told:
    """Return what the item around each position tells, its role and number of hits as one number; 0 outside."""
    starts, ends, roles = items.T
    hits = _before(hit_starts)
    near = np.minimum(hits[ends] - hits[starts], _NEAR - 1)
    told = np.zeros((len(items) + 1, 2), dtype=np.int16)  # of each item, and of what is left until the next
    told[1:, 0] = (roles + 1) * _LEFT * _NEAR + near
    bounds = np.column_stack((np.append(0, starts), np.append(0, ends))).ravel()
    return np.repeat(told.ravel(), np.diff(bounds, append=len(hit_starts)))


def _runs(starts: Ints, sizes: Ints) -> Ints:
    """Return all positions of runs one behind the other."""
    ends = np.cumsum(sizes)
    return np.repeat(starts - ends + sizes, sizes) + np.arange(ends[-1] if len(ends) else 0)


def _before(values: npt.NDArray[np.generic]) -> Counts:
    """Return running sums: at each position the sum of all values before it."""
    sums = np.zeros((len(values) + 1, *values.shape[1:]), dtype=np.int32)
    np.cumsum(values, axis=0, out=sums[1:])
    return sums


def _shift(flags: Flags, by: int) -> Flags:
    return np.roll(flags, by)
