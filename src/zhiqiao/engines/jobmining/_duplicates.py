"""Which postings are copies of an earlier one: the whole search over the fingerprints of one table.

The steps, each a pure function that a shuffle can carry, are in `_pairs` (what is alike) and `resolve` (who stays).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._pairs import (
    PAIR_SCHEMA,
    Prints,
    bucket_count,
    bucket_keys,
    exact_pairs,
    near_candidates,
    pairs_in_buckets,
    shared_only,
)
from zhiqiao.engines.jobmining._places import cities_of
from zhiqiao.engines.jobmining._rules import Thresholds

__all__ = ["RESOLVED_SCHEMA", "Duplicate", "DuplicateKind", "deduplicate", "find_duplicates", "resolve"]

DuplicateKind = Literal["exact", "near"]

RESOLVED_SCHEMA = pa.schema(
    [("order", pa.int64()), ("target", pa.int64()), ("similarity", pa.float32()), ("exact", pa.bool_())]
)

_SLICE = 100_000


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Row `row` is a copy of the kept posting `duplicate_of`."""

    row: int
    duplicate_of: str
    similarity: float
    kind: DuplicateKind


def deduplicate(
    prints: pa.Table, *, thresholds: Thresholds, known: pa.Table | None = None
) -> tuple[list[int], list[Duplicate]]:
    """Return the rows to keep and the duplicates, for fingerprints in the order of the rows."""
    duplicates = find_duplicates(prints, thresholds=thresholds, known=known)
    copies = {duplicate.row for duplicate in duplicates}
    return [row for row in range(prints.num_rows) if row not in copies], duplicates


def find_duplicates(
    prints: pa.Table, *, thresholds: Thresholds, known: pa.Table | None = None
) -> list[Duplicate]:
    """Find copies of an earlier row or of a known posting.

    A row is compared with kept rows only, so a chain of small edits does not drift; the earliest match wins.
    Two places that differ make two postings; texts of two companies need to be more alike than of one.
    """
    tables = [prints] if known is None else [_like(known, prints.schema), prints]
    known_rows = 0 if known is None else known.num_rows
    columns = Prints.of(tables, first_order=-known_rows, thresholds=thresholds)
    exact = exact_pairs(
        pa.concat_tables([t.select(["content_hash"]) for t in tables])["content_hash"], columns
    )
    near = _near(columns, without=exact["order"].to_numpy() + known_rows, thresholds=thresholds)
    resolved = resolve(pa.concat_tables([exact, near]))
    ids = pa.chunked_array([chunk for table in tables for chunk in table["posting_id"].chunks], pa.string())
    targets = ids.take(pc.add(resolved["target"], known_rows)).to_pylist()
    return [
        Duplicate(row, target, round(similarity, 4), "exact" if exact else "near")
        for row, target, similarity, exact in zip(
            resolved["order"].to_pylist(),
            targets,
            resolved["similarity"].to_pylist(),
            resolved["exact"].to_pylist(),
            strict=True,
        )
    ]


def _like(known: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give the table of an earlier import the columns of today's: what it did not keep is unknown, 0."""
    if "city_key" not in known.schema.names:  # kept as the code of the place until the city stood beside it
        known = known.append_column("city_key", cities_of(known["city_code"]))
    columns = [
        known[field.name] if field.name in known.schema.names else pa.array([0] * known.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


def _near(columns: Prints, *, without: NDArray[np.int64], thresholds: Thresholds) -> pa.Table:
    """Run the bucket steps one kind of bucket after the other, so that few bucket rows are held at once."""
    candidates = near_candidates(columns, thresholds)
    candidates[without] = False
    rows = np.flatnonzero(candidates)
    found: list[NDArray[np.int64]] = []
    for number in range(bucket_count(thresholds)):
        keys = bucket_keys(columns, rows, number, thresholds)
        buckets, members = shared_only(keys, rows)
        found.append(pairs_in_buckets(buckets, members, columns, thresholds))
        if len(found) > 1:
            found = [_distinct(found)]
    return columns.pairs(_distinct(found))


def _distinct(found: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Sort and drop what is there twice; np.unique hashes, which takes ten times as long on packed rows."""
    values = np.concatenate(found)
    values.sort()
    fresh = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return values[fresh]


def resolve(pairs: pa.Table) -> pa.Table:
    """Return RESOLVED_SCHEMA: of rows found alike (PAIR_SCHEMA), which one is a copy of which kept one.

    Rows are settled in their order: one is a copy of the earliest that it is alike and that is itself kept.
    An exact copy of a row that turned out a near copy points to what that one copies, if their places allow.
    """
    near = _settle(pairs.filter(pc.invert(pairs["exact"])))
    exact = pairs.filter(pairs["exact"]).sort_by("order")
    order, target = (exact[name].to_numpy() for name in ("order", "other"))
    city, similarity = exact["city"].to_numpy(), exact["similarity"].to_numpy().copy()
    same = np.ones(len(order), dtype=bool)
    stays = np.zeros(len(order), dtype=bool)
    if near.num_rows and len(order):
        at = np.minimum(np.searchsorted(near["order"].to_numpy(), target), near.num_rows - 1)
        moved = near["order"].to_numpy()[at] == target
        there = near["target_city"].to_numpy()[at]
        stays = moved & (city > 0) & (there > 0) & (city != there)
        same = ~moved
        similarity = np.where(moved, near["similarity"].to_numpy()[at], similarity).astype(np.float32)
        target = np.where(moved, near["target"].to_numpy()[at], target)
    copies = pa.table([order, target, similarity, same], schema=RESOLVED_SCHEMA).filter(pa.array(~stays))
    return pa.concat_tables([copies, near.select(RESOLVED_SCHEMA.names)]).sort_by("order")


def _settle(pairs: pa.Table) -> pa.Table:
    """Settle the near pairs: RESOLVED_SCHEMA and the target's place, in the order of rows."""
    pairs = pairs.select(PAIR_SCHEMA.names).sort_by([("order", "ascending"), ("other", "ascending")])
    dropped: set[int] = set()
    chosen: list[int] = []
    last = None
    for start in range(0, pairs.num_rows, _SLICE):
        part = pairs.slice(start, _SLICE)
        rows = zip(part["order"].to_pylist(), part["other"].to_pylist(), strict=True)
        for index, (row, other) in enumerate(rows, start=start):
            if row != last and other not in dropped:
                dropped.add(row)
                chosen.append(index)
                last = row
    settled = pairs.take(pa.array(chosen, pa.int64()))
    return settled.rename_columns(["order", "target", "similarity", "exact", "city", "target_city"])
