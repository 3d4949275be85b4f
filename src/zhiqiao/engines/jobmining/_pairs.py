"""Which fingerprints are alike: equal content, and pairs inside one bucket; who of a pair stays is not said here.

Every function looks at whole groups (one content, one bucket) in the global order of rows, so its result is the same
however the groups are spread over machines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._rules import Thresholds
from zhiqiao.engines.jobmining._sketch import EMPTY_COMPANY, NO_TITLE, mixed
from zhiqiao.engines.jobmining._title_words import UNKNOWN_LEVEL

__all__ = [
    "BUCKET_SCHEMA",
    "PAIR_SCHEMA",
    "Prints",
    "bucket_count",
    "bucket_keys",
    "bucket_rows",
    "exact_pairs",
    "exact_pairs_of",
    "near_candidates",
    "near_pairs_of",
    "pairs_in_buckets",
    "shared_buckets",
    "shared_only",
]

BUCKET_SCHEMA = pa.schema([("bucket", pa.int64()), ("order", pa.int64())])

PAIR_SCHEMA = pa.schema(
    [
        ("order", pa.int64()),
        ("other", pa.int64()),  # an earlier row
        ("similarity", pa.float32()),
        ("exact", pa.bool_()),
        ("city", pa.int32()),  # 0 where unknown
        ("other_city", pa.int32()),
    ]
)

_COMPARED_AT_ONCE = 32_768
# The sizes are exact, the similarity is an estimate.
_SIZE_SLACK = 0.8
_ROW_BITS = np.int64(32)

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Prints:
    """The columns of a fingerprint table that the comparison needs, by row."""

    order: Integers
    company: NDArray[np.uint64]
    title: NDArray[np.uint64]
    level: NDArray[np.uint8]
    city: NDArray[np.int32]
    shingles: NDArray[np.int32]
    sketch: NDArray[np.uint16]

    @classmethod
    def of(cls, tables: Sequence[pa.Table], *, first_order: int, thresholds: Thresholds) -> Prints:
        """Take tables of `sketch_schema` one behind the other; rows before order 0 are known postings."""
        rows = sum(table.num_rows for table in tables)
        sketch = np.empty((rows, thresholds.sketch_size), dtype="<u2")
        at = 0
        for table in tables:
            for chunk in table["sketch"].chunks:
                sketch[at : at + len(chunk)] = _sketches(chunk, thresholds.sketch_size)
                at += len(chunk)
        return cls(
            order=np.arange(first_order, first_order + rows, dtype=np.int64),
            company=_joined(tables, "company_key").astype(np.uint64, copy=False),
            title=_joined(tables, "title_bits").astype(np.uint64, copy=False),
            level=_joined(tables, "title_level").astype(np.uint8, copy=False),
            city=np.concatenate([_city_numbers(table["city_key"]) for table in tables]),
            shingles=_joined(tables, "shingles").astype(np.int32, copy=False),
            sketch=sketch,
        )

    def pairs(self, packed: Integers) -> pa.Table:
        """Return PAIR_SCHEMA for packed (row, earlier row) with their similarity."""
        left, right = packed >> _ROW_BITS, packed & np.int64(2**32 - 1)
        similarity = np.empty(len(packed), dtype=np.float32)
        for start in range(0, len(packed), _COMPARED_AT_ONCE):
            part = slice(start, start + _COMPARED_AT_ONCE)
            similarity[part] = self.similarity(left[part], right[part])
        return _pair_table(self, left, right, similarity, exact=False)

    def similarity(self, left: Integers, right: Integers) -> NDArray[np.float64]:
        """Return the estimated share of common shingles of rows with other rows (Jaccard)."""
        equal = self.sketch[left] == self.sketch[right]
        return np.asarray(equal.view(np.uint8).sum(axis=1, dtype=np.uint16) / self.sketch.shape[1])


def _joined(tables: Sequence[pa.Table], name: str) -> NDArray[np.integer]:
    """Return one column; what the table of an earlier version did not keep is unknown, 0."""
    columns = [
        pc.fill_null(table[name], 0).to_numpy()
        if name in table.schema.names
        else np.zeros(table.num_rows, dtype=np.int64)
        for table in tables
    ]
    return np.concatenate(columns)


def _sketches(chunk: pa.FixedSizeBinaryArray, size: int) -> NDArray[np.uint16]:
    values = np.frombuffer(chunk.buffers()[1], dtype="<u2").reshape(-1, size)
    return cast("NDArray[np.uint16]", values[chunk.offset : chunk.offset + len(chunk)])


def _city_numbers(codes: pa.ChunkedArray) -> NDArray[np.int32]:
    """Turn codes of GB/T 2260 (six digits) into numbers, 0 where the place is unknown."""
    known = pc.if_else(pc.equal(pc.fill_null(codes, ""), ""), "0", codes)
    return np.asarray(pc.cast(known, pa.int32()).to_numpy(), dtype=np.int32)


def _pair_table(
    columns: Prints, left: Integers, right: Integers, similarity: NDArray[np.float32], *, exact: bool
) -> pa.Table:
    arrays = [
        columns.order[left],
        columns.order[right],
        similarity,
        np.full(len(left), exact),
        columns.city[left],
        columns.city[right],
    ]
    return pa.table([pa.array(values) for values in arrays], schema=PAIR_SCHEMA)


# --- equal content ---------------------------------------------------------------------------------------------


def exact_pairs_of(prints: pa.Table) -> pa.Table:
    """Return PAIR_SCHEMA of exact copies among prints that hold whole groups of one content_hash."""
    prints = prints.sort_by("order")
    rows = prints.num_rows
    nothing = np.zeros(rows, dtype=np.int64)
    columns = Prints(
        order=prints["order"].to_numpy(),
        company=nothing.astype(np.uint64),
        title=nothing.astype(np.uint64),
        level=nothing.astype(np.uint8),
        city=_city_numbers(prints["city_key"]),
        shingles=nothing.astype(np.int32),
        sketch=np.empty((rows, 0), dtype=np.uint16),
    )
    return exact_pairs(prints["content_hash"], columns)


def exact_pairs(hashes: pa.ChunkedArray, columns: Prints) -> pa.Table:
    """Return each row of equal content with the earliest kept row of it that may stand at the same place.

    Rows stand in their order. The first row of a content is kept,
    then the first of each known place; an unknown place may be any place.
    """
    content = _codes(hashes)
    by_content = np.lexsort((columns.order, content))
    first = _first_of(content, by_content)
    # The first row of unknown place that stays: the first of its content or a posting known before.
    anywhere = first.copy()
    anywhere[columns.city[first] != 0] = len(content)
    wild = np.flatnonzero((columns.order < 0) & (columns.city == 0))
    if len(wild):
        earliest = np.full(content.max() + 1, len(content), dtype=np.int64)
        np.minimum.at(earliest, content[wild], wild)
        anywhere = np.minimum(anywhere, earliest[content])
    place = content * np.int64(2**31) + columns.city
    target = np.minimum(_first_of(place, np.lexsort((columns.order, place))), anywhere)
    target = np.where(columns.city == 0, first, target)
    rows = np.flatnonzero((target != np.arange(len(content))) & (columns.order >= 0))
    return _pair_table(columns, rows, target[rows], np.ones(len(rows), dtype=np.float32), exact=True)


def _codes(column: pa.ChunkedArray) -> Integers:
    encoded = pc.dictionary_encode(column)
    whole = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    if isinstance(whole, pa.ChunkedArray):
        return np.zeros(0, dtype=np.int64)
    return np.asarray(whole.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _first_of(group: Integers, by_group: Integers) -> Integers:
    """Return for each row the first row of its group, given the rows sorted by group and order."""
    starts = _starts(group[by_group])
    first = np.empty(len(group), dtype=np.int64)
    first[by_group] = np.repeat(by_group[starts], np.diff(np.append(starts, len(group))))
    return first


def _starts(sorted_values: Integers) -> Integers:
    """Return where each run of equal values begins."""
    if not len(sorted_values):
        return np.zeros(0, dtype=np.int64)
    return np.concatenate(([0], np.flatnonzero(sorted_values[1:] != sorted_values[:-1]) + 1))


# --- buckets ---------------------------------------------------------------------------------------------------


def near_candidates(columns: Prints, thresholds: Thresholds) -> Flags:
    """Say which rows are long enough to be compared by their sketches."""
    return np.asarray(columns.shingles >= thresholds.near_minimum_same_title)


def bucket_count(thresholds: Thresholds) -> int:
    """Return how many buckets a row can fall into: one a band, and one of its company and title."""
    return thresholds.bands + 1


def bucket_keys(columns: Prints, rows: Integers, number: int, thresholds: Thresholds) -> Integers:
    """Return the bucket of each row for one band (Broder 1997) or, behind the last, its company and title.

    A row without company or title gets a bucket of its own there.
    """
    if number < thresholds.bands:
        width = thresholds.band_rows
        parts = columns.sketch[rows, number * width : (number + 1) * width].astype(np.uint64)
    else:
        parts = np.stack([columns.company[rows], columns.title[rows]], axis=1)
    key = np.full(len(rows), number + 1, dtype=np.uint64)
    for part in parts.T:
        key = mixed(key ^ part)
    if number == thresholds.bands:
        unknown = (columns.company[rows] == EMPTY_COMPANY) | (columns.title[rows] == NO_TITLE)
        alone = mixed(columns.order[rows].view(np.uint64) ^ np.uint64(2**63))
        key = np.where(unknown, alone, key)
    return key.view(np.int64)


def bucket_rows(prints: pa.Table, *, thresholds: Thresholds) -> pa.Table:
    """Return BUCKET_SCHEMA: every bucket of every print (with `order`) that is long enough."""
    columns = _columns(prints, thresholds)
    rows = np.flatnonzero(near_candidates(columns, thresholds))
    kinds = range(bucket_count(thresholds))
    keys = [bucket_keys(columns, rows, number, thresholds) for number in kinds]
    order = np.tile(columns.order[rows], len(keys))
    return pa.table([np.concatenate(keys), order], schema=BUCKET_SCHEMA)


def shared_buckets(rows: pa.Table) -> pa.Table:
    """Keep the rows of BUCKET_SCHEMA, in whole buckets, that are not alone in theirs."""
    buckets, order = shared_only(rows["bucket"].to_numpy(), rows["order"].to_numpy())
    return pa.table([buckets, order], schema=BUCKET_SCHEMA)


def shared_only(keys: Integers, rows: Integers) -> tuple[Integers, Integers]:
    """Sort by bucket and row and leave out what is alone in its bucket."""
    sorting = np.lexsort((rows, keys))
    keys, rows = keys[sorting], rows[sorting]
    starts = _starts(keys)
    sizes = np.diff(np.append(starts, len(keys)))
    shared = np.repeat(sizes > 1, sizes)
    return keys[shared], rows[shared]


# --- pairs inside one bucket -----------------------------------------------------------------------------------


def near_pairs_of(members: pa.Table, *, thresholds: Thresholds) -> pa.Table:
    """Return PAIR_SCHEMA of alike rows: bucket rows joined with their prints, in whole buckets."""
    members = members.sort_by([("bucket", "ascending"), ("order", "ascending")])
    columns = _columns(members, thresholds)
    rows = np.arange(members.num_rows, dtype=np.int64)
    return columns.pairs(pairs_in_buckets(members["bucket"].to_numpy(), rows, columns, thresholds))


def _columns(prints: pa.Table, thresholds: Thresholds) -> Prints:
    columns = Prints.of([prints], first_order=0, thresholds=thresholds)
    return Prints(**{**vars(columns), "order": prints["order"].to_numpy()})


def pairs_in_buckets(buckets: Integers, rows: Integers, columns: Prints, thresholds: Thresholds) -> Integers:
    """Return packed (row, earlier row) that are alike, for rows sorted by bucket and order.

    In each round the first waiting row of every bucket is compared with the later ones. A row with
    `bucket_matches` matches waits no longer and a bucket ends after `bucket_representatives` rounds: crowded
    buckets cost rows times rounds, not rows squared.
    """
    waiting = np.arange(len(rows), dtype=np.int64)
    matches = np.zeros(len(rows), dtype=np.uint8)
    found: list[Integers] = []
    for _ in range(thresholds.bucket_representatives):
        starts = _starts(buckets[waiting])
        if len(starts) == len(waiting):
            break
        leaders = np.repeat(waiting[starts], np.diff(np.append(starts, len(waiting))))
        later = np.ones(len(waiting), dtype=bool)
        later[starts] = False
        left, right = waiting[later], leaders[later]
        fits = _alike(rows[left], rows[right], columns, thresholds)
        found.append(rows[left[fits]] << _ROW_BITS | rows[right[fits]])
        matches[left[fits]] += 1
        waiting = left[matches[left] < thresholds.bucket_matches]
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _alike(left: Integers, right: Integers, columns: Prints, thresholds: Thresholds) -> Flags:
    fits = _may_be_alike(left, right, columns, thresholds)
    open_ = np.flatnonzero(fits)
    for start in range(0, len(open_), _COMPARED_AT_ONCE):
        part = open_[start : start + _COMPARED_AT_ONCE]
        fits[part] = _compared(left[part], right[part], columns, thresholds)
    return fits


def _may_be_alike(left: Integers, right: Integers, columns: Prints, thresholds: Thresholds) -> Flags:
    """Sort out by what costs little: known postings are nobody's copies, places, and sizes too different."""
    here, there = columns.city[left], columns.city[right]
    smaller, larger = _sizes(left, right, columns)
    return np.asarray(
        (columns.order[left] >= 0)
        & ((here == there) | (here == 0) | (there == 0))
        & (smaller >= _SIZE_SLACK * thresholds.near_similarity_contained * larger)
    )


