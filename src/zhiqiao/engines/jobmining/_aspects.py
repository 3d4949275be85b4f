"""What the words around a mention say about it: asked, preferred or a duty, how well, or a field of study only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._lines import ASPECTS, DUTY, REQUIREMENT, Cue, Cues, Lines

__all__ = ["aspects", "levels", "names_a_major"]

# "精通Java" reaches over a list; a level word further away belongs to something else.
_LEVEL_REACH = 80
_LEVEL_BEHIND = 12
_AT_ONCE = 8  # signs before the word by which an item asks for something: "4、熟悉"

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


def names_a_major(lines: Lines, start: Integers, end: Integers) -> Flags:
    """Say which spans stand in the list before 相关专业: a field of study, not a skill asked for."""
    item = lines.at(start)
    following, said = _next(lines.cues.of(Cue.MAJOR), item, end)
    levels = lines.cues.of(Cue.LEVEL).start
    asked = _padded(levels)[np.searchsorted(levels, end)] < following
    return said & ~asked & ~_new_clause(lines, end, following)


def aspects(lines: Lines, item: Integers, end: Integers) -> Integers:
    """Return the aspect of each span that ends at `end` in `item`, as an index of ASPECTS."""
    required, preferred, duty = (ASPECTS.index(name) for name in ("required", "preferred", "duty"))
    role, tells = lines.roles[item], lines.tells[item]
    does = (tells & (Cue.LEVEL | Cue.REQUIRE | Cue.DUTY)) == Cue.DUTY
    # Under a title of duties, too, an item may ask: "4、具备良好的沟通能力".
    asks = ((tells & Cue.DUTY) == 0) & _asks_at_once(lines)[item]
    is_duty = ((role == DUTY) & ~asks) | ((role != REQUIREMENT) & does)
    found = np.where(is_duty, duty, required)
    following, said = _next(lines.cues.of(Cue.PREFERRED), item, end)
    found[said & ~_new_clause(lines, end, following)] = preferred
    titled = lines.aspects[item]
    return np.where(titled > 0, titled, found)


def levels(lines: Lines, item: Integers, start: Integers, end: Integers) -> Integers:
    """Return the level asked of each span, or -1: that of the last level word before it, else of one close behind."""
    cues = lines.cues.of(Cue.LEVEL)
    if not len(cues.start):
        return np.full(len(start), -1)
    chosen = _longest_of_a_place(cues)
    before = np.searchsorted(cues.start, start) - 1
    # A word that reaches into the span itself is no word before it.
    while (reaching := (before >= 0) & (cues.end[before] > start)).any():
        before = before - reaching
    known = chosen[before]
    near = (before >= 0) & (cues.item[before] == item) & (start - cues.end[known] <= _LEVEL_REACH)
    near &= ~_new_clause(lines, cues.end[known], start)  # "了解流程,有Spring经验"
    behind = np.searchsorted(cues.start, end)
    after = np.minimum(behind, len(cues.start) - 1)
    close = (
        (behind < len(cues.start)) & (cues.item[after] == item) & (cues.start[after] <= end + _LEVEL_BEHIND)
    )
    close &= (cues.kind[after] & Cue.CLAUSE) == 0  # "C++经验,熟悉算法": the word opens a clause of its own
    return np.where(near, cues.level[known], np.where(close, cues.level[after], -1))


def _asks_at_once(lines: Lines) -> Flags:
    """Say which items begin by asking for something."""
    asking = lines.cues.of(Cue.LEVEL | Cue.REQUIRE)
    first = np.full(len(lines.starts), np.iinfo(np.int64).max)
    first[asking.item[::-1]] = asking.start[::-1]  # the last written is the first in the text
    begins: Flags = first - lines.starts <= _AT_ONCE
    return begins


def _longest_of_a_place(cues: Cues) -> Integers:
    """Return, for every level word, the one that counts there: of overlapping ones the longer, 熟练掌握 for 掌握."""
    chosen = np.arange(len(cues.start))
    for at in np.flatnonzero((cues.start[1:] < cues.end[:-1]) & (cues.item[1:] == cues.item[:-1])).tolist():
        held, new = int(chosen[at]), at + 1
        shorter = cues.end[new] - cues.start[new] <= cues.end[held] - cues.start[held]
        if cues.start[new] < cues.end[held] and shorter:
            chosen[new] = held
    return chosen


def _next(cues: Cues, item: Integers, end: Integers) -> tuple[Integers, Flags]:
    """Return where the next cue behind each end stands, and whether it stands in the same item."""
    at = np.searchsorted(cues.start, end)
    same = np.append(cues.item, -1)[at] == item
    return _padded(cues.start)[at], same


def _new_clause(lines: Lines, end: Integers, until: Integers) -> Flags:
    """Say whether a verb opens a new clause between each end and a later word."""
    clauses = lines.cues.of(Cue.CLAUSE).start
    return _padded(clauses)[np.searchsorted(clauses, end, "right")] < until


def _padded(starts: Integers) -> Integers:
    return np.append(starts, np.iinfo(np.int64).max)
