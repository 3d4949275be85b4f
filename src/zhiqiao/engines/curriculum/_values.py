"""Plain values of the gap between what postings ask for and what a programme teaches."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class GapStatus(StrEnum):
    """What a line of the gap list says about one skill."""

    MISSING = "missing"
    THIN = "thin"
    COVERED = "covered"
    UNASKED = "unasked"


class Change(StrEnum):
    """What a proposal does to the course table."""

    ADD = "add"
    EXTEND = "extend"
    UPDATE = "update"
    RETIRE = "retire"


@dataclass(frozen=True)
class SkillFacts:
    """A skill as the taxonomy knows it."""

    key: str
    kind: str
    category: str = ""
    broader: str = ""


@dataclass(frozen=True)
class SkillDemand:
    """How many of the programme's postings ask for a skill; `months` maps YYYY-MM to (count, postings)."""

    skill: SkillFacts
    count: int
    total: int
    months: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Return the share of postings, 0..1."""
        return self.count / self.total if self.total else 0.0


@dataclass(frozen=True)
class TaughtSkill:
    """Hours and level at which a module teaches a skill."""

    key: str
    hours: float
    level: int


@dataclass(frozen=True)
class ModuleFacts:
    """A module of the programme.

    `protected` ones (compulsory by law) are neither changed nor retired; `foundation` ones (other courses stand on
    them) take new skills but are not proposed for retirement.
    """

    key: str
    course: str
    hours: float
    skills: tuple[TaughtSkill, ...]
    protected: bool = False
    foundation: bool = False


@dataclass(frozen=True)
class Trend:
    """The newest months against those before them."""

    recent_count: int
    recent_total: int
    before_count: int
    before_total: int
    p_value: float
    rising: bool


@dataclass(frozen=True)
class GapLine:
    """One skill: demand with interval, hours taught and wanted, status, rank by score."""

    skill: SkillFacts
    status: GapStatus
    count: int
    total: int
    share: float
    share_low: float
    share_high: float
    taught_hours: float
    target_hours: float
    modules: tuple[str, ...]
    trend: Trend | None
    score: float


@dataclass(frozen=True)
class SkillChange:
    """A skill that a proposal brings into a module, with hours and level."""

    key: str
    hours: float
    level: int


@dataclass(frozen=True)
class Proposal:
    """A change to one module (or a new one in `course`), the gap lines behind it and the reason in numbers."""

    change: Change
    course: str
    module: str | None
    skills: tuple[SkillChange, ...]
    hours: float
    affinity: float
    score: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class GapParameters:
    """Parameters as read from packs/common/curriculum/gap.toml; sections map names to numbers."""

    version: str
    demand: Mapping[str, float]
    trend: Mapping[str, float]
    target_hours: Mapping[str, float]
    weight: Mapping[str, float]
    affinity: Mapping[str, float]
    proposal_kinds: Mapping[str, float]
    proposal: Mapping[str, float]


def read_parameters(path: Path) -> GapParameters:
    """Read the parameters of a file; a missing section raises KeyError with its name."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sections = {
        name: data[name]
        for name in ("demand", "trend", "target_hours", "weight", "affinity", "proposal_kinds", "proposal")
    }
    return GapParameters(version=data["version"], **sections)
