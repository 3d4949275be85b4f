"""Plain values that the balance is computed from; what it says stands beside its formulas."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
#: Kinds of skill that are asked for everywhere: they tell nothing about a post, so no list of core skills names them.
EVERYWHERE = frozenset({"soft", "language"})


@dataclass(frozen=True)
class Interval:
    """A figure with the interval that its bootstrap draws leave between the outer quantiles."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class SkillFacts:
    """A skill as the taxonomy knows it."""

    key: str
    kind: str


@dataclass(frozen=True)
class RoleFacts:
    """A post (岗位) with its place in the chain of an industry.

    `planned` is the head count that enterprises plan for the coming year, None when no enterprise said.
    """

    key: str
    industry: str
    link: str
    planned: float | None = None


@dataclass(frozen=True)
class Postings:
    """Postings and the skills they name, one row a pair: `role` [postings], `posting`, `skill` [pairs] are places.

    Raises ValueError when a position lies outside its list.
    """

    roles: tuple[RoleFacts, ...]
    skills: tuple[SkillFacts, ...]
    role: Places
    posting: Places
    skill: Places

    def __post_init__(self) -> None:
        for name, places, size in (
            ("role", self.role, len(self.roles)),
            ("posting", self.posting, len(self.role)),
            ("skill", self.skill, len(self.skills)),
        ):
            if len(places) and not 0 <= int(places.min()) <= int(places.max()) < size:
                msg = f"{name} points outside 0..{size - 1}"
                raise ValueError(msg)
        if len(self.posting) != len(self.skill):
            msg = f"{len(self.posting)} postings are paired with {len(self.skill)} skills"
            raise ValueError(msg)


@dataclass(frozen=True)
class Taught:
    """Hours at which a programme teaches a skill, and how many of them are practice."""

    hours: float
    practice: float


@dataclass(frozen=True)
class Condition:
    """Training equipment a programme has (`present`) against the norm (`required`), in the unit of the norm."""

    name: str
    required: float
    present: float | None


@dataclass(frozen=True)
class ProgrammeSupply:
    """A programme: the posts it trains for, what it teaches, and its graduates a year (None = unknown).

    `practice_share` is over all hours of its course table; `real_projects` counts modules on an enterprise's real
    project, None when nobody recorded them.
    """

    key: str
    roles: tuple[str, ...]
    taught: Mapping[str, Taught]
    graduates: float | None = None
    practice_share: float | None = None
    real_projects: int | None = None
    conditions: tuple[Condition, ...] = field(default=())


@dataclass(frozen=True)
class BalanceParameters:
    """Parameters as read from packs/common/balance/balance.toml; sections map names to numbers.

    `seed` is that of the bootstrap: the same inputs give the same figures wherever they are compared.
    """

    version: str
    demand: Mapping[str, float]
    bootstrap: Mapping[str, float]
    full_hours: Mapping[str, float]
    weight: Mapping[str, float]
    kinds: Mapping[str, float]
    health: Mapping[str, float]
    seed: int = 0


def read_parameters(path: Path) -> BalanceParameters:
    """Read the parameters of a file; a missing section raises KeyError with its name."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    sections = ("demand", "bootstrap", "full_hours", "weight", "kinds", "health")
    rows = {name: data[name] for name in sections}
    return BalanceParameters(version=data["version"], **rows, seed=int(data["report"]["seed"]))
