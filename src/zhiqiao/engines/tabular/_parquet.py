"""Records of a Parquet file as rows of strings, one Arrow batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiqiao.engines.tabular._assemble import Item, Row, shorten
from zhiqiao.engines.tabular._errors import ArchiveBomb, DamagedFile, TooLarge, TooManyColumns, TooManyRows
from zhiqiao.engines.tabular._header import Header, unique_names
from zhiqiao.engines.tabular._values import MARK_COLUMNS, Limits, RowError

_BATCH = 1_000
_BATCH_BYTES = 16 * 1024**2


class ParquetTable:
    """A Parquet file whose footer has been read."""

    sheets: tuple[str, ...] = ()
    sheet = ""

    def __init__(self, file: BinaryIO, *, limits: Limits, size: int) -> None:
        self.size = size
        try:
            metadata = pq.read_metadata(file)
            # a text stored once may be named by every row: kept so, it takes no memory per row
            self._file = pq.ParquetFile(file, metadata=metadata, read_dictionary=_texts_of(metadata))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise DamagedFile(detail=f"parquet: {_first_line(error)}") from error
        names = self._file.schema_arrow.names
        self._check_size(len(names), limits)
        unique, notes = unique_names([name.strip() for name in names])
        quarantine = set(MARK_COLUMNS[:3]) <= set(unique)
        kept = tuple(at for at, name in enumerate(unique) if not (quarantine and name in MARK_COLUMNS))
        self.header = Header(tuple(unique), kept, tuple(notes), quarantine)
        self._at = 0
        self._limits = limits

    def _check_size(self, columns: int, limits: Limits) -> None:
        metadata = self._file.metadata
        if columns > limits.max_columns:
            raise TooManyColumns(found=columns, limit=limits.max_columns)
        if metadata.num_rows > limits.max_rows:
            raise TooManyRows(limit=limits.max_rows)
        groups = [metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups)]
        if sum(groups) > limits.max_bytes:
            raise TooLarge(limit=limits.max_bytes // 1024**2)
        self._check_growth(sum(groups), limits)

    def _check_growth(self, delivered: int, limits: Limits) -> None:
        """Stop a file that unfolds far beyond its size: by the footer's word, and by what came out of it."""
        if delivered > limits.ratio_from and delivered > limits.max_ratio * max(1, self.size):
            raise ArchiveBomb(ratio=delivered // max(1, self.size))

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
        delivered = 0
        try:
            for batch in self._file.iter_batches(batch_size=self._batch_rows(), use_threads=False):
                columns = [_texts(column) for column in batch.columns]
                for at in range(batch.num_rows):
                    self._at += 1
                    cells = [column[at] for column in columns]
                    delivered += sum(len(cell) for cell in cells if isinstance(cell, str))
                    self._check_growth(delivered, self._limits)
                    yield self._item(cells)
        except (pa.ArrowException, OSError) as error:
            raise DamagedFile(detail=f"parquet: {_first_line(error)}") from error

    def _batch_rows(self) -> int:
        """Return how many rows to hold at once: few of a file with endless cells."""
        groups = (self._file.metadata.row_group(at) for at in range(self._file.metadata.num_row_groups))
        widest = max((group.total_byte_size // max(1, group.num_rows) for group in groups), default=0)
        return max(1, min(_BATCH, _BATCH_BYTES // max(1, widest)))

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
        return _looked_up(column)
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


def _texts_of(metadata: pq.FileMetaData) -> list[str]:
    """Return the columns that hold texts."""
    columns = (metadata.schema.column(at) for at in range(metadata.num_columns))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _looked_up(column: pa.DictionaryArray) -> list[_Cell]:
    """Write the values of a column that names them by number; rows of one number share one text."""
    numbers = column.indices
    used = pc.unique(numbers.drop_null())
    if len(used) and not 0 <= pc.min(used).as_py() <= pc.max(used).as_py() < len(column.dictionary):
        # an index out of range would read foreign memory
        raise DamagedFile(detail="parquet: a value that is not in the dictionary")
    texts = dict(zip(used.to_pylist(), _texts(column.dictionary.take(used)), strict=True))
    return [None if number is None else texts[number] for number in numbers.to_pylist()]


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
