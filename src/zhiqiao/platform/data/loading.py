"""Moves a mined import from the lake into rows and out again, in short transactions; its state is not decided here.

Each chunk holds postings with all their skills, so a posting that is there is complete: an interrupted load goes on
behind the rows it finds and ends with the same rows as an undisturbed one.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid5

import duckdb
import pyarrow.parquet as pq
from django.db import connection, transaction

from zhiqiao.engines import jobmining
from zhiqiao.platform.data import duck, lake, measuring
from zhiqiao.platform.data.models import (
    CorrectedPosting,
    JobPosting,
    JobRole,
    PostingImport,
    PostingSkill,
    RoleCount,
    Skill,
    SkillCount,
)

__all__ = [
    "CHUNK",
    "COUNT_CHUNK",
    "Keys",
    "fold_title",
    "folded",
    "insert_pairs",
    "key_of",
    "load_rows",
    "remove_rows",
]

#: Postings per transaction: well under 0.1 s of the only writer's time on SQLite.
CHUNK = 250
COUNT_CHUNK = 4_000
#: Pause between two write transactions, so that waiting writers get their turn.
_BREATH = 0.005
_LONGEST_KEY = 128
#: Columns that files of older imports lack.
_CODED = ("role_confidence", "industry_code", "work_form", "legitimacy")

Progress = Callable[[int, int], None]
_Row = Mapping[str, Any]  # Any: columns of several types


@dataclass(frozen=True)
class Keys:
    """Ids of posts and skills by key."""

    roles: Mapping[str, int]
    skills: Mapping[str, int]

    @classmethod
    def read(cls) -> Keys:
        """Read them all."""
        return cls(
            dict(JobRole.objects.values_list("key", "id")), dict(Skill.objects.values_list("key", "id"))
        )


def load_rows(posting_import: PostingImport, folder: Path, *, progress: Progress) -> int:
    """Write postings, their skills and the counts of a mined folder; return the postings that are there now.

    `progress` gets postings done and in all after each chunk and may raise to stop.
    """
    keys = Keys.read()
    there = set(JobPosting.objects.filter(posting_import=posting_import).values_list("key", flat=True))
    with duck.opened() as store:
        total = _count(store, folder)
        done = 0
        for chunk in _chunks(store, folder):
            fresh = [row for row in chunk if key_of(row["posting_id"]) not in there]
            if fresh:
                _write_chunk(posting_import, fresh, keys)
            done += len(chunk)
            progress(done, total)
            time.sleep(_BREATH)
        _write_counts(posting_import, store, folder, keys)
    measuring.measure(posting_import, folder, roles=keys.roles)
    return total


def remove_rows(posting_import: PostingImport, *, progress: Progress | None = None) -> int:
    """Delete an import's counts, postings and their skills in chunks; return how many postings went."""
    _remove_counts(posting_import)
    measuring.forget_facets(posting_import)
    postings = JobPosting.objects.filter(posting_import=posting_import)
    total, done = postings.count(), 0
    while ids := list(postings.order_by("id").values_list("id", flat=True)[:CHUNK]):
        with transaction.atomic():
            # the rows have no further dependants, so the collector's questions can be left out
            CorrectedPosting.objects.filter(posting_id__in=ids)._raw_delete(using=connection.alias)
            PostingSkill.objects.filter(posting_id__in=ids)._raw_delete(using=connection.alias)
            JobPosting.objects.filter(id__in=ids)._raw_delete(using=connection.alias)
        done += len(ids)
        if progress is not None:
            progress(done, total)
        time.sleep(_BREATH)
    return done


def key_of(posting_id: str) -> str:
    """Return the key of a posting: its id in the lake, shortened when a source has ids of absurd length."""
    if len(posting_id) <= _LONGEST_KEY:
        return posting_id
    return posting_id[: _LONGEST_KEY - 64] + hashlib.sha256(posting_id.encode()).hexdigest()


def _write_chunk(posting_import: PostingImport, rows: Sequence[_Row], keys: Keys) -> None:
    # everything that needs thought is done before the transaction: it holds the only writer's lock on SQLite
    statement, values = _insert_statement([_posting(posting_import, row, keys) for row in rows])
    asked = {key_of(row["posting_id"]): row["skills"] or () for row in rows}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        pairs = [
            (pk, keys.skills[skill])
            for pk, key in cursor.fetchall()
            for skill in asked[key]
            if skill in keys.skills
        ]
        insert_pairs(cursor, pairs)


