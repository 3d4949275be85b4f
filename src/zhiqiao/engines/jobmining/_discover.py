"""Candidates of the learned stage over all postings, ranked for an editor; one row per folded surface."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhiqiao.engines.jobmining._fold import fold_phrase

__all__ = ["CANDIDATE_SCHEMA", "PROPOSAL_SCHEMA", "rank_candidates"]

CANDIDATE_SCHEMA = pa.schema(
    [
        ("posting_id", pa.string()),
        ("surface", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("kind", pa.string()),
        ("score", pa.float32()),
        ("line_role", pa.string()),
    ]
)

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
