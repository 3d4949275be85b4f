"""The zip container of a workbook, checked before a parser that trusts it sees it; cells are not read here.

Three lies are caught: sizes in the directory that are too large, streams that inflate to more than the
directory says, and a sheet that spans far more cells than it fills (the parser would allocate them all).
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from zhiqiao.engines.tabular._errors import (
    ArchiveBomb,
    DamagedFile,
    ProtectedWorkbook,
    TooLarge,
    TooManyColumns,
)
from zhiqiao.engines.tabular._values import Limits

_PIECE = 1 << 18
_LOCAL_HEADER = 30
_REFERENCE = re.compile(rb"""\sr=["']([A-Z]{0,3})(\d{1,7})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_OVERLAP = 64
_LONGEST_TAG = 1 << 16
_SMALL_LIE = 1 << 20
_SHEET_WIDTH = 16_384
SHEET_FOLDER = "xl/worksheets/"


def check_directory(archive: zipfile.ZipFile, *, limits: Limits) -> None:
    """Judge the sizes in the directory; raise TooLarge, ArchiveBomb or ProtectedWorkbook."""
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise ProtectedWorkbook
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if total > limits.ratio_from and total > limits.max_ratio * max(1, packed):
        raise ArchiveBomb(ratio=total // max(1, packed))
    if total > limits.max_workbook_bytes:
        raise TooLarge(limit=limits.max_workbook_bytes // 1024**2)


def check_streams(file: BinaryIO, archive: zipfile.ZipFile, *, limits: Limits) -> None:
    """Inflate every part once, holding nothing; compare with the directory, measure each sheet."""
    total = 0
    for entry in archive.infolist():
        box = SheetBox()
        is_sheet = entry.filename.startswith(SHEET_FOLDER)
        size = 0
        for piece in _inflate(file, entry):
            size += len(piece)
            total += len(piece)
            if size > entry.file_size + _SMALL_LIE or total > limits.max_workbook_bytes:
                raise ArchiveBomb(ratio=max(2, size // max(1, entry.compress_size)))
            if is_sheet:
                box.feed(piece)
        if size != entry.file_size:
            raise DamagedFile(detail=f"zip: {entry.filename}")
        box.check(limits=limits)


def _inflate(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise DamagedFile(detail=f"zip: {entry.filename}")
    name_size, extra_size = struct.unpack("<HH", header[26:30])
    file.seek(name_size + extra_size, 1)
    left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (piece := file.read(min(_PIECE, left))):
            left -= len(piece)
            yield piece
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflate_deflated(file, left, name=entry.filename)
    else:
        raise DamagedFile(detail=f"zip: {entry.filename}: method {entry.compress_type}")


def _inflate_deflated(file: BinaryIO, left: int, *, name: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while left > 0 and (packed := file.read(min(_PIECE, left))):
            left -= len(packed)
            while packed:
                piece = inflater.decompress(packed, _PIECE)
                packed = inflater.unconsumed_tail
                yield piece
        yield inflater.flush()
    except zlib.error as error:
        raise DamagedFile(detail=f"zip: {name}") from error


class SheetBox:
    """The rectangle of cells that the XML of a sheet spans."""

    def __init__(self) -> None:
        self._tail = b""
        self._rows: set[int] = set()
        self._columns: set[bytes] = set()
        self._cells = 0
        self._referred = 0

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the sheet's XML."""
        text = self._tail + piece
        cut = max(0, text.rfind(b"<", 0, max(0, len(text) - _OVERLAP)))
        if len(text) - cut > _LONGEST_TAG:  # a tag or text without end: count what is there, some of it twice
            cut, self._tail = len(text), text[-_OVERLAP:]
        else:
            self._tail = text[cut:]
        references = _REFERENCE.findall(text[:cut])
        self._count(references, len(_CELL.findall(text[:cut])))

    def _count(self, references: list[tuple[bytes, bytes]], cells: int) -> None:
        rows = [int(row) for _, row in references]
        if rows:
            self._rows = {min(rows + list(self._rows)), max(rows + list(self._rows))}
        letters = [column for column, _ in references if column]
        self._columns.update(letters)
        self._referred += len(letters)
        self._cells += cells

    def check(self, *, limits: Limits) -> None:
        """Raise TooManyColumns when the rectangle holds more cells than allowed."""
        self._count(_REFERENCE.findall(self._tail), len(_CELL.findall(self._tail)))
        self._tail = b""
        columns = [_column_number(letters) for letters in self._columns]
        width = max(columns) - min(columns) + 1 if columns else 1
        unnamed = self._cells - self._referred
        if unnamed > 0:
            width = max(width, min(unnamed, _SHEET_WIDTH))
        height = max(self._rows) - min(self._rows) + 1 if self._rows else 1
        if width * height > limits.max_workbook_cells:
            raise TooManyColumns(found=f"{height} × {width}", limit=limits.max_workbook_cells)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
