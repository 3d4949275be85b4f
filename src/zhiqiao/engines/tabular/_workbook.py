"""Rows of an XLSX workbook, whole or only its head; the container is checked by `_archive` first."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import python_calamine

from zhiqiao.engines.tabular._archive import SHEET_FOLDER, SheetBox, check_directory, check_streams
from zhiqiao.engines.tabular._assemble import Item, Row
from zhiqiao.engines.tabular._errors import DamagedFile, EmptyTable, ProtectedWorkbook, UnknownSheet
from zhiqiao.engines.tabular._header import Header, make_header
from zhiqiao.engines.tabular._values import Limits, Note

_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError)
_HEAD_ROWS = 60
_HEAD_BYTES = 2 * 1024**2
_SHARED_BYTES = 16 * 1024**2
_SMALL_PART = 4 * 1024**2
_TITLE_ROWS = 5
_SHEET_HEIGHT = 1_048_576
_ROW_END = re.compile(rb"</((?:\w+:)?)row>")
_SHARED_INDEX = re.compile(rb"""t=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")
_SHARED_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")
_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s+ref=["'][A-Z]+\d+:[A-Z]+(\d+)["']""")

Cell = str | float | int | bool | dt.time | dt.date | dt.datetime | dt.timedelta


class WorkbookTable:
    """One sheet of a workbook whose header row has been found."""

    def __init__(self, file: BinaryIO, *, sheet: str | None, limits: Limits, size: int) -> None:
        self.size = size
        self._book = open_book(file)
        self.sheets = tuple(self._book.sheet_names)
        self._sheet = self._choose(sheet)
        self.sheet: str = self._sheet.name
        self._rows: Iterator[tuple[int, Sequence[Cell]]] = enumerate(self._sheet.iter_rows(), start=1)
        self._total = max(1, self._sheet.total_height)
        self._at = 0
        self.header = self._read_header(limits)

    @property
    def position(self) -> int:
        """Return the share of rows delivered, as bytes of the file."""
        return min(self.size, self.size * self._at // self._total)

    def items(self) -> Iterator[Item]:
        """Yield the rows under the header; blank rows are numbered but are no rows."""
        width = len(self.header.names)
        for number, values in self._rows:
            self._at = number
            cells = [text_of_cell(value) for value in values]
            while len(cells) > width and not cells[-1]:
                cells.pop()
            if any(cells):
                yield Row(number, cells + [""] * (width - len(cells)))

    def _choose(self, sheet: str | None) -> python_calamine.CalamineSheet:
        if sheet is not None:
            if sheet not in self.sheets:
                raise UnknownSheet(sheet=sheet, sheets="、".join(self.sheets))
            return load_sheet(self._book, sheet)
        for name in self.sheets:
            candidate = load_sheet(self._book, name)
            if candidate.height:
                return candidate
        raise EmptyTable

    def _read_header(self, limits: Limits) -> Header:
        rows: list[tuple[int, list[str]]] = []
        for number, values in self._rows:
            cells = [text_of_cell(value) for value in values]
            if any(cells):
                rows.append((number, cells))
            if len(rows) > _TITLE_ROWS:
                break
        if not rows:
            raise EmptyTable
        at = _header_index([cells for _, cells in rows])
        number, cells = rows[at]
        while not cells[-1]:
            cells.pop()
        self._rows = _chained(rows[at + 1 :], self._rows)
        header = make_header(cells, row=number, limits=limits)
        notes = [*header.notes]
        if at:
            notes.append(Note("title_rows_skipped", {"rows": at}))
        if len(self.sheets) > 1:
            notes.append(Note("sheet_chosen", {"count": len(self.sheets), "sheet": self.sheet}))
        return Header(header.names, header.kept, tuple(notes), header.quarantine)


def check_workbook(file: BinaryIO, *, limits: Limits, streams: bool) -> None:
    """Check the container by its directory and, when `streams`, by inflating every part."""
    with _open_archive(file) as archive:
        check_directory(archive, limits=limits)
        if streams:
            check_streams(file, archive, limits=limits)
    file.seek(0)


def head_of_workbook(file: BinaryIO, *, limits: Limits) -> tuple[io.BytesIO, int, bool]:
    """Copy the first rows of all sheets to a small workbook; estimate the rows and tell if that is all."""
    target = io.BytesIO()
    rows, complete = 0, True
    with _open_archive(file) as archive, zipfile.ZipFile(target, "w") as copy:
        last_shared = -1
        for entry in archive.infolist():
            if entry.filename.startswith(SHEET_FOLDER) and entry.filename.endswith(".xml"):
                part, whole = _sheet_head(archive, entry, limits=limits)
                complete = complete and whole
                last_shared = max([last_shared, *map(int, _SHARED_INDEX.findall(part))])
                found = _DIMENSION.search(part)
                rows = max(rows, int(found[1]) if found else _rows_by_size(part, entry.file_size))
                copy.writestr(entry.filename, part)
            elif _is_needed(entry):
                copy.writestr(entry.filename, _read_part(archive, entry, _SMALL_PART))
        shared = "xl/sharedStrings.xml"
        if shared in archive.namelist():
            copy.writestr(shared, _shared_head(archive, shared, count=last_shared + 1))
    target.seek(0)
    return target, min(max(0, rows - 1), _SHEET_HEIGHT), complete


def _is_needed(entry: zipfile.ZipInfo) -> bool:
    suitable = entry.filename.endswith((".xml", ".rels")) and entry.filename != "xl/sharedStrings.xml"
    return suitable and entry.file_size <= _SMALL_PART


def _rows_by_size(part: bytes, size: int) -> int:
    return len(_ROW_END.findall(part)) * max(1, size) // max(1, len(part))


def _read_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, size: int) -> bytes:
    try:
        with archive.open(entry) as part:
            return part.read(size)
    except _ZIP_FAULTS as error:
        raise DamagedFile(detail=f"zip: {entry.filename}") from error


def _sheet_head(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, limits: Limits) -> tuple[bytes, bool]:
    part = _read_part(archive, entry, _HEAD_BYTES)
    ends = [*zip(range(_HEAD_ROWS), _ROW_END.finditer(part), strict=False)]
    whole = len(part) == entry.file_size and len(ends) < _HEAD_ROWS
    if not whole:
        if not ends:
            raise DamagedFile(detail=f"{entry.filename}: row over {_HEAD_BYTES // 1024**2} MB")
        last = ends[-1][1]
        prefix = last[1]
        part = part[: last.end()] + b"</" + prefix + b"sheetData></" + prefix + b"worksheet>"
    box = SheetBox()
    box.feed(part)
    box.check(limits=limits)
    return part, whole


def _shared_head(archive: zipfile.ZipFile, name: str, *, count: int) -> bytes:
    text = bytearray()
    end = found = 0
    with archive.open(name) as part:
        try:
            while found < count and len(text) < _SHARED_BYTES and (piece := part.read(1 << 18)):
                text += piece
                for match in _SHARED_END.finditer(text, end):
                    end, found = match.end(), found + 1
                    if found == count:
                        break
        except _ZIP_FAULTS as error:
            raise DamagedFile(detail=f"zip: {name}") from error
    start = bytes(text[:end]) or b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    opening = re.search(rb"<((?:\w+:)?)sst", start)
    prefix = opening[1] if opening else b""
    missing = b"<%bsi><%bt>\xe2\x80\xa6</%bt></%bsi>" % ((prefix,) * 4)
    return start + missing * min(max(0, count - found), 100_000) + b"</" + prefix + b"sst>"


def _open_archive(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise DamagedFile(detail=f"zip: {error}") from error


def open_book(file: BinaryIO) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_filelike(file)
    except python_calamine.PasswordError as error:
        raise ProtectedWorkbook from error
    except (python_calamine.CalamineError, OSError) as error:
        raise DamagedFile(detail=f"xlsx: {error}") from error


def load_sheet(book: python_calamine.CalamineWorkbook, name: str) -> python_calamine.CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except (python_calamine.CalamineError, OSError) as error:
        raise DamagedFile(detail=f"xlsx: {name}: {error}") from error


def _chained(
    first: Sequence[tuple[int, Sequence[Cell]]], then: Iterator[tuple[int, Sequence[Cell]]]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    yield from first
    yield from then


def _header_index(rows: Sequence[Sequence[str]]) -> int:
    """Pass over title rows: one filled cell above a row of three or more."""
    filled = [sum(1 for cell in cells if cell.strip()) for cells in rows]
    for at, count in enumerate(filled):
        if count > 1:
            return at if at == 0 or count >= 3 else 0
    return 0


def text_of_cell(value: Cell) -> str:
    """Write a cell as a person sees it: whole numbers without a point, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
