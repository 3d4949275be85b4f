"""Folding for matching, with the way back: markup, width, case, traditional characters; nothing is stored folded.

Folded texts of a batch stand one behind the other, each between two NUL characters (a NUL of a text folds to nothing),
so every rule can look one character past the ends of its text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from operator import itemgetter

import numpy as np
import opencc
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._characters import Codes, Kinds, is_han, kinds_of
from zhiqiao.engines.jobmining._markup import edits as markup
from zhiqiao.engines.jobmining._markup import is_control

__all__ = [
    "END",
    "Folded",
    "FoldedBatch",
    "codes_of",
    "fold",
    "fold_batch",
    "fold_phrase",
    "fold_text",
    "portions",
]

END = "\0"
"""Stands before and after every text of a batch."""

# Texts are worked on together up to this many characters: enough to spread the cost of a step, few enough to be held.
_CHARACTERS_AT_ONCE = 300_000

Positions = NDArray[np.int64]

_MANY = np.uint32(0x7FFFFFFF)  # a character that does not fold to exactly one
_UNKNOWN = np.uint32(0xFFFFFFFF)
_FOLDS: Codes = np.full(0x110000, _UNKNOWN, dtype=np.uint32)


class _FoldTable(dict[int, str]):
    """What one character folds to, remembered; combining marks keep their own place."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if is_control(character):
        return ""
    # A line end must stay one; an ellipsis of three dots would only cost an offset map.
    if character.isspace():
        return character if character in "\r\n" else " "
    if character == "…":
        return character
    folded = unicodedata.normalize("NFKC", character).casefold()
    return _simplified().get(folded, folded) if is_han(folded[:1]) else folded


_TABLE = _FoldTable()


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    """Return the simplified form of every traditional character, one to one, by OpenCC's table t2s."""
    traditional = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    simplified = opencc.OpenCC("t2s").convert("\n".join(traditional)).split("\n")
    return {
        old: new for old, new in zip(traditional, simplified, strict=True) if old != new and len(new) == 1
    }


@dataclass(frozen=True)
class FoldedBatch:
    """Folded texts joined; positions count in the joined folded text unless said otherwise.

    Text number i stands at [bounds[i], bounds[i + 1] - 1); `origin_bounds` says the same of the texts as given.
    """

    text: str
    codes: Codes
    bounds: Positions
    original: str
    origin_bounds: Positions
    _origins: Positions | None
    _ends: Positions | None

    def texts(self) -> list[str]:
        """Return each folded text."""
        bounds = self.bounds.tolist()
        return [self.text[start : stop - 1] for start, stop in pairwise(bounds)]

    @cached_property
    def kinds(self) -> Kinds:
        """The kinds of all characters."""
        return kinds_of(self.codes)

    def number(self, positions: Positions) -> Positions:
        """Return the numbers of the texts that hold these positions."""
        return np.searchsorted(self.bounds, positions, "right") - 1

    def origins(self, positions: Positions) -> Positions:
        """Return where, in the joined texts as given, the characters at these positions begin."""
        return positions if self._origins is None else self._origins[positions]

    def origin_ends(self, positions: Positions) -> Positions:
        """Return where, in the joined texts as given, what ends before these positions ends."""
        return positions if self._ends is None else self._ends[positions - 1]

    def whole(self, starts: Positions, ends: Positions) -> NDArray[np.bool_]:
        """Say which spans cover whole original characters (`㎡` folds to two)."""
        if self._origins is None:
            return np.ones(len(starts), dtype=bool)
        at = self._origins
        whole: NDArray[np.bool_] = (at[starts - 1] != at[starts]) & (at[ends] != at[ends - 1])
        return whole


