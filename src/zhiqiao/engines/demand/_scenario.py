"""Years 2 and 3 as bands that follow from stated assumptions; a scenario, never a forecast, and labelled so."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from zhiqiao.engines.demand._errors import HorizonError, ParameterError, ScenarioError
from zhiqiao.engines.demand._months import month_number, month_text
from zhiqiao.engines.demand._values import Forecast

Case = Literal["low", "base", "high"]
CASES: tuple[Case, ...] = ("low", "base", "high")
_YEARS = (2, 3)


@dataclass(frozen=True)
class ScenarioParameters:
    """How much is added to the width per year, and what share of each kind of input counts in each case."""

    version: str
    source: str
    state: str
    yearly_width: float
    growth: Mapping[Case, float]
    projects: Mapping[Case, float]
    retirement: Mapping[Case, float]


@dataclass(frozen=True)
class IndustryPlan:
    """A published plan: demand of the series whose keys hold `match` grows by `percent` a year.

    With `shares` (key to share) it moves the series named there instead, each by its share of the per cent.
    """

    name: str
    match: Mapping[str, str]
    percent: float
    source: str
    shares: Mapping[tuple[str, ...], float] | None = None

    def percent_of(self, key: tuple[str, ...], named: Mapping[str, str]) -> float:
        """Return by how much a series grows a year."""
        if self.shares is not None:
            return self.percent * self.shares.get(key, 0.0)
        return self.percent if _matches(self.match, named) else 0.0


@dataclass(frozen=True)
class Project:
    """An announced project: `staff` posts from `start` (YYYY-MM), shared over series, with a probability 0..1.

    `shares` maps a series' key to its share of the staff; a post asks for several skills, so they need not add up to 1.
    """

    name: str
    staff: float
    start: str
    probability: float
    shares: Mapping[tuple[str, ...], float]
    source: str


@dataclass(frozen=True)
class Retirement:
    """Posts held today in the series that `match`, of which `percent` a year fall vacant for age.

    The series that match share the posts evenly; with `shares` (key to share) those named there get them instead.
    """

    name: str
    match: Mapping[str, str]
    posts: float
    percent: float
    source: str
    shares: Mapping[tuple[str, ...], float] | None = None


@dataclass(frozen=True)
class Band:
    """The total of one series in one year to come (2 or 3), in three cases; `inputs` name all that moved it."""

    keys: tuple[str, ...]
    year: int
    first_month: str
    last_month: str
    low: float
    base: float
    high: float
    inputs: tuple[str, ...]
    label: Literal["scenario"] = "scenario"


def read_scenario_parameters(path: Path) -> ScenarioParameters:
    """Read `scenario.toml`; raise ParameterError when it is not one."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return ScenarioParameters(
            version=raw["version"],
            source=raw["source"],
            state=raw["state"],
            yearly_width=raw["width"]["yearly"],
            growth={case: float(raw["growth"][case]) for case in CASES},
            projects={case: float(raw["projects"][case]) for case in CASES},
            retirement={case: float(raw["retirement"][case]) for case in CASES},
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ParameterError(
            f"情景参数文件 {path.name} 无法使用：{error!r}。",
            f"The scenario parameters {path.name} can not be used: {error!r}.",
        ) from error


def scenario(
    forecast: Forecast,
    *,
    parameters: ScenarioParameters,
    plans: Sequence[IndustryPlan] = (),
    projects: Sequence[Project] = (),
    retirements: Sequence[Retirement] = (),
) -> list[Band]:
    """Return the bands of months 13-24 and 25-36 for every series with a forecast of all twelve months.

    The year's total T is the sum of `expected`. Year y: case total = T·(1+g·k)^(y-1) + projects + vacancies, with
    k, and the shares of the others, from the parameters; low and high then widen by T·sqrt(r² + (w·(y-1))²), r the
    relative half-width of the forecast year and w `yearly`. Raises HorizonError without twelve months and ScenarioError
    for an assumption that can not be.
    """
    if len(forecast.months) != 12:
        raise HorizonError(
            f"情景需要 12 个月的预测，现有 {len(forecast.months)} 个月。",
            f"A scenario starts from a forecast of 12 months; this one has {len(forecast.months)}.",
        )
    _check(plans, projects, retirements)
    names = forecast.table.key_names
    named = [dict(zip(names, key, strict=True)) for key in forecast.table.keys]
    siblings = {
        id(one): sum(_matches(one.match, other) for other in named)
        for one in retirements
        if one.shares is None
    }
    bands: list[Band] = []
    for at, key in enumerate(forecast.table.keys):
        total = float(forecast.expected[at].sum())
        if np.isnan(total):
            continue
        spread = _relative_width(forecast, at, total)
        own = _Inputs(
            forecast, key, plans=plans, projects=projects, retirements=retirements, siblings=siblings
        )
        bands += [own.band(total, spread, year, parameters) for year in _YEARS]
    return bands


