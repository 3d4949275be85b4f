"""Mining again after the taxonomy has changed: only the postings that the change can touch, all rows in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiqiao.engines.jobmining._changes import touched
from zhiqiao.engines.jobmining._errors import Cancelled, JobMiningError
from zhiqiao.engines.jobmining._mine import mine_batch
from zhiqiao.engines.jobmining._output import GroupedWriter
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._schema import MENTION_SCHEMA
from zhiqiao.engines.jobmining._second_stage import LearnedStage
from zhiqiao.engines.jobmining._taxonomy import Taxonomy

__all__ = ["DisorderedError", "Impact", "Remined", "impact_of", "remine"]

_COLUMNS = ("posting_id", "text", "text_kind")
_Mention = tuple[int, int, str]


class DisorderedError(JobMiningError):
    """Raised when mentions do not stand in the order of their postings, so that they can not be mined in part."""


@dataclass(frozen=True)
class Remined:
    """What mining again did: postings looked at and mined, mentions in the new file."""

    postings: int
    mined: int
    mentions: int


@dataclass(frozen=True)
class Impact:
    """What a change does to mentions: found for the first time, moved to another skill, lost; and in how many postings.

    `examples` name a few of them as (posting_id, start, end, new, moved or lost).
    """

    added: int
    moved: int
    lost: int
    postings: int
    examples: tuple[tuple[str, int, int, str], ...] = ()


def remine(
    folder: Path,
    target: Path,
    *,
    taxonomy: Taxonomy,
    rules: Rules,
    surfaces: Collection[str] | None,
    learned: LearnedStage | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Remined:
    """Write the mentions of a result folder anew to `target`, mining postings that hold a writing of `surfaces` only.

    None mines all of them. Raises DisorderedError and Cancelled; what stands at `target` then is to be thrown away.
    """

    def mine(batch: pa.RecordBatch) -> pa.RecordBatch:
        return mine_batch(batch, taxonomy=taxonomy, rules=rules, learned=learned)

    batch_rows = rules.thresholds.batch_rows
    writer = GroupedWriter(target, MENTION_SCHEMA, group_rows=8 * rules.thresholds.row_group_rows)
    done = mined = 0
    try:
        with pq.ParquetFile(folder / "postings.parquet") as postings, _Mentions(folder) as mentions:
            total = postings.metadata.num_rows
            columns = [name for name in _COLUMNS if name in postings.schema_arrow.names]
            for batch in postings.iter_batches(batch_rows, columns=columns):
                if cancelled():
                    raise Cancelled("stopped by the caller")
                before = mentions.of(batch.column("posting_id"))
                mask = pa.array([True] * batch.num_rows) if surfaces is None else touched(batch, surfaces)
                writer.write(_merged(batch, mask, before, mine))
                done, mined = done + batch.num_rows, mined + (pc.sum(mask).as_py() or 0)
                progress(done, total)
            if surfaces is not None and not mentions.at_end():
                raise DisorderedError("mentions.parquet is not in the order of postings.parquet")
    finally:
        writer.close()
    return Remined(done, mined, writer.written)


def impact_of(
    postings: pa.RecordBatch,
    *,
    old: Taxonomy,
    new: Taxonomy,
    rules: Rules,
    surfaces: Collection[str],
    learned: LearnedStage | None = None,
    examples: int = 0,
) -> Impact:
    """Mine the touched postings with both taxonomies and say how their mentions differ."""
    batch = postings.filter(touched(postings, surfaces))
    before = _by_posting(mine_batch(batch, taxonomy=old, rules=rules, learned=learned))
    after = _by_posting(mine_batch(batch, taxonomy=new, rules=rules, learned=learned))
    counts: Counter[str] = Counter()
    shown: list[tuple[str, int, int, str]] = []
    changed = 0
    for identity in sorted(before.keys() | after.keys()):
        found = list(_differences(before.get(identity, []), after.get(identity, [])))
        changed += bool(found)
        counts.update(kind for _start, _end, kind in found)
        shown.extend((identity, *item) for item in found[:1] if len(shown) < examples)
    return Impact(counts["added"], counts["moved"], counts["lost"], changed, tuple(shown))


class _Mentions:
    """The rows of mentions.parquet, read once from front to back along with the postings."""

    def __init__(self, folder: Path) -> None:
        self._file = pq.ParquetFile(folder / "mentions.parquet")
        self._batches = self._file.iter_batches()
        self._waiting: pa.RecordBatch | None = None

    def __enter__(self) -> _Mentions:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def of(self, identities: pa.Array) -> pa.Table:
        """Return the rows of these postings, which are the next ones."""
        parts: list[pa.RecordBatch] = []
        while (batch := self._next()) is not None:
            inside = pc.is_in(batch.column("posting_id"), value_set=identities)
            first = pc.index(inside, False).as_py()
            parts.append(batch if first < 0 else batch.slice(0, first))
            self._waiting = None if first < 0 else batch.slice(first)
            if first >= 0:
                break
        return pa.Table.from_batches(parts, schema=self._file.schema_arrow).cast(MENTION_SCHEMA)

    def at_end(self) -> bool:
        """Say whether every row was given out."""
        return self._next() is None

    def _next(self) -> pa.RecordBatch | None:
        while self._waiting is None or not self._waiting.num_rows:
            self._waiting = next(self._batches, None)
            if self._waiting is None:
                return None
        return self._waiting


def _merged(
    batch: pa.RecordBatch,
    mask: pa.BooleanArray,
    before: pa.Table,
    mine: Callable[[pa.RecordBatch], pa.RecordBatch],
) -> pa.RecordBatch:
    """Return the mentions of a batch of postings: mined anew where masked, else as they were."""
    again = batch.filter(mask)
    fresh = mine(again)
    is_old = pc.is_in(before.column("posting_id"), value_set=again.column("posting_id"))
    rows = pa.concat_tables([before.filter(pc.invert(is_old)), pa.Table.from_batches([fresh])])
    places = {identity: place for place, identity in enumerate(batch.column("posting_id").to_pylist())}
    place = np.array([places[identity] for identity in rows.column("posting_id").to_pylist()], dtype=np.int64)
    order = np.argsort(place, kind="stable")  # the rows of a posting keep their order
    return (
        rows.take(pa.array(order)).combine_chunks().to_batches(max_chunksize=None)[0] if len(order) else fresh
    )


def _by_posting(mentions: pa.RecordBatch) -> dict[str, list[_Mention]]:
    found: dict[str, list[_Mention]] = {}
    columns = (mentions.column(name).to_pylist() for name in ("posting_id", "start", "end", "skill_id"))
    for identity, start, end, skill in zip(*columns, strict=True):
        found.setdefault(identity, []).append((start, end, skill or ""))
    return found


def _differences(before: list[_Mention], after: list[_Mention]) -> Iterator[tuple[int, int, str]]:
    """Yield spans that are new, moved (another skill stood there, or the same in other bounds) or lost."""
    old, new = set(before), set(after)
    gone = sorted(old - new)
    come = sorted(new - old)
    for start, end, _skill in come:
        overlaps = any(start < stop and begin < end for begin, stop, _other in gone)
        yield start, end, "moved" if overlaps else "added"
    for start, end, _skill in gone:
        if not any(start < stop and begin < end for begin, stop, _other in come):
            yield start, end, "lost"
