"""Where a term stands in the postings of the lake: counts, months and a few sentences, within a time that is set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq

from zhiqiao.engines import jobmining
from zhiqiao.infra import storage
from zhiqiao.platform.data import lake, parquet
from zhiqiao.platform.data.reading import role_at

__all__ = ["Context", "Look", "TermCount", "candidate_terms", "context_at", "look"]

CANDIDATES = "candidates.parquet"
_BATCH = 500
_COLUMNS = ["posting_id", "row", "title", "company", "text", "month"]


@dataclass(frozen=True)
class Context:
    """A sentence of a posting with the term marked, and the kind of line it stands in."""

    import_uuid: UUID
    row: int
    title: str
    company: str
    parts: tuple[tuple[str, bool], ...]
    line_role: str

    @property
    def counts(self) -> bool:
        """Tell whether skills in such a line count."""
        return self.line_role in jobmining.COUNTING_ROLES


@dataclass
class TermCount:
    """Where a term stands in one import."""

    postings: int = 0
    mentions: int = 0
    months: Counter[str] = field(default_factory=Counter)


@dataclass
class Look:
    """What was found so far; `complete` is False when time ran out before the last posting."""

    counts: dict[UUID, TermCount] = field(default_factory=dict)
    contexts: list[Context] = field(default_factory=list)
    looked_at: int = 0
    complete: bool = True

    @property
    def postings(self) -> int:
        """Return the postings that hold the term."""
        return sum(count.postings for count in self.counts.values())

    @property
    def mentions(self) -> int:
        """Return how often it stands there."""
        return sum(count.mentions for count in self.counts.values())


def look(
    imports: Sequence[UUID],
    term: str,
    *,
    contexts: int = 6,
    contexts_only: bool = False,
    stop: Callable[[int], bool] = lambda _looked_at: False,
) -> Look:
    """Look a term (`term_key`) up in the texts of imports; `stop` is asked after each batch.

    With `contexts_only` the look ends as soon as there are enough sentences, and its counts mean nothing.
    """
    found = Look()
    for uuid in imports:
        for batch in _batches(uuid):
            if (contexts_only and len(found.contexts) >= contexts) or stop(found.looked_at):
                found.complete = False
                return found
            _count(found, uuid, batch, term, contexts=contexts)
            found.looked_at += batch.num_rows
    return found


def _batches(uuid: UUID) -> Iterator[pa.RecordBatch]:
    path = storage.import_folder(uuid) / lake.POSTINGS
    if path.exists():
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(_BATCH, columns=_COLUMNS, use_threads=False)


def _count(found: Look, uuid: UUID, batch: pa.RecordBatch, term: str, *, contexts: int) -> None:
    mask = jobmining.touched(batch, [term])
    for row in batch.filter(mask).to_pylist():
        spans = list(jobmining.occurrences(row["text"], term))
        if not spans:
            continue
        count = found.counts.setdefault(uuid, TermCount())
        count.postings += 1
        count.mentions += len(spans)
        count.months[row["month"] or ""] += 1
        if len(found.contexts) < contexts:
            context = _context(uuid, row, spans[0])
            # the same sentence again, from another posting, tells nothing new
            if all(context.parts != known.parts for known in found.contexts):
                found.contexts.append(context)


def _context(uuid: UUID, row: dict[str, object], span: tuple[int, int]) -> Context:
    text = str(row["text"])
    return Context(
        uuid,
        int(str(row["row"])),
        str(row["title"] or ""),
        str(row["company"] or ""),
        lake.sentence_parts(text, *span),
        role_at(text, span[0]),
    )


def context_at(uuid: UUID, posting_id: str, span: tuple[int, int]) -> Context | None:
    """Return the sentence around a span of one posting, None when the lake does not hold it any more."""
    path = storage.import_folder(uuid) / lake.POSTINGS
    if not path.exists():
        return None
    rows = parquet.rows(path, columns=_COLUMNS, where={"posting_id": [posting_id]})
    return _context(uuid, rows[0], span) if rows and rows[0]["text"] else None


@dataclass(frozen=True)
class Candidate:
    """A term of the learned stage in one import, all its writings together."""

    term: str
    surface: str
    kind: str
    score: float
    count: TermCount


def candidate_terms(import_uuid: UUID, *, limit: int) -> list[Candidate]:
    """Return the terms the learned stage proposes in an import, by score times postings; none without its file."""
    folder = storage.import_folder(import_uuid)
    if not (folder / CANDIDATES).exists():
        return []
    with lake.opened() as store:
        source = {"candidates": str(folder / CANDIDATES), "postings": str(folder / lake.POSTINGS)}
        written = store.execute(
            "SELECT DISTINCT surface FROM read_parquet($candidates) WHERE surface IS NOT NULL ORDER BY 1",
            {"candidates": source["candidates"]},
        ).fetchall()
        surfaces = [surface for (surface,) in written]
        terms = [jobmining.term_key(surface) for surface in surfaces]
        store.register("folded", pa.table({"surface": surfaces, "term": pa.array(terms, type=pa.string())}))
        rows = store.execute(_AGGREGATE, {"candidates": source["candidates"], "limit": limit}).fetchall()
        months = _months(store, source, [row[0] for row in rows])
    return [
        Candidate(
            term, surface, kind or "", float(score or 0), TermCount(postings, mentions, months.get(term, Counter()))
        )
        for term, surface, kind, score, postings, mentions in rows
    ]  # fmt: skip


#: A term's score is the mean over its mentions: one lucky sentence must not lift a common word.
_AGGREGATE = """
    SELECT f.term, arg_max(c.surface, (n, c.surface)), mode(c.kind), avg(c.score),
        count(DISTINCT c.posting_id), count(*)
    FROM (SELECT *, count(*) OVER (PARTITION BY surface) AS n FROM read_parquet($candidates)) AS c
    JOIN folded AS f ON f.surface = c.surface
    WHERE f.term <> '' GROUP BY f.term ORDER BY avg(c.score) * count(DISTINCT c.posting_id) DESC, f.term LIMIT $limit
"""


def _months(store: lake.Store, source: dict[str, str], terms: Sequence[str]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    rows = store.execute(
        """
        SELECT f.term, coalesce(p.month, ''), count(DISTINCT p.posting_id)
        FROM read_parquet($candidates) AS c JOIN folded AS f ON f.surface = c.surface
        JOIN read_parquet($postings) AS p ON p.posting_id = c.posting_id
        WHERE list_contains($terms, f.term) GROUP BY ALL
        """,
        source | {"terms": list(terms)},
    ).fetchall()
    for term, month, count in rows:
        found.setdefault(term, Counter())[month] += count
    return found
