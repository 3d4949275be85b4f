"""Fingerprints of postings: a content hash and a min-hash sketch of shingles; no comparison here."""

from __future__ import annotations

import hashlib
import re
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._fold import fold
from zhiqiao.engines.jobmining._rules import Thresholds

__all__ = [
    "EMPTY_COMPANY",
    "NO_TITLE",
    "company_key",
    "content_hash",
    "mixed",
    "normalised",
    "sketch",
    "title_bits",
]

EMPTY_COMPANY = 0
NO_TITLE = 0

# Where one item ends and the next begins: shingles do not cross it, so a reordered posting stays alike.
_JOINT = re.compile(r"[\r\n;。!?]+")
_ITEM_NUMBER = re.compile(r"[0-9]{1,2}[、.)](?![0-9])")
_NOT_A_WORD = re.compile(r"[^\w\n]+|_+")
_BREAK = ord("\n")
_MASK = re.compile(r"<(?:phone|tel|email|id)>")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def normalised(text: str) -> str:
    """Fold a text and drop masks, item numbers, spaces and punctuation; items are parted by a line feed."""
    folded = fold(text).text
    if "<" in folded:
        folded = _MASK.sub("", folded)
    return _NOT_A_WORD.sub("", _ITEM_NUMBER.sub("\n", _JOINT.sub("\n", folded)))


def content_hash(*, title: str, company: str, text: str) -> str:
    """Return 20 hex digits over normalised title, company and text (a text is given normalised)."""
    joined = "\x1f".join((normalised(title), normalised(company), text)).replace("\n", "")
    return hashlib.sha256(joined.encode()).hexdigest()[:20]


def company_key(company: str) -> int:
    """Return a 63-bit number for a company's name, `EMPTY_COMPANY` when it is unknown."""
    name = normalised(company).replace("\n", "")
    if not name:
        return EMPTY_COMPANY
    return (int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1) or 1


@lru_cache(maxsize=50_000)
def title_bits(title: str) -> int:
    """Return 64 bits, one set for each pair of neighbouring characters; `NO_TITLE` when there is no title.

    Titles with the same pairs have the same bits; the share of common bits says how alike two titles are.
    """
    name = normalised(title).replace("\n", "")
    pairs = {name[at : at + 2] for at in range(max(1, len(name) - 1))} if name else set()
    bits = 0
    for pair in pairs:
        bits |= 1 << (zlib.crc32(pair.encode("utf-8", "surrogatepass")) >> 26)
    return bits


def sketch(text: str, *, thresholds: Thresholds) -> tuple[bytes, int]:
    """Return the one-permutation min-hash of a normalised text as uint16 bytes, and its distinct shingles.

    Li, Owen and Zhang 2012 with the rotation of Shrivastava and Li 2014 for empty bins: one hash per shingle
    instead of one per shingle and slot. A text shorter than one shingle gives zeros and 0.
    """
    size, width = thresholds.sketch_size, thresholds.shingle_characters
    if len(text) < width:
        return bytes(2 * size), 0
    hashes = _shingle_hashes(text, width)
    if not len(hashes):
        return bytes(2 * size), 0
    hashes.sort()
    # The high bits choose the bin, so sorted hashes lie bin by bin and the first in each is its minimum.
    bounds = (np.arange(size, dtype=np.uint64) * np.uint64(2**64 // size)).astype(np.uint64)
    first = np.searchsorted(hashes, bounds)
    last = np.append(first[1:], len(hashes))
    filled = first < last
    values = hashes[np.minimum(first, len(hashes) - 1)]
    source = np.flatnonzero(filled)
    # Each empty bin borrows from the next filled one to its right, changed by the distance.
    position = np.searchsorted(source, np.arange(size)) % len(source)
    distance = ((source[position] - np.arange(size)) % size).astype(np.uint64)
    borrowed = (values[source[position]] + distance * _MULTIPLIER) * _MIX_1
    return (borrowed >> np.uint64(48)).astype("<u2").tobytes(), 1 + int(
        np.count_nonzero(hashes[1:] != hashes[:-1])
    )


def _shingle_hashes(text: str, width: int) -> NDArray[np.uint64]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    count = len(codes) - width + 1
    hashes = codes[:count].copy()
    for offset in range(1, width):
        hashes *= _MULTIPLIER
        hashes += codes[offset : offset + count]
    # Leave out what reaches over a joint.
    breaks = np.concatenate(([0], np.cumsum(codes == _BREAK)))
    hashes = hashes[breaks[width:] == breaks[:count]]
    return mixed(hashes)


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread numbers over all 64 bits (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    values = values ^ (values >> np.uint64(30))
    values *= _MIX_1
    values ^= values >> np.uint64(27)
    values *= _MIX_2
    return values ^ (values >> np.uint64(31))
