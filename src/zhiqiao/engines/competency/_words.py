"""Chinese text cut into the words that topics are made of; skills are tokens of their own."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache

import rjieba

__all__ = ["Cutter"]

_WORD = re.compile(r"[^\W\d_]")


@cache
def _segmenter() -> rjieba.Jieba:
    """Return a segmenter that nobody teaches words: reading its dictionary takes longer than a small corpus."""
    return rjieba.Jieba()


class Cutter:
    """Cuts by rjieba, folds width and case, drops stop words, numbers and single characters."""

    def __init__(self, stop_words: Collection[str]) -> None:
        self._jieba = _segmenter()
        self._stop_words = frozenset(map(_fold, stop_words))
        self._known: dict[str, str] = {}

    def cut(
        self, text: str, parts: Sequence[tuple[int, int]], mentions: Sequence[tuple[int, int, int]]
    ) -> tuple[tuple[str, ...], tuple[str | int, ...]]:
        """Return the words of some parts of a text, and the same with each mention as the number of its skill.

        Mentions are (skill, start, end), in order; those outside the parts are left out here.
        """
        words: list[str] = []
        mixed: list[str | int] = []
        for start, end in parts:
            at = start
            for skill, first, last in mentions:
                if first < start or last > end:
                    continue
                before = self._words(text[at:first])
                words += before
                mixed += before
                words += self._words(text[first:last])
                mixed.append(skill)
                at = last
            rest = self._words(text[at:end])
            words += rest
            mixed += rest
        return tuple(words), tuple(mixed)

    def _words(self, piece: str) -> list[str]:
        return [word for raw in self._jieba.cut(piece, True) if (word := self._word(raw))]

    def _word(self, raw: str) -> str:
        """Return the folded word, or nothing where it says nothing."""
        word = self._known.get(raw)
        if word is None:
            folded = _fold(raw)
            says = len(folded) > 1 and folded not in self._stop_words and _WORD.search(folded)
            word = self._known[raw] = sys.intern(folded) if says else ""
        return word


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
