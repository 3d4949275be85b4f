"""Postings in, skill mentions out: the pure step that workers, Spark and the whole run share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._aspects import aspects, levels, names_a_major
from zhiqiao.engines.jobmining._fold import FoldedBatch, fold_batch, portions
from zhiqiao.engines.jobmining._lines import ASPECTS, LAST_COUNTING, OTHER, ROLES, LineReader, Lines
from zhiqiao.engines.jobmining._matching import Matcher
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._schema import CANDIDATE_SCHEMA, MENTION_SCHEMA
from zhiqiao.engines.jobmining._search import Found, Search
from zhiqiao.engines.jobmining._second_stage import Finds, LearnedStage, no_finds, propose
from zhiqiao.engines.jobmining._taxonomy import KINDS, Taxonomy

__all__ = ["Mined", "Miner", "mine_batch", "mine_postings"]

_SOURCES = ("dictionary", "learned")

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Mined:
    """What was found in a batch: MENTION_SCHEMA, and CANDIDATE_SCHEMA (empty without a learned stage)."""

    mentions: pa.RecordBatch
    candidates: pa.RecordBatch


@dataclass(frozen=True)
class _Spans:
    """Mentions in order: folded span, number of the term (-1: none), of the kind, and whether it was learned."""

    start: Integers
    end: Integers
    term: Integers
    kind: Integers
    learned: Flags


@dataclass(frozen=True)
class _Texts:
    """Postings on their way through: ids, which are lists of tags, folded texts and their items."""

    ids: pa.Array
    tags: Flags
    folded: FoldedBatch
    lines: Lines


class Miner:
    """The matching structures of one taxonomy and rule set; expensive to build, never pickled."""

    def __init__(self, taxonomy: Taxonomy, *, rules: Rules) -> None:
        self._reader = LineReader(rules)
        self._matcher = Matcher(taxonomy, rules=rules)
        self._search = Search([*self._matcher.patterns, *self._reader.patterns])
        self._to_term = self._search.numbers_in(self._matcher.patterns)
        self._to_line = self._search.numbers_in(self._reader.patterns)
        skills = [term.skill for term in self._matcher.terms]
        self._sure = np.array([term.sure for term in self._matcher.terms], dtype=bool)
        self._ids = pa.array([skill.id for skill in skills], pa.string())
        self._names = pa.array([skill.zh for skill in skills], pa.string())
        self._kinds = np.array([KINDS.index(skill.kind) for skill in skills], dtype=np.int64)

    def mine(self, ids: pa.Array, texts: Sequence[str], tags: Flags, learned: LearnedStage | None) -> Mined:
        """Find the skills of texts; one that is tags joined by `|` counts as so many lists of skills."""
        folded = _tags_apart(fold_batch(texts), tags)
        found = self._search.find(folded.codes)
        batch = _Texts(ids, tags, folded, self._reader.read(folded, found.renumbered(self._to_line)))
        named = found.renumbered(self._to_term)
        by_tag = tags[folded.number(named.start)]
        counting = by_tag | (batch.lines.roles[batch.lines.at(named.start)] <= LAST_COUNTING)
        hits = self._matcher.find(folded, named.take(counting))
        finds = no_finds(len(hits.start))
        if learned is not None:
            finds = propose(learned, folded, batch.lines, hits, tags)
            # what people decided about stays: they have read the sentences, the model has not seen the word
            hits = hits.take(finds.kept | self._sure[hits.pattern])
        spans = self._spans(batch, hits, finds)
        return Mined(self._mentions(batch, spans), _candidates(batch, finds))

    def _spans(self, batch: _Texts, hits: Found, finds: Finds) -> _Spans:
        by_tag = batch.tags[batch.folded.number(hits.start)]
        hits = hits.take(by_tag | ~names_a_major(batch.lines, hits.start, hits.end))
        new = finds.emitted()
        terms = _heads(new, hits)
        hits = hits.take(~new.covers(hits.start, hits.end))
        start = np.concatenate((hits.start, new.start))
        order = np.argsort(start, kind="stable")
        return _Spans(
            start[order],
            np.concatenate((hits.end, new.end))[order],
            np.concatenate((hits.pattern, terms))[order],
            np.concatenate((self._kinds[hits.pattern], new.kind))[order],
            np.concatenate((np.zeros(len(hits.start), dtype=bool), np.ones(len(new.kind), dtype=bool)))[
                order
            ],
        )

    def _mentions(self, batch: _Texts, spans: _Spans) -> pa.RecordBatch:
        lines = batch.lines
        ids, surfaces, start, end = _places(batch, spans.start, spans.end)
        by_tag = batch.tags[batch.folded.number(spans.start)]
        item = lines.at(spans.start)
        term = pa.array(spans.term, mask=spans.term < 0)
        level = np.where(by_tag, -1, levels(lines, item, spans.start, spans.end))
        aspect = np.where(by_tag, ASPECTS.index("required"), aspects(lines, item, spans.end))
        return pa.record_batch(
            [
                ids,
                self._ids.take(term),
                pc.coalesce(self._names.take(term), surfaces),
                surfaces,
                start,
                end,
                _named(KINDS, spans.kind),
                _named(ASPECTS, aspect),
                _named(self._reader.levels, level),
                _named(ROLES, np.where(by_tag, OTHER, lines.roles[item])),
                _named(_SOURCES, spans.learned.astype(np.int64)),
            ],
            schema=MENTION_SCHEMA,
        )


def mine_batch(
    postings: pa.RecordBatch, *, taxonomy: Taxonomy, rules: Rules, learned: LearnedStage | None = None
) -> pa.RecordBatch:
    """Find the skills of postings (columns posting_id, text and, for tags, text_kind) as MENTION_SCHEMA."""
    return mine_postings(postings, taxonomy=taxonomy, rules=rules, learned=learned).mentions


def mine_postings(
    postings: pa.RecordBatch, *, taxonomy: Taxonomy, rules: Rules, learned: LearnedStage | None = None
) -> Mined:
    """Find the skills of postings and, with a learned stage, what may be one."""
    miner = _miner(_Key(taxonomy, rules))
    texts = [text or "" for text in postings.column("text").to_pylist()]
    tags = np.zeros(len(texts), dtype=bool)
    if "text_kind" in postings.schema.names:
        tags = np.array([kind == "tags" for kind in postings.column("text_kind").to_pylist()], dtype=bool)
    ids = postings.column("posting_id").cast(pa.string())
    parts = [
        miner.mine(ids[start:stop], texts[start:stop], tags[start:stop], learned)
        for start, stop in portions(texts)
    ]
    return Mined(
        _joined([part.mentions for part in parts], MENTION_SCHEMA),
        _joined([part.candidates for part in parts], CANDIDATE_SCHEMA),
    )


class _Key:
    """Taxonomy and rules, equal when their versions are: what the per-process store goes by."""

    def __init__(self, taxonomy: Taxonomy, rules: Rules) -> None:
        self.taxonomy = taxonomy
        self.rules = rules
        self._versions = (taxonomy.version, rules.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._versions == other._versions

    def __hash__(self) -> int:
        return hash(self._versions)


@lru_cache(maxsize=4)
def _miner(key: _Key) -> Miner:
    return Miner(key.taxonomy, rules=key.rules)


def _tags_apart(folded: FoldedBatch, tags: Flags) -> FoldedBatch:
    """Let every tag be a text of its own to all rules."""
    if not tags.any():
        return folded
    apart = (folded.codes == ord("|")) & np.repeat(np.append(False, tags), np.diff(folded.bounds, prepend=0))
    codes = np.where(apart, np.uint32(0), folded.codes)
    return replace(folded, codes=codes, text=codes.astype("<u4").tobytes().decode("utf-32-le"))


def _places(batch: _Texts, start: Integers, end: Integers) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    """Return posting ids, surfaces, and spans in the texts as stored."""
    folded = batch.folded
    number = folded.number(start)
    begin, stop = folded.origins(start), folded.origin_ends(end)
    original = folded.original
    surfaces = [original[a:b] for a, b in zip(begin.tolist(), stop.tolist(), strict=True)]
    offset = folded.origin_bounds[number]
    return (
        batch.ids.take(pa.array(number)),
        pa.array(surfaces, pa.string()),
        pa.array((begin - offset).astype(np.int32)),
        pa.array((stop - offset).astype(np.int32)),
    )


def _heads(new: Finds, hits: Found) -> Integers:
    """Return the term of the last hit inside each learned mention, -1 where there is none.

    接口自动化测试 is a kind of 自动化测试 and counts as one: the head of a Chinese compound stands last.
    """
    at = np.searchsorted(hits.start, new.end, side="left") - 1
    inside = (at >= 0) & new.replaces
    if len(hits.start):
        inside &= (hits.start[at] >= new.start) & (hits.end[at] <= new.end)
    return np.where(inside, np.append(hits.pattern, -1)[at], -1)


def _candidates(batch: _Texts, finds: Finds) -> pa.RecordBatch:
    ids, surfaces, start, end = _places(batch, finds.start, finds.end)
    roles = batch.lines.roles[batch.lines.at(finds.start)]
    columns = [
        ids,
        surfaces,
        start,
        end,
        _named(KINDS, finds.kind),
        pa.array(finds.score),
        _named(ROLES, roles),
    ]
    return pa.record_batch(columns, schema=CANDIDATE_SCHEMA)


def _named(names: Sequence[str], numbers: Integers) -> pa.Array:
    """Return the names with these numbers; a number below zero has none."""
    return pa.array(names, pa.string()).take(pa.array(numbers, mask=numbers < 0))


def _joined(parts: Sequence[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    if len(parts) == 1:
        return parts[0]
    table = pa.Table.from_batches(parts, schema=schema).combine_chunks()
    return table.to_batches()[0] if table.num_rows else pa.RecordBatch.from_pylist([], schema=schema)
