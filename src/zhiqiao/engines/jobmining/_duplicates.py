"""Which postings are copies of an earlier one, exactly or nearly; fingerprints are made in `_sketch`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._rules import Thresholds
from zhiqiao.engines.jobmining._sketch import EMPTY_COMPANY

__all__ = ["Duplicate", "DuplicateKind", "deduplicate", "find_duplicates"]

DuplicateKind = Literal["exact", "near"]


@dataclass(frozen=True)
class Duplicate:
    """Row `row` is a copy of the kept posting `duplicate_of`."""

    row: int
    duplicate_of: str
    similarity: float
    kind: DuplicateKind


@dataclass(frozen=True)
class _Columns:
    ids: Sequence[str]
    exact: NDArray[np.int64]
    company: NDArray[np.uint64]
    city: NDArray[np.int64]
    shingles: NDArray[np.int32]
    sketch: NDArray[np.uint16]


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
    known_rows = 0 if known is None else known.num_rows
    joined = prints if known is None else pa.concat_tables([known.select(prints.column_names), prints])
    columns = _columns(joined, thresholds)
    exact = _exact(columns, known_rows)
    kept = np.ones(joined.num_rows, dtype=bool)
    kept[[row for row, _ in exact]] = False
    near = {
        row: (other, similarity) for row, other, similarity in _near(columns, kept, known_rows, thresholds)
    }
    found: list[Duplicate] = []
    for row, other in exact:
        # An exact copy of a row that turned out a near copy points to what that one copies.
        target, similarity = near.get(other, (other, 1.0))
        kind: DuplicateKind = "near" if other in near else "exact"
        found.append(Duplicate(row - known_rows, columns.ids[target], similarity, kind))
    found += [
        Duplicate(row - known_rows, columns.ids[other], similarity, "near")
        for row, (other, similarity) in near.items()
    ]
    return sorted(found, key=lambda item: item.row)


def _columns(table: pa.Table, thresholds: Thresholds) -> _Columns:
    joined = table.combine_chunks()
    flat = b"".join(value for value in joined["sketch"].to_pylist())
    city = pc.fill_null(joined["city_code"], "")
    return _Columns(
        ids=joined["posting_id"].to_pylist(),
        exact=_codes(joined["content_hash"]),
        company=joined["company_key"].to_numpy(),
        city=np.where(np.asarray(pc.equal(city, "")), -1, _codes(city)),
        shingles=joined["shingles"].to_numpy(),
        sketch=np.frombuffer(flat, dtype="<u2").reshape(-1, thresholds.sketch_size),
    )


def _codes(column: pa.ChunkedArray) -> NDArray[np.int64]:
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _same_place(columns: _Columns, row: int, others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """An unknown place may be any place."""
    city = columns.city
    if city[row] < 0:
        return np.ones(len(others), dtype=bool)
    theirs = city[others]
    return np.asarray((theirs == city[row]) | (theirs < 0))


def _exact(columns: _Columns, known_rows: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    first: dict[int, list[int]] = {}
    for row, code in enumerate(columns.exact.tolist()):
        earlier = first.setdefault(code, [])
        match = None
        if earlier:
            fits = _same_place(columns, row, np.asarray(earlier))
            match = earlier[int(np.argmax(fits))] if fits.any() else None
        if match is None or row < known_rows:
            earlier.append(row)
        else:
            pairs.append((row, match))
    return pairs


def _near(
    columns: _Columns, kept: NDArray[np.bool_], known_rows: int, thresholds: Thresholds
) -> list[tuple[int, int, float]]:
    candidates = np.flatnonzero(kept & (columns.shingles >= thresholds.near_minimum_shingles))
    groups, rows = _buckets(columns.sketch, candidates, thresholds)
    pairs: list[tuple[int, int, float]] = []
    keepers: dict[int, list[int]] = {}
    bounds = np.flatnonzero(np.diff(rows)) + 1
    for mine in np.split(np.arange(len(rows)), bounds) if len(rows) else []:
        row = int(rows[mine[0]])
        buckets = groups[mine].tolist()
        match = None
        if row >= known_rows:
            others = sorted({other for bucket in buckets for other in keepers.get(bucket, ())})
            match = _best(columns, row, others, thresholds)
        if match is not None:
            pairs.append((row, *match))
            continue
        for bucket in buckets:
            members = keepers.setdefault(bucket, [])
            if len(members) < thresholds.bucket_representatives:
                members.append(row)
    return pairs


def _buckets(
    sketches: NDArray[np.uint16], candidates: NDArray[np.int64], thresholds: Thresholds
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (bucket, row) for every bucket that more than one row falls into, in the order of rows."""
    buckets: list[NDArray[np.int64]] = []
    members: list[NDArray[np.int64]] = []
    offset = 0
    width = thresholds.band_rows
    for band in range(thresholds.bands):
        part = np.ascontiguousarray(sketches[candidates, band * width : (band + 1) * width])
        keys = part.view(np.dtype((np.void, 2 * width))).ravel()
        _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        shared = counts[inverse] > 1
        buckets.append(inverse[shared].astype(np.int64) + offset)
        members.append(candidates[shared])
        offset += len(counts)
    rows = np.concatenate(members)
    order = np.argsort(rows, kind="stable")
    return np.concatenate(buckets)[order], rows[order]


def _best(
    columns: _Columns, row: int, others: Sequence[int], thresholds: Thresholds
) -> tuple[int, float] | None:
    if not others:
        return None
    rivals = np.asarray(others, dtype=np.int64)
    similarity = (columns.sketch[rivals] == columns.sketch[row]).mean(axis=1)
    mine, theirs = columns.company[row], columns.company[rivals]
    one_company = (theirs == mine) | (theirs == EMPTY_COMPANY) | (mine == EMPTY_COMPANY)
    needed = np.where(one_company, thresholds.near_similarity, thresholds.near_similarity_other_company)
    fits = (similarity >= needed) & _same_place(columns, row, rivals)
    if not fits.any():
        return None
    chosen = int(np.argmax(fits))
    return int(rivals[chosen]), round(float(similarity[chosen]), 4)
