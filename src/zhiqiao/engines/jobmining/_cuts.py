"""Where words end inside Chinese text, by rjieba; only stretches that are asked about are segmented, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np
import rjieba
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._characters import Kind, is_han
from zhiqiao.engines.jobmining._fold import FoldedBatch
from zhiqiao.engines.jobmining._search import Found

__all__ = ["Cutter"]

# A frequency that makes a taxonomy term win against its parts without swallowing a longer ordinary word.
_USER_WORD_FREQUENCY = 20_000
_REMEMBERED = 8_000_000  # about 25 MB
_ENTRY = 80

Integers = NDArray[np.int64]


class Cutter:
    """A segmenter that knows the taxonomy's words; build one per process.

    The segmenter works on stretches of letters, digits and a few signs, so a stretch is cut alone as it is in its text.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._jieba = rjieba.Jieba()
        for word in words:
            if " " not in word and any(map(is_han, word)):
                self._jieba.add_word(word, _USER_WORD_FREQUENCY * len(word), "n")
        self._known: dict[str, int] = {}
        self._held = 0

    def on_cuts(self, folded: FoldedBatch, found: Found) -> list[bool]:
        """Say of each match whether the segmenter cuts at both of its ends that touch Chinese on both sides."""
        kinds = folded.kinds
        left = (kinds[found.start - 1] & kinds[found.start] & Kind.HAN) != 0
        right = (kinds[found.end - 1] & kinds[found.end] & Kind.HAN) != 0
        begins, stops = _stretches(folded, found)
        starts, ends = (found.start - begins) * left, (found.end - begins) * right
        return list(
            self._on_cuts(folded.text, begins.tolist(), stops.tolist(), starts.tolist(), ends.tolist())
        )

    def _on_cuts(
        self,
        text: str,
        begins: Sequence[int],
        stops: Sequence[int],
        starts: Sequence[int],
        ends: Sequence[int],
    ) -> Iterator[bool]:
        last, cuts = (-1, -1), 1
        for begin, stop, start, end in zip(begins, stops, starts, ends, strict=True):
            if (begin, stop) != last:  # most stretches hold several matches
                last, cuts = (begin, stop), self._cuts(text[begin:stop])
            yield cuts >> start & cuts >> end & 1 == 1

    def cuts(self, text: str) -> list[int]:
        """Return all cuts of a text, its beginning and end among them."""
        return list(accumulate(map(len, self._jieba.cut(text, False)), initial=0))

    def _cuts(self, stretch: str) -> int:
        """Return the cuts of a stretch as the bits of a number; the beginning always is one."""
        cuts = self._known.get(stretch)
        if cuts is None:
            cuts, at = 1, 0
            for word in self._jieba.cut(stretch, False):
                at += len(word)
                cuts |= 1 << at
            if self._held > _REMEMBERED:
                self._known.clear()
                self._held = 0
            self._known[stretch] = cuts
            self._held += len(stretch) + _ENTRY
        return cuts


def _stretches(folded: FoldedBatch, found: Found) -> tuple[Integers, Integers]:
    gaps = np.flatnonzero((folded.kinds & Kind.BLOCK) == 0)
    begins = gaps[np.searchsorted(gaps, found.start) - 1] + 1
    return begins, gaps[np.searchsorted(gaps, found.end)]
