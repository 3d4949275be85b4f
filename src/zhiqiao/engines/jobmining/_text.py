"""Cleaning of one text: markup, control characters, masks over contact data; not what it means."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from zhiqiao.engines.jobmining._characters import Codes, Kind, kinds_of
from zhiqiao.engines.jobmining._fold import END, codes_of, portions
from zhiqiao.engines.jobmining._rules import ContactPattern

__all__ = ["clean_text", "mask_contacts", "mask_texts"]

_TAG = re.compile(
    r"</?(?:p|br|div|span|ul|ol|li|b|i|u|strong|em|font|h[1-6]|table|tbody|thead|tr|td|th|a|img|pre|section"
    r"|article|blockquote|label|hr|center|sub|sup|dl|dt|dd|style|script)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
# Bounded: a text of nothing but opening tags must not take quadratic time.
_INVISIBLE_ELEMENT = re.compile(
    r"<(style|script)\b[^<>]*>.{0,5000}?</\1\s*>|<!--.{0,5000}?-->", re.IGNORECASE | re.DOTALL
)
_BLOCK = re.compile(
    r"<(?:/?(?:p|div|ul|ol|li|h[1-6]|tr|table|section|article|dl|dt|dd)|br|hr)\b", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200d\u2060\ufeff\ud800-\udfff]")
_SPACE_RUN = re.compile(r"[^\S\r\n]+")
_LINE_RUN = re.compile(r" ?\n(?: ?\n)+ ?")
_WIDE = re.compile("[！-～]")
_NARROW = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)}
_MAYBE_CONTACT = re.compile(r"\d{4}|[@＠]|[Vv][Xx]|微信|[薇威]信|[Ww]e[Cc]hat|[\d０-９]{5}")


def clean_text(text: str) -> str:
    """Turn markup into plain text and drop control characters; a text without either comes back unchanged."""
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    if "<" in text and _TAG.search(text):
        text = _INVISIBLE_ELEMENT.sub("", text)
        text = _TAG.sub(lambda tag: "\n" if _BLOCK.match(tag[0]) else "", text)
        text = _LINE_RUN.sub("\n", _SPACE_RUN.sub(" ", text.replace("\r\n", "\n")))
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
        text = _CONTROL.sub("", text)
    return text.strip()


def mask_contacts(text: str, *, patterns: Sequence[ContactPattern]) -> tuple[str, Counter[str]]:
    """Replace phones, e-mails, messenger ids and identity numbers by masks; also return how many of each."""
    counts: Counter[str] = Counter()
    if not _MAYBE_CONTACT.search(text):
        return text, counts
    seen = _narrow(text)
    for pattern in patterns:
        pieces: list[str] = []
        last = 0
        for match in pattern.pattern.finditer(seen):
            start = match.end("keep") if "keep" in pattern.pattern.groupindex else match.start()
            pieces += (text[last:start], pattern.mask)
            last = match.end()
        if pieces:
            counts[pattern.name] += len(pieces) // 2
            text = "".join((*pieces, text[last:]))
            seen = _narrow(text)
    return text, counts


def mask_texts(texts: Sequence[str], *, patterns: Sequence[ContactPattern]) -> tuple[list[str], Counter[str]]:
    """Mask contact data in many texts; most hold none, and are told by a look at all characters at once."""
    counts: Counter[str] = Counter()
    masked = list(texts)
    for start, stop in portions(texts):
        for number in _likely_contacts(texts[start:stop]):
            masked[start + number], found = mask_contacts(texts[start + number], patterns=patterns)
            counts.update(found)
    return masked, counts


def _likely_contacts(texts: Sequence[str]) -> list[int]:
    """Return the numbers of the texts in which a contact pattern may match.

    Four digits alone are a year or a pay: a number to call has five in a row, or two groups of four with a sign
    between, or follows 400 or 800.
    """
    codes = codes_of(END.join((*texts, END * 8)))
    decimal = (kinds_of(codes) & Kind.DECIMAL) != 0
    pairs = decimal[:-1] & decimal[1:]
    four = pairs[:-2] & pairs[2:]
    hundreds = _before(codes, "48", "0")
    hundreds = hundreds[codes[hundreds + 2] == ord("0")]
    hundreds = hundreds[hundreds + 8 < len(four)]
    signs = np.concatenate(
        (
            np.flatnonzero(four[:-1] & four[1:]),
            np.flatnonzero(four[:-5] & four[5:]),
            hundreds[four[hundreds + 4] | four[hundreds + 8]],
            np.flatnonzero((codes == ord("@")) | (codes == ord("＠"))),
            _before(codes, "Vv", "Xx"),
            _before(codes, "微薇威", "信"),
            _before(codes, "Ww", "e"),
        )
    )
    ends = np.cumsum([len(text) + 1 for text in texts])
    numbers: list[int] = np.unique(np.searchsorted(ends, signs, "right")).tolist()
    return numbers


def _before(codes: Codes, first: str, second: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return where one of some characters stands before one of others."""
    at = np.flatnonzero(np.logical_or.reduce([codes[1:] == ord(letter) for letter in second]))
    return at[np.isin(codes[at], [ord(letter) for letter in first])]


def _narrow(text: str) -> str:
    """Make full-width letters and digits narrow without moving any position."""
    return text.translate(_NARROW) if _WIDE.search(text) else text
