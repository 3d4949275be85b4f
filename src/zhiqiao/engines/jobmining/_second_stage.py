"""The seam for a learned stage behind the dictionary: what it is given, and what becomes of its finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._candidates import Item
from zhiqiao.engines.jobmining._fold import FoldedBatch
from zhiqiao.engines.jobmining._lines import LAST_COUNTING, Lines
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
    bounds = folded.bounds.tolist()
    hits = np.stack((taken.start, taken.end), axis=1)
    hit_bounds = np.searchsorted(taken.start, folded.bounds).tolist()
    counting = (lines.roles <= LAST_COUNTING) & (lines.ends > lines.starts)
    segments = np.stack((lines.starts, lines.ends, lines.roles), axis=1)[counting]
    segment_bounds = np.searchsorted(segments[:, 0], folded.bounds).tolist()
    items: list[Item] = [
        (
            folded.text[bounds[number] : bounds[number + 1] - 1],
            segments[segment_bounds[number] : segment_bounds[number + 1]]
            - (bounds[number], bounds[number], 0),
            hits[hit_bounds[number] : hit_bounds[number + 1]] - bounds[number],
        )
        for number in numbers
    ]
    rows: list[tuple[int, int, str, float, bool, bool]] = []
    for number, found in zip(numbers, stage.find_many(items), strict=True):
        begin = bounds[number]
        kept[hit_bounds[number] : hit_bounds[number + 1]] = found.kept
        rows += (
            (item.start + begin, item.end + begin, item.kind, item.score, stage.emits(item), item.replaces)
            for item in found.candidates
        )
    proposals = _proposals(rows)
    return _take(proposals, folded.whole(proposals.start, proposals.end)), kept


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
