"""Brings the rows of an import from the mentions they were written from to other mentions; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from zhiqiao.platform.data import duck, lake
from zhiqiao.platform.data.loading import CHUNK, COUNT_CHUNK, Keys, folded, insert_pairs, key_of
from zhiqiao.platform.data.models import JobPosting, PostingImport, PostingSkill, SkillCount

__all__ = ["Difference", "difference", "write_difference"]


@dataclass(frozen=True)
class Difference:
    """What other mentions change in the rows of an import: places of mentions, skills, counts of some skills."""

    places: Sequence[tuple[str, int, int]]
    skills: Mapping[str, Sequence[str]]
    affected: Sequence[str]
    counts: Sequence[tuple[str | None, str, str, int]]


_PER_POSTING = """
    SELECT posting_id, coalesce(list(DISTINCT skill_id ORDER BY skill_id) FILTER (skill_id IS NOT NULL), []) AS skills,
        min(file_row_number) AS start, count(*) AS mentions
    FROM read_parquet({source}, file_row_number = true) GROUP BY posting_id
"""


def difference(folder: Path, before: Path, after: Path) -> Difference:
    """Compare two files of mentions of one import, in the background, before anything is locked."""
    source = {"before": str(before), "after": str(after)}
    with duck.opened() as store:
        rows = store.execute(
            f"""
            WITH a AS ({_PER_POSTING.format(source="$before")}), b AS ({_PER_POSTING.format(source="$after")})
            SELECT coalesce(a.posting_id, b.posting_id), coalesce(b.start, 0), coalesce(b.mentions, 0),
                coalesce(b.skills, []), coalesce(a.skills, []) IS DISTINCT FROM coalesce(b.skills, [])
            FROM a FULL JOIN b USING (posting_id)
            WHERE a.start IS DISTINCT FROM b.start OR a.mentions IS DISTINCT FROM b.mentions
                OR a.skills IS DISTINCT FROM b.skills
            ORDER BY 1
            """,  # noqa: S608 - names of parameters
            source,
        ).fetchall()
        affected = [
            skill
            for (skill,) in store.execute(
                f"""
                WITH a AS ({_PER_POSTING.format(source="$before")}), b AS ({_PER_POSTING.format(source="$after")}),
                    one AS (SELECT posting_id, unnest(skills) AS skill FROM a),
                    two AS (SELECT posting_id, unnest(skills) AS skill FROM b)
                SELECT DISTINCT skill FROM ((FROM one EXCEPT FROM two) UNION ALL (FROM two EXCEPT FROM one))
                ORDER BY skill
                """,  # noqa: S608 - see above
                source,
            ).fetchall()
        ]
        counts = store.execute(
            """
            SELECT p.role_id, m.skill_id, coalesce(p.month, ''), count(DISTINCT p.posting_id)
            FROM read_parquet($after) AS m JOIN read_parquet($postings) AS p USING (posting_id)
            WHERE list_contains($affected, m.skill_id) GROUP BY ALL ORDER BY ALL
            """,
            {"after": str(after), "postings": str(folder / lake.POSTINGS), "affected": affected},
        ).fetchall()
    return Difference(
        places=[(key, start, count) for key, start, count, _skills, _other in rows],
        skills={key: skills for key, _start, _count, skills, other in rows if other},
        affected=affected,
        counts=counts,
    )


def write_difference(posting_import: PostingImport, update: Difference) -> int:
    """Bring rows to the new mentions inside the caller's transaction; return the postings whose skills changed."""
    keys = Keys.read()
    ids = dict(JobPosting.objects.filter(posting_import=posting_import).values_list("key", "id"))
    asked = {ids[key_of(key)]: found for key, found in update.skills.items() if key_of(key) in ids}
    touched, table = list(asked), JobPosting._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET mention_start = %s, mention_count = %s WHERE id = %s",  # noqa: S608 - our own table
            [(start, count, ids[key_of(key)]) for key, start, count in update.places if key_of(key) in ids],
        )
        for start in range(0, len(touched), CHUNK):
            part = touched[start : start + CHUNK]
            PostingSkill.objects.filter(posting_id__in=part)._raw_delete(using=connection.alias)
            insert_pairs(
                cursor, [(pk, keys.skills[key]) for pk in part for key in asked[pk] if key in keys.skills]
            )
    _write_counts(posting_import, update, keys)
    return len(touched)


def _write_counts(posting_import: PostingImport, update: Difference, keys: Keys) -> None:
    affected = [keys.skills[key] for key in update.affected if key in keys.skills]
    for start in range(0, len(affected), CHUNK):
        SkillCount.objects.filter(
            posting_import=posting_import, skill__in=affected[start : start + CHUNK]
        ).delete()
    counts = folded(
        ((keys.roles.get(role or ""), keys.skills[skill], month), count)
        for role, skill, month, count in update.counts
        if skill in keys.skills
    )
    SkillCount.objects.bulk_create(
        (
            SkillCount(
                posting_import=posting_import, role_id=role, skill_id=skill, month=month, postings=count
            )
            for (role, skill, month), count in counts
        ),
        batch_size=COUNT_CHUNK,
    )
