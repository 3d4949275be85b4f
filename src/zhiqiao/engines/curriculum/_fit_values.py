"""Plain values of fitting a training plan to demand: wishes, limits, moves, proposals, and why nothing fits."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans import Course, Plan


@dataclass(frozen=True)
class SkillWish:
    """A skill that demand asks for: share of postings or surveyed enterprises (0..1), weight, hours wanted."""

    key: str
    share: float
    target_hours: float
    weight: float = 1.0


@dataclass(frozen=True)
class TaughtHours:
    """How many of a course's present hours (of an offered module: of its offered hours) teach a skill."""

    course: str
    skill: str
    hours: float


@dataclass(frozen=True)
class Prerequisite:
    """A course that comes after another: in a later term, or in the same where that is enough."""

    course: str
    after: str
    same_term: bool = False


@dataclass(frozen=True)
class Wishes:
    """What a plan is fitted to: demand, what the courses teach, order, modules on offer, what stays or may go.

    An offered module is a course with one term entry; it may be taken up in any term that has weeks for it.
    """

    skills: tuple[SkillWish, ...] = ()
    taught: tuple[TaughtHours, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    offered: tuple[Course, ...] = ()
    removable: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()


class Lock(StrEnum):
    """Why the hours of a course are not touched."""

    ASKED = "asked"  # the user wants it so
    GROUPED = "grouped"  # member of a pool, track or substitution: its pool decides how much counts
    BY_WEEKS = "by_weeks"  # counted by weeks: internship, military training
    UNKNOWN = "unknown"  # hours, split by activity or terms are not known


class Limit(StrEnum):
    """A limit that no law sets: the plan's own frame or the user's."""

    TOTAL = "total"  # all hours stay near what they were
    CHANGE = "change"  # no course changes more than so much
    LOAD = "load"  # hours a week in a term
    PREREQUISITES = "prerequisites"
    ROOM = "room"  # how many courses and terms may change in this way


class MoveKind(StrEnum):
    """What happens to one course."""

    MORE = "more"
    LESS = "less"
    TERM = "term"
    PRACTICE = "practice"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class SkillEffect:
    """What a move alone gives or takes of a skill: hours taught in the whole plan without it and with it."""

    skill: str
    hours_without: float
    hours_with: float
    target_hours: float
    share: float


@dataclass(frozen=True)
class Move:
    """One change and why it is there.

    `coverage` is what the move alone adds to (or takes from) the covered demand, 0..1; `needed_for` names the rules
    and limits that would be broken without it, all others kept: a course gives hours because the total or the
    term would overflow, or practice grows because a share asks for it.
    """

    kind: MoveKind
    course: str
    hours: tuple[Number, Number]
    practice: tuple[Number, Number]
    terms: tuple[tuple[int, ...], tuple[int, ...]]
    skills: tuple[SkillEffect, ...] = ()
    coverage: float = 0.0
    needed_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A plan that keeps all hard rules, the moves to it, and what it costs and gains.

    `coverage` is the share of weighted demand covered, before and after: of each skill the hours taught, at most the
    hours wanted. `proven` says that nothing better exists within the limits of this way; else `left` is how much more
    of the aim (which counts the first hours of a skill most and takes off what changes cost) there could at most be.
    """

    way: str
    plan: Plan
    moves: tuple[Move, ...]
    coverage: tuple[float, float]
    left: float
    proven: bool
    total_hours: tuple[Number, Number]
    practice_hours: tuple[Number, Number]
    rules_mended: tuple[str, ...]
    rules_newly_warned: tuple[str, ...]


@dataclass(frozen=True)
class Clash:
    """Rules (by id) and limits (by name) that can not hold together in a way; without any of them the rest could."""

    way: str
    together: tuple[str, ...]


@dataclass(frozen=True)
class Fit:
    """The result: proposals from the most demand covered to the fewest changes, and what clashes in ways without one.

    `unchecked` names hard rules that can not be judged for want of data, so that no proposal can promise them.
    """

    proposals: tuple[Proposal, ...]
    clashes: tuple[Clash, ...] = ()
    locked: Mapping[str, Lock] = field(default_factory=dict)
    unchecked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """A way to look for a proposal: how many courses may change (None: all), whether terms may."""

    key: str
    most_changed: int | None = None
    terms_move: bool = True


@dataclass(frozen=True)
class FitParameters:
    """Limits, costs and ways, read from packs/common/curriculum/fit.toml; costs are in points of covered demand."""

    version: str
    hours_step: int
    least_course_hours: int
    most_steps: int
    most_share: float
    most_practice_shift: float
    total_room: float
    weekly_limit: int
    worth: tuple[float, ...]
    cost: Mapping[str, float]
    ways: tuple[Way, ...]


def read_fit_parameters(path: Path) -> FitParameters:
    """Read the parameters of a file; a missing name raises KeyError with it."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    limits = data["limits"]
    ways = tuple(
        Way(key, row.get("most_changed"), row.get("terms_move", True)) for key, row in data["way"].items()
    )
    return FitParameters(
        version=data["version"],
        hours_step=limits["hours_step"],
        least_course_hours=limits["least_course_hours"],
        most_steps=limits["most_steps"],
        most_share=limits["most_share"],
        most_practice_shift=limits["most_practice_shift"],
        total_room=limits["total_room"],
        weekly_limit=limits["weekly_limit"],
        worth=tuple(data["worth"]["thirds"]),
        cost=data["cost"],
        ways=ways,
    )
