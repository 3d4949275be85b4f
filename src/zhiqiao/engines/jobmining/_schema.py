"""Arrow schemas of everything this engine writes; no behaviour."""

from __future__ import annotations

import pyarrow as pa

__all__ = ["CANDIDATE_SCHEMA", "DUPLICATE_SCHEMA", "MENTION_SCHEMA", "POSTING_SCHEMA", "sketch_schema"]

POSTING_SCHEMA = pa.schema(
    [
        ("posting_id", pa.string()),
        ("title", pa.string()),  # title and text as they came, contact data masked
        ("text", pa.string()),
        ("row", pa.int64()),
        ("company", pa.string()),
        ("text_kind", pa.string()),  # "text", or "tags": the text is tags joined by "|"
        ("city_code", pa.string()),
        ("city", pa.string()),
        ("salary_min", pa.int64()),
        ("salary_max", pa.int64()),
        ("salary_months", pa.int32()),
        ("salary_period", pa.string()),
        ("experience_min", pa.float32()),
        ("experience_max", pa.float32()),
        ("diploma", pa.string()),
        ("published", pa.date32()),
        ("month", pa.string()),
        ("industry", pa.string()),
        ("company_type", pa.string()),
        ("company_size", pa.string()),
        ("tags", pa.string()),
        ("source_file", pa.string()),
        ("content_hash", pa.string()),
        ("role_id", pa.string()),
        ("role_confidence", pa.float32()),  # null where no post is known
        ("industry_code", pa.string()),  # section of GB/T 4754, A to T
        ("work_form", pa.string()),  # full_time, part_time, internship or flexible
        ("legitimacy", pa.list_(pa.string())),  # codes of signals
        ("occupation_code", pa.string()),
        ("occupation_score", pa.float32()),
    ]
)

DUPLICATE_SCHEMA = pa.schema(
    [
        *POSTING_SCHEMA,
        ("duplicate_of", pa.string()),
        ("similarity", pa.float32()),
        ("duplicate_kind", pa.string()),
    ]
)

MENTION_SCHEMA = pa.schema(
    [
        ("posting_id", pa.string()),
        ("skill_id", pa.string()),
        ("skill_zh", pa.string()),
        ("surface", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("kind", pa.string()),
        ("aspect", pa.string()),
        ("level", pa.string()),
        ("line_role", pa.string()),
        ("source", pa.string()),
    ]
)

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


def sketch_schema(sketch_size: int) -> pa.Schema:
    """Return the schema of the table a later import needs to find duplicates of this one."""
    return pa.schema(
        [
            ("posting_id", pa.string()),
            ("content_hash", pa.string()),
            ("company_key", pa.uint64()),
            ("title_bits", pa.uint64()),
            ("title_level", pa.int16()),
            ("city_key", pa.string()),  # not city_code: steps carry it beside the place of the posting
            ("shingles", pa.int32()),
            ("sketch", pa.binary(2 * sketch_size)),
        ]
    )
