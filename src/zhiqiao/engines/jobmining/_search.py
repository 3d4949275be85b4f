"""One search for all vocabularies of a process: which pattern stands where in a folded batch."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, MatchKind
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._characters import Codes

__all__ = ["Found", "Search"]

_LAST = "\uffff"  # of the first plane; no character
_PATTERN, _START = itemgetter(0), itemgetter(1)


class Found(NamedTuple):
    """All matches, overlapping ones too: the number of the pattern and its span, by start and end."""

    pattern: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Found:
        """Return some of the matches."""
        return Found(self.pattern[chosen], self.start[chosen], self.end[chosen])

    def renumbered(self, numbers: NDArray[np.int64]) -> Found:
        """Return the matches of patterns that have a number in another list, with that number."""
        pattern = numbers[self.pattern]
        known = pattern >= 0
        return Found(pattern[known], self.start[known], self.end[known])


class Search:
    """Finds every occurrence of the patterns; build one per process.

    Searches two bytes for each character, not UTF-8: a Chinese character has three there, and its place would have to
    be counted. What is beyond the first plane is one unit too, told apart only where a pattern needs it.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(dict.fromkeys(patterns))
        self._unit = "<u2" if max(map(max, self.patterns), default="") < _LAST else "<u4"
        self._lengths = np.array([len(text) for text in self.patterns], dtype=np.int64)
        plain = "utf-16-le" if self._unit == "<u2" else "utf-32-le"
        coded = [text.encode(plain, "surrogatepass") for text in self.patterns]
        self._automaton = BytesAhoCorasick(coded, matchkind=MatchKind.Standard)

    def find(self, codes: Codes) -> Found:
        """Return the matches in a folded text."""
        matches = self._automaton.find_matches_as_indexes(self._coded(codes), overlapping=True)
        pattern = np.fromiter(map(_PATTERN, matches), np.int64, len(matches))
        start, rest = np.divmod(
            np.fromiter(map(_START, matches), np.int64, len(matches)), int(self._unit[-1])
        )
        whole = rest == 0  # else it begins in the middle of a character
        pattern, start = pattern[whole], start[whole]
        end = start + self._lengths[pattern]
        order = np.argsort((start << 32) + end, kind="stable")
        return Found(pattern[order], start[order], end[order])

    def _coded(self, codes: Codes) -> bytes:
        return np.minimum(codes, ord(_LAST) if self._unit == "<u2" else codes).astype(self._unit).tobytes()

    def numbers_in(self, others: Sequence[str]) -> NDArray[np.int64]:
        """Return, for every pattern here, its place among other patterns or -1."""
        places = {text: number for number, text in enumerate(others)}
        return np.fromiter((places.get(text, -1) for text in self.patterns), np.int64, len(self.patterns))
