"""One search for all vocabularies of a process: which pattern stands where in a folded batch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

__all__ = ["Found", "Search"]


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
    """Finds every occurrence of the patterns; build one per process."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(dict.fromkeys(patterns))
        self._automaton = AhoCorasick(self.patterns, matchkind=MatchKind.Standard)

    def find(self, text: str) -> Found:
        """Return the matches in a folded text."""
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        table = np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches)).reshape(-1, 3)
        order = np.argsort((table[:, 1] << 32) + table[:, 2], kind="stable")
        pattern, start, end = table[order].T
        return Found(pattern, start, end)

    def numbers_in(self, others: Sequence[str]) -> NDArray[np.int64]:
        """Return, for every pattern here, its place among other patterns or -1."""
        places = {text: number for number, text in enumerate(others)}
        return np.fromiter((places.get(text, -1) for text in self.patterns), np.int64, len(self.patterns))
