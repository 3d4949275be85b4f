"""Where words end inside Chinese text, by rjieba; only stretches that are asked about are segmented, each once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain, repeat

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
        # Most stretches hold several matches; a match with a space in it reaches over two.
        new = np.flatnonzero((np.diff(begins, prepend=-1) != 0) | (np.diff(stops, prepend=-1) != 0))
        text = folded.text
        places = zip(begins[new].tolist(), stops[new].tolist(), strict=True)
        cuts = self._cuts([text[begin:stop] for begin, stop in places])
        several = np.diff(new, append=len(begins)).tolist()
        of_each = chain.from_iterable(map(repeat, cuts, several))
        return [
            cut >> start & cut >> end & 1 == 1
            for cut, start, end in zip(of_each, starts.tolist(), ends.tolist(), strict=True)
        ]

    def cuts(self, text: str) -> list[int]:
        """Return all cuts of a text, its beginning and end among them."""
        return list(accumulate(map(len, self._jieba.cut(text, False)), initial=0))

    def _cuts(self, stretches: Sequence[str]) -> list[int]:
        """Return the cuts of stretches as the bits of numbers; the beginning always is one.

        What is not known yet is cut together, one stretch a line: no word reaches over a line end.
        """
        if self._held > _REMEMBERED:
            self._known.clear()
            self._held = 0
        known = self._known
        new = [stretch for stretch in dict.fromkeys(stretches) if stretch not in known]
        words = iter(self._jieba.cut("\n".join(new), False))
        for stretch in new:
            cuts, at, length = 1, 0, len(stretch)
            while at < length:
                at += len(next(words))
                cuts |= 1 << at
            next(words, None)  # the line end
            known[stretch] = cuts
            self._held += length + _ENTRY
        return [known[stretch] for stretch in stretches]


def _stretches(folded: FoldedBatch, found: Found) -> tuple[Integers, Integers]:
    gaps = np.flatnonzero((folded.kinds & Kind.BLOCK) == 0)
    begins = gaps[np.searchsorted(gaps, found.start) - 1] + 1
    return begins, gaps[np.searchsorted(gaps, found.end)]
