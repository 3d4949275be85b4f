"""The seam between an engine's steps and what carries them: this process here, Spark in `spark_runner`.

A step is a module-level function `(batches, shared) -> batches` over Arrow record batches. A dataset is whatever the
runner makes of one; only the runner looks inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["JoinKind", "LocalRunner", "Runner", "RunnerError", "Step", "whole_groups"]

D = TypeVar("D")
S = TypeVar("S")

Step = Callable[[Iterator[pa.RecordBatch], S], Iterator[pa.RecordBatch]]
JoinKind = Literal["inner", "anti"]

_GROUP_ROWS = 65_536


class RunnerError(Exception):
    """Raised when a runner can not be started; says what is missing."""


class Runner(Protocol[D]):
    """Carries steps over datasets; the rows of a result are the same for every runner and any partitioning."""

    def take_in(self, name: str, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> D:
        """Make a dataset of rows that this process holds."""

    def select(self, dataset: D, columns: Sequence[str]) -> D:
        """Keep some columns."""

    def map_arrow(self, dataset: D, fn: Step[S], schema: pa.Schema, *, shared: S) -> D:
        """Run a step over the batches of each partition; `shared` goes to every machine once."""

    def map_groups(self, dataset: D, fn: Step[S], schema: pa.Schema, *, key: str, order: str, shared: S) -> D:
        """Run a step over batches that hold whole groups of one key, sorted by key and order."""

    def join(self, left: D, right: D, *, on: str, how: JoinKind = "inner") -> D:
        """Add the columns of `right`, which has each key once, or keep the rows it does not have."""

    def store(self, dataset: D, name: str, *, order: Sequence[str] = ()) -> D:
        """Work it out now, once, sorted where asked, so that later steps read it."""

    def stream(self, dataset: D) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a stored dataset here, in its order."""


class LocalRunner:
    """Carries steps in this process over tables held in memory: the measure the other runners are held to."""

    def take_in(self, name: str, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
        """Collect the batches."""
        del name  # nothing is written
        return pa.Table.from_batches(batches, schema=schema)

    def select(self, dataset: pa.Table, columns: Sequence[str]) -> pa.Table:
        """Keep some columns."""
        return dataset.select(list(columns))

    def map_arrow(self, dataset: pa.Table, fn: Step[S], schema: pa.Schema, *, shared: S) -> pa.Table:
        """Run the step over the batches one after the other."""
        return pa.Table.from_batches(fn(iter(dataset.to_batches()), shared), schema=schema)

    def map_groups(
        self, dataset: pa.Table, fn: Step[S], schema: pa.Schema, *, key: str, order: str, shared: S
    ) -> pa.Table:
        """Sort, then run the step."""
        sorted_ = dataset.sort_by([(key, "ascending"), (order, "ascending")])
        return pa.Table.from_batches(fn(whole_groups(iter(sorted_.to_batches()), key), shared), schema=schema)

    def join(self, left: pa.Table, right: pa.Table, *, on: str, how: JoinKind = "inner") -> pa.Table:
        """Look every key up; Arrow's own join takes no columns of lists."""
        at = pc.index_in(left[on], value_set=right[on].combine_chunks())
        if how == "anti":
            return left.filter(pc.is_null(at))
        found = left.filter(pc.is_valid(at))
        added = right.drop_columns([on]).take(pc.drop_null(at))
        for field in added.schema:
            found = found.append_column(field, added[field.name])
        return found

    def store(self, dataset: pa.Table, name: str, *, order: Sequence[str] = ()) -> pa.Table:
        """Sort; it is worked out already."""
        del name
        return dataset.sort_by([(column, "ascending") for column in order]) if order else dataset

    def stream(self, dataset: pa.Table) -> Iterator[pa.RecordBatch]:
        """Yield the batches."""
        yield from dataset.to_batches()


def whole_groups(batches: Iterator[pa.RecordBatch], key: str) -> Iterator[pa.RecordBatch]:
    """Cut batches sorted by `key` anew so that none ends inside a group."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(part.num_rows for part in held) < _GROUP_ROWS:
            continue
        whole = pa.concat_batches(held)
        keys = whole.column(key)
        complete = pc.index(keys, keys[-1]).as_py()
        if complete:
            yield whole.slice(0, complete)
        held = [whole.slice(complete)]
    if held:
        yield pa.concat_batches(held)