def portions(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield [start, stop) of neighbouring texts that are worth working on together."""
    start = held = 0
    for number, text in enumerate(texts):
        if held and held + len(text) > _CHARACTERS_AT_ONCE:
            yield start, number
            start, held = number, 0
        held += len(text) + 1
    if start < len(texts):
        yield start, len(texts)


def fold_batch(texts: Sequence[str]) -> FoldedBatch:
    """Fold texts character by character and remember where each character came from."""
    original = f"{END}{END.join(texts)}{END}"
    given = codes_of(original)
    bounds = np.fromiter(accumulate((len(text) + 1 for text in texts), initial=1), np.int64, len(texts) + 1)
    codes = _FOLDS.take(given)
    if (codes == _UNKNOWN).any():
        _learn(np.unique(given[codes == _UNKNOWN]))
        codes = _FOLDS.take(given)
    codes[bounds - 1] = 0
    odd = np.flatnonzero(codes == _MANY)
    edits = [*_markup(texts, bounds, given)]
    if not len(odd) and not edits:
        return FoldedBatch(_text_of(codes), codes, bounds, original, bounds, None, None)
    edits += [(at, at + 1, _TABLE[code]) for at, code in zip(odd.tolist(), given[odd].tolist(), strict=True)]
    return _edited(codes, edits, original, bounds)


def _edited(
    codes: Codes, edits: Sequence[tuple[int, int, str]], original: str, bounds: Positions
) -> FoldedBatch:
    """Replace [start, end) by a text at each edit; what begins inside an earlier one is gone with it."""
    pieces: list[Codes] = []
    places: list[tuple[int, int, int]] = []  # begin and end of what a piece came from, its length
    last = 0
    for start, end, text in sorted(edits, key=itemgetter(0)):
        if start >= last:
            pieces += (codes[last:start], codes_of(text))
            places += ((last, start, start - last), (start, end, len(text)))
            last = end
    pieces.append(codes[last:])
    begins, ends, lengths = np.array([*places, (last, len(codes), len(codes) - last)]).T
    folded = np.concatenate(pieces)
    stops = np.cumsum(lengths)
    origins = np.arange(len(folded)) + np.repeat(begins - stops + lengths, lengths)
    origin_ends = origins + 1
    for number in range(1, len(pieces), 2):  # all signs of an edit came from all it replaced
        stop, length = int(stops[number]), int(lengths[number])
        origins[stop - length : stop] = begins[number]
        origin_ends[stop - length : stop] = ends[number]
    at = np.searchsorted(begins, bounds - 1, "right") - 1
    moved = stops[at] - lengths[at] + bounds - begins[at]
    return FoldedBatch(_text_of(folded), folded, moved, original, bounds, origins, origin_ends)


def _markup(texts: Sequence[str], bounds: Positions, given: Codes) -> Iterator[tuple[int, int, str]]:
    """Yield what tags and entities stand for: a line end, nothing, or the character meant."""
    signs = np.flatnonzero((given == ord("<")) | (given == ord("&")))
    if not len(signs):
        return
    numbers = np.unique(np.searchsorted(bounds, signs, "right") - 1).tolist()
    for number in numbers:
        offset = int(bounds[number])
        for start, end, meant in markup(texts[number]):
            yield start + offset, end + offset, meant.translate(_TABLE)


def _learn(codes: Codes) -> None:
    for code in codes.tolist():
        folded = _TABLE[code]
        _FOLDS[code] = ord(folded) if len(folded) == 1 else _MANY


def codes_of(text: str) -> Codes:
    """Return the code points of a text; a lone surrogate counts as one."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _text_of(codes: Codes) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le")


class Folded:
    """One folded text; `origin(i)` is the position in the original where folded position i begins.

    A text that was folded in a batch is given; the way back is then only made when it is asked for.
    """

    def __init__(self, text: str, folded: str | None = None) -> None:
        self._original = text
        self.text = self._batch.text[1:-1] if folded is None else folded

    @cached_property
    def _batch(self) -> FoldedBatch:
        return fold_batch([self._original])

    def origin(self, start: int) -> int:
        """Return the position in the original of the character that gave folded position `start`."""
        return int(self._batch.origins(np.asarray([start + 1]))[0]) - 1

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a folded span stands in the original; None where it splits a character."""
        at, stop = np.asarray([start + 1]), np.asarray([end + 1])
        if not self._batch.whole(at, stop)[0]:
            return None
        return int(self._batch.origins(at)[0]) - 1, int(self._batch.origin_ends(stop)[0]) - 1


def fold(text: str) -> Folded:
    """Fold one text and remember where each character came from."""
    return Folded(text)


def fold_text(text: str) -> str:
    """Fold one text when nobody asks where its characters came from."""
    return fold(text).text if "<" in text or "&" in text else text.translate(_TABLE)


def fold_phrase(phrase: str) -> str:
    """Fold a vocabulary entry the same way and collapse its spaces."""
    if phrase.isascii() and phrase.isprintable():  # nothing to fold but letter case
        return " ".join(phrase.lower().split())
    return " ".join(phrase.translate(_TABLE).split())
