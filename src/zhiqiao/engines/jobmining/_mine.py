"""Postings in, skill mentions out: the pure step that workers, Spark and the whole run share."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

import pyarrow as pa

from zhiqiao.engines.jobmining._fold import fold
from zhiqiao.engines.jobmining._lines import COUNTING_ROLES, Cue, LineReader
from zhiqiao.engines.jobmining._matching import Hit, Matcher
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._schema import MENTION_SCHEMA
from zhiqiao.engines.jobmining._taxonomy import Taxonomy

__all__ = ["Miner", "mine_batch"]

_Row = tuple[str, str, str, str, int, int, str, str, str | None, str, str]

# "精通Java" reaches over a list; a level word further away belongs to something else.
_LEVEL_REACH = 80
_LEVEL_BEHIND = 12
_LOOK_AHEAD = 150
_MANY_CUES = 60
_STOP = re.compile("[;。]")


class Miner:
    """The matching structures of one taxonomy and rule set; expensive to build, never pickled."""

    def __init__(self, taxonomy: Taxonomy, *, rules: Rules) -> None:
        self.matcher = Matcher(taxonomy, rules=rules)
        self.reader = LineReader(rules)

    def mine(self, posting_id: str, text: str) -> Iterator[_Row]:
        """Yield the mentions of one posting in order."""
        folded = fold(text)
        lines = self.reader.read(folded.text)
        for hit in self.matcher.find_folded(text, folded):
            index = lines.at(hit.at)
            segment = lines.segments[index]
            if segment.role not in COUNTING_ROLES:
                continue
            cues = _nearby(lines.cues[index], hit)
            if _names_a_major(hit, cues, folded.text):
                continue
            aspect = segment.aspect or _aspect(segment.role, hit, cues)
            yield _row(posting_id, text, hit, aspect=aspect, level=_level(hit, cues), role=segment.role)

    def mine_tags(self, posting_id: str, text: str) -> Iterator[_Row]:
        """Yield the skills of a text that is tags joined by `|`; a tag counts as a whole list of skills."""
        offset = 0
        for tag in text.split("|"):
            for hit in self.matcher.find(tag):
                moved = hit._replace(start=hit.start + offset, end=hit.end + offset)
                yield _row(posting_id, text, moved, aspect="required", level=None, role="other")
            offset += len(tag) + 1


def mine_batch(postings: pa.RecordBatch, *, taxonomy: Taxonomy, rules: Rules) -> pa.RecordBatch:
    """Find the skills of postings (columns posting_id, text and, for tags, text_kind) as MENTION_SCHEMA."""
    miner = _miner(_Key(taxonomy, rules))
    kinds = postings.column("text_kind").to_pylist() if "text_kind" in postings.schema.names else None
    rows: list[_Row] = []
    identities, texts = postings.column("posting_id").to_pylist(), postings.column("text").to_pylist()
    for number, (identity, text) in enumerate(zip(identities, texts, strict=True)):
        if text:
            by_tag = kinds is not None and kinds[number] == "tags"
            rows.extend((miner.mine_tags if by_tag else miner.mine)(identity, text))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(MENTION_SCHEMA)
    return pa.record_batch(
        [pa.array(column, type=field.type) for column, field in zip(columns, MENTION_SCHEMA, strict=True)],
        schema=MENTION_SCHEMA,
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


def _nearby(cues: Sequence[Cue], hit: Hit) -> Sequence[Cue]:
    """Keep the work per mention bounded where one endless item holds thousands of telling words."""
    if len(cues) <= _MANY_CUES:
        return cues
    low = bisect_left(cues, (hit.at - _LEVEL_REACH - _LEVEL_BEHIND,))
    return cues[low : bisect_left(cues, (hit.at_end + _LOOK_AHEAD,))]


def _row(posting_id: str, text: str, hit: Hit, *, aspect: str, level: str | None, role: str) -> _Row:
    skill = hit.skill
    surface = text[hit.start : hit.end]
    span = (surface, hit.start, hit.end)
    return (posting_id, skill.id, skill.zh, *span, skill.kind, aspect, level, role, "dictionary")


def _names_a_major(hit: Hit, cues: Sequence[Cue], text: str) -> bool:
    """Say whether the hit stands in the list before 相关专业: a field of study, not a skill asked for."""
    for cue in cues:
        if cue.kind == "major" and cue.start >= hit.at_end:
            asked = any(other.kind == "level" and hit.at_end <= other.start < cue.start for other in cues)
            stopped = _STOP.search(text, hit.at_end, cue.start) is not None
            return not asked and not stopped and not _new_clause(hit, cue, cues)
    return False


def _new_clause(hit: Hit, until: Cue, cues: Sequence[Cue]) -> bool:
    """Say whether a verb opens a new clause between the hit and a later word."""
    return any(cue.kind == "clause" and hit.at_end < cue.start < until.start for cue in cues)


def _aspect(role: str, hit: Hit, cues: Sequence[Cue]) -> str:
    ahead = next((cue for cue in cues if cue.kind == "preferred" and cue.start >= hit.at_end), None)
    if ahead is not None and not _new_clause(hit, ahead, cues):
        return "preferred"
    if role == "requirement":
        return "required"
    if role == "duty":
        return "duty"
    asks = any(cue.kind in ("level", "require") for cue in cues)
    return "required" if asks or not any(cue.kind == "duty" for cue in cues) else "duty"


def _level(hit: Hit, cues: Sequence[Cue]) -> str | None:
    before: Cue | None = None
    for cue in cues:
        if cue.kind != "level":
            continue
        if cue.end <= hit.at and hit.at - cue.end <= _LEVEL_REACH:
            # Of two words at one place the longer says more: 熟练掌握 is 掌握.
            if before is None or cue.start >= before.end or cue.end - cue.start > before.end - before.start:
                before = cue
        elif before is None and hit.at_end <= cue.start <= hit.at_end + _LEVEL_BEHIND:
            return cue.value
    return before.value if before else None
