"""Rows one by one into Arrow chunks; width, cell size and row count are checked here for every format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from zhiqiao.engines.tabular._errors import HeaderOnly, TableError, TooManyRows
from zhiqiao.engines.tabular._header import Header
from zhiqiao.engines.tabular._values import Chunk, Limits, RowError

LONGEST_RAW = 32_767
"""Characters of an original cell that a row error keeps: as many as a spreadsheet cell holds."""

_CHARS_PER_CHUNK = 16 * 1024**2
_ESCAPED = r"^'('*[=+\-@\t\r\n＝＋－＠])"
_ESCAPED_START = re.compile(_ESCAPED)


class Row(NamedTuple):
    """The cells of one row; None and the empty string both mean that the cell is empty."""

    number: int
    cells: Sequence[str | None]


Item = Row | RowError


class Table(Protocol):
    """A table whose header is known and whose rows can be taken once."""

    header: Header
    sheets: tuple[str, ...]
    sheet: str

    @property
    def position(self) -> int:
        """Return how many bytes of the file were consumed."""

    def items(self) -> Iterator[Item]:
        """Yield the data rows and row errors in file order."""


def shorten(text: str) -> str:
    """Cut a text to what a row error keeps and say how much is missing."""
    if len(text) <= LONGEST_RAW:
        return text
    return f"{text[: LONGEST_RAW - 20]}…[+{len(text) - LONGEST_RAW + 20}]"


def unescape(text: str) -> str:
    """Take away the apostrophe that our writer puts before what could start a formula."""
    return _ESCAPED_START.sub(r"\1", text)


def assemble(table: Table, *, limits: Limits, batch_rows: int, unescape: bool) -> Iterator[Chunk]:
    """Gather the rows of a table into chunks; on a TableError deliver what came before it, then raise."""
    builder = _Builder(table, limits=limits, unescape=unescape)
    total = 0
    try:
        for item in table.items():
            total += 1
            if total > limits.max_rows:
                raise TooManyRows(limit=limits.max_rows)
            builder.add(item)
            if builder.size >= batch_rows or builder.chars >= _CHARS_PER_CHUNK:
                yield builder.flush()
    except TableError as error:
        error.rows_read = total
        if builder.size:
            yield builder.flush()
        raise
    if not total:
        raise HeaderOnly(columns=len(table.header.columns))
    if builder.size:
        yield builder.flush()


class _Builder:
    """Rows and errors on their way into the next chunk."""

    def __init__(self, table: Table, *, limits: Limits, unescape: bool) -> None:
        self._table = table
        self._limits = limits
        self._unescape = unescape
        self._clear()

    def _clear(self) -> None:
        self._rows: list[Sequence[str | None]] = []
        self._numbers: list[int] = []
        self._errors: list[RowError] = []
        self.chars = 0

    @property
    def size(self) -> int:
        return len(self._rows) + len(self._errors)

    def add(self, item: Item) -> None:
        error = item if isinstance(item, RowError) else self._fault(item)
        if error is not None:
            self._errors.append(error)
            self.chars += sum(map(len, error.raw)) + len(error.rest)
        elif isinstance(item, Row):
            self._rows.append(item.cells)
            self._numbers.append(item.number)

    def _fault(self, row: Row) -> RowError | None:
        header, cells = self._table.header, row.cells
        width = len(header.names)
        if len(cells) != width:
            reason = "too_few_fields" if len(cells) < width else "too_many_fields"
            return self._error(row, reason, field="", detail=f"{len(cells)} ≠ {width}")
        lengths = [len(cell) for cell in cells if cell]
        self.chars += sum(lengths)
        longest = max(lengths, default=0)
        if longest > self._limits.max_cell_chars:
            at = next(i for i, cell in enumerate(cells) if cell and len(cell) == longest)
            detail = f"{longest} > {self._limits.max_cell_chars}"
            return self._error(row, "oversized_cell", field=header.names[at], detail=detail)
        return None

    def _error(self, row: Row, reason: str, *, field: str, detail: str) -> RowError:
        header = self._table.header
        shown = [self._original(cell or "") for cell in row.cells]
        raw = tuple(shown[at] for at in header.kept if at < len(shown))
        return RowError(row.number, field, reason, detail, raw, " | ".join(shown[len(header.names) :]))

    def _original(self, cell: str) -> str:
        return shorten(unescape(cell) if self._unescape else cell)

    def flush(self) -> Chunk:
        header = self._table.header
        width = len(header.names)
        columns = list(zip(*(_padded(row, width) for row in self._rows), strict=True)) if self._rows else []
        arrays = [self._array(columns[at] if columns else ()) for at in header.kept]
        schema = pa.schema([pa.field(name, pa.string()) for name in header.columns])
        batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
        chunk = Chunk(batch, pa.array(self._numbers, pa.int64()), self._errors)
        self._clear()
        return chunk

    def _array(self, cells: Sequence[str | None]) -> pa.Array:
        array = pa.array(cells, pa.string())
        empty = pc.equal(array, "")
        if pc.any(empty).as_py():
            array = pc.if_else(empty, None, array)
        if self._unescape and pc.any(pc.starts_with(array, "'")).as_py():
            array = pc.replace_substring_regex(array, pattern=_ESCAPED, replacement=r"\1")
        return array


def _padded(row: Sequence[str | None], width: int) -> Sequence[str | None]:
    """Fill a row that was read before a later record brought a new column."""
    return row if len(row) == width else [*row, *[None] * (width - len(row))]
