"""What is compared besides texts: keys of companies, bits of titles; the mixing of hashes."""

from __future__ import annotations

import hashlib
import re
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._fold import fold_text

__all__ = [
    "EMPTY_COMPANY",
    "NO_TITLE",
    "company_key",
    "mixed",
    "normalised",
    "title_bits",
]

EMPTY_COMPANY = 0
NO_TITLE = 0

# Where one item ends and the next begins: shingles do not cross it, so a reordered posting stays alike.
_JOINT = re.compile(r"[\r\n;。!?]+")
_ITEM_NUMBER = re.compile(r"[0-9]{1,2}[、.)](?![0-9])")
_NOT_A_WORD = re.compile(r"[^\w\n]+|_+")
_MASK = re.compile(r"<(?:phone|tel|email|id)>")
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def normalised(text: str) -> str:
    """Fold a text and drop masks, item numbers, spaces and punctuation; items are parted by a line feed."""
    folded = fold_text(text)
    if "<" in folded:
        folded = _MASK.sub("", folded)
    return _NOT_A_WORD.sub("", _ITEM_NUMBER.sub("\n", _JOINT.sub("\n", folded)))


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


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread numbers over all 64 bits (the finaliser of SplitMix64, Steele, Lea and Flood 2014)."""
    values = values ^ (values >> np.uint64(30))
    values *= _MIX_1
    values ^= values >> np.uint64(27)
    values *= _MIX_2
    return values ^ (values >> np.uint64(31))
