"""The whole way from input files to result files; each step is a function of its own module."""

from __future__ import annotations

import hashlib
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from zhiqiao.engines import tabular
from zhiqiao.engines.jobmining._coding import TitleCoder
from zhiqiao.engines.jobmining._duplicates import Duplicate, find_duplicates
from zhiqiao.engines.jobmining._errors import Cancelled, InputError
from zhiqiao.engines.jobmining._intake import (
    Input,
    Source,
    SourceBatch,
    batches,
    masked,
    merged_columns,
    open_source,
    with_columns,
)
from zhiqiao.engines.jobmining._output import GroupedWriter, candidate_writer, mention_writer, workspace
from zhiqiao.engines.jobmining._parallel import Crew, Work, hire
from zhiqiao.engines.jobmining._places import cities_of
from zhiqiao.engines.jobmining._roles import RoleBook
from zhiqiao.engines.jobmining._rows import CleanBatch, RawBatch
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._schema import (
    DUPLICATE_SCHEMA,
    POSTING_SCHEMA,
    sketch_schema,
)
from zhiqiao.engines.jobmining._second_stage import LearnedStage
from zhiqiao.engines.jobmining._sketch import title_bits
from zhiqiao.engines.jobmining._summary import Summary, write_summary
from zhiqiao.engines.jobmining._taxonomy import Taxonomy
from zhiqiao.engines.jobmining._title_words import level_bits

__all__ = ["RESULT_FILES", "Options", "Progress", "Stage", "run"]

Stage = Literal["read", "compare", "mine"]

RESULT_FILES = (
    "postings.parquet",
    "duplicates.parquet",
    "mentions.parquet",
    "candidates.parquet",
    "sketches.parquet",
    "rejected.csv",
    "summary.json",
)
_CLEANED = "cleaned.arrows"


@dataclass(frozen=True)
class Options:
    """How to run, not what to find: results are the same for all values."""

    workers: int = 1
    batch_rows: int | None = None  # by default as the thresholds say


@dataclass(frozen=True)
class Progress:
    """How far a stage is, in rows; the total of `read` is an estimate."""

    stage: Stage
    done: int
    total: int


@dataclass
class _Run:
    """State of one run: counters and what later stages need of earlier ones."""

    rules: Rules
    progress: Callable[[Progress], None]
    cancelled: Callable[[], bool]
    batch_rows: int
    rows_in: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    prints: list[pa.RecordBatch] = field(default_factory=list)

    def report(self, stage: Stage, done: int, total: int) -> None:
        if self.cancelled():
            raise Cancelled("stopped by the caller")
        self.progress(Progress(stage, done, max(done, total)))


def run(
    inputs: Sequence[Input],
    out_dir: Path,
    *,
    taxonomy: Taxonomy,
    rules: Rules,
    vocabulary: tabular.Vocabulary,
    roles: RoleBook | None = None,
    options: Options | None = None,
    reference_date: date | None = None,
    known: pa.Table | None = None,
    learned: LearnedStage | None = None,
    occupations: TitleCoder | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.perf_counter,
) -> Summary:
    """Read, clean, de-duplicate and mine postings into RESULT_FILES; all of them or, on any error, none.

    `known` are the sketches of postings already held; copies of them count as duplicates. `learned` looks for
    skills behind the dictionary; without it candidates.parquet has no rows.
    Raises InputError and Cancelled.
    """
    if not inputs:
        raise InputError("no input file")
    began = clock()
    options = options or Options()
    state = _Run(rules, progress, cancelled, options.batch_rows or rules.thresholds.batch_rows)
    sources = [open_source(item, vocabulary=vocabulary) for item in inputs]
    work = Work(taxonomy, rules, roles or RoleBook(), reference_date, learned, occupations)
    with workspace(out_dir, publish=RESULT_FILES) as folder, hire(work, workers=options.workers) as crew:
        _read_and_clean(state, sources, crew, folder)
        prints = pa.Table.from_batches(state.prints, schema=sketch_schema(rules.thresholds.sketch_size))
        state.prints.clear()
        state.report("compare", 0, prints.num_rows)
        duplicates = find_duplicates(prints, thresholds=rules.thresholds, known=known)
        state.report("compare", prints.num_rows, prints.num_rows)
        mentions = _mine(state, crew, folder, prints, duplicates)
        return write_summary(
            folder,
            work=work,
            sources=sources,
            rows_in=state.rows_in,
            postings=prints.num_rows,
            duplicates=len(duplicates),
            exact=sum(item.kind == "exact" for item in duplicates),
            quarantined=state.quarantined,
            mentions=mentions,
            notes=state.notes,
            seconds=clock() - began,
        )