def _sizes(left: Integers, right: Integers, columns: Prints) -> tuple[Integers, Integers]:
    mine, theirs = columns.shingles[left].astype(np.int64), columns.shingles[right].astype(np.int64)
    return np.minimum(mine, theirs), np.maximum(mine, theirs)


def _compared(left: Integers, right: Integers, columns: Prints, thresholds: Thresholds) -> Flags:
    """Ask for less where company and title agree, for more where they do not."""
    limits = thresholds
    similarity = columns.similarity(left, right)
    smaller, larger = _sizes(left, right, columns)
    # |A and B| = J / (1 + J) * (|A| + |B|): how much of the shorter text stands in the longer one.
    contained = similarity / (1 + similarity) * (smaller + larger) / smaller >= limits.contained_share
    mine, theirs = columns.company[left], columns.company[right]
    unknown = (mine == EMPTY_COMPANY) | (theirs == EMPTY_COMPANY)
    same_company, other_company = (mine == theirs) & ~unknown, (mine != theirs) & ~unknown
    same_title, like_title, title_inside = _titles(columns.title[left], columns.title[right], limits)
    needed = np.where(like_title, limits.near_similarity, limits.near_similarity_other_title)
    needed = np.where(other_company & like_title, limits.near_similarity_other_company, needed)
    needed = np.where(~other_company & same_title, limits.near_similarity_same_title, needed)
    part = np.where(same_company & same_title, limits.near_similarity_contained, 2.0)
    part = np.where(other_company & title_inside, limits.near_similarity_other_contained, part)
    minimum = np.where(
        same_company & same_title, limits.near_minimum_same_title, limits.near_minimum_shingles
    )
    fits = (similarity >= needed) | (contained & (similarity >= part))
    fits &= ~(other_company & _other_level(columns.level[left], columns.level[right]))
    return np.asarray(fits & (smaller >= minimum))


def _other_level(mine: NDArray[np.uint8], theirs: NDArray[np.uint8]) -> Flags:
    """Say where titles name different levels, or only one names any: 高级 at another employer is another posting."""
    known = (mine != UNKNOWN_LEVEL) & (theirs != UNKNOWN_LEVEL)
    # the lowest bit only says that the title is known
    return np.asarray(known & (mine != theirs) & (mine & theirs <= 1))


def _titles(
    mine: NDArray[np.uint64], theirs: NDArray[np.uint64], thresholds: Thresholds
) -> tuple[Flags, Flags, Flags]:
    """Say where titles are the same, where most of the shorter stands in the longer or one is unknown, where all."""
    unknown = (mine == NO_TITLE) | (theirs == NO_TITLE)
    common, shorter = np.bitwise_count(mine & theirs), np.minimum(*map(np.bitwise_count, (mine, theirs)))
    like = unknown | (common >= thresholds.title_share * shorter)
    inside = ~unknown & (common >= thresholds.title_share_contained * shorter)
    return (mine == theirs) & ~unknown, like, inside
