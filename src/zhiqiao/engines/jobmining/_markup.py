"""What the markup of a text means: tags are line ends or nothing, entities are the characters they stand for."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

__all__ = ["edits", "has_tags", "is_control"]

_TAG_NAMES = (
    "p|br|div|span|ul|ol|li|b|i|u|strong|em|font|h[1-6]|table|tbody|thead|tr|td|th|a|img|pre|section"
    "|article|blockquote|label|hr|center|sub|sup|dl|dt|dd|style|script"
)
# Bounded: a text of nothing but opening tags must not take quadratic time.
_MARKUP = re.compile(
    r"(?P<hidden><(?P<name>style|script)\b[^<>]{0,2000}>.{0,5000}?</(?P=name)\s*>|<!--.{0,5000}?-->)"
    rf"|(?P<tag></?(?:{_TAG_NAMES})\b[^<>]{{0,2000}}>)"
    r"|(?P<entity>&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});)|(?P<space>[^\S\r\n]{2,})",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(rf"</?(?:{_TAG_NAMES})\b[^<>]{{0,2000}}>|<!--", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|ul|ol|li|h[1-6]|tr|table|section|article|dl|dt|dd|br|hr)\b", re.IGNORECASE)
_CONTROL = frozenset(
    map(chr, (*range(9), 11, 12, *range(14, 32), 127, *range(0x200B, 0x200E), 0x2060, 0xFEFF))
)


def is_control(character: str) -> bool:
    """Say whether a character says nothing: control characters, zero-width ones, lone surrogates."""
    return character in _CONTROL or "\ud800" <= character <= "\udfff"


def has_tags(text: str) -> bool:
    """Say whether a text holds a tag of web pages; `List<String>` is none."""
    return "<" in text and _TAG.search(text) is not None


def edits(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, what is meant) for every piece of markup in order; among tags, runs of spaces are one."""
    tagged = has_tags(text)
    if not tagged and "&" not in text:
        return
    for match in _MARKUP.finditer(text):
        if match["entity"]:
            meant = html.unescape(match[0])
            if meant != match[0]:
                yield match.start(), match.end(), meant
        elif match["space"]:
            if tagged:
                yield match.start(), match.end(), " "
        else:
            yield match.start(), match.end(), "\n" if match["tag"] and _BLOCK.match(match[0]) else ""
