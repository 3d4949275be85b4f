"""Texts that survive every kind of office file."""

from __future__ import annotations

import re

# what XML 1.0 forbids or office files change: control characters, direction marks, half surrogates, other line ends
_CHANGED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_ESCAPE = re.compile(r"_x(?=[0-9A-Fa-f]{4}_)")
_TERMS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def printable(text: str) -> str:
    """Return a text as an office file keeps it."""
    return _ESCAPE.sub("_ x", _CHANGED.sub("", text))


def is_printable(text: str) -> bool:
    """Tell whether an office file keeps a text as it is."""
    return printable(text) == text


def term_name(number: int) -> str:
    """Return how a term is headed."""
    return _TERMS[number - 1]


#: Terms that a table has columns for at most.
MOST_TERMS = len(_TERMS)
