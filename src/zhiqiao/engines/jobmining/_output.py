"""Writing result files so that they are whole or absent, and byte for byte the same for the same rows."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiqiao.engines.jobmining._rules import Thresholds
from zhiqiao.engines.jobmining._schema import (
    CANDIDATE_SCHEMA,
    DUPLICATE_SCHEMA,
    MENTION_SCHEMA,
    POSTING_SCHEMA,
    sketch_schema,
)

__all__ = [
    "GroupedWriter",
    "PostingFiles",
    "candidate_writer",
    "digest_of_results",
    "mention_writer",
    "workspace",
]

_PREFIX = ".partial-"
# Differ from row to row: a dictionary would be made, found too large and thrown away in every row group.
_DIFFERENT = frozenset({"text", "row", "content_hash", "sketch", "start", "end", "score"})


class GroupedWriter:
    """A Parquet file whose row groups have a fixed size, however the rows arrive."""

    def __init__(self, path: Path, schema: pa.Schema, *, group_rows: int) -> None:
        repeating = [name for name in schema.names if name not in _DIFFERENT]
        self._writer = pq.ParquetWriter(
            path, schema, compression="zstd", write_statistics=True, use_dictionary=repeating
        )
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
            group = table.slice(done, self._group_rows)
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


class PostingFiles:
    """postings.parquet, duplicates.parquet and sketches.parquet, written side by side."""

    def __init__(self, folder: Path, thresholds: Thresholds) -> None:
        group, self._prints = thresholds.row_group_rows, sketch_schema(thresholds.sketch_size)
        self._postings = GroupedWriter(folder / "postings.parquet", POSTING_SCHEMA, group_rows=group)
        self._copies = GroupedWriter(folder / "duplicates.parquet", DUPLICATE_SCHEMA, group_rows=group)
        self._sketches = GroupedWriter(folder / "sketches.parquet", self._prints, group_rows=group)

    def write(self, batch: pa.RecordBatch, *, kept: pa.BooleanArray, found: Sequence[pa.Array]) -> None:
        """Add rows with their fingerprints; `found` are the further columns of those that are not kept."""
        own = batch.filter(kept)
        self._postings.write(own.select(POSTING_SCHEMA.names))
        self._sketches.write(own.select(self._prints.names))
        copies = batch.filter(pc.invert(kept)).select(POSTING_SCHEMA.names)
        self._copies.write(pa.record_batch([*copies.columns, *found], schema=DUPLICATE_SCHEMA))

    def close(self) -> None:
        """Finish the files."""
        for writer in (self._postings, self._copies, self._sketches):
            writer.close()


def mention_writer(folder: Path, thresholds: Thresholds) -> GroupedWriter:
    """Open mentions.parquet for writing."""
    path = folder / "mentions.parquet"
    return GroupedWriter(path, MENTION_SCHEMA, group_rows=8 * thresholds.row_group_rows)


def candidate_writer(folder: Path, thresholds: Thresholds) -> GroupedWriter:
    """Open candidates.parquet for writing."""
    path = folder / "candidates.parquet"
    return GroupedWriter(path, CANDIDATE_SCHEMA, group_rows=8 * thresholds.row_group_rows)


def digest_of_results(folder: Path) -> str:
    """Return one SHA-256 over all rows of the result files in their order, whoever wrote them.

    Row groups, compression and the seconds a run took do not count; everything else does.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            digest.update(f"{path.name}\n{file.schema_arrow}\n".encode())
            for batch in file.iter_batches(2048):
                for row in batch.to_pylist():
                    digest.update(repr(row).encode("utf-8", "surrogatepass"))
    digest.update((folder / "rejected.csv").read_bytes())
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    digest.update(json.dumps({**summary, "seconds": None}, sort_keys=True).encode())
    return digest.hexdigest()
