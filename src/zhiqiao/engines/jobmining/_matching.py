"""Finding dictionary skills in a folded batch with exact spans; which parts count is decided in `_lines`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._characters import Kind
from zhiqiao.engines.jobmining._cuts import Cutter
from zhiqiao.engines.jobmining._fold import FoldedBatch
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._search import Found
from zhiqiao.engines.jobmining._taxonomy import Taxonomy
from zhiqiao.engines.jobmining._terms import Term, make_terms, narrow

__all__ = ["Matcher"]

_SHORT = 2
_LAST = 0xFFFF  # of the first plane
_PART = 3
_LONGEST_RUN = 80
# Latin letters and digits up to the number of the next item ("J2EEJavaMySQL1.").
_RUN = re.compile(r"[a-z0-9+#]+?(?=\d{1,2}[.、)]|[^a-z0-9+#]|\Z)")
# "Oracle数据库", "Redis等常用缓存": the noun only says what kind of thing the names before it are.
_AFTER_NAME = re.compile(r"(?:[a-z0-9+#] ?|等(?:主流|常用|常见|各种|相关|关系型|流行)?的?)\Z")
_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_DIGITS = frozenset("0123456789")
_ITEM_SIGNS = frozenset("、)")

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


class _Edges(NamedTuple):
    """The kinds of the characters around and at the edges of matches."""

    before: NDArray[np.uint32]
    first: NDArray[np.uint32]
    last: NDArray[np.uint32]
    after: NDArray[np.uint32]


class Matcher:
    """Leftmost-longest dictionary matching among the matches that stand on boundaries; build one per process.

    All overlapping matches are looked at: a long match that fails its boundary must not hide a short one.
    """

    def __init__(self, taxonomy: Taxonomy, *, rules: Rules) -> None:
        terms = make_terms(taxonomy, rules=rules)
        self.terms: Sequence[Term] = list(terms.values())
        self.patterns = tuple(terms)
        self.cutter = Cutter(self.patterns)
        self._latin = np.array([_RUN.fullmatch(text) is not None for text in self.patterns], dtype=bool)
        self._not_before = rules.not_before
        self._not_after = rules.not_after
        self._titles = tuple(rules.not_after.get("*", ()))
        self._starts_title = np.zeros(1 << 16, dtype=bool)
        self._starts_title[[min(ord(title[0]), _LAST) for title in self._titles]] = True
        self._only_after = rules.only_after
        self._class_nouns = rules.class_nouns
        special = {*rules.not_before, *rules.not_after, *rules.class_nouns}
        self._special = np.array([len(text) == 1 or text in special for text in self.patterns], dtype=bool)
        self._cased = np.array([term.written is not None for term in self.terms], dtype=bool)

    def find(self, folded: FoldedBatch, found: Found) -> Found:
        """Choose among the matches of `patterns`, sorted by start and end: the skills, without overlaps."""
        if not len(found.start):
            return found
        edges = _edges(folded, found)
        allowed = _on_ascii_edges(folded, found, edges) & self._before_no_title(folded, found)
        odd = np.flatnonzero(allowed & self._special[found.pattern])
        allowed[odd] = [self._special_fits(folded.text, *match) for match in _tuples(found.take(odd))]
        parts = [(start << 32) + end for start, end in self._run_parts(folded, found, edges)]
        allowed |= np.isin((found.start << 32) + found.end, parts)
        allowed &= folded.whole(found.start, found.end)
        cased = np.flatnonzero(allowed & self._cased[found.pattern])
        allowed[cased] = self._cases_fit(folded, found.take(cased))
        contested = np.flatnonzero(allowed & _in_chinese(edges))
        allowed[contested] = self.cutter.on_cuts(folded, found.take(contested))
        return _leftmost_longest(found.take(allowed))

    def _before_no_title(self, folded: FoldedBatch, found: Found) -> Flags:
        """Refuse what names a post, not a skill: Java开发工程师."""
        fits = np.ones(len(found.start), dtype=bool)
        likely = np.flatnonzero(self._starts_title.take(np.minimum(folded.codes.take(found.end), _LAST)))
        text, titles = folded.text, self._titles
        fits[likely] = [not text.startswith(titles, end) for end in found.end[likely].tolist()]
        return fits

    def _special_fits(self, text: str, pattern: int, start: int, end: int) -> bool:
        """Judge a name of one letter, a noun of a class, or a name with words that must not stand beside it."""
        name = self.patterns[pattern]
        if end - start == 1 and text[end].isalnum() and not text.startswith(self._only_after, end):
            return False
        if name in self._class_nouns and _AFTER_NAME.search(text, max(0, start - 8), start):
            return False
        refused = self._not_after.get(name)
        if refused and text.startswith(refused, end):
            return False
        refused = self._not_before.get(name)
        return not (refused and text.endswith(refused, 0, start))

    def _cases_fit(self, folded: FoldedBatch, found: Found) -> list[bool]:
        begins, stops = folded.origins(found.start).tolist(), folded.origin_ends(found.end).tolist()
        allowed = (self.terms[pattern].written for pattern in found.pattern.tolist())
        return [
            written is None or narrow(folded.original[begin:stop]) in written
            for written, begin, stop in zip(allowed, begins, stops, strict=True)
        ]

    def _run_parts(self, folded: FoldedBatch, found: Found, edges: _Edges) -> Iterator[tuple[int, int]]:
        """Find names written together without a sign (`J2EEJavaMySQL`): runs that consist of names only."""
        latin = self._latin[found.pattern] & (found.end - found.start >= _PART)
        names = found.take(latin)
        longest = np.append(names.start[1:] != names.start[:-1], True)[: len(names.start)]
        # The longest name from here must leave something over, or end in what may be the next item's number.
        over = ((edges.after[latin] & Kind.RUN) != 0) | ((edges.last[latin] & Kind.DIGIT) != 0)
        likely = names.start[longest & over & ((edges.before[latin] & Kind.ASCII) == 0)]
        starts, ends = names.start.tolist(), names.end.tolist()
        for begin in likely.tolist():
            stop = _RUN.match(folded.text, begin, begin + _LONGEST_RUN)
            if stop is not None:
                low, high = bisect_left(starts, begin), bisect_left(starts, stop.end())
                yield from _parts(begin, stop.end(), starts[low:high], ends[low:high])


def _parts(begin: int, stop: int, starts: Sequence[int], ends: Sequence[int]) -> list[tuple[int, int]]:
    by_start: dict[int, list[int]] = {}
    for start, end in zip(starts, ends, strict=True):
        by_start.setdefault(start, []).append(end)
    return [] if stop in by_start.get(begin, ()) else _decompose(begin, stop, by_start)


def _decompose(begin: int, stop: int, ends: dict[int, list[int]]) -> list[tuple[int, int]]:
    """Cut a run into names, the longest first; none when something is left over."""
    if begin == stop:
        return []
    for end in sorted(ends.get(begin, ()), reverse=True):
        rest = _decompose(end, stop, ends) if end <= stop else []
        if end == stop or rest:
            return [(begin, end), *rest]
    return []


def _edges(folded: FoldedBatch, found: Found) -> _Edges:
    kinds = folded.kinds
    return _Edges(kinds[found.start - 1], kinds[found.start], kinds[found.end - 1], kinds[found.end])


def _tuples(found: Found) -> Iterator[tuple[int, int, int]]:
    return zip(found.pattern.tolist(), found.start.tolist(), found.end.tolist(), strict=True)


def _in_chinese(edges: _Edges) -> Flags:
    """Say which matches touch further Chinese characters, so that only the segmenter knows the boundary."""
    touching: Flags = ((edges.before & edges.first) | (edges.last & edges.after)) & Kind.HAN != 0
    return touching


def _on_ascii_edges(folded: FoldedBatch, found: Found, edges: _Edges) -> Flags:
    """Say which matches are not a piece of a longer Latin name or number."""
    short = found.end - found.start <= _SHORT
    glued = short & ((edges.before & Kind.GLUE_BEFORE) != 0)
    bad = ((edges.first & Kind.ASCII) != 0) & (((edges.before & Kind.ASCII) != 0) | glued)
    latin = (edges.last & Kind.ASCII) != 0
    bad |= ~latin & ((edges.last & Kind.PLUS) != 0) & ((edges.after & (Kind.PLUS | Kind.ASCII)) != 0)
    continued = latin & ((edges.after & Kind.ASCII) != 0)
    bad |= latin & ~continued & _glued_behind(folded, found, edges, short)
    numbered = np.flatnonzero(continued & ~bad & ((edges.after & Kind.DIGIT) != 0))
    bad |= continued
    text = folded.text
    bad[numbered] = [not _number_behind(text, *match) for match in _tuples(found.take(numbered))]
    fits: Flags = np.logical_not(bad)
    return fits


def _glued_behind(folded: FoldedBatch, found: Found, edges: _Edges, short: Flags) -> Flags:
    """Say what is followed by a sign that makes it another name: C#, C++, R&D, a short name before .net."""
    codes = folded.codes
    after, next_one = codes[found.end], np.minimum(found.end + 1, len(codes) - 1)
    dotted = (after == ord(".")) & ((folded.kinds[next_one] & Kind.LETTER) != 0)
    signed = (after == ord("#")) | ((after == ord("+")) & (codes[next_one] == ord("+")))
    glued = ((edges.after & Kind.GLUE_AFTER) != 0) | dotted
    bad: Flags = np.logical_or(signed, short & glued)
    return bad


def _number_behind(text: str, _pattern: int, start: int, end: int) -> bool:
    """Judge a Latin name before a digit."""
    if text[end - 1] in _DIGITS:  # "CSS34、": the number of the next item
        return text[end + 1] in _ITEM_SIGNS
    # "Python3", "Vue2": a version may follow a long name, never a short one.
    return end - start > _SHORT and _ends_with_digits(text, end)


def _ends_with_digits(text: str, position: int) -> bool:
    while text[position] in _DIGITS:
        position += 1
    return text[position] not in _ASCII


def _leftmost_longest(found: Found) -> Found:
    found = found.take(np.argsort((found.start << 32) - found.end, kind="stable"))
    following = np.searchsorted(found.start, found.end).tolist()
    kept, at = [], 0
    while at < len(following):
        kept.append(at)
        at = following[at]
    return found.take(np.array(kept, dtype=np.int64))
