"""Forecasts, scenarios and the back-test that the report shows, computed by engines/demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zhiqiao.engines import demand
from zhiqiao.engines.report import (
    Backtest,
    BacktestLevel,
    Name,
    Outlook,
    ProjectFacts,
    ReportParameters,
    ScenarioFacts,
    sum_interval,
)
from zhiqiao.packs import common_file, read_rows

Counts = npt.NDArray[np.float64]
_YEAR = 12


@dataclass(frozen=True)
class Tools:
    """The parameters of engines/demand, read once."""

    parameters: demand.Parameters
    calendar: demand.Calendar
    scenario: demand.ScenarioParameters

    @classmethod
    def read(cls) -> Tools:
        """Read them from the common pack."""
        return cls(
            demand.read_parameters(common_file("demand", "forecast.toml")),
            demand.read_calendar(common_file("demand", "calendar_cn.toml")),
            demand.read_scenario_parameters(common_file("demand", "scenario.toml")),
        )

    def forecast(self, table: demand.SeriesTable, horizon: int) -> demand.Forecast:
        """Forecast with the shipped parameters."""
        return demand.forecast(table, horizon, parameters=self.parameters, calendar=self.calendar)


@dataclass(frozen=True)
class Level:
    """The series of one level: names of the key columns, keys, counts [series, month]."""

    names: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    counts: Counts

    def table(self, months: Sequence[str]) -> demand.SeriesTable:
        """Return the series of the first months as a table to forecast."""
        return demand.SeriesTable(self.names, self.keys, tuple(months), self.counts[:, : len(months)])


@dataclass(frozen=True)
class Announced:
    """A project of the pack: facts to be told, and its staff per post as the scenario engine takes it."""

    facts: ProjectFacts
    staff: tuple[tuple[str, str, float], ...]  # post, month it starts, persons


def outlooks(
    level: Level, months: Sequence[str], tools: Tools, projects: Sequence[Announced]
) -> tuple[list[Outlook], tuple[str, ...]]:
    """Return the outlook of every series and the months forecast; raises DemandError as `forecast` does."""
    found = tools.forecast(level.table(months), _YEAR)
    counted = _projects(level, projects)
    without = demand.scenario(found, parameters=tools.scenario)
    bands = demand.scenario(found, parameters=tools.scenario, projects=counted)
    by_key: dict[tuple[str, ...], list[ScenarioFacts]] = {}
    for plain, band in zip(without, bands, strict=True):
        by_key.setdefault(band.keys, []).append(
            ScenarioFacts(
                band.year,
                band.first_month,
                band.last_month,
                band.low,
                band.base,
                band.high,
                band.base - plain.base,
            )
        )
    return [
        Outlook(
            counts=tuple(level.counts[at].tolist()),
            mean=tuple(found.mean[at].tolist()),
            low=tuple(found.lo[at].tolist()),
            high=tuple(found.hi[at].tolist()),
            next_year=sum_interval(
                float(found.expected[at].sum()), level.counts[at][-_YEAR:].tolist(), level=found.level
            ),
            method=found.method[at],
            scenarios=tuple(by_key.get(key, ())),
        )
        for at, key in enumerate(level.keys)
    ], found.months


def _projects(level: Level, projects: Sequence[Announced]) -> list[demand.Project]:
    """Return projects per post of this level; an industry's series gets the staff of all its posts."""
    known, found = set(level.keys), []
    for project in projects:
        for post, start, staff in project.staff:
            industry = project.facts.industry.key
            key = (industry,) if level.names == ("industry",) else (industry, post)
            if key in known:
                name, chance = project.facts.name.zh, project.facts.probability
                found.append(demand.Project(name, staff, start, chance, {key: 1.0}, "pack"))
    return found


def read_projects(
    pack: Path, industries: dict[str, Name], industry_of: dict[str, str]
) -> tuple[Announced, ...]:
    """Return the announced projects of a pack, one per industry whose posts they staff; none without the file."""
    path = pack / "projects.csv"
    found = []
    for row in read_rows(path) if path.exists() else []:
        parts = [part.split(":") for part in row["staff"].split("|") if part]
        for industry in dict.fromkeys(industry_of[post] for post, _, _ in parts if post in industry_of):
            staff = tuple(
                (post, row["start"] if row["start"][:4] == year else f"{year}-01", float(persons))
                for post, year, persons in parts
                if industry_of.get(post) == industry
            )
            facts = ProjectFacts(
                Name(row["id"], row["name"], row.get("en", "")),
                industries[industry],
                row["start"],
                float(row["probability"]),
                round(sum(persons for _, _, persons in staff)),
            )
            found.append(Announced(facts, staff))
    return tuple(found)


def backtest(
    levels: dict[str, Level], months: Sequence[str], year: int, tools: Tools, limits: ReportParameters
) -> Backtest | None:
    """Make last year's forecast again with what was known then; with too little history hold the last months back.

    None when even that leaves fewer months than a forecast needs.
    """
    least = tools.parameters.min_months
    wanted = f"{year - 2}-12"
    seen = sum(month <= wanted for month in months)
    last_year = least <= seen < len(months)
    if not last_year:
        seen = len(months) - limits.backtest_months
    if seen < least:
        return None
    came = tuple(months[seen:][:_YEAR])
    found = tuple(_score(name, level, months, seen, tools) for name, level in levels.items() if level.keys)
    return Backtest(months[seen - 1], came, last_year, found)


def _score(name: str, level: Level, months: Sequence[str], seen: int, tools: Tools) -> BacktestLevel:
    horizon = min(_YEAR, len(months) - seen)
    history, actual = level.counts[:, :seen], level.counts[:, seen : seen + horizon]
    found = tools.forecast(level.table(months[:seen]), horizon)
    score = demand.score(found.mean, actual, lo=found.lo, hi=found.hi)
    naive = {
        key: demand.score(guess, actual).mae for key, guess in demand.baselines(history, horizon).items()
    }
    sums = [
        sum_interval(float(expected.sum()), past[-_YEAR:].tolist(), level=found.level)
        for expected, past in zip(found.expected, history, strict=True)
    ]
    inside = [
        estimate.low <= total <= estimate.high
        for estimate, total in zip(sums, actual.sum(axis=1), strict=True)
        if estimate.low is not None and estimate.high is not None
    ]
    return BacktestLevel(
        level=name,  # type: ignore[arg-type]  # the keys are the three levels
        series=len(level.keys),
        cells=score.cells,
        error=score.mae,
        naive=naive,
        cover=score.cover,
        total_cover=float(np.mean(inside)) if inside else None,
    )
