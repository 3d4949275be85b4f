"""What the findings of a year are made from: counts by month, the chain of posts, supply compared with demand.

Whoever gathers them (from the files of a pack, from the database) only reads; every figure is made from these values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from zhiqiao.engines import balance, demand
from zhiqiao.engines.balance import Balance, KindFinding
from zhiqiao.engines.report import (
    Backtest,
    Coverage,
    Estimate,
    Name,
    Part,
    ProjectFacts,
    ReportParameters,
    SourceFacts,
    read_report_parameters,
)

Counts = npt.NDArray[np.float64]
LevelName = Literal["industry", "post", "skill"]
#: What the keys of each level are made of.
LEVELS: Mapping[LevelName, tuple[str, ...]] = {
    "industry": ("industry",),
    "post": ("industry", "post"),
    "skill": ("industry", "skill"),
}


@dataclass(frozen=True)
class Rules:
    """All parameters that the findings rest on, read once."""

    report: ReportParameters
    forecast: demand.Parameters
    calendar: demand.Calendar
    scenario: demand.ScenarioParameters
    watch: demand.WatchParameters
    balance: balance.BalanceParameters

    @classmethod
    def read(cls, common: Path, *, report: ReportParameters | None = None) -> Rules:
        """Read them from the folder of the common pack; raises what the engines raise for a file that is none."""
        return cls(
            report or read_report_parameters(common / "report" / "report.toml"),
            demand.read_parameters(common / "demand" / "forecast.toml"),
            demand.read_calendar(common / "demand" / "calendar_cn.toml"),
            demand.read_scenario_parameters(common / "demand" / "scenario.toml"),
            demand.read_watch_parameters(common / "demand" / "watch.toml"),
            balance.read_parameters(common / "balance" / "balance.toml"),
        )


@dataclass(frozen=True)
class Chain:
    """Industries and links in the order they are shown in, and where each post stands."""

    industries: Mapping[str, Name]
    leads: frozenset[str]
    links: Mapping[str, Name]
    posts: Mapping[str, Name]
    link_of: Mapping[str, str]
    industry_of: Mapping[str, str]


@dataclass(frozen=True)
class Skill:
    """A skill with its names and its kind (tool, knowledge …)."""

    name: Name
    kind: str


@dataclass(frozen=True)
class Level:
    """The series of one level: keys, counts [series, month]; NaN where a month is unknown."""

    name: LevelName
    keys: tuple[tuple[str, ...], ...]
    counts: Counts

    def table(self, months: Sequence[str]) -> demand.SeriesTable:
        """Return the series of the first months as a table to forecast."""
        return demand.SeriesTable(LEVELS[self.name], self.keys, tuple(months), self.counts[:, : len(months)])


@dataclass(frozen=True)
class Kept:
    """A forecast of a level that was published, with the year it expects of each series; used instead of a new one.

    `bands` are its scenario bands under all inputs registered then.
    """

    forecast: demand.Forecast
    years: tuple[Estimate, ...]
    bands: tuple[demand.Band, ...]


@dataclass(frozen=True)
class Announced:
    """An announced project: facts to be told, and its staff as (post, month it starts, persons)."""

    facts: ProjectFacts
    staff: tuple[tuple[str, str, float], ...]


def announced(
    name: Name, start: str, probability: float, staff: Sequence[tuple[str, int, int]], chain: Chain
) -> list[Announced]:
    """Return a project as one per industry whose posts it staffs; `staff` are (post, year, persons).

    Who is hired in the year of the start comes with it (yyyy-mm), others in the January of their year.
    """
    found = []
    for industry in dict.fromkeys(chain.industry_of[post] for post, _, _ in staff if post in chain.posts):
        own = tuple(
            (post, start if start[:4] == str(year) else f"{year}-01", float(persons))
            for post, year, persons in staff
            if chain.industry_of.get(post) == industry
        )
        persons = round(sum(part for _, _, part in own))
        facts = ProjectFacts(name, chain.industries[industry], start, probability, persons)
        found.append(Announced(facts, own))
    return found


@dataclass(frozen=True)
class Programme:
    """A programme with what its school reported for `year`, its health and the advice drawn from it.

    `conditions` are (equipment, norm, present); None is unknown. `decision` is what was approved for it, with places.
    """

    name: Name
    school: Name
    posts: tuple[str, ...]
    year: int | None
    enrolled: int | None
    graduates: int | None
    practice_share: float | None
    health: balance.HealthFacts
    advice: balance.Recommendation
    conditions: tuple[tuple[Name, float, float | None], ...] = ()
    decision: str = ""
    decided_places: int | None = None


@dataclass(frozen=True)
class Compared:
    """Supply set against demand by engines/balance: indices, kinds of gap, programmes."""

    balance: Balance
    kinds: tuple[KindFinding, ...]
    programmes: tuple[Programme, ...]


@dataclass(frozen=True)
class Inputs:
    """Everything that was read.

    `months` are those counted, `planned` the head count by post that enterprises plan for `year` (None: nobody may
    tell). `kept` holds published forecasts that rest on these very counts, `backtest` the score of one that was
    published a year ago; where they are missing both are computed.
    """

    region: Name
    year: int
    today: dt.date
    organisation: Name
    label: Name | None
    chain: Chain
    skills: Mapping[str, Skill]
    months: tuple[str, ...]
    levels: Mapping[LevelName, Level]
    coverage: Coverage
    structure: Mapping[str, tuple[Part, ...]]
    sources: tuple[SourceFacts, ...]
    compared: Compared
    planned: Mapping[str, int] | None
    projects: tuple[Announced, ...]
    taxonomy: str
    texts: str
    kept: Mapping[LevelName, Kept] = field(default_factory=dict)
    backtest: Backtest | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
