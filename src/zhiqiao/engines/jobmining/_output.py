"""Writing result files so that they are whole or absent, and byte for byte the same for the same rows."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["GroupedWriter", "workspace"]

_PREFIX = ".partial-"


class GroupedWriter:
    """A Parquet file whose row groups have a fixed size, however the rows arrive."""

    def __init__(self, path: Path, schema: pa.Schema, *, group_rows: int) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", write_statistics=True)
        self._schema = schema
        self._group_rows = group_rows
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        self.written = 0

    def write(self, batch: pa.RecordBatch | pa.Table) -> None:
        """Add rows; a group is written when it is full."""
        self._waiting += batch.to_batches() if isinstance(batch, pa.Table) else [batch]
        self._rows += batch.num_rows
        self.written += batch.num_rows
        if self._rows >= self._group_rows:
            self._flush(whole_groups_only=True)

    def close(self) -> None:
        """Write what is left and finish the file."""
        self._flush(whole_groups_only=False)
        self._writer.close()

    def _flush(self, *, whole_groups_only: bool) -> None:
        table = pa.Table.from_batches(self._waiting, schema=self._schema).combine_chunks()
        done = 0
        while table.num_rows - done >= self._group_rows or (not whole_groups_only and table.num_rows > done):
            group = pa.concat_tables([table.slice(done, self._group_rows)]).combine_chunks()
            self._writer.write_table(group, row_group_size=self._group_rows)
            done += group.num_rows
        rest = table.slice(done)
        self._waiting = rest.to_batches()
        self._rows = rest.num_rows


@contextmanager
def workspace(folder: Path, *, publish: Sequence[str]) -> Iterator[Path]:
    """Give a folder inside `folder` to write in; move the named files out at the end or drop everything.

    The last file of `publish` is taken away first and put back last: where it stands, the others fit it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(stale, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    try:
        yield work
        (folder / publish[-1]).unlink(missing_ok=True)
        for name in publish:
            (work / name).replace(folder / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
