"""Candidates of the learned stage over all postings, ranked for an editor; one row per folded surface."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._schema import CANDIDATE_SCHEMA

__all__ = ["CANDIDATE_SCHEMA", "PROPOSAL_SCHEMA", "rank_candidates"]

PROPOSAL_SCHEMA = pa.schema(
    [
        ("surface_folded", pa.string()),
        ("surface", pa.string()),
        ("kind", pa.string()),
        ("postings", pa.int64()),
        ("mentions", pa.int64()),
        ("score", pa.float32()),
    ]
)

# A single sure place tells less than several: this many postings' worth of doubt is mixed into the mean.
_DOUBT_POSTINGS = 1.0
_DOUBT_SCORE = 0.1
_BEST = 20


def rank_candidates(candidates: pa.Table) -> pa.Table:
    """Gather candidates (CANDIDATE_SCHEMA) by folded surface as PROPOSAL_SCHEMA, the likeliest skill first.

    The score is the mean over the best postings of a surface (one score each, the highest; at most twenty postings),
    drawn towards doubt while the postings are few. A product of the doubts (noisy-or) would call every frequent string
    a skill, as the model errs alike wherever a string stands.
    """
    if not candidates.num_rows:
        return PROPOSAL_SCHEMA.empty_table()
    written = candidates.column("surface").dictionary_encode().combine_chunks()
    names = [fold_phrase(surface) for surface in written.dictionary.to_pylist()]
    folded = pa.array(names, type=pa.string()).take(written.indices)
    table = pa.table(
        {
            "surface_folded": folded,
            "surface": candidates.column("surface"),
            "kind": candidates.column("kind"),
            "posting_id": candidates.column("posting_id"),
            "score": candidates.column("score").cast(pa.float64()),
        }
    )
    counted = _scores(table)
    for column in ("surface", "kind"):
        counted = counted.join(_commonest(table, column), "surface_folded")
    ranked = counted.sort_by(
        [("score", "descending"), ("postings", "descending"), ("surface_folded", "ascending")]
    )
    return ranked.select(PROPOSAL_SCHEMA.names).cast(PROPOSAL_SCHEMA)


def _scores(table: pa.Table) -> pa.Table:
    """Return postings, mentions and score of each folded surface."""
    by_posting = table.group_by(["surface_folded", "posting_id"]).aggregate(
        [("score", "max"), ("score", "count")]
    )
    ordered = by_posting.sort_by(
        [("surface_folded", "ascending"), ("score_max", "descending"), ("posting_id", "ascending")]
    )
    surfaces = ordered.column("surface_folded").combine_chunks()
    starts, sizes = _runs(surfaces)
    best = ordered.column("score_max").to_numpy()
    place = np.arange(len(best)) - np.repeat(starts, sizes)
    used = np.minimum(sizes, _BEST)
    sums = np.add.reduceat(np.where(place < _BEST, best, 0.0), starts)
    return pa.table(
        {
            "surface_folded": surfaces.take(pa.array(starts)),
            "postings": sizes,
            "mentions": np.add.reduceat(ordered.column("score_count").to_numpy(), starts),
            "score": (sums + _DOUBT_POSTINGS * _DOUBT_SCORE) / (used + _DOUBT_POSTINGS),
        }
    )


def _runs(ordered: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where each value of a sorted column starts and how often it stands."""
    encoded = pc.run_end_encode(ordered)
    ends = encoded.run_ends.to_numpy().astype(np.int64)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1]))
    return starts, ends - starts


def _commonest(table: pa.Table, column: str) -> pa.Table:
    """Return the value of a column that stands most often with each folded surface; the first of equals."""
    counted = table.group_by(["surface_folded", column]).aggregate([("score", "count")])
    ordered = counted.sort_by(
        [("surface_folded", "ascending"), ("score_count", "descending"), (column, "ascending")]
    )
    starts, _ = _runs(ordered.column("surface_folded").combine_chunks())
    return ordered.take(pa.array(starts)).select(["surface_folded", column])
