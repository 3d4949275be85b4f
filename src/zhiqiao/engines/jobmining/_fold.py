"""Folding of width and letter case for matching, with the way back; nothing is stored folded."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["Folded", "fold", "fold_phrase"]


class _FoldTable(dict[int, str]):
    """NFKC and case folding of one character, remembered; combining marks keep their own place."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character).casefold()
        # A line end must stay one; an ellipsis of three dots would only cost an offset map.
        if character.isspace():
            folded = character if character in "\r\n" else " "
        elif character == "…":
            folded = character
        self[code] = folded
        return folded


_TABLE = _FoldTable()


class Folded:
    """A folded text; `origin(i)` is the position in the original where folded position i begins."""

    __slots__ = ("_origins", "text")

    def __init__(self, text: str, origins: Sequence[int] | None) -> None:
        self.text = text
        self._origins = origins

    def origin(self, start: int) -> int:
        """Return the position in the original of the character that gave folded position `start`."""
        return start if self._origins is None else self._origins[start]

    def whole(self, start: int, end: int) -> bool:
        """Say whether the folded span covers whole original characters (`㎡` folds to two)."""
        if self._origins is None:
            return True
        origins = self._origins
        return (start == 0 or origins[start - 1] != origins[start]) and origins[end] != origins[end - 1]


def fold(text: str) -> Folded:
    """Fold width (NFKC) and letter case character by character and remember where each came from."""
    folded = text.translate(_TABLE)
    if len(folded) == len(text):  # no character folds to nothing, so equal lengths mean one to one
        return Folded(folded, None)
    origins = [index for index, character in enumerate(text) for _ in _TABLE[ord(character)]]
    origins.append(len(text))
    return Folded(folded, origins)


def fold_phrase(phrase: str) -> str:
    """Fold a vocabulary entry the same way and collapse its spaces."""
    return " ".join(fold(phrase).text.split())
