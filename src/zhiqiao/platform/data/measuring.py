"""Measures what a mined import holds (places, industries, kinds of text, pay) and stores the counts; judges nothing.

Values come from the lake, which keeps what the machine said; the post of a posting and whether it counts come from
its row wherever a person decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection, transaction
from django.db.models import Q

from zhiqiao.infra import storage
from zhiqiao.platform.data import duck, lake
from zhiqiao.platform.data.models import Facet, FacetCount, ImportState, JobPosting, JobRole, PostingImport

__all__ = ["forget_facets", "measure", "measure_again", "measure_unmeasured"]

_CHUNK = 4_000
_DECIDED = pa.schema([("row", pa.int64()), ("role_id", pa.string()), ("is_excluded", pa.bool_())])
#: Each facet's value as DuckDB finds it in postings.parquet.
_VALUES = {
    Facet.CITY: "coalesce(city, '')",
    Facet.INDUSTRY: "coalesce(industry_code, '')",
    Facet.TEXT_KIND: "coalesce(text_kind, '')",
    Facet.PAY: (
        "coalesce(cast((coalesce(salary_min, salary_max) + coalesce(salary_max, salary_min)) // 2 AS VARCHAR), '')"
    ),
}
_NEEDS = {Facet.INDUSTRY: "industry_code"}


def measure(posting_import: PostingImport, folder: Path, *, roles: Mapping[str, int]) -> None:
    """Store the counts of a mined folder anew, in one step; `roles` gives the ids of posts by key."""
    there = set(pq.read_schema(folder / lake.POSTINGS).names)
    sums: dict[tuple[int | None, Facet, str], tuple[str, str, int]] = {}
    with duck.opened() as store:
        store.register("decided", _decided(posting_import))
        for facet, value in _VALUES.items():
            known = _NEEDS.get(facet, "city") in there
            for role, text, first, last, count in _grouped(store, folder, value if known else "''"):
                key = (roles.get(role or ""), facet, text[:60])
                sums[key] = _joined(sums.get(key), (first, last, count))
    rows = [
        FacetCount(
            posting_import=posting_import,
            role_id=role,
            facet=facet,
            value=value,
            earliest=first,
            latest=last,
            postings=count,
        )
        for (role, facet, value), (first, last, count) in sums.items()
    ]
    with transaction.atomic():  # whoever reads sees the counts of before or those of now
        forget_facets(posting_import)
        FacetCount.objects.bulk_create(rows, batch_size=_CHUNK)


def measure_again(posting_import: PostingImport) -> None:
    """Measure a live import again after people decided about some of its rows."""
    folder = storage.import_folder(posting_import.uuid)
    if (folder / lake.POSTINGS).exists():
        measure(posting_import, folder, roles=dict(JobRole.objects.values_list("key", "id")))


def _decided(posting_import: PostingImport) -> pa.Table:
    rows = JobPosting.objects.filter(
        Q(corrected__isnull=False) | Q(is_excluded=True), posting_import=posting_import
    )
    columns = zip(*rows.values_list("row", "role__key", "is_excluded"), strict=True)
    return pa.table([list(column) for column in columns] or [[], [], []], schema=_DECIDED)


def forget_facets(posting_import: PostingImport) -> None:
    """Remove an import's counts in short transactions."""
    rows = FacetCount.objects.filter(posting_import=posting_import).values_list("id", flat=True)
    while ids := list(rows[:_CHUNK]):
        FacetCount.objects.filter(id__in=ids)._raw_delete(using=connection.alias)


def measure_unmeasured() -> int:
    """Measure live imports that were loaded before there was anything to measure with; return how many."""
    roles = dict(JobRole.objects.values_list("key", "id"))
    rows = PostingImport.objects.filter(state=ImportState.LIVE, kept__gt=0, facets__isnull=True).order_by(
        "id"
    )
    done = 0
    for row in rows[:20]:
        folder = storage.import_folder(row.uuid)
        if (folder / lake.POSTINGS).exists():
            measure(row, folder, roles=roles)
            done += 1
    return done


def _grouped(
    store: duckdb.DuckDBPyConnection, folder: Path, value: str
) -> list[tuple[str | None, str, str, str, int]]:
    return store.execute(
        f"""
        SELECT CASE WHEN d.row IS NULL THEN p.role_id ELSE d.role_id END AS role_id, {value} AS value,
            coalesce(min(nullif(month, '')), ''), coalesce(max(nullif(month, '')), ''), count(*)
        FROM read_parquet($postings) AS p LEFT JOIN decided AS d ON d.row = p.row
        WHERE d.is_excluded IS DISTINCT FROM true GROUP BY ALL ORDER BY ALL
        """,  # noqa: S608 - expressions of our own
        {"postings": str(folder / lake.POSTINGS)},
    ).fetchall()


def _joined(one: tuple[str, str, int] | None, other: tuple[str, str, int]) -> tuple[str, str, int]:
    """Join two counts: several unknown posts of the lake are one unknown post here."""
    if one is None:
        return other
    first = min(filter(None, (one[0], other[0])), default="")
    return first, max(one[1], other[1]), one[2] + other[2]
