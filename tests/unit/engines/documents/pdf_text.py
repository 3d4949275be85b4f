"""What a PDF says about itself, read without a PDF library: its fonts, and which characters can be copied out."""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_MAPS = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_TARGET = re.compile(rb"<[0-9A-Fa-f]+>\s*<([0-9A-Fa-f]+)>")


def streams(pdf: bytes) -> list[bytes]:
    """Return the streams, unpacked where they are packed."""
    found = []
    for raw in _STREAM.findall(pdf):
        try:
            found.append(zlib.decompressobj().decompress(raw))
        except zlib.error:
            found.append(raw)
    return found


def characters(pdf: bytes) -> set[str]:
    """Return every character that the embedded fonts map glyphs back to."""
    found: set[str] = set()
    for stream in streams(pdf):
        if b"begincmap" not in stream:
            continue
        for _, body in _MAPS.findall(stream):
            for code in _TARGET.findall(body):
                found |= set(bytes.fromhex(code.decode()).decode("utf-16-be"))
    return found


def everything(pdf: bytes) -> bytes:
    """Return the file with its streams unpacked behind it, to look for a name in."""
    return pdf + b"\n".join(streams(pdf))
