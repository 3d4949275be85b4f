"""Read-only questions to the Parquet lake: texts, spans and sentences; who may ask is decided by the caller.

Callers pass the uuids of imports that are live and visible; nothing else of the lake is opened.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import duckdb
import pyarrow.parquet as pq

from zhiqiao.infra import storage

__all__ = ["LakePosting", "Sentence", "Span", "count_of", "duplicates_of", "posting", "sentence_parts", "sentences", "text_parts"]

POSTINGS, MENTIONS, DUPLICATES = "postings.parquet", "mentions.parquet", "duplicates.parquet"
REJECTED = "rejected.csv"
_SENTENCE_END = re.compile(r"[。！？!?；;\n\r|]|(?<=\S)\s{2,}")
_LONGEST_SENTENCE = 160


@dataclass(frozen=True)
class Span:
    """A mention of a skill in a posting's text, in characters."""

    start: int
    end: int
    skill_key: str
    kind: str
    line_role: str


@dataclass(frozen=True)
class LakePosting:
    """The text of one posting with its mentions in order."""

    key: str
    title: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Sentence:
    """One mention of a skill with the text around it."""

    import_uuid: UUID
    row: int
    title: str
    company: str
    parts: tuple[tuple[str, bool], ...]


def posting(import_uuid: UUID, row: int) -> LakePosting | None:
    """Return the text and mentions of the posting in a row of the file, or None when the lake does not hold it."""
    folder = storage.import_folder(import_uuid)
    if not (folder / POSTINGS).exists():
        return None
    with _open() as lake:
        head = lake.execute(
            "SELECT posting_id, title, text FROM read_parquet(?) WHERE row = ?", [str(folder / POSTINGS), row]
        ).fetchone()
        if head is None:
            return None
        spans = lake.execute(
            'SELECT start, "end", skill_id, kind, line_role FROM read_parquet(?) WHERE posting_id = ? ORDER BY start',
            [str(folder / MENTIONS), head[0]],
        ).fetchall()
    return LakePosting(head[0], head[1] or "", head[2] or "", tuple(Span(*span) for span in spans))


def sentences(
    import_uuids: Sequence[UUID], *, skill_key: str, role_keys: Sequence[str] | None = None, limit: int = 20
) -> list[Sentence]:
    """Return sentences that ask for a skill, one per posting, in order of import and row."""
    found: list[Sentence] = []
    with _open() as lake:
        for uuid in import_uuids:
            folder = storage.import_folder(uuid)
            if len(found) >= limit:
                break
            if not (folder / POSTINGS).exists() or not (folder / MENTIONS).exists():
                continue
            found.extend(_sentences(lake, uuid, folder, skill_key=skill_key, role_keys=role_keys, limit=limit - len(found)))
    return found


def duplicates_of(import_uuid: UUID, key: str, *, limit: int = 20) -> list[tuple[str, str, float]]:
    """Return title, company and similarity of rows that were folded into a posting."""
    path = storage.import_folder(import_uuid) / DUPLICATES
    if not path.exists():
        return []
    with _open() as lake:
        rows = lake.execute(
            "SELECT title, company, similarity FROM read_parquet(?) WHERE duplicate_of = ? ORDER BY row LIMIT ?",
            [str(path), key, limit],
        ).fetchall()
    return [(title or "", company or "", float(similarity or 1)) for title, company, similarity in rows]


def sentence_parts(text: str, start: int, end: int) -> tuple[tuple[str, bool], ...]:
    """Cut the sentence around a span out of a text; the span is the highlighted part."""
    before, after = 0, len(text)
    for match in _SENTENCE_END.finditer(text):
        if match.end() <= start:
            before = match.end()
        elif match.start() >= end:
            after = match.end()
            break
    left, right = max(before, start - _LONGEST_SENTENCE // 2), min(after, end + _LONGEST_SENTENCE // 2)
    head = ("…" if left > before else "") + text[left:start].lstrip()
    tail = text[end:right].rstrip() + ("…" if right < after else "")
    return tuple(part for part in ((head, False), (text[start:end], True), (tail, False)) if part[0])


def text_parts(found: LakePosting) -> Iterator[tuple[str, Span | None]]:
    """Cut a posting's text at its spans; plain pieces carry None."""
    at = 0
    for span in found.spans:
        if span.start < at:
            continue
        if span.start > at:
            yield found.text[at : span.start], None
        yield found.text[span.start : span.end], span
        at = span.end
    if at < len(found.text):
        yield found.text[at:], None


def _sentences(
    lake: duckdb.DuckDBPyConnection,
    uuid: UUID,
    folder: Path,
    *,
    skill_key: str,
    role_keys: Sequence[str] | None,
    limit: int,
) -> Iterator[Sentence]:
    rows = lake.execute(
        """
        WITH asked AS (
            SELECT posting_id, min(start) AS start, arg_min("end", start) AS "end"
            FROM read_parquet($mentions) WHERE skill_id = $skill GROUP BY posting_id
        )
        SELECT p.row, p.title, p.company, p.text, asked.start, asked."end"
        FROM read_parquet($postings) AS p JOIN asked USING (posting_id)
        WHERE $roles IS NULL OR list_contains($roles, p.role_id)
        ORDER BY p.row LIMIT $limit
        """,
        {
            "mentions": str(folder / MENTIONS),
            "postings": str(folder / POSTINGS),
            "skill": skill_key,
            "roles": None if role_keys is None else list(role_keys),
            "limit": limit,
        },
    ).fetchall()
    for row, title, company, text, start, end in rows:
        yield Sentence(uuid, row, title or "", company or "", sentence_parts(text or "", start, end))


@contextmanager
def _open() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open DuckDB in memory, allowed to read the lake and nothing else."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        folder = str(storage.lake_imports()).replace("'", "''")
        connection.execute(f"SET allowed_directories = ['{folder}/']")  # settings take no parameters
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def count_of(import_uuid: UUID) -> tuple[int | None, int]:
    """Return how many duplicate rows (None when not stored) and quarantined rows an import's folder holds."""
    folder = storage.import_folder(import_uuid)
    duplicates: int | None = None
    if (folder / DUPLICATES).exists():
        duplicates = pq.read_metadata(folder / DUPLICATES).num_rows
    rejected = 0
    if (folder / REJECTED).exists():
        with (folder / REJECTED).open(encoding="utf-8-sig", newline="") as source:
            rejected = sum(1 for _ in csv.reader(source)) - 1
    return duplicates, max(0, rejected)
