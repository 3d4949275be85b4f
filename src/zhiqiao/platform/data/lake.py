"""Read-only questions to the Parquet lake: texts, spans and sentences; who may ask is decided by the caller.

Callers pass the uuids of imports that are live and visible; nothing else of the lake is opened.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pyarrow.parquet as pq

from zhiqiao.engines import jobmining
from zhiqiao.infra import storage
from zhiqiao.platform.data import duck, parquet

__all__ = [
    "DUPLICATES",
    "MENTIONS",
    "POSTINGS",
    "Decided",
    "LakePosting",
    "Sentence",
    "Span",
    "Store",
    "count_of",
    "duplicates_of",
    "experience_of",
    "mentions_path",
    "opened",
    "posting",
    "sentence_parts",
    "sentences",
    "shown",
    "text_parts",
]

Store = duckdb.DuckDBPyConnection
POSTINGS, MENTIONS, DUPLICATES = "postings.parquet", "mentions.parquet", "duplicates.parquet"
REJECTED = "rejected.csv"
_SENTENCE_END = re.compile(r"[。！？!?；;\n\r|]|(?<=\S)\s{2,}")
_LONGEST_SENTENCE = 160
_SPAN = ("start", "end", "skill_id", "kind", "line_role")


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
    industry: str = ""
    salary_period: str = ""


@dataclass(frozen=True)
class Sentence:
    """One mention of a skill with the text around it."""

    import_uuid: UUID
    row: int
    title: str
    company: str
    parts: tuple[tuple[str, bool], ...]


def mentions_path(folder: Path, version: str) -> Path:
    """Return the mentions that belong to rows of a taxonomy version.

    Mining again writes a file named by its version, brings the rows up to date in one transaction, and only then
    gives the file its lasting name; whoever asks in between by the version of the rows gets the file that fits them.
    """
    fresh = folder / f"mentions-{version}.parquet"
    return fresh if version and fresh.exists() else folder / MENTIONS


def posting(
    import_uuid: UUID, row: int, *, mentions: tuple[int, int], version: str = ""
) -> LakePosting | None:
    """Return the text and mentions of the posting in a row of the file, or None when the lake does not hold it.

    `mentions` are the first row and the number of its rows in the mentions of this taxonomy version. What only the
    learned stage found is no skill yet and left out.
    """
    folder = storage.import_folder(import_uuid)
    if not (folder / POSTINGS).exists():
        return None
    columns = ["posting_id", "title", "text", "industry", "salary_period"]
    found = parquet.rows(folder / POSTINGS, columns=columns, where={"row": [row]})
    if not found:
        return None
    head = found[0]
    spans = tuple(
        Span(*(item[name] for name in _SPAN))
        for item in _slice(mentions_path(folder, version), *mentions, columns=["posting_id", *_SPAN])
        if item["posting_id"] == head["posting_id"] and item["skill_id"]
    )
    return LakePosting(
        head["posting_id"],
        head["title"] or "",
        head["text"] or "",
        spans,
        head["industry"] or "",
        head["salary_period"] or "",
    )


def experience_of(import_uuid: UUID) -> Iterator[tuple[str, float | None, float | None]]:
    """Yield each posting's key with the years of experience it asks for (low, high); nothing where no file is."""
    path = storage.import_folder(import_uuid) / POSTINGS
    if not path.exists():
        return
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=["posting_id", "experience_min", "experience_max"]):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _slice(
    path: Path, start: int, count: int, *, columns: list[str]
) -> list[dict[str, Any]]:  # Any: Parquet values
    """Return some consecutive rows of a Parquet file, opening only the row groups that hold them."""
    rows: list[dict[str, Any]] = []  # Any: see above
    with pq.ParquetFile(path) as file:
        at = 0
        for number in range(file.num_row_groups if count else 0):
            size = file.metadata.row_group(number).num_rows
            first, last = max(start, at), min(start + count, at + size)
            if first < last:
                group = file.read_row_group(number, columns=columns, use_threads=False)
                rows.extend(group.slice(first - at, last - first).to_pylist())
            at += size
    return rows


@dataclass(frozen=True)
class Decided:
    """Rows of a file that people put into some posts, and rows they took out of them or of all figures."""

    added: Sequence[int] = ()
    removed: Sequence[int] = ()


