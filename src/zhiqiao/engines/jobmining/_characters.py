"""What kind of character each one of a folded text is, for a whole batch at once; bits, no rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._markup import is_control

__all__ = ["Codes", "Kind", "Kinds", "is_han", "kinds_of"]

Codes = NDArray[np.uint32]
Kinds = NDArray[np.uint32]


class Kind:
    """What a character may be; most are several of these. Plain numbers: NumPy is slow with flags of an enum."""

    KNOWN = 1
    HAN = 2
    ASCII = 4  # a letter or digit of ASCII; folded text has small letters only
    DIGIT = 8
    LETTER = 16
    RUN = 32  # what a Latin name is written with
    PLUS = 64
    WORD = 128  # a letter or digit of any script
    BLOCK = 256  # what the segmenter takes together; anything else is a cut on both sides
    SPACE = 512
    LINE_END = 1024
    MARK = 2048  # ends an item of a posting
    JOINT = 4096  # ends an item for fingerprints
    BULLET = 8192
    NUMBER_SIGN = 16384  # stands behind an item number
    IN_NAME = 32768  # before a digit: part of a version or an address, no item number
    GLUE_BEFORE = 65536
    GLUE_AFTER = 131072
    TITLE_END = 262144  # may follow a section title
    DECIMAL = 524288  # a digit of any script
    HIDING = 1048576  # between two digits it may stand for nothing: a control character, markup


_MEMBERS = {
    Kind.PLUS: "+#",
    Kind.LINE_END: "\r\n",
    Kind.MARK: "\r\n;。!",
    Kind.JOINT: "\r\n;。!?",
    Kind.BULLET: "-*·•●◆★■",
    Kind.NUMBER_SIGN: "、).",
    Kind.GLUE_BEFORE: ".-_+#@&'",
    Kind.GLUE_AFTER: "-_+#@&'",
    Kind.TITLE_END: "】])>》」*:(\0一二三四五六七八九十0123456789-·•●◆★■",
}
_KINDS: Kinds = np.zeros(0x110000, dtype=np.uint32)


def is_han(character: str) -> bool:
    """Say whether a character is a Chinese one of the common planes."""
    return "\u3400" <= character <= "\u9fff"


def kinds_of(codes: Codes) -> Kinds:
    """Return the kinds of every character; each distinct one is looked at once per process."""
    kinds: Kinds = _KINDS.take(codes)
    unknown = kinds == 0
    if unknown.any():
        for code in np.unique(codes[unknown]).tolist():
            _KINDS[code] = _kind(chr(code))
        kinds = _KINDS.take(codes)
    return kinds


def _kind(character: str) -> int:
    kind = Kind.KNOWN
    for flag, members in _MEMBERS.items():
        if character in members:
            kind |= flag
    for flag, holds in (
        (Kind.HAN, is_han(character)),
        (Kind.DIGIT, character in "0123456789"),
        (Kind.LETTER, "a" <= character <= "z"),
        (Kind.DECIMAL, character.isdecimal()),
        (Kind.HIDING, is_control(character) or character in "<&"),
        (Kind.WORD, character.isalnum()),
        (Kind.BLOCK, character.isalnum() or character in "+#&._%-"),
        (Kind.SPACE, character.isspace()),
        (Kind.TITLE_END, character.isspace()),
    ):
        if holds:
            kind |= flag
    if kind & (Kind.DIGIT | Kind.LETTER):
        kind |= Kind.ASCII | Kind.RUN
    if kind & Kind.PLUS:
        kind |= Kind.RUN
    if kind & Kind.ASCII or character in ".-/":
        kind |= Kind.IN_NAME
    return kind
