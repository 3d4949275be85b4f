"""Text lines out of a byte source, with bounded memory whatever the line length; cells are not known here."""

from __future__ import annotations

from collections.abc import Iterator

from zhiqiao.engines.tabular._encoding import Encoding, decode, narrow_encoding
from zhiqiao.engines.tabular._errors import BadEncoding
from zhiqiao.engines.tabular._source import ByteSource
from zhiqiao.engines.tabular._values import Limits

_CUT_HEAD = 32_767


class CutLine(str):
    """The beginning of a line that is too long to be held; its rest was passed over."""

    __slots__ = ()


def read_lines(source: ByteSource, *, encoding: Encoding, line_end: str, limits: Limits) -> Iterator[str]:
    """Yield the lines of a text with their line ends; an overlong one comes as a CutLine."""
    end = line_end.encode(encoding if encoding.startswith("utf-16") else "ascii")
    first = True
    for block, cut in _blocks(source, end=end, limit=limits.max_record_bytes):
        if encoding == "ascii" and not block.isascii():
            encoding = _encoding_of(block)
        text = decode(block, encoding)
        if first:
            text, first = text.removeprefix("\ufeff"), False
        if cut:
            yield CutLine(text[:_CUT_HEAD])
        else:
            yield from _split(text, line_end)


def _encoding_of(block: bytes) -> Encoding:
    """Tell the encoding by the first block that can; lines that are no text at all decide nothing."""
    try:
        return narrow_encoding(block, complete=True)
    except BadEncoding:
        return "ascii"


def _split(text: str, line_end: str) -> list[str]:
    lines = [line + line_end for line in text.split(line_end)]
    last = lines.pop()
    if last != line_end:
        lines.append(last[: -len(line_end)])
    return lines


def _blocks(source: ByteSource, *, end: bytes, limit: int) -> Iterator[tuple[bytes, bool]]:
    """Yield whole lines in blocks, and the head of each line over the limit with a True."""
    held = bytearray()
    skipping = False
    while piece := source.read():
        if skipping:
            stop = _find_end(piece, end)
            if stop < 0:
                continue
            piece, skipping = piece[stop:], False
        searched = len(held)
        held += piece
        stop = _rfind_end(held, end, start=max(0, searched - len(end)))
        if stop > 0:
            yield bytes(held[:stop]), False
            del held[:stop]
        if len(held) > limit:
            yield bytes(held[: 4 * _CUT_HEAD]), True
            held.clear()
            skipping = True
    if held:
        yield bytes(held), False


def _find_end(piece: bytes, end: bytes) -> int:
    """Return the offset after the first line end, or -1; a wide line end must lie on an even offset."""
    at = piece.find(end)
    while at >= 0 and at % len(end):
        at = piece.find(end, at + 1)
    return at + len(end) if at >= 0 else -1


def _rfind_end(held: bytearray, end: bytes, *, start: int) -> int:
    at = held.rfind(end, start)
    while at >= 0 and at % len(end):
        at = held.rfind(end, start, at + len(end) - 1)
    return at + len(end) if at >= 0 else -1