def _insert_statement(postings: Sequence[JobPosting]) -> tuple[str, list[Any]]:  # Any: prepared values
    """Return one INSERT for all postings that gives back (id, key): `bulk_create` takes five times as long."""
    fields = [field for field in JobPosting._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(field.column or "") for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    statement = (
        f"INSERT INTO {JobPosting._meta.db_table} ({columns}) "  # noqa: S608 - names of our own model
        f"VALUES {', '.join([row] * len(postings))} RETURNING id, {connection.ops.quote_name('key')}"
    )
    values = [
        field.get_db_prep_save(field.pre_save(posting, add=True), connection)
        for posting in postings
        for field in fields
    ]
    return statement, values


def _posting(posting_import: PostingImport, row: _Row, keys: Keys) -> JobPosting:
    return JobPosting(
        uuid=uuid5(posting_import.uuid, row["posting_id"]),
        org_root_id=posting_import.org_root_id,
        posting_import=posting_import,
        key=key_of(row["posting_id"]),
        row=row["row"] or 0,
        mention_start=row["mention_start"] or 0,
        mention_count=row["mention_count"] or 0,
        title=(row["title"] or "")[:300],
        company=(row["company"] or "")[:300],
        folded_title=fold_title(row["title"] or "")[:300],
        role_id=keys.roles.get(row["role_id"] or ""),
        role_confidence=row["role_confidence"],
        industry_code=row["industry_code"] or "",
        work_form=row["work_form"] or "",
        legitimacy=_joined(row["legitimacy"] or ()),
        is_coded=row["legitimacy"] is not None,
        city=(row["city"] or "")[:60],
        city_code=(row["city_code"] or "")[:6],
        salary_min=row["salary_min"],
        salary_max=row["salary_max"],
        diploma=(row["diploma"] or "")[:30],
        experience_min=row["experience_min"],
        published=row["published"],
        month=row["month"] or "",
    )


@lru_cache(maxsize=20_000)
def fold_title(title: str) -> str:
    """Return a title as titles are compared: by what it says, not by width, case or markup."""
    return jobmining.fold_phrase(jobmining.clean_text(title))


def _joined(codes: Sequence[str]) -> str:
    """Return codes as one value that `contains` can ask for on every database."""
    return f"|{'|'.join(codes)}|" if codes else ""


def insert_pairs(cursor: Any, pairs: Sequence[tuple[int, int]]) -> None:  # Any: Django's cursor wrapper
    """Insert (posting, skill) pairs by the fastest plain way of each database."""
    table = PostingSkill._meta.db_table
    if connection.vendor == "postgresql":
        cursor.execute(
            f"INSERT INTO {table} (posting_id, skill_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[])",  # noqa: S608 - our own table's name
            [[posting for posting, _ in pairs], [skill for _, skill in pairs]],
        )
    else:
        cursor.executemany(f"INSERT INTO {table} (posting_id, skill_id) VALUES (%s, %s)", pairs)  # noqa: S608


def _write_counts(
    posting_import: PostingImport, store: duckdb.DuckDBPyConnection, folder: Path, keys: Keys
) -> None:
    _remove_counts(posting_import)
    source = {"postings": str(folder / lake.POSTINGS), "mentions": str(folder / lake.MENTIONS)}
    roles = store.execute(
        "SELECT role_id, coalesce(month, ''), count(*) FROM read_parquet($postings) GROUP BY ALL ORDER BY ALL",
        {"postings": source["postings"]},
    ).fetchall()
    skills = store.execute(
        """
        SELECT p.role_id, m.skill_id, coalesce(p.month, ''), count(DISTINCT p.posting_id)
        FROM read_parquet($mentions) AS m JOIN read_parquet($postings) AS p USING (posting_id)
        WHERE m.skill_id IS NOT NULL
        GROUP BY ALL ORDER BY ALL
        """,
        source,
    ).fetchall()
    with transaction.atomic():
        RoleCount.objects.bulk_create(
            RoleCount(posting_import=posting_import, role_id=role, month=month, postings=count)
            for (role, month), count in folded(
                ((keys.roles.get(key or ""), month), count) for key, month, count in roles
            )
        )
    counts = [
        SkillCount(posting_import=posting_import, role_id=role, skill_id=skill, month=month, postings=count)
        for (role, skill, month), count in folded(
            ((keys.roles.get(role or ""), keys.skills[skill], month), count)
            for role, skill, month, count in skills
            if skill in keys.skills
        )
    ]
    for start in range(0, len(counts), COUNT_CHUNK):
        with transaction.atomic():
            SkillCount.objects.bulk_create(counts[start : start + COUNT_CHUNK])
        time.sleep(_BREATH)


def folded(items: Iterator[tuple[Any, int]]) -> list[tuple[Any, int]]:  # Any: tuples of ids and month
    """Sum the counts of equal keys: several unknown posts of the lake are one unknown post here."""
    sums: dict[Any, int] = {}  # Any: see above
    for key, count in items:
        sums[key] = sums.get(key, 0) + count
    return list(sums.items())


def _remove_counts(posting_import: PostingImport) -> None:
    for model in (SkillCount, RoleCount):
        rows = model._default_manager.filter(posting_import=posting_import).values_list("id", flat=True)
        while ids := list(rows[:COUNT_CHUNK]):
            model._default_manager.filter(id__in=ids)._raw_delete(using=connection.alias)


def _count(store: duckdb.DuckDBPyConnection, folder: Path) -> int:
    found = store.execute("SELECT count(*) FROM read_parquet(?)", [str(folder / lake.POSTINGS)]).fetchone()
    return int(found[0]) if found else 0


def _chunks(store: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[list[_Row]]:
    there = set(pq.read_schema(folder / lake.POSTINGS).names)
    coded = ", ".join(f"p.{name}" if name in there else f"NULL AS {name}" for name in _CODED)
    result = store.cursor().execute(
        f"""
        SELECT p.posting_id, p.row, p.title, p.company, p.role_id, p.city, p.city_code, p.salary_min, p.salary_max,
            p.diploma, p.experience_min, p.published, p.month, {coded}, s.skills, s.mention_start, s.mention_count
        FROM read_parquet($postings) AS p LEFT JOIN (
            SELECT posting_id, list(DISTINCT skill_id ORDER BY skill_id) FILTER (skill_id IS NOT NULL) AS skills,
                min(file_row_number) AS mention_start, count(*) AS mention_count
            FROM read_parquet($mentions, file_row_number = true) GROUP BY posting_id
        ) AS s USING (posting_id) ORDER BY p.row, p.posting_id
        """,  # noqa: S608 - our own column names
        {"postings": str(folder / lake.POSTINGS), "mentions": str(folder / lake.MENTIONS)},
    )
    names = [column[0] for column in result.description]
    while rows := result.fetchmany(CHUNK):
        yield [dict(zip(names, row, strict=True)) for row in rows]
