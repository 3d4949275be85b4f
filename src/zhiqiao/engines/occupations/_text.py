"""Job titles made comparable: width and case folded, and the core without brackets and employer."""

from __future__ import annotations

import re
import unicodedata

import rjieba

__all__ = [
    "core_title",
    "document_grams",
    "fold_text",
    "fold_title",
    "grams",
    "plain_name",
    "title_grams",
    "words",
]

_LONGEST = 300
_BRACKETS = re.compile(r"[(\[【〔{].*?[)\]】〕}]")
_MARKS = re.compile(r"(?<=[^\x00-\x7f])[sl/]+$")
_SURROGATES = re.compile("[\ud800-\udfff]")
_HIRING = "招聘"


def fold_title(text: str) -> str:
    """Fold width and case and collapse spaces; anything past 300 characters is no title any more."""
    return fold_text(text[: _LONGEST * 2])[:_LONGEST]


def fold_text(text: str) -> str:
    """Fold width and case and collapse spaces."""
    return " ".join(unicodedata.normalize("NFKC", _SURROGATES.sub("\ufffd", text)).lower().split())


def core_title(folded: str) -> str:
    """Drop bracketed remarks and an employer before 招聘 (某某公司招聘保安), unless nothing would stay."""
    core = _BRACKETS.sub(" ", folded)
    tail = core.rsplit(_HIRING, 1)[-1]
    if len(tail.strip()) > 1:
        core = tail
    return core.strip() or folded


def plain_name(name: str) -> str:
    """Fold a name of the classification and drop its marks S (digital) and L (green)."""
    return _MARKS.sub("", fold_title(name))


def words(text: str) -> list[str]:
    """Cut a folded text into words."""
    return [word for word in rjieba.cut(text) if word.strip()]


def grams(text: str, shortest: int, longest: int) -> list[str]:
    """Return all substrings of these lengths."""
    size = len(text)
    return [
        text[start : start + length]
        for length in range(shortest, longest + 1)
        for start in range(size - length + 1)
    ]


def title_grams(text: str) -> list[str]:
    """Return the substrings of one to three characters."""
    return grams(text, 1, 3)


def document_grams(text: str) -> list[str]:
    """Return the substrings of two and three characters."""
    return grams(text, 2, 3)