def sentences(
    imports: Mapping[UUID, str],
    *,
    skill_key: str,
    role_keys: Sequence[str] | None = None,
    decided: Mapping[UUID, Decided] | None = None,
    limit: int = 20,
) -> list[Sentence]:
    """Return sentences that ask for a skill, one per posting, in order of import (and its version) and row."""
    found: list[Sentence] = []
    with opened() as lake:
        for uuid, version in imports.items():
            folder = storage.import_folder(uuid)
            if len(found) >= limit:
                break
            if not (folder / POSTINGS).exists() or not (folder / MENTIONS).exists():
                continue
            missing = limit - len(found)
            found.extend(
                _sentences(
                    lake,
                    uuid,
                    folder,
                    version=version,
                    skill_key=skill_key,
                    role_keys=role_keys,
                    decided=(decided or {}).get(uuid, Decided()),
                    limit=missing,
                )
            )
    return found


def duplicates_of(import_uuid: UUID, key: str, *, limit: int = 20) -> list[tuple[str, str, float]]:
    """Return title, company and similarity of rows that were folded into a posting."""
    path = storage.import_folder(import_uuid) / DUPLICATES
    if not path.exists():
        return []
    columns = ["title", "company", "similarity"]
    found = parquet.rows(path, columns=columns, where={"duplicate_of": [key]})
    return [
        (item["title"] or "", item["company"] or "", float(item["similarity"] or 1)) for item in found[:limit]
    ]


def sentence_parts(text: str, start: int, end: int) -> tuple[tuple[str, bool], ...]:
    """Cut the sentence around a span out of a text; the span is the highlighted part."""
    # Markup goes first: a tag is never cut in half, and the `;` of an entity ends no sentence.
    head, tail = shown(text[:start]), shown(text[end:])
    begins = [match.end() for match in _SENTENCE_END.finditer(head)]
    head = head[begins[-1] if begins else 0 :].lstrip()
    stop = _SENTENCE_END.search(tail)
    tail = tail[: stop.end() if stop else None].rstrip()
    most = _LONGEST_SENTENCE // 2
    head = f"…{head[-most:]}" if len(head) > most else head
    tail = f"{tail[:most]}…" if len(tail) > most else tail
    return tuple(part for part in ((head, False), (shown(text[start:end]), True), (tail, False)) if part[0])


def shown(text: str) -> str:
    """Return a piece of a stored text as a page shows it: without markup and control characters."""
    return jobmining.plain_text(text)


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
    version: str,
    skill_key: str,
    role_keys: Sequence[str] | None,
    decided: Decided,
    limit: int,
) -> Iterator[Sentence]:
    # first which rows, then their texts: texts are most of the file, and few are wanted
    wanted = lake.execute(
        """
        WITH asked AS (
            SELECT posting_id, min(start) AS start, arg_min("end", start) AS "end"
            FROM read_parquet($mentions) WHERE skill_id = $skill GROUP BY posting_id
        )
        SELECT p.row, p.title, p.company, asked.start, asked."end"
        FROM read_parquet($postings) AS p JOIN asked USING (posting_id)
        WHERE ($roles IS NULL OR list_contains($roles, p.role_id) OR p.row IN (SELECT unnest($added)))
            AND p.row NOT IN (SELECT unnest($removed))
        ORDER BY p.row LIMIT $limit
        """,
        {
            "mentions": str(mentions_path(folder, version)),
            "postings": str(folder / POSTINGS),
            "skill": skill_key,
            "roles": None if role_keys is None else list(role_keys),
            "added": list(decided.added),
            "removed": list(decided.removed),
            "limit": limit,
        },
    ).fetchall()
    if not wanted:
        return
    rows = [row for row, *_rest in wanted]
    found = parquet.rows(folder / POSTINGS, columns=["row", "text"], where={"row": rows})
    texts = {item["row"]: item["text"] or "" for item in found}
    for row, title, company, start, end in wanted:
        yield Sentence(uuid, row, title or "", company or "", sentence_parts(texts[row], start, end))


def opened() -> AbstractContextManager[Store]:
    """Open DuckDB in memory, allowed to read the lake and nothing else."""
    return duck.opened(within=storage.lake_imports())


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
