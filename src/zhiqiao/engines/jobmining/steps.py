"""The run cut into steps over Arrow batches, for a runner that spreads them over machines; no file is touched here.

Each step is a module-level function `(batches, shared) -> batches`. `order` is the place of a row among all inputs;
with it the result is the same however the rows were spread.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiqiao.engines import tabular
from zhiqiao.engines.jobmining._duplicates import resolve
from zhiqiao.engines.jobmining._intake import (
    Source,
    SourceBatch,
    batches,
    masked,
    merged_columns,
    open_source,
    with_columns,
)
from zhiqiao.engines.jobmining._mine import mine_postings
from zhiqiao.engines.jobmining._output import PostingFiles, candidate_writer, mention_writer, workspace
from zhiqiao.engines.jobmining._pairs import (
    BUCKET_SCHEMA,
    PAIR_SCHEMA,
    bucket_rows,
    exact_pairs_of,
    near_pairs_of,
    shared_buckets,
)
from zhiqiao.engines.jobmining._parallel import Work
from zhiqiao.engines.jobmining._pipeline import identity_of, prints_of
from zhiqiao.engines.jobmining._rows import FIELDS, CleanBatch, RawBatch, RowCleaner
from zhiqiao.engines.jobmining._rules import Thresholds
from zhiqiao.engines.jobmining._schema import CANDIDATE_SCHEMA, MENTION_SCHEMA, POSTING_SCHEMA, sketch_schema
from zhiqiao.engines.jobmining._summary import write_summary

__all__ = [
    "BUCKET_SCHEMA",
    "CANDIDATE_SCHEMA",
    "CLAIM_SCHEMA",
    "MENTION_SCHEMA",
    "MINED_SCHEMA",
    "PAIR_SCHEMA",
    "RAW_SCHEMA",
    "PostingFiles",
    "Source",
    "Spread",
    "Work",
    "batches",
    "candidate_writer",
    "claims",
    "clean_rows",
    "cleaned_schema",
    "exact_copies",
    "masked",
    "mention_writer",
    "merged_columns",
    "mine_rows",
    "named_schema",
    "near_copies",
    "only_findings",
    "open_source",
    "print_schema",
    "raw_rows",
    "rejection",
    "resolve",
    "settle_claims",
    "shared_rows",
    "to_buckets",
    "unique_pairs",
    "usable_prints",
    "with_columns",
    "with_names",
    "workspace",
    "write_summary",
]

Batches = Iterator[pa.RecordBatch]

_SOURCE_SHIFT = 40  # rows of one input: fewer than 2^40

RAW_SCHEMA = pa.schema(
    [
        ("order", pa.int64()),
        ("row", pa.int64()),
        *((name, pa.string()) for name in FIELDS),
        ("others", pa.list_(pa.string())),  # cells of columns that hold no field, for the quarantine file
    ]
)

CLAIM_SCHEMA = pa.schema(
    [
        ("order", pa.int64()),
        ("identity", pa.string()),
        ("given", pa.bool_()),
        ("source_file", pa.string()),
        ("row", pa.int64()),
        ("turn", pa.int32()),
        ("moved", pa.bool_()),
    ]
)

# Mentions and, with a score, candidates: both come of one look at a posting.
MINED_SCHEMA = pa.schema(
    [("order", pa.int64()), ("position", pa.int32()), *MENTION_SCHEMA, ("score", pa.float32())]
)


@dataclass(frozen=True)
class Spread:
    """What every machine needs to know; sent to each once."""

    work: Work
    sources: tuple[Source, ...]


def print_schema(thresholds: Thresholds) -> pa.Schema:
    """Return the schema of fingerprints with their place among all rows."""
    return pa.schema([("order", pa.int64()), *sketch_schema(thresholds.sketch_size)])


def cleaned_schema(thresholds: Thresholds) -> pa.Schema:
    """Return the schema of cleaned rows: a posting with its fingerprint, or a rejection; notes on some rows."""
    return pa.schema(
        [
            *named_schema(thresholds),
            ("rejection", pa.string()),
            ("notes", pa.string()),
        ]
    )


def named_schema(thresholds: Thresholds) -> pa.Schema:
    """Return POSTING_SCHEMA with the place of the row and the columns of its fingerprint."""
    own = [field for field in print_schema(thresholds) if field.name not in POSTING_SCHEMA.names]
    return pa.schema([*POSTING_SCHEMA, *own])


# --- reading ---------------------------------------------------------------------------------------------------


def raw_rows(batch: SourceBatch, *, source: int) -> pa.RecordBatch:
    """Return the rows of one input, the `source`-th, as RAW_SCHEMA."""
    numbers = np.asarray(batch.raw.numbers, dtype=np.int64)
    nothing = pa.nulls(len(numbers), pa.string())
    cells = [batch.raw.cells.get(name, nothing) for name in FIELDS]
    columns, rows = _unmapped(batch.source), batch.chunk.rows
    there = [rows.column(n).to_pylist() if n in rows.schema.names else [None] * len(numbers) for n in columns]
    others = zip(*there, strict=True)
    rest = [list(row) for row in others] if columns else [[] for _ in numbers]
    values = [numbers + (source << _SOURCE_SHIFT), numbers, *cells, rest]
    return pa.record_batch(
        [_column(value, field.type) for value, field in zip(values, RAW_SCHEMA, strict=True)],
        schema=RAW_SCHEMA,
    )


def _column(values: object, kind: pa.DataType) -> pa.Array:
    return values.cast(kind) if isinstance(values, pa.Array) else pa.array(values, kind)


def _unmapped(source: Source) -> list[str]:
    used = set(source.mapping.values())
    return [column for column in source.columns if column not in used]


def clean_rows(batches: Batches, shared: Spread) -> Batches:
    """Clean RAW_SCHEMA rows into `cleaned_schema`; a rejected row keeps its original cells."""
    work = shared.work
    cleaner = work.cleaner()
    for batch in batches:
        sources = batch.column("order").to_numpy() >> _SOURCE_SHIFT
        bounds = [0, *(np.flatnonzero(np.diff(sources)) + 1).tolist(), batch.num_rows]
        for start, end in pairwise(bounds):
            if end > start:
                source = shared.sources[int(sources[start])]
                yield _clean(batch.slice(start, end - start), source, cleaner, work)


def _clean(rows: pa.RecordBatch, source: Source, cleaner: RowCleaner, work: Work) -> pa.RecordBatch:
    cells = {name: rows.column(name) for name in FIELDS if name in source.mapping}
    cleaned = cleaner.clean(RawBatch(source.input.label, rows.column("row"), cells))
    bad = [item.index for item in cleaned.rejections]
    good = np.setdiff1d(np.arange(rows.num_rows), bad)
    found = pa.Table.from_batches([_postings(rows.column("order").take(pa.array(good)), cleaned, work)])
    rejected = {
        "order": rows.column("order").take(pa.array(bad, pa.int64())),
        "rejection": pa.array(_rejections(cleaned, rows, source), pa.string()),
    }
    schema = cleaned_schema(work.rules.thresholds)
    both = pa.concat_tables([found, pa.table(rejected)], promote_options="default")
    notes = [json.dumps(cleaned.counts)] + [None] * (both.num_rows - 1)
    whole = both.append_column("notes", pa.array(notes, pa.string())).select(schema.names).cast(schema)
    return whole.combine_chunks().to_batches()[0]


def _postings(order: pa.Array, cleaned: CleanBatch, work: Work) -> pa.RecordBatch:
    prints = prints_of(cleaned.postings, cleaned, work.rules)
    own = [name for name in prints.schema.names if name not in POSTING_SCHEMA.names]
    columns = [*cleaned.postings.columns, order, *(prints.column(name) for name in own)]
    return pa.record_batch(columns, names=[*POSTING_SCHEMA.names, "order", *own])


def _rejections(cleaned: CleanBatch, rows: pa.RecordBatch, source: Source) -> list[str]:
    unmapped = _unmapped(source)
    told = []
    for item in cleaned.rejections:
        row = rows.slice(item.index, 1).to_pylist()[0]
        cells = {column: row[field] for field, column in source.mapping.items()}
        cells |= dict(zip(unmapped, row["others"], strict=True))
        error = tabular.RowError(
            row=row["row"],
            field=source.mapping.get(item.field, item.field),
            reason=item.reason,
            detail=item.detail,
            raw=tuple(cells[column] or "" for column in source.columns),
        )
        told.append(json.dumps([int(row["order"]) >> _SOURCE_SHIFT, *astuple(error)]))
    return told


def rejection(told: str) -> tuple[int, tabular.RowError]:
    """Read back the number of the input and the row error of a `rejection` cell."""
    source, row, field, reason, detail, raw, rest = json.loads(told)
    return source, tabular.RowError(row, field, reason, detail, tuple(raw), rest)


def only_findings(batches: Batches, _shared: None) -> Batches:
    """Keep the cleaned rows that carry a rejection or notes."""
    for batch in batches:
        yield batch.filter(pc.or_(batch.column("rejection").is_valid(), batch.column("notes").is_valid()))


# --- names -----------------------------------------------------------------------------------------------------


def claims(batches: Batches, _shared: None) -> Batches:
    """Let every posting claim its own id, or one made of file name and row number (CLAIM_SCHEMA)."""
    for batch in batches:
        rows = batch.filter(batch.column("content_hash").is_valid()).to_pylist()
        told = [_claim(row, row["posting_id"], turn=0 if row["posting_id"] else 1) for row in rows]
        yield pa.RecordBatch.from_pylist(told, schema=CLAIM_SCHEMA)


def _claim(row: dict[str, object], own: object, *, turn: int, moved: bool = False) -> dict[str, object]:
    identity = own or identity_of(str(row["source_file"]), int(str(row["row"])), turn=turn)
    given = row.get("given", own is not None)
    return {**row, "identity": identity, "given": given, "turn": turn, "moved": moved}


def settle_claims(batches: Batches, _shared: None) -> Batches:
    """Give each claimed id to the earliest row, for whole groups of one identity; the others claim a made one."""
    for batch in batches:
        sorted_ = batch.sort_by([("identity", "ascending"), ("order", "ascending")])
        identities = sorted_.column("identity").to_pylist()
        again = np.array([False, *(a == b for a, b in pairwise(identities))])
        again = again[: len(identities)]
        kept = sorted_.filter(pa.array(~again))
        at = kept.schema.get_field_index("moved")
        yield kept.set_column(at, CLAIM_SCHEMA.field("moved"), pa.array([False] * kept.num_rows))
        losers = sorted_.filter(pa.array(again)).to_pylist()
        told = [_claim(row, None, turn=row["turn"] + 1, moved=True) for row in losers]
        yield pa.RecordBatch.from_pylist(told, schema=CLAIM_SCHEMA)


def with_names(batches: Batches, shared: pa.Schema) -> Batches:
    """Put the settled identity in place of the given id (`named_schema`)."""
    for batch in batches:
        at = batch.schema.get_field_index("posting_id")
        named = batch.set_column(at, POSTING_SCHEMA.field("posting_id"), batch.column("identity"))
        yield named.select(shared.names)


# --- duplicates ------------------------------------------------------------------------------------------------


def _over_tables(step: Callable[[pa.Table], pa.Table], batches: Batches) -> Batches:
    for batch in batches:
        yield from step(pa.Table.from_batches([batch])).combine_chunks().to_batches()


def usable_prints(batches: Batches, shared: pa.Schema) -> Batches:
    """Take the fingerprints of the rows that are postings (`print_schema`)."""
    for batch in batches:
        yield batch.filter(batch.column("content_hash").is_valid()).select(shared.names)


def exact_copies(batches: Batches, _shared: None) -> Batches:
    """Find exact copies in whole groups of one content hash (PAIR_SCHEMA)."""
    return _over_tables(exact_pairs_of, batches)


def to_buckets(batches: Batches, shared: Thresholds) -> Batches:
    """Put fingerprints into their buckets (BUCKET_SCHEMA)."""
    return _over_tables(lambda table: bucket_rows(table, thresholds=shared), batches)


def shared_rows(batches: Batches, _shared: None) -> Batches:
    """Leave out what is alone in its bucket, for whole buckets."""
    return _over_tables(shared_buckets, batches)


def near_copies(batches: Batches, shared: Thresholds) -> Batches:
    """Find near copies in whole buckets of fingerprints (PAIR_SCHEMA)."""
    return _over_tables(lambda table: near_pairs_of(table, thresholds=shared), batches)


def unique_pairs(batches: Batches, _shared: None) -> Batches:
    """Drop pairs that several buckets found, for whole groups of one `order`."""
    for batch in batches:
        sorted_ = batch.sort_by([("order", "ascending"), ("other", "ascending")])
        left, right = (sorted_.column(name).to_numpy() for name in ("order", "other"))
        fresh = np.ones(len(left), dtype=bool)
        fresh[1:] = (left[1:] != left[:-1]) | (right[1:] != right[:-1])
        yield sorted_.filter(pa.array(fresh)).select(PAIR_SCHEMA.names)


# --- mining ----------------------------------------------------------------------------------------------------


def mine_rows(batches: Batches, shared: Spread) -> Batches:
    """Find the skills of named postings (MINED_SCHEMA): mentions and candidates with their place among all."""
    work = shared.work
    for batch in batches:
        mined = mine_postings(batch, taxonomy=work.taxonomy, rules=work.rules, learned=work.learned)
        for found in (mined.mentions, mined.candidates):
            posting = pc.index_in(found.column("posting_id"), value_set=batch.column("posting_id"))
            placed = pa.table(
                {
                    "order": batch.column("order").take(posting),
                    "position": pa.array(np.arange(found.num_rows, dtype=np.int32)),
                    **{name: found.column(name) for name in found.schema.names},
                }
            )
            whole = pa.concat_tables([MINED_SCHEMA.empty_table(), placed], promote_options="default")
            yield from whole.select(MINED_SCHEMA.names).cast(MINED_SCHEMA).combine_chunks().to_batches()
