"""What kind of table a file is, told from its first bytes; the name only decides what they leave open."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePath

from zhiqiao.engines.tabular._encoding import Encoding, decode, detect_encoding
from zhiqiao.engines.tabular._errors import (
    DamagedFile,
    EmptyTable,
    JsonDocument,
    OldWorkbook,
    OtherDocument,
    ProtectedWorkbook,
    UnknownFormat,
    WebPageTable,
)
from zhiqiao.engines.tabular._source import GZIP_MAGIC, open_seekable, read_head
from zhiqiao.engines.tabular._values import Limits, Note, TableFormat

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OTHER_MAGICS = {
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"SQLite format 3": "SQLite",
    b"{\\rtf": "RTF",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x7fELF": "ELF",
    GZIP_MAGIC: "gzip in gzip",
}
_ZIP_KINDS = {
    "word/": "Word",
    "ppt/": "PowerPoint",
    "xl/workbook.bin": "XLSB",
    "content.xml": "OpenDocument",
}
_MARKUP = re.compile(
    r"\s*<(!doctype|html|head|body|table|meta|\?xml|style|script|!--|div|\w+:\w+)", re.IGNORECASE
)
_MHTML = re.compile(r"\s*MIME-Version:", re.IGNORECASE)
_DELIMITERS = ",\t;|"
_SAMPLE_ROWS = 50


@dataclass(frozen=True)
class Layout:
    """How the bytes of a file are to be read."""

    format: TableFormat
    compressed: bool
    head: bytes
    complete: bool
    """Whether `head` is the whole content."""
    encoding: Encoding = "ascii"
    delimiter: str = ""
    line_end: str = "\n"
    notes: tuple[Note, ...] = ()


def sniff(path: Path, *, name: str, limits: Limits) -> Layout:
    """Tell the layout of a file by its content; raise the TableError that says why it can not be read."""
    head, complete, compressed = read_head(path, limits=limits)
    if not head:
        raise EmptyTable
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _check_zip_kind(path, limits=limits)
        layout = Layout("xlsx", compressed, head, complete)
    elif head.startswith((b"PAR1", b"PARE")):
        if head.startswith(b"PARE"):
            raise OtherDocument(kind="encrypted Parquet")
        layout = Layout("parquet", compressed, head, complete)
    else:
        _refuse_known_binaries(path, head, compressed=compressed)
        layout = _sniff_text(head, complete=complete, compressed=compressed, name=name)
    return layout


def extension_note(layout: Layout, name: str) -> tuple[Note, ...]:
    """Note a name whose extension says another format than the content."""
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes if suffix.lower() != ".gz"]
    known = {".csv", ".tsv", ".xlsx", ".xls", ".jsonl", ".parquet"}
    if not suffixes or suffixes[-1] not in known or suffixes[-1] == f".{layout.format}":
        return ()
    if {suffixes[-1][1:], layout.format} == {"csv", "tsv"}:
        return ()
    return (Note("extension_differs", {"extension": suffixes[-1], "format": layout.format}),)


def _refuse_known_binaries(path: Path, head: bytes, *, compressed: bool) -> None:
    if head.startswith(_OLE_MAGIC):
        directory = head if compressed else head + _ole_directory(path, head)
        raise ProtectedWorkbook if _ENCRYPTED_STREAM in directory else OldWorkbook
    for magic, kind in _OTHER_MAGICS.items():
        if head.startswith(magic):
            raise OtherDocument(kind=kind)


def _ole_directory(path: Path, head: bytes) -> bytes:
    """Return the first sectors of the directory of an OLE container (MS-CFB 2.2), wherever it stands."""
    if len(head) < 512:
        return b""
    shift, start = int.from_bytes(head[30:32], "little"), int.from_bytes(head[48:52], "little")
    with path.open("rb") as file:
        file.seek((start + 1) << min(shift, 12))
        return file.read(8192)


def _check_zip_kind(path: Path, *, limits: Limits) -> None:
    with open_seekable(path, limits=limits) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise DamagedFile(detail=f"zip: {error}") from error
    if "xl/workbook.xml" in names:
        return
    for prefix, kind in _ZIP_KINDS.items():
        if any(entry.startswith(prefix) for entry in names):
            raise OtherDocument(kind=kind)
    raise OtherDocument(kind="ZIP")


def _sniff_text(head: bytes, *, complete: bool, compressed: bool, name: str) -> Layout:
    encoding = detect_encoding(head, complete=complete)
    text = decode(head, encoding).lstrip("\ufeff")
    if not text.strip():
        if complete:
            raise EmptyTable
        raise UnknownFormat
    start = text.lstrip()[:2000]
    if _MARKUP.match(start) or _MHTML.match(start):
        raise WebPageTable(kind="XML" if start.startswith("<?xml") and "<html" not in start else "HTML")
    if re.match(r"\{\s*[\"}]", start):
        _refuse_json_document(text)
        return Layout("jsonl", compressed, head, complete, encoding=encoding)
    if re.match(r"\[\s*[\[{]", start):
        raise JsonDocument
    line_end = "\r" if "\r" in text and "\n" not in text else "\n"
    delimiter = find_delimiter(text, complete=complete, prefer="\t" if ".tsv" in name.lower() else ",")
    kind: TableFormat = "tsv" if delimiter == "\t" else "csv"
    return Layout(kind, compressed, head, complete, encoding, delimiter, line_end)


def _refuse_json_document(text: str) -> None:
    """Tell an indented JSON document from JSON lines: its first line does not close what it opens."""
    lines = [line for line in text.splitlines() if line.strip()]
    first = lines[0].rstrip()
    if first == "{" or (len(lines) > 1 and not first.endswith("}") and lines[1].startswith((" ", "\t", '"'))):
        raise JsonDocument


def find_delimiter(text: str, *, complete: bool, prefer: str) -> str:
    """Choose the delimiter under which the most rows of a sample have as many cells as the first."""
    lines = text.splitlines(keepends=True)
    if not complete and len(lines) > 1:
        lines.pop()
    best, best_score = prefer, (0.0, 0, False)
    for delimiter in _DELIMITERS:
        widths = _sample_widths(lines, delimiter)
        if not widths or widths[0] < 2:
            continue
        agreeing = Counter(widths)[widths[0]] / len(widths)
        score = (round(agreeing, 1) if len(widths) > 1 else 1.0, widths[0], delimiter == prefer)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def count_records(text: str, *, delimiter: str) -> int:
    """Count the records of a delimited text, header included; a cut-off last one counts."""
    try:
        return sum(1 for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if cells)
    except csv.Error:
        return text.count("\n")


def _sample_widths(lines: list[str], delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for cells in csv.reader(io.StringIO("".join(lines[:2000]), newline=""), delimiter=delimiter):
            if cells:
                widths.append(len(cells))
            if len(widths) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return widths
