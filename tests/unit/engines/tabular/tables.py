"""Broken and sound table files for the tests of the table reader, made small and on the spot."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from pathlib import Path

from openpyxl import Workbook

from zhiqiao.engines.tabular import Chunk, Limits, RowError, read

HEADER = "id,title,text\n"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write text as it is, line ends included."""
    path.write_bytes(text.encode(encoding))
    return path


def rows_of(chunks: list[Chunk]) -> list[dict[str, str | None]]:
    """Return the delivered rows of all chunks."""
    return [row for chunk in chunks for row in chunk.rows.to_pylist()]


def numbers_of(chunks: list[Chunk]) -> list[int]:
    """Return the row numbers of the delivered rows."""
    return [number for chunk in chunks for number in chunk.row_numbers.to_pylist()]


def errors_of(chunks: list[Chunk]) -> list[RowError]:
    """Return the row errors of all chunks."""
    return [error for chunk in chunks for error in chunk.errors]


def read_all(path: Path, *, sheet: str | None = None, limits: Limits | None = None) -> list[Chunk]:
    """Read a table to its end."""
    return list(read(path, sheet=sheet, limits=limits))


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    """Save a workbook of the given sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def replace_part(source: Path, target: Path, part: str, content: bytes) -> Path:
    """Copy a workbook with one part of its zip replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == part else old.read(entry))
    return target


def gzip_of_zeros(path: Path, *, size: int, head: bytes = b"") -> Path:
    """Write a gzip of `head` followed by zeros, never holding them."""
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(head)
        block = bytes(1 << 20)
        for _ in range(size >> 20):
            file.write(block)
    return path


def lying_zip(source: Path, target: Path, *, part: str, content: bytes, told: int) -> Path:
    """Copy a workbook with a part that inflates to more than the directory tells, its checksum fitting."""
    marked = replace_part(source, target, part, content)
    data = bytearray(marked.read_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo(part).header_offset
        directory = archive.start_dir
    checksum = zlib.crc32(content[:told])
    struct.pack_into("<I", data, start + 14, checksum)
    struct.pack_into("<I", data, start + 22, told)
    at = data.index(part.encode(), directory) - 46
    struct.pack_into("<I", data, at + 16, checksum)
    struct.pack_into("<I", data, at + 24, told)
    target.write_bytes(data)
    return target


def encrypted_workbook(path: Path, *, sectors_before: int = 0) -> Path:
    """Write the container that an encrypted workbook is saved in, with its directory after some sectors."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 48, sectors_before)
    directory = "Root Entry".encode("utf-16-le").ljust(128, b"\0") + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(bytes(head) + bytes(512 * sectors_before) + directory.ljust(1024, b"\0"))
    return path