def _relative_width(forecast: Forecast, at: int, total: float) -> float:
    """Return the half-width of the year over its total; misses of months are taken as going the same way."""
    half = float((forecast.hi[at] - forecast.lo[at]).sum()) / 2
    return half / total if total > 0 else 0.0


class _Inputs:
    """What applies to one series."""

    def __init__(
        self,
        forecast: Forecast,
        key: tuple[str, ...],
        *,
        plans: Iterable[IndustryPlan],
        projects: Iterable[Project],
        retirements: Iterable[Retirement],
        siblings: Mapping[int, int],
    ) -> None:
        named = dict(zip(forecast.table.key_names, key, strict=True))
        self.key = key
        self.next_month = month_number(forecast.months[0]) or 0
        grown = [(plan, plan.percent_of(key, named)) for plan in plans]
        self.plans = [(plan, percent) for plan, percent in grown if percent]
        self.projects = [project for project in projects if project.shares.get(key)]
        self.retirements = [
            (one, one.posts * one.shares.get(key, 0.0))
            if one.shares is not None
            else (one, one.posts / siblings[id(one)])
            for one in retirements
            if (key in one.shares if one.shares is not None else _matches(one.match, named))
        ]

    def band(self, total: float, spread: float, year: int, parameters: ScenarioParameters) -> Band:
        """Return the band of one year."""
        first = self.next_month + 12 * (year - 1)
        middle = {case: self._total(total, year, first, case, parameters) for case in CASES}
        widened = total * float(np.hypot(spread, parameters.yearly_width * (year - 1)))
        return Band(
            keys=self.key,
            year=year,
            first_month=month_text(first),
            last_month=month_text(first + 11),
            low=max(0.0, min(middle.values()) - widened),
            base=middle["base"],
            high=max(middle.values()) + widened,
            inputs=self._names(parameters, first),
        )

    def _total(
        self, total: float, year: int, first: int, case: Case, parameters: ScenarioParameters
    ) -> float:
        grown = total
        for _plan, percent in self.plans:
            grown *= (1 + percent / 100 * parameters.growth[case]) ** (year - 1)
        staffed = sum(
            project.staff * project.probability * project.shares[self.key]
            for project in self.projects
            if _starts_within(project, first)
        )
        vacant = sum(posts * one.percent / 100 for one, posts in self.retirements)
        return grown + parameters.projects[case] * staffed + parameters.retirement[case] * vacant

    def _names(self, parameters: ScenarioParameters, first: int) -> tuple[str, ...]:
        used = [f"12-month forecast; scenario parameters {parameters.version} ({parameters.state})"]
        used += [f"{plan.name}: {percent:+g} %/year ({plan.source})" for plan, percent in self.plans]
        used += [
            f"{project.name}: {project.staff:g} × {project.probability:g}, from {project.start} ({project.source})"
            for project in self.projects
            if _starts_within(project, first)
        ]
        used += [
            f"{one.name}: {one.percent:g} % of {posts:g} posts/year ({one.source})"
            for one, posts in self.retirements
        ]
        return tuple(used)


def _matches(match: Mapping[str, str], named: Mapping[str, str]) -> bool:
    return all(named.get(name) == value for name, value in match.items())


def _starts_within(project: Project, first: int) -> bool:
    """A project is staffed once, in the year it starts."""
    start = month_number(project.start)
    return start is not None and first <= start < first + 12


def _check(
    plans: Sequence[IndustryPlan], projects: Sequence[Project], retirements: Sequence[Retirement]
) -> None:
    faults = [plan.name for plan in plans if plan.percent <= -100]
    faults += [
        project.name
        for project in projects
        if not 0 <= project.probability <= 1
        or project.staff < 0
        or month_number(project.start) is None
        or any(not 0 <= share <= 1 for share in project.shares.values())
    ]
    faults += [one.name for one in retirements if one.posts < 0 or not 0 <= one.percent <= 100]
    spread = [(one.name, one.shares) for one in plans] + [(one.name, one.shares) for one in retirements]
    faults += [name for name, shares in spread if any(not 0 <= part <= 1 for part in (shares or {}).values())]
    if faults:
        raise ScenarioError(
            f"情景输入不成立：{'、'.join(faults)}。概率和份额须在 0 到 1 之间，人数不为负，月份写成 YYYY-MM。",
            f"These inputs of the scenario can not be: {', '.join(faults)}. "
            "Probabilities and shares are within 0 to 1, staff is not negative, months are YYYY-MM.",
        )
