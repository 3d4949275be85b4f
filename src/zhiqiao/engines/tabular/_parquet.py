"""Records of a Parquet file as rows of strings, one Arrow batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiqiao.engines.tabular._assemble import Item, Row, shorten
from zhiqiao.engines.tabular._errors import DamagedFile, TooLarge, TooManyColumns, TooManyRows
from zhiqiao.engines.tabular._header import Header, unique_names
from zhiqiao.engines.tabular._values import MARK_COLUMNS, Limits, RowError

_BATCH = 1_000


class ParquetTable:
    """A Parquet file whose footer has been read."""

    sheets: tuple[str, ...] = ()
    sheet = ""

    def __init__(self, file: BinaryIO, *, limits: Limits, size: int) -> None:
        self.size = size
        try:
            self._file = pq.ParquetFile(file)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise DamagedFile(detail=f"parquet: {_first_line(error)}") from error
        names = self._file.schema_arrow.names
        self._check_size(len(names), limits)
        unique, notes = unique_names([name.strip() for name in names])
        quarantine = set(MARK_COLUMNS[:3]) <= set(unique)
        kept = tuple(at for at, name in enumerate(unique) if not (quarantine and name in MARK_COLUMNS))
        self.header = Header(tuple(unique), kept, tuple(notes), quarantine)
        self._at = 0

    def _check_size(self, columns: int, limits: Limits) -> None:
        metadata = self._file.metadata
        if columns > limits.max_columns:
            raise TooManyColumns(found=columns, limit=limits.max_columns)
        if metadata.num_rows > limits.max_rows:
            raise TooManyRows(limit=limits.max_rows)
        groups = [metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups)]
        if sum(groups) > limits.max_bytes:
            raise TooLarge(limit=limits.max_bytes // 1024**2)

    @property
    def rows(self) -> int:
        """Return the number of rows the footer tells."""
        return int(self._file.metadata.num_rows)

    @property
    def position(self) -> int:
        """Return the share of rows delivered, as bytes of the file."""
        return self.size * self._at // max(1, self.rows)

    def items(self) -> Iterator[Item]:
        """Yield the records as rows, numbered from 1."""
        try:
            for batch in self._file.iter_batches(batch_size=_BATCH, use_threads=False):
                columns = [_texts(column) for column in batch.columns]
                for at in range(batch.num_rows):
                    self._at += 1
                    yield self._item([column[at] for column in columns])
        except (pa.ArrowException, OSError) as error:
            raise DamagedFile(detail=f"parquet: {_first_line(error)}") from error

    def _item(self, cells: list[_Cell]) -> Item:
        bad = [
            (name, cell)
            for name, cell in zip(self.header.names, cells, strict=True)
            if isinstance(cell, _Bad)
        ]
        shown = [cell.shown if isinstance(cell, _Bad) else cell for cell in cells]
        if not bad:
            return Row(self._at, shown)
        name, fault = bad[0]
        raw = tuple(shorten(shown[at] or "") for at in self.header.kept)
        return RowError(self._at, name, fault.reason, "", raw)


class _Bad(NamedTuple):
    """A cell that can not be read, as far as it can be shown."""

    reason: str
    shown: str


_Cell = str | _Bad | None


def _texts(column: pa.Array) -> list[_Cell]:
    """Write the values of a column as text."""
    if pa.types.is_dictionary(column.type):
        column.validate(full=True)  # an index out of range would read foreign memory
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
        return [_decoded(cell) for cell in pc.cast(column, pa.large_binary()).to_pylist()]
    if not pa.types.is_nested(kind):
        try:
            texts: list[_Cell] = pc.cast(column, pa.string()).to_pylist()
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            pass
        else:
            return texts
    return [_written(scalar) for scalar in column]


def _decoded(cell: bytes | None) -> _Cell:
    if cell is None:
        return None
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return _Bad("undecodable", cell.decode("utf-8", errors="replace"))


def _written(scalar: pa.Scalar) -> _Cell:
    """Write a nested or unusual value; a list of plain words is joined by `|` as tag columns are."""
    try:
        value = scalar.as_py()
    except (ValueError, OverflowError, pa.ArrowException):
        return _Bad("bad_value", "")
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "|".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