def _read_and_clean(state: _Run, sources: Sequence[Source], crew: Crew, folder: Path) -> None:
    total = sum(source.estimated_rows for source in sources)
    columns = merged_columns(sources)
    # Batches that are being cleaned: their original cells are needed again should a row be rejected.
    waiting: deque[SourceBatch] = deque()

    def raw_batches() -> Iterator[RawBatch]:
        for source in sources:
            for batch in batches(source, batch_rows=state.batch_rows):
                waiting.append(batch)
                yield batch.raw

    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with (
        pa.OSFile(str(folder / _CLEANED), "wb") as sink,
        pa.ipc.new_stream(sink, POSTING_SCHEMA, options=options) as writer,
        tabular.QuarantineWriter(folder / "rejected.csv", columns) as quarantine,
    ):
        state.report("read", 0, total)
        for cleaned in crew.clean(raw_batches()):
            batch = waiting.popleft()
            for error in batch.rejected(cleaned.rejections):
                state.quarantined[error.reason] += 1
                whole = with_columns(error, own=batch.source.columns, merged=columns)
                quarantine.write(masked(whole, patterns=state.rules.contacts))
            postings = _with_ids(state, cleaned)
            writer.write_batch(postings)
            state.prints.append(prints_of(postings, cleaned, state.rules))
            state.notes.update(cleaned.counts)
            state.rows_in += len(batch.raw.numbers) + len(batch.chunk.errors)
            state.report("read", state.rows_in, total)


def _with_ids(state: _Run, cleaned: CleanBatch) -> pa.RecordBatch:
    """Keep the source's own id where it has one and it is new, else make one of file name and row number."""
    postings = cleaned.postings
    ids: list[str] = []
    own, files, rows = (postings.column(name).to_pylist() for name in ("posting_id", "source_file", "row"))
    for given, name, row in zip(own, files, rows, strict=True):
        if given is not None and given not in state.ids:
            identity = given
        else:
            state.notes["id_repeated"] += given is not None
            turn = 1
            while (identity := identity_of(name, row, turn=turn)) in state.ids:  # two inputs of one name
                turn += 1
        state.ids.add(identity)
        ids.append(identity)
    return postings.set_column(0, POSTING_SCHEMA.field(0), pa.array(ids, type=pa.string()))


def identity_of(name: str, row: int, *, turn: int) -> str:
    """Return the id made of a file name and a row number; the n-th `turn` where earlier ones are taken."""
    text = f"{name}{row}" if turn == 1 else f"{name}{row}#{turn}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:12]


_title_bits = lru_cache(maxsize=20_000)(title_bits)  # titles repeat


def prints_of(postings: pa.RecordBatch, cleaned: CleanBatch, rules: Rules) -> pa.RecordBatch:
    """Return the fingerprints of cleaned postings as `sketch_schema`."""
    schema = sketch_schema(rules.thresholds.sketch_size)
    titles, levels = postings.column("title").to_pylist(), rules.title_words.levels
    return pa.record_batch(
        [
            postings.column("posting_id"),
            postings.column("content_hash"),
            cleaned.company_keys,
            pa.array(map(_title_bits, titles), type=pa.uint64()),
            pa.array([level_bits(title or "", levels) for title in titles], type=pa.int16()),
            cities_of(postings.column("city_code")),
            cleaned.shingles,
            cleaned.sketches,
        ],
        schema=schema,
    )


def _mine(state: _Run, crew: Crew, folder: Path, prints: pa.Table, duplicates: Sequence[Duplicate]) -> int:
    keep = np.ones(prints.num_rows, dtype=bool)
    keep[[item.row for item in duplicates]] = False
    group = state.rules.thresholds.row_group_rows
    postings = GroupedWriter(folder / "postings.parquet", POSTING_SCHEMA, group_rows=group)
    copies = GroupedWriter(folder / "duplicates.parquet", DUPLICATE_SCHEMA, group_rows=group)
    mentions = mention_writer(folder, state.rules.thresholds)
    candidates = candidate_writer(folder, state.rules.thresholds)
    sketches = GroupedWriter(folder / "sketches.parquet", prints.schema, group_rows=group)
    by_row = {item.row: item for item in duplicates}

    def kept_batches() -> Iterator[pa.RecordBatch]:
        offset = 0
        # Read, not mapped: mapped pages would count as memory of this process.
        with pa.OSFile(str(folder / _CLEANED)) as source, pa.ipc.open_stream(source) as stream:
            for batch in stream:
                mask = keep[offset : offset + batch.num_rows]
                kept = batch.filter(pa.array(mask))
                postings.write(kept)
                copies.write(_copies(batch, mask, offset, by_row))
                sketches.write(prints.slice(offset, batch.num_rows).filter(pa.array(mask)))
                offset += batch.num_rows
                state.report("mine", offset, prints.num_rows)
                yield kept.select(["posting_id", "text", "text_kind"])

    try:
        for found in crew.mine(kept_batches()):
            mentions.write(found.mentions)
            candidates.write(found.candidates)
    finally:
        for writer in (postings, copies, sketches, mentions, candidates):
            writer.close()
    return mentions.written


def _copies(
    batch: pa.RecordBatch,
    kept: np.ndarray[tuple[int], np.dtype[np.bool_]],
    offset: int,
    by_row: dict[int, Duplicate],
) -> pa.RecordBatch:
    rows = np.flatnonzero(~kept)
    items = [by_row[int(row) + offset] for row in rows]
    columns = batch.take(pa.array(rows)).columns
    columns += [
        pa.array([item.duplicate_of for item in items], type=pa.string()),
        pa.array([item.similarity for item in items], type=pa.float32()),
        pa.array([item.kind for item in items], type=pa.string()),
    ]
    return pa.record_batch(columns, schema=DUPLICATE_SCHEMA)
