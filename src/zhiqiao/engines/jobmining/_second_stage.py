"""The seam for a learned stage behind the dictionary: what it is given, and what becomes of its finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, overload

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._fold import FoldedBatch
from zhiqiao.engines.jobmining._lines import LAST_COUNTING, ROLES, Lines
from zhiqiao.engines.jobmining._search import Found

__all__ = ["Candidate", "LearnedStage", "Proposals", "no_proposals", "propose"]

Integers = NDArray[np.int64]


class Candidate(Protocol):
    """Text that may be a skill, at [start, end) of the folded posting; the score is 0..1."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def score(self) -> float: ...


class LearnedStage(Protocol):
    """A fitted model; from `emit_at` on a find is a mention, from `propose_at` on it is shown to an editor."""

    @property
    def emit_at(self) -> float: ...
    @property
    def propose_at(self) -> float: ...

    def find(
        self,
        text: str,
        segments: Sequence[tuple[int, int, str]],
        taken: Sequence[tuple[int, int]],
        cuts: Sequence[int],
    ) -> Sequence[Candidate]:
        """Find skills the dictionary lacks, in positions of the folded text."""


@dataclass(frozen=True)
class Proposals:
    """The finds of a learned stage in a batch, in order; positions in the joined folded texts."""

    start: Integers
    end: Integers
    kind: NDArray[np.str_]
    score: NDArray[np.float32]
    emit: NDArray[np.bool_]


def no_proposals() -> Proposals:
    """Return the finds of no stage at all."""
    return _proposals([], emit_at=1.0)


def propose(
    stage: LearnedStage,
    folded: FoldedBatch,
    lines: Lines,
    taken: Found,
    tags: NDArray[np.bool_],
    *,
    cuts: Callable[[str], list[int]],
) -> Proposals:
    """Ask the stage about every text but lists of tags; what splits an original character is dropped."""
    rows: list[tuple[int, int, str, float]] = []
    hit_bounds = np.searchsorted(taken.start, folded.bounds).tolist()
    item_bounds = np.searchsorted(lines.starts, folded.bounds).tolist()
    for number in np.flatnonzero(~tags).tolist():
        begin, stop = int(folded.bounds[number]), int(folded.bounds[number + 1]) - 1
        items = slice(item_bounds[number], item_bounds[number + 1])
        hits = slice(hit_bounds[number], hit_bounds[number + 1])
        segments = list(_segments(lines, items, begin))
        if not segments:
            continue
        text = folded.text[begin:stop]
        spans = (taken.start[hits] - begin).tolist(), (taken.end[hits] - begin).tolist()
        found = stage.find(text, segments, list(zip(*spans, strict=True)), _LazyCuts(text, cuts))
        rows += (
            (item.start + begin, item.end + begin, item.kind, item.score)
            for item in found
            if item.score >= stage.propose_at and 0 <= item.start < item.end <= len(text)
        )
    proposals = _proposals(sorted(rows), emit_at=stage.emit_at)
    return _take(proposals, folded.whole(proposals.start, proposals.end))


def _segments(lines: Lines, items: slice, begin: int) -> Iterator[tuple[int, int, str]]:
    columns = (lines.starts[items] - begin, lines.ends[items] - begin, lines.roles[items])
    for start, end, role in zip(*(column.tolist() for column in columns), strict=True):
        if role <= LAST_COUNTING and end > start:
            yield start, end, ROLES[role]


def _proposals(rows: Sequence[tuple[int, int, str, float]], *, emit_at: float) -> Proposals:
    start, end, kind, score = zip(*rows, strict=True) if rows else ((), (), (), ())
    scores = np.array(score, dtype=np.float32)
    return Proposals(
        np.array(start, dtype=np.int64),
        np.array(end, dtype=np.int64),
        np.array(kind, dtype=np.str_),
        scores,
        scores >= np.float32(emit_at),
    )


def _take(proposals: Proposals, chosen: NDArray[np.bool_]) -> Proposals:
    return Proposals(
        proposals.start[chosen],
        proposals.end[chosen],
        proposals.kind[chosen],
        proposals.score[chosen],
        proposals.emit[chosen],
    )


class _LazyCuts(Sequence[int]):
    """The word boundaries of a text, segmented when first looked at: it costs as much as all other steps together."""

    def __init__(self, text: str, cuts: Callable[[str], list[int]]) -> None:
        self._text = text
        self._make = cuts
        self._made: list[int] | None = None

    def _known(self) -> list[int]:
        if self._made is None:
            self._made = self._make(self._text)
        return self._made

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> int | Sequence[int]:
        return self._known()[index]

    def __iter__(self) -> Iterator[int]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())
