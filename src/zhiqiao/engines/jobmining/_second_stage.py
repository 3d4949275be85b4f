"""The seam for a learned stage behind the dictionary: what it is given, and what becomes of its finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._characters import Codes
from zhiqiao.engines.jobmining._fold import END, FoldedBatch, codes_of
from zhiqiao.engines.jobmining._lines import LAST_COUNTING, ROLES, Lines
from zhiqiao.engines.jobmining._search import Found

__all__ = ["Finds", "LearnedStage", "Shown", "joined", "no_finds", "propose", "show"]

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Shown:
    """What a stage is given: folded texts joined, in whose positions everything counts.

    Text number i stands at [bounds[i], bounds[i + 1] - 1). `items` has a row (start, end, role) for each item that
    counts, roles being the numbers of `_lines.ROLES`; `hits` one (start, end) for each dictionary hit; both in order.
    A text without items is not to be read.
    """

    text: str
    codes: Codes
    bounds: Integers
    items: Integers
    hits: Integers


@dataclass(frozen=True)
class Finds:
    """What a stage says: candidates in order and without overlaps within a text, and which hits (in order) are skills.

    A candidate stands at [start, end) and may take the place of the hits inside it; `emit` says which are sure enough
    to be mentions. Kinds are numbers in `_taxonomy.KINDS`.
    """

    start: Integers
    end: Integers
    kind: Integers
    score: NDArray[np.float32]
    emit: Flags
    replaces: Flags
    kept: Flags

    def take(self, chosen: Flags) -> Finds:
        """Return some of the candidates."""
        return Finds(
            self.start[chosen],
            self.end[chosen],
            self.kind[chosen],
            self.score[chosen],
            self.emit[chosen],
            self.replaces[chosen],
            self.kept,
        )

    def emitted(self) -> Finds:
        """Return the candidates that are mentions."""
        return self.take(self.emit)

    def covers(self, start: Integers, end: Integers) -> Flags:
        """Say which spans lie inside a candidate that stands in their place."""
        begins, stops = self.start[self.replaces], self.end[self.replaces]
        at = np.searchsorted(begins, start, side="right") - 1
        inside: Flags = (at >= 0) & (end <= np.append(stops, 0)[at])
        return inside


class LearnedStage(Protocol):
    """A fitted model: what it finds is shown to an editor; what it emits is a mention."""

    @property
    def version(self) -> str: ...

    def find(self, shown: Shown) -> Finds:
        """Read texts: what the dictionary lacks, and the hits that are meant."""


def no_finds(hits: int) -> Finds:
    """Return the finds of a stage that sees nothing and doubts none of so many hits."""
    none, no = np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
    return Finds(none, none, none, np.empty(0, dtype=np.float32), no, no, np.ones(hits, dtype=bool))


def joined(parts: Sequence[Finds]) -> Finds:
    """Lay finds one behind the other."""
    return Finds(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Finds)))


def show(text: str, items: Sequence[tuple[int, int, str]], hits: Sequence[tuple[int, int]]) -> Shown:
    """Show one folded text, with roles by name."""
    rows = [(start, end, ROLES.index(role)) for start, end, role in items]
    return Shown(
        text,
        codes_of(text + END),
        np.array([0, len(text) + 1]),
        np.array(rows, dtype=np.int64).reshape(-1, 3),
        np.array(list(hits), dtype=np.int64).reshape(-1, 2),
    )


def propose(stage: LearnedStage, folded: FoldedBatch, lines: Lines, taken: Found, tags: Flags) -> Finds:
    """Ask the stage about every text but lists of tags; a find that splits an original character is dropped."""
    counting = (lines.roles <= LAST_COUNTING) & (lines.ends > lines.starts)
    items = np.stack((lines.starts, lines.ends, lines.roles), axis=1)[counting]
    items = items[~tags[folded.number(items[:, 0])]]
    hits = np.stack((taken.start, taken.end), axis=1)
    finds = stage.find(Shown(folded.text, folded.codes, folded.bounds, items, hits))
    return finds.take(folded.whole(finds.start, finds.end))
