"""Which encoding a piece of text is in, and decoding that marks bad bytes instead of failing.

A byte that is no text becomes a lone surrogate (U+DC80–U+DCFF): the row that holds one is a row error later.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal

from zhiqiao.engines.tabular._errors import BadEncoding, BinaryContent

Encoding = Literal["ascii", "utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"]

_MARK = "zhiqiao_mark"
_MARKED = re.compile("[\ud800-\udfff]")
_WIDE_SAMPLE = 4096
_THREE_BYTES = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2}")


def _mark_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) if byte >= 0x80 else "\udcff" for byte in bad), error.end


codecs.register_error(_MARK, _mark_bad_bytes)


def decode(piece: bytes, encoding: Encoding) -> str:
    """Decode whole lines, marking bytes that are no text."""
    name = "utf-8" if encoding in {"ascii", "utf-8-sig"} else encoding
    return piece.decode(name, errors=_MARK)


def has_bad_bytes(text: str) -> bool:
    """Tell whether `decode` marked anything in the text."""
    return _MARKED.search(text) is not None


def readable(text: str, encoding: Encoding) -> str:
    """Return marked text as a person can best read it: in the other encoding if it fits, else with U+FFFD."""
    if not has_bad_bytes(text):
        return text
    if encoding in {"ascii", "utf-8", "utf-8-sig", "gb18030"}:
        own, other = ("gb18030", "utf-8") if encoding == "gb18030" else ("utf-8", "gb18030")
        try:
            return text.encode(own, errors="surrogateescape").decode(other)
        except UnicodeError:
            pass
    return _MARKED.sub("\ufffd", text)


def detect_encoding(head: bytes, *, complete: bool) -> Encoding:
    """Find the encoding of the head of a text; raise BinaryContent or BadEncoding.

    "ascii" means that nothing in the head tells the encodings apart: the first other byte later on decides.
    """
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    wide = _wide_encoding(head[:_WIDE_SAMPLE])
    if wide is not None:
        return wide
    if head.count(0) * 10 > len(head):
        what = "0x00" if not head.strip(b"\0") else "NUL"
        raise BinaryContent(what=what)
    if head.isascii():
        return "ascii"
    return narrow_encoding(head, complete=complete)


def narrow_encoding(block: bytes, *, complete: bool) -> Encoding:
    """Tell UTF-8 from GB18030; raise BadEncoding when fewer than half of the lines are text in either.

    Short GB18030 text can be UTF-8 by chance, but then of two-byte characters, which Chinese has none of;
    UTF-8 is often GB18030 by chance. So UTF-8 lines with Chinese stand against lines only GB18030 reads.
    """
    lines = block.splitlines()
    if not complete and len(lines) > 1:
        lines.pop()
    telling = [line for line in lines if not line.isascii()]
    utf8 = [line for line in telling if _decodes(line, "utf-8", cut_off=not complete)]
    gb18030 = [line for line in telling if _decodes(line, "gb18030", cut_off=not complete)]
    only_gb18030 = _telling_bytes(set(gb18030) - set(utf8))
    chinese_utf8 = _telling_bytes({line for line in utf8 if _THREE_BYTES.search(line)})
    is_utf8 = chinese_utf8 >= only_gb18030
    good = len(utf8 if is_utf8 else gb18030)
    if 2 * (len(lines) - len(telling) + good) < len(lines):
        raise BadEncoding
    if not good:
        return "ascii"
    return "utf-8" if is_utf8 else "gb18030"


def _telling_bytes(lines: set[bytes]) -> int:
    return sum(len(line) - len(line.decode("ascii", errors="ignore")) for line in lines)


def _decodes(line: bytes, encoding: str, *, cut_off: bool) -> bool:
    """Tell whether a line is text; `cut_off` allows a character cut at its end."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(line, final=not cut_off)
    except UnicodeDecodeError:
        return False
    return True


def _wide_encoding(sample: bytes) -> Encoding | None:
    """Tell UTF-16 without a byte order mark by the zero halves of its ASCII characters and line ends."""
    zeros = sample.count(0)
    if not zeros or (zeros * 5 < len(sample) and _decodes(sample, "utf-8", cut_off=True)):
        return None
    even, odd = sample[0::2], sample[1::2]
    wide: tuple[tuple[Encoding, bytes, bytes], ...] = (("utf-16-le", odd, even), ("utf-16-be", even, odd))
    for encoding, high, low in wide:
        if high.count(0) * 20 < len(high) or low.count(0) * 10 > high.count(0):
            continue
        text = sample[: len(sample) // 2 * 2].decode(encoding, errors="replace")
        plain = sum(1 for letter in text if letter.isprintable() or letter in "\r\n\t")
        ends = text.count("\n") + text.count("\r")
        if plain * 10 >= len(text) * 9 and 0 < sample.count(b"\n") + sample.count(b"\r") <= 2 * ends:
            return encoding
    return None
