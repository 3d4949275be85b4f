"""Fingerprints of postings, a whole batch at a time: content hashes and min-hashes; no comparison here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._characters import Kind
from zhiqiao.engines.jobmining._fold import FoldedBatch, fold_batch
from zhiqiao.engines.jobmining._rules import Thresholds
from zhiqiao.engines.jobmining._sketch import mixed

__all__ = ["Plain", "content_hash", "content_hashes", "plain_of", "plain_of_folded", "sketch", "sketches"]

_MASKS = ("<phone>", "<tel>", "<email>", "<id>")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Plain:
    """The words of texts without masks, item numbers, spaces and punctuation; `items` tells the item of each."""

    codes: NDArray[np.uint32]
    items: Integers
    bounds: Integers

    def texts(self) -> list[str]:
        """Return the words of each text, items joined."""
        joined = self.codes.astype("<u4").tobytes().decode("utf-32-le")
        bounds = self.bounds.tolist()
        return [joined[start:stop] for start, stop in pairwise(bounds)]


def plain_of(texts: Sequence[str]) -> Plain:
    """Fold texts and keep what is told of them when they are compared."""
    return plain_of_folded(fold_batch(texts))


def plain_of_folded(folded: FoldedBatch) -> Plain:
    """Keep what is told of folded texts when they are compared."""
    kinds = folded.kinds
    signs = np.flatnonzero(kinds & Kind.NUMBER_SIGN)
    signs = signs[((kinds[signs - 1] & Kind.DIGIT) != 0) & ((kinds[signs + 1] & Kind.DIGIT) == 0)]
    kept = (kinds & Kind.WORD) != 0
    kept[signs - 1] = False
    kept[(signs - 2)[(kinds[signs - 2] & Kind.DIGIT) != 0]] = False
    _drop_masks(folded, kept)
    joints = ((kinds & Kind.JOINT) != 0) | (folded.codes == 0)
    joints[signs] = True
    places = np.flatnonzero(kept)
    return Plain(folded.codes[places], np.cumsum(joints)[places], np.searchsorted(places, folded.bounds))


def _drop_masks(folded: FoldedBatch, kept: NDArray[np.bool_]) -> None:
    for start in np.flatnonzero(folded.codes == ord("<")).tolist():
        for mask in _MASKS:
            if folded.text.startswith(mask, start):
                kept[start : start + len(mask)] = False


def content_hashes(titles: Sequence[str], companies: Sequence[str], texts: Plain) -> list[str]:
    """Return 20 hex digits over the words of title, company and text of each posting."""
    columns = (plain_of(titles).texts(), plain_of(companies).texts(), texts.texts())
    sha256 = hashlib.sha256
    return [sha256("\x1f".join(parts).encode()).hexdigest()[:20] for parts in zip(*columns, strict=True)]


def content_hash(*, title: str, company: str, text: str) -> str:
    """Return 20 hex digits over the words of title, company and text of one posting."""
    return content_hashes([title], [company], plain_of([text]))[0]


def sketch(text: str, *, thresholds: Thresholds) -> tuple[bytes, int]:
    """Return the min-hash of one text as uint16 bytes, and its distinct shingles."""
    prints, shingles = sketches(plain_of([text]), thresholds=thresholds)
    return prints[0].tobytes(), int(shingles[0])


def sketches(texts: Plain, *, thresholds: Thresholds) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """Return one-permutation min-hashes, a row for each text, and how many distinct shingles it has.

    Li, Owen and Zhang 2012 with the rotation of Shrivastava and Li 2014 for empty bins: one hash per shingle
    instead of one per shingle and slot. A text shorter than one shingle gives zeros and 0.
    """
    count, size = len(texts.bounds) - 1, thresholds.sketch_size
    hashes, owner = _shingles(texts, thresholds.shingle_characters)
    new = np.ones(len(hashes), dtype=bool)
    new[1:] = (hashes[1:] != hashes[:-1]) | (owner[1:] != owner[:-1])
    shingles = np.bincount(owner[new], minlength=count).astype(np.int32)
    # The high bits choose the bin, so sorted hashes lie bin by bin and the first in each is its minimum.
    width = np.uint64(2**64 // size)
    bins = owner * size + np.minimum(hashes // width, np.uint64(size - 1)).astype(np.int64)
    firsts = np.flatnonzero(np.diff(bins, prepend=-1))
    values = np.zeros(count * size, dtype=np.uint64)
    filled = np.zeros(count * size, dtype=bool)
    values[bins[firsts]], filled[bins[firsts]] = hashes[firsts], True
    return _rotated(values.reshape(count, size), filled.reshape(count, size)), shingles


def _rotated(values: NDArray[np.uint64], filled: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """Let each empty bin borrow from the next filled one to its right, changed by the distance."""
    size = values.shape[1]
    here = np.arange(2 * size)
    places = np.where(np.concatenate((filled, filled), axis=1), here, 2 * size)
    source = np.minimum.accumulate(places[:, ::-1], axis=1)[:, ::-1][:, :size]
    distance = (source - here[:size]).astype(np.uint64)
    borrowed = np.take_along_axis(values, source % size, axis=1)
    prints = (((borrowed + distance * _MULTIPLIER) * _MIX_1) >> np.uint64(48)).astype("<u2")
    prints[~filled.any(axis=1)] = 0
    return prints


def _shingles(texts: Plain, width: int) -> tuple[NDArray[np.uint64], Integers]:
    """Return the hashes of all shingles that lie within one item, sorted within each text, and whose they are."""
    count = max(0, len(texts.codes) - width + 1)
    inside = texts.items[width - 1 :] == texts.items[:count]
    codes = texts.codes.astype(np.uint64)
    hashes = codes[:count].copy()
    for offset in range(1, width):
        hashes *= _MULTIPLIER
        hashes += codes[offset : offset + count]
    hashes = mixed(hashes[inside])
    places = np.flatnonzero(inside)
    bounds = np.searchsorted(places, texts.bounds)
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        hashes[start:stop].sort()
    return hashes, np.repeat(np.arange(len(texts.bounds) - 1), np.diff(bounds))
