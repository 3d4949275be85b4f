"""The whole way from files of postings to result files on a runner; each step is the engine's own."""

from __future__ import annotations

import heapq
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiqiao.engines import tabular
from zhiqiao.engines.jobmining import (
    RESULT_FILES,
    Input,
    InputError,
    LearnedStage,
    RoleBook,
    Rules,
    Summary,
    Taxonomy,
    TitleCoder,
    steps,
)
from zhiqiao.platform.data.runner import Runner

__all__ = ["mine_on"]

D = TypeVar("D")


@dataclass
class _Run(Generic[D]):
    """One run: what the steps share and what they leave behind."""

    runner: Runner[D]
    spread: steps.Spread
    rows_in: int = 0
    errors: list[tuple[int, tabular.RowError]] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def rules(self) -> Rules:
        return self.spread.work.rules

    def table(self, dataset: D, schema: pa.Schema) -> pa.Table:
        """Bring a small stored dataset here."""
        return pa.Table.from_batches(self.runner.stream(dataset), schema=schema)


def mine_on(
    runner: Runner[D],
    inputs: Sequence[Input],
    out_dir: Path,
    *,
    taxonomy: Taxonomy,
    rules: Rules,
    vocabulary: tabular.Vocabulary,
    roles: RoleBook | None = None,
    reference_date: date | None = None,
    learned: LearnedStage | None = None,
    occupations: TitleCoder | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Summary:
    """Read, clean, de-duplicate and mine postings into the result files of `jobmining.run`, with the same rows.

    Files are read here; everything else is done where the runner does it. Raises InputError.
    """
    if not inputs:
        raise InputError("no input file")
    began = clock()
    sources = tuple(steps.open_source(item, vocabulary=vocabulary) for item in inputs)
    work = steps.Work(taxonomy, rules, roles or RoleBook(), reference_date, learned, occupations)
    run = _Run(runner, steps.Spread(work, sources))
    with steps.workspace(out_dir, publish=RESULT_FILES) as folder:
        raw = runner.take_in("raw", _read(run), steps.RAW_SCHEMA)
        cleaned_schema = steps.cleaned_schema(rules.thresholds)
        cleaned = runner.store(
            runner.map_arrow(raw, steps.clean_rows, cleaned_schema, shared=run.spread), "cleaned"
        )
        reasons = _quarantine(run, cleaned, folder / "rejected.csv")
        postings = runner.store(_named(run, cleaned), "named", order=["order"])
        resolved = _duplicates(run, postings)
        mentions = _mine(run, postings, resolved, folder)
        rows = _write_postings(run, postings, resolved, folder)
        return steps.write_summary(
            folder,
            work=work,
            sources=sources,
            rows_in=run.rows_in,
            postings=rows,
            duplicates=resolved.num_rows,
            exact=int(pc.sum(resolved["exact"]).as_py() or 0),
            quarantined=reasons,
            mentions=mentions,
            notes=run.notes,
            seconds=clock() - began,
        )


_ORDER = pa.schema([("order", pa.int64())])


def _read(run: _Run[D]) -> Iterator[pa.RecordBatch]:
    for number, source in enumerate(run.spread.sources):
        for batch in steps.batches(source, batch_rows=run.rules.thresholds.batch_rows):
            run.rows_in += batch.chunk.rows.num_rows + len(batch.chunk.errors)
            run.errors += [(number, error) for error in batch.chunk.errors]
            yield steps.raw_rows(batch, source=number)


def _quarantine(run: _Run[D], cleaned: D, path: Path) -> Counter[str]:
    """Write the rows that can not be used, in the order of inputs and rows, and gather the notes."""
    schema = pa.schema([("order", pa.int64()), ("rejection", pa.string()), ("notes", pa.string())])
    told = run.runner.map_arrow(
        run.runner.select(cleaned, schema.names), steps.only_findings, schema, shared=None
    )
    rejections: list[tuple[int, tabular.RowError]] = []
    for batch in run.runner.stream(run.runner.store(told, "findings")):
        for notes in pc.drop_null(batch.column("notes")).to_pylist():
            run.notes.update(json.loads(notes))
        rejections += map(steps.rejection, pc.drop_null(batch.column("rejection")).to_pylist())
    rejections.sort(key=_place)
    reasons: Counter[str] = Counter()
    columns = steps.merged_columns(run.spread.sources)
    with tabular.QuarantineWriter(path, columns) as quarantine:
        for source, error in heapq.merge(run.errors, rejections, key=_place):
            reasons[error.reason] += 1
            own = run.spread.sources[source].columns
            whole = steps.with_columns(error, own=own, merged=columns)
            quarantine.write(steps.masked(whole, patterns=run.rules.contacts))
    return reasons


def _place(item: tuple[int, tabular.RowError]) -> tuple[int, int]:
    return item[0], item[1].row


def _named(run: _Run[D], cleaned: D) -> D:
    """Give every posting its id; as long as two claim one, the later claims another."""
    runner, schema = run.runner, steps.CLAIM_SCHEMA
    told = runner.select(cleaned, ["order", "posting_id", "source_file", "row", "content_hash"])
    claimed = runner.map_arrow(told, steps.claims, schema, shared=None)
    turn = 0
    while True:
        turn += 1
        settled = runner.map_groups(
            claimed, steps.settle_claims, schema, key="identity", order="order", shared=None
        )
        claimed = runner.store(settled, f"claims-{turn}")
        flags = run.table(runner.select(claimed, ["moved", "given", "turn"]), _FLAGS)
        if not pc.any(flags["moved"]).as_py():
            break
    run.notes["id_repeated"] += flags.filter(pc.and_(flags["given"], pc.greater(flags["turn"], 0))).num_rows
    names = runner.select(claimed, ["order", "identity"])
    named = steps.named_schema(run.rules.thresholds)
    return runner.map_arrow(runner.join(cleaned, names, on="order"), steps.with_names, named, shared=named)


_FLAGS = pa.schema([("moved", pa.bool_()), ("given", pa.bool_()), ("turn", pa.int32())])


def _duplicates(run: _Run[D], postings: D) -> pa.Table:
    """Find copies: equal contents, then shared buckets, by the runner's own grouping; settled here."""
    runner, thresholds = run.runner, run.rules.thresholds
    prints = runner.select(postings, steps.print_schema(thresholds).names)
    exact = runner.store(
        runner.map_groups(
            runner.select(prints, ["order", "content_hash", "city_key"]),
            steps.exact_copies,
            steps.PAIR_SCHEMA,
            key="content_hash",
            order="order",
            shared=None,
        ),
        "exact",
    )
    fresh = runner.join(prints, runner.select(exact, ["order"]), on="order", how="anti")
    buckets = runner.map_arrow(fresh, steps.to_buckets, steps.BUCKET_SCHEMA, shared=thresholds)
    shared = runner.map_groups(
        buckets, steps.shared_rows, steps.BUCKET_SCHEMA, key="bucket", order="order", shared=None
    )
    pairs = runner.map_groups(
        runner.join(shared, prints, on="order"),
        steps.near_copies,
        steps.PAIR_SCHEMA,
        key="bucket",
        order="order",
        shared=thresholds,
    )
    near = runner.map_groups(
        pairs, steps.unique_pairs, steps.PAIR_SCHEMA, key="order", order="other", shared=None
    )
    found = [run.table(data, steps.PAIR_SCHEMA) for data in (exact, runner.store(near, "near"))]
    return steps.resolve(pa.concat_tables(found))


def _mine(run: _Run[D], postings: D, resolved: pa.Table, folder: Path) -> int:
    """Mine what is no copy and write mentions.parquet; return how many there are."""
    runner = run.runner
    texts = runner.select(postings, ["order", "posting_id", "text", "text_kind"])
    copies = runner.take_in("copies", iter(resolved.select(["order"]).to_batches()), _ORDER)
    kept = runner.join(texts, copies, on="order", how="anti")
    # Sorting looks at its input twice, first for the bounds: mining is done once, before.
    mined = runner.store(
        runner.map_arrow(kept, steps.mine_rows, steps.MINED_SCHEMA, shared=run.spread), "mined"
    )
    found = runner.store(mined, "mentions", order=["order", "position"])
    thresholds = run.rules.thresholds
    with (
        closing(steps.mention_writer(folder, thresholds)) as mentions,
        closing(steps.candidate_writer(folder, thresholds)) as candidates,
    ):
        for batch in runner.stream(found):
            scored = batch.column("score").is_valid()
            mentions.write(batch.filter(pc.invert(scored)).select(steps.MENTION_SCHEMA.names))
            candidates.write(batch.filter(scored).select(steps.CANDIDATE_SCHEMA.names))
    return mentions.written


def _write_postings(run: _Run[D], postings: D, resolved: pa.Table, folder: Path) -> int:
    """Write postings, duplicates and sketches in one pass over the ordered rows; return how many there are."""
    copies, targets = resolved["order"].to_numpy(), resolved["target"].to_numpy()
    wanted = pa.array(np.unique(targets))
    names: dict[int, str] = {}
    rows = 0
    with closing(steps.PostingFiles(folder, run.rules.thresholds)) as files:
        for batch in run.runner.stream(postings):
            order = batch.column("order")
            rows += batch.num_rows
            targeted = batch.filter(pc.is_in(order, value_set=wanted))
            names |= dict(
                zip(*(targeted.column(n).to_pylist() for n in ("order", "posting_id")), strict=True)
            )
            kept = pc.invert(pc.is_in(order, value_set=pa.array(copies)))
            at = np.searchsorted(copies, order.filter(pc.invert(kept)).to_numpy())
            files.write(batch, kept=kept, found=_told(resolved.take(pa.array(at)), names))
    return rows


def _told(found: pa.Table, names: dict[int, str]) -> list[pa.Array]:
    """Return the columns that a duplicate has beyond a posting; what it copies came before it."""
    kinds = ["exact" if exact else "near" for exact in found["exact"].to_pylist()]
    return [
        pa.array([names[target] for target in found["target"].to_pylist()], pa.string()),
        pa.array([round(value, 4) for value in found["similarity"].to_pylist()], pa.float32()),
        pa.array(kinds, pa.string()),
    ]
