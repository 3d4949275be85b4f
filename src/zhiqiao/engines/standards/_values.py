"""A course standard, what a plan differs in from it, and the reasons for that. None is unknown, never absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhiqiao.engines.kernel import Amount, Key, Number
from zhiqiao.engines.rules import State


@dataclass(frozen=True)
class StandardPost:
    """A post that the standard names; aliases are other usual names of the same post."""

    key: Key
    name: Key
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class StandardTask:
    """A representative work task (代表性工作任务) with the keys of the posts that it belongs to."""

    key: Key
    name: Key
    posts: tuple[str, ...] | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class StandardCourse:
    """A work-integrated course (工学一体化课程) with its hours (学时) and the keys of its tasks."""

    key: Key
    name: Key
    hours: Amount | None = None
    tasks: tuple[str, ...] | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standard:
    """One edition of a standard. `programme` is the specialty's name, `enterprises` are kinds of enterprise."""

    key: Key
    edition: Key
    name: Key
    programme: Key
    issuer: Key
    valid_from: date
    state: State
    source: Key
    enterprises: tuple[str, ...] | None = None
    posts: tuple[StandardPost, ...] | None = None
    tasks: tuple[StandardTask, ...] | None = None
    courses: tuple[StandardCourse, ...] | None = None


class Part(StrEnum):
    """What is compared."""

    POST = "post"
    TASK = "task"
    COURSE = "course"
    HOURS = "hours"


class Outcome(StrEnum):
    """How a row of the standard stands in the plan, or a row of the plan to the standard."""

    KEPT = "kept"
    DROPPED = "dropped"
    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True)
class Reason:
    """Why the plan differs: the item by its id, the local demand in words, and where that can be looked up."""

    item: Key
    text: str
    evidence: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Tell whether it says why and names evidence."""
        return bool(self.text.strip()) and any(one.strip() for one in self.evidence)


@dataclass(frozen=True)
class Item:
    """One row compared. `id` such as `course:c1` names it in reasons; `paths` are its places in the plan."""

    part: Part
    outcome: Outcome
    key: str
    name: str
    paths: tuple[str, ...] = ()
    told: Number | None = None
    found: Number | None = None
    reason: Reason | None = None

    @property
    def id(self) -> str:
        """Return the name by which a reason refers to it: a row of the standard, or one that the plan adds."""
        added = "+" if self.outcome is Outcome.ADDED else ""
        return f"{self.part}:{added}{self.key}"

    @property
    def is_deviation(self) -> bool:
        """Tell whether the plan differs here."""
        return self.outcome is not Outcome.KEPT

    @property
    def is_open(self) -> bool:
        """Tell whether it still needs a reason."""
        return self.is_deviation and (self.reason is None or not self.reason.counts)


@dataclass(frozen=True)
class Comparison:
    """A plan against one edition: every row, what could not be compared, reasons that belong to nothing."""

    plan: str
    standard: str
    edition: str
    items: tuple[Item, ...]
    unknown: tuple[str, ...]
    unused: tuple[Reason, ...]

    @property
    def deviations(self) -> tuple[Item, ...]:
        """Return where the plan differs."""
        return tuple(item for item in self.items if item.is_deviation)

    @property
    def open(self) -> tuple[Item, ...]:
        """Return the deviations that still need a reason."""
        return tuple(item for item in self.items if item.is_open)

    @property
    def is_complete(self) -> bool:
        """Tell whether everything could be compared and every deviation has its reason."""
        return not self.open and not self.unknown
