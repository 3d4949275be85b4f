"""The seam for a learned stage behind the dictionary: what it is given, and what becomes of its finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._candidates import Item
from zhiqiao.engines.jobmining._fold import FoldedBatch
from zhiqiao.engines.jobmining._lines import LAST_COUNTING, ROLES, Lines
from zhiqiao.engines.jobmining._search import Found

__all__ = ["Candidate", "Finds", "LearnedStage", "Proposals", "no_proposals", "propose"]

Integers = NDArray[np.int64]


class Candidate(Protocol):
    """Text that may be a skill, at [start, end) of the folded posting; one that `replaces` holds dictionary hits."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def replaces(self) -> bool: ...


class Finds(Protocol):
    """What a stage says of one posting: candidates in order, and which dictionary hits are meant as skills."""

    @property
    def candidates(self) -> Sequence[Candidate]: ...
    @property
    def kept(self) -> Sequence[bool]: ...


class LearnedStage(Protocol):
    """A fitted model: what it finds is shown to an editor; what it `emits` is a mention."""

    @property
    def version(self) -> str: ...

    def find_many(self, items: Sequence[Item]) -> Sequence[Finds]:
        """Read each posting: what the dictionary lacks, without overlaps, in folded positions, and the hits kept."""

    def emits(self, candidate: Candidate) -> bool:
        """Say whether a candidate is sure enough to be a mention."""


@dataclass(frozen=True)
class Proposals:
    """The finds of a learned stage in a batch, in order; positions in the joined folded texts."""

    start: Integers
    end: Integers
    kind: NDArray[np.str_]
    score: NDArray[np.float32]
    emit: NDArray[np.bool_]
    replaces: NDArray[np.bool_]

    def emitted(self) -> Proposals:
        """Return those that are mentions."""
        return _take(self, self.emit)

    def covers(self, start: Integers, end: Integers) -> NDArray[np.bool_]:
        """Say which spans lie inside one that stands in their place."""
        begins, stops = self.start[self.replaces], self.end[self.replaces]
        at = np.searchsorted(begins, start, side="right") - 1
        inside: NDArray[np.bool_] = (at >= 0) & (end <= np.append(stops, 0)[at])
        return inside


def no_proposals() -> Proposals:
    """Return the finds of no stage at all."""
    return _proposals([])


def propose(
    stage: LearnedStage, folded: FoldedBatch, lines: Lines, taken: Found, tags: NDArray[np.bool_]
) -> tuple[Proposals, NDArray[np.bool_]]:
    """Ask the stage about every text but lists of tags; return its finds and which of the hits stay.

    A find that splits an original character is dropped.
    """
    kept = np.ones(len(taken.start), dtype=bool)
    numbers = np.flatnonzero(~tags).tolist()
    hit_bounds = np.searchsorted(taken.start, folded.bounds).tolist()
    item_bounds = np.searchsorted(lines.starts, folded.bounds).tolist()
    items: list[Item] = []
    for number in numbers:
        begin, stop = int(folded.bounds[number]), int(folded.bounds[number + 1]) - 1
        hits = slice(hit_bounds[number], hit_bounds[number + 1])
        spans = (taken.start[hits] - begin).tolist(), (taken.end[hits] - begin).tolist()
        segments = list(_segments(lines, slice(item_bounds[number], item_bounds[number + 1]), begin))
        items.append((folded.text[begin:stop], segments, list(zip(*spans, strict=True))))
    rows: list[tuple[int, int, str, float, bool, bool]] = []
    for number, found in zip(numbers, stage.find_many(items), strict=True):
        begin = int(folded.bounds[number])
        kept[hit_bounds[number] : hit_bounds[number + 1]] = found.kept
        rows += (
            (item.start + begin, item.end + begin, item.kind, item.score, stage.emits(item), item.replaces)
            for item in found.candidates
        )
    proposals = _proposals(rows)
    return _take(proposals, folded.whole(proposals.start, proposals.end)), kept


def _segments(lines: Lines, items: slice, begin: int) -> Iterator[tuple[int, int, str]]:
    columns = (lines.starts[items] - begin, lines.ends[items] - begin, lines.roles[items])
    for start, end, role in zip(*(column.tolist() for column in columns), strict=True):
        if role <= LAST_COUNTING and end > start:
            yield start, end, ROLES[role]


def _proposals(rows: Sequence[tuple[int, int, str, float, bool, bool]]) -> Proposals:
    start, end, kind, score, emit, replaces = zip(*rows, strict=True) if rows else ((),) * 6
    return Proposals(
        np.array(start, dtype=np.int64),
        np.array(end, dtype=np.int64),
        np.array(kind, dtype=np.str_),
        np.array(score, dtype=np.float32),
        np.array(emit, dtype=np.bool_),
        np.array(replaces, dtype=np.bool_),
    )


def _take(proposals: Proposals, chosen: NDArray[np.bool_]) -> Proposals:
    return Proposals(
        proposals.start[chosen],
        proposals.end[chosen],
        proposals.kind[chosen],
        proposals.score[chosen],
        proposals.emit[chosen],
        proposals.replaces[chosen],
    )
