"""What is expected of each series: forecast, the year ahead with its interval, scenario bands, and the back-test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zhiqiao.engines import demand
from zhiqiao.engines.findings._inputs import Announced, Counts, Kept, Level, LevelName, Rules
from zhiqiao.engines.report import Backtest, BacktestLevel, Estimate, Outlook, ScenarioFacts

_YEAR = 12


@dataclass(frozen=True)
class Ahead:
    """The outlook of every series of a level by key, and the months forecast."""

    by_key: Mapping[tuple[str, ...], Outlook]
    months: tuple[str, ...]


def outlooks(
    level: Level, months: Sequence[str], rules: Rules, projects: Sequence[Announced], kept: Kept | None = None
) -> Ahead:
    """Return what is expected of every series; raises DemandError as `demand.forecast` does."""
    if not level.keys:
        return Ahead({}, ())
    found = kept.forecast if kept else _forecast(level.table(months), _YEAR, rules)
    years = kept.years if kept else _years(found, level.counts)
    bands = _bands(found, _projects(level, projects), rules, kept.bands if kept else None)
    return Ahead(
        {
            key: Outlook(
                counts=values(level.counts[at]),
                mean=values(found.mean[at]),
                low=values(found.lo[at]),
                high=values(found.hi[at]),
                next_year=years[at],
                method=found.method[at],
                scenarios=tuple(bands.get(key, ())),
            )
            for at, key in enumerate(level.keys)
        },
        found.months,
    )


def values(row: Counts) -> tuple[float | None, ...]:
    """Return plain numbers; NaN becomes None."""
    return tuple(None if value != value else value for value in row.tolist())  # noqa: PLR0124 - NaN


def _forecast(table: demand.SeriesTable, horizon: int, rules: Rules) -> demand.Forecast:
    return demand.forecast(table, horizon, parameters=rules.forecast, calendar=rules.calendar)


def _years(found: demand.Forecast, counts: Counts) -> tuple[Estimate, ...]:
    """Return the sum of the months ahead of each series with its interval."""
    expected = found.expected.sum(axis=1)
    low, high = demand.total_interval(expected, counts[:, -_YEAR:], level=found.level)
    return tuple(map(Estimate, values(expected), values(low), values(high)))


def _bands(
    found: demand.Forecast,
    projects: Sequence[demand.Project],
    rules: Rules,
    kept: Sequence[demand.Band] | None,
) -> dict[tuple[str, ...], list[ScenarioFacts]]:
    """Return the scenario bands by series (those kept, where there are), with what announced projects add to them."""
    without = demand.scenario(found, parameters=rules.scenario)
    bands = demand.scenario(found, parameters=rules.scenario, projects=projects)
    by_key: dict[tuple[str, ...], list[ScenarioFacts]] = {}
    told = {(band.keys, band.year): band for band in (kept if kept is not None else bands)}
    for plain, moved in zip(without, bands, strict=True):
        band = told.get((moved.keys, moved.year), moved)
        by_key.setdefault(band.keys, []).append(
            ScenarioFacts(
                band.year,
                band.first_month,
                band.last_month,
                band.low,
                band.base,
                band.high,
                moved.base - plain.base,
            )
        )
    return by_key


def _projects(level: Level, projects: Sequence[Announced]) -> list[demand.Project]:
    """Return projects per post of this level; an industry's series gets the staff of all its posts."""
    known, found = set(level.keys), []
    for project in projects:
        for post, start, staff in project.staff:
            industry = project.facts.industry.key
            key = (industry,) if level.name == "industry" else (industry, post)
            if key in known:
                name, chance = project.facts.name.zh, project.facts.probability
                found.append(demand.Project(name, staff, start, chance, {key: 1.0}, "pack"))
    return found


def is_counted(project: Announced, ahead: Sequence[str]) -> bool:
    """Tell whether some of a project's staff is hired in years two and three."""
    later = demand.months_after(ahead[-1], 2 * _YEAR)
    return any(later[0] <= start <= later[-1] for _, start, _ in project.staff)


def backtest(
    levels: Mapping[LevelName, Level], months: Sequence[str], year: int, rules: Rules
) -> Backtest | None:
    """Make last year's forecast again with what was known then; with too little history hold the last months back.

    None when even that leaves fewer months than a forecast needs.
    """
    least = rules.forecast.min_months
    wanted = f"{year - 2}-12"
    seen = sum(month <= wanted for month in months)
    last_year = least <= seen < len(months)
    if not last_year:
        seen = len(months) - rules.report.backtest_months
    if seen < least:
        return None
    came = tuple(months[seen:][:_YEAR])
    found = tuple(_score(level, months, seen, rules) for level in levels.values() if level.keys)
    return Backtest(months[seen - 1], came, last_year, found)


def _score(level: Level, months: Sequence[str], seen: int, rules: Rules) -> BacktestLevel:
    horizon = min(_YEAR, len(months) - seen)
    history, actual = level.counts[:, :seen], level.counts[:, seen : seen + horizon]
    found = _forecast(level.table(months[:seen]), horizon, rules)
    score = demand.score(found.mean, actual, lo=found.lo, hi=found.hi)
    naive = {
        key: demand.score(guess, actual).mae for key, guess in demand.baselines(history, horizon).items()
    }
    sums = _years(found, history)
    inside = [
        estimate.low <= total <= estimate.high
        for estimate, total in zip(sums, actual.sum(axis=1), strict=True)
        if estimate.low is not None and estimate.high is not None
    ]
    return BacktestLevel(
        level=level.name,
        series=len(level.keys),
        cells=score.cells,
        error=score.mae,
        naive=naive,
        cover=score.cover,
        total_cover=float(np.mean(inside)) if inside else None,
    )
