"""The table of measures: how each is read from the facts, written, what it is computed from and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zhiqiao.engines.report._facts import (
    BacktestLevel,
    Change,
    Direction,
    Estimate,
    GapRow,
    IndustryFacts,
    MissingSkill,
    Name,
    Outlook,
    ProgrammeFacts,
    ProjectFacts,
    ReportFacts,
    ScenarioFacts,
    SignalFacts,
    SkillShare,
)

Evidence = Literal[
    "recent", "change", "forecast", "balance", "supply", "backtest", "practice",
    "intake", "plan", "scenario", "signal",
]  # fmt: skip
Scope = tuple[str, ...]
OVER = ("reduce", "stop")
_MOVED = {"rising": Direction.RISING, "fading": Direction.FADING}


def part_key(thing: Name | None) -> str:
    """Return how a thing stands in the name of a figure; what is not stated has a dash."""
    return thing.key if thing else "-"


class Index:
    """The facts, found by the keys that stand in names of figures."""

    def __init__(self, facts: ReportFacts) -> None:
        self.facts = facts
        self.industries = {item.name.key: item for item in facts.industries}
        self.gaps = {row.post.key: row for row in facts.gaps}
        self.lacking = {(row.post.key, row.skill.name.key): row for row in facts.lacking}
        self.programmes = {item.name.key: item for item in facts.programmes}
        self.asked = _asked(facts)
        self.series: dict[Scope, tuple[Change, Outlook]] = {}
        for industry in facts.industries:
            self.series[industry.name.key,] = (industry.change, industry.outlook)
            for post in industry.posts:
                self.series[industry.name.key, post.name.key] = (post.change, post.outlook)


def _asked(facts: ReportFacts) -> dict[Scope, tuple[SkillShare | None, Change | None]]:
    """Return what is known of a skill in an industry: its share now, and how it moved."""
    shares = {(one.name.key, skill.name.key): skill for one in facts.industries for skill in one.skills}
    moved = {(item.industry.key, item.skill.key): item.change for item in facts.skills}
    return {key: (shares.get(key), moved.get(key)) for key in (*shares, *moved)}


Read = Callable[[Index, Scope], float | None]


@dataclass(frozen=True)
class Measure:
    """How a measure is read and written; `rests` and `refs` are templates over the scope."""

    read: Read
    evidence: Evidence = "recent"
    places: int | None = 0
    percent: bool = False
    rests: Sequence[str] = ()
    refs: Sequence[str] = ()
    counted: bool = False


def _industry(of: Index, scope: Scope) -> IndustryFacts:
    return of.industries[scope[0]]


def _change(of: Index, scope: Scope) -> Change:
    return of.series[scope][0]


def _outlook(of: Index, scope: Scope) -> Outlook:
    return of.series[scope][1]


def _month(of: Index, scope: Scope) -> float | None:
    return _outlook(of, scope[:-1]).counts[of.facts.months.index(scope[-1])]


def _ahead(values: Callable[[Outlook], Sequence[float | None]]) -> Read:
    return lambda of, scope: values(_outlook(of, scope[:-1]))[of.facts.ahead.index(scope[-1])]


def _scenario(value: Callable[[ScenarioFacts], float]) -> Read:
    def read(of: Index, scope: Scope) -> float | None:
        bands = {str(band.year): band for band in _outlook(of, scope[:-1]).scenarios}
        return round(value(bands[scope[-1]]))

    return read


def _skill(of: Index, scope: Scope) -> float | None:
    share, change = of.asked[scope]
    return share.count if share else change.now if change else None


def _skill_share(of: Index, scope: Scope) -> float | None:
    share, change = of.asked[scope]
    return share.count / share.total if share else change.share if change else None


def _skill_before(of: Index, scope: Scope) -> float | None:
    change = of.asked[scope][1]
    return change.before if change else None


def _skill_share_before(of: Index, scope: Scope) -> float | None:
    change = of.asked[scope][1]
    return change.share_before if change else None


def _post_skill(of: Index, scope: Scope) -> float | None:
    skill = next(one for one in of.gaps[scope[0]].skills if one.name.key == scope[1])
    return skill.count / skill.total


def _part(of: Index, scope: Scope) -> float:
    parts = of.facts.structure[scope[0]]
    return next(part.count for part in parts if part_key(part.name) == scope[1])


def _part_share(of: Index, scope: Scope) -> float:
    return _part(of, scope) / sum(part.count for part in of.facts.structure[scope[0]])


def _finding(of: Index, scope: Scope) -> float | None:
    post, kind, programme, basis = scope
    for one in of.gaps[post].findings:
        if one.kind == kind and part_key(one.programme) == programme:
            value = one.basis[basis]
            return None if isinstance(value, str) else value
    return None


def _short(of: Index, scope: Scope) -> float:
    post, programme = scope
    return sum(
        one.kind == "conditions_short" and one.programme is not None and one.programme.key == programme
        for one in of.gaps[post].findings
    )


def _gap(value: Callable[[GapRow], Estimate | float | None]) -> Read:
    return lambda of, scope: _middle(value(of.gaps[scope[0]]))


def _middle(value: Estimate | float | None) -> float | None:
    return value.value if isinstance(value, Estimate) else value


def _lacks(value: Callable[[MissingSkill], float]) -> Read:
    return lambda of, scope: value(of.lacking[scope[0], scope[1]])


def _programme(value: Callable[[ProgrammeFacts], Estimate | float | None]) -> Read:
    return lambda of, scope: _middle(value(of.programmes[scope[0]]))


def _condition(at: int) -> Read:
    def read(of: Index, scope: Scope) -> float | None:
        condition = of.programmes[scope[0]].conditions[int(scope[1])]
        return (condition[1], condition[2])[at]

    return read


def _tested(value: Callable[[BacktestLevel], float | None]) -> Read:
    def read(of: Index, scope: Scope) -> float | None:
        levels = of.facts.backtest.levels if of.facts.backtest else ()
        return next((value(level) for level in levels if level.level == scope[0]), None)

    return read


def _signal(value: Callable[[SignalFacts], float]) -> Read:
    def read(of: Index, scope: Scope) -> float | None:
        keys = ((item, (item.industry.key, item.skill.key, item.month)) for item in of.facts.signals)
        return next((value(item) for item, key in keys if key == scope), None)

    return read


def _posts(fits: Callable[[Change], bool]) -> Read:
    return lambda of, _: sum(fits(change) for key, (change, _out) in of.series.items() if len(key) == 2)


def _moved_posts(direction: str) -> Read:
    return _posts(lambda change: change.direction is _MOVED[direction])


def _moved_skills(direction: str) -> Read:
    return lambda of, _: sum(one.change.direction is _MOVED[direction] for one in of.facts.skills)


def _skills_compared(of: Index, _scope: Scope) -> float:
    return sum(one.change.direction is not Direction.UNKNOWN for one in of.facts.skills)


def _project(value: Callable[[ProjectFacts], float]) -> Read:
    """Read a project, which stands once for each industry that it staffs."""

    def read(of: Index, scope: Scope) -> float | None:
        keys = ((one, (one.name.key, one.industry.key)) for one in of.facts.projects)
        return next((value(one) for one, key in keys if key == scope), None)

    return read


def _planned(of: Index, scope: Scope) -> float | None:
    return next(post.planned for post in _industry(of, scope).posts if post.name.key == scope[1])


def _source(of: Index, scope: Scope) -> float | None:
    return next(source.count for source in of.facts.sources if source.key == scope[0])


_AHEAD, _LINE, _POST = (
    ("forecast:{all}", "forecast"),
    ("uncovered:{all}", "balance"),
    ("gap:{all}", "balance"),
)
_OWN, _YEAR, _LACKS = ("programme:{0}",), ("year:{0}", "programme:{0}"), ("lacking:{0}/{1}", "gap:{0}")
_BAND, _MONTHS, _SIGNAL = ("forecast:{head}", "forecast"), ("forecast:{head}",), ("signal:{all}",)

MEASURES: Mapping[str, Measure] = {
    # postings counted
    "total": Measure(lambda of, _: of.facts.total.now, refs=("total",), counted=True),
    "total-before": Measure(lambda of, _: of.facts.total.before, refs=("total-before",), counted=True),
    "postings": Measure(lambda of, s: _change(of, s).now, refs=("postings:{all}",), counted=True),
    "before": Measure(lambda of, s: _change(of, s).before, refs=("before:{all}",), counted=True),
    "share": Measure(
        lambda of, s: _change(of, s).share, percent=True, rests=("postings:{all}", "total")
    ),
    "month": Measure(_month, refs=("month:{all}",), counted=True),
    "companies": Measure(lambda of, _: of.facts.coverage.companies, refs=("total",)),
    "busy-industries": Measure(
        lambda of, _: sum(one.change.now > 0 for one in of.facts.industries), refs=("total",)
    ),
    "busy-posts": Measure(_posts(lambda change: change.now > 0), refs=("total",)),
    "structure": Measure(_part, refs=("total",)),
    "structure-share": Measure(_part_share, percent=True, rests=("structure:{all}", "total")),
    # what came in
    "coverage": Measure(lambda of, s: getattr(of.facts.coverage, s[0], None), "intake"),
    "source": Measure(_source, "intake"),
    "months": Measure(lambda of, _: len(of.facts.months), "intake"),
    "planned": Measure(_planned, "plan"),
    # skills asked for
    "skill": Measure(_skill, refs=("skill:{all}",), counted=True),
    "skill-before": Measure(_skill_before, "change", refs=("skill-before:{all}",), counted=True),
    "skill-share": Measure(_skill_share, percent=True, rests=("skill:{all}", "postings:{0}")),
    "skill-share-before": Measure(
        _skill_share_before, "change", percent=True, rests=("skill-before:{all}", "before:{0}")
    ),
    # what moved
    "posts-compared": Measure(_posts(lambda one: one.direction is not Direction.UNKNOWN), "change"),
    "posts-rising": Measure(_moved_posts("rising"), "change"),
    "posts-fading": Measure(_moved_posts("fading"), "change"),
    "skills-compared": Measure(_skills_compared, "change"),
    "skills-rising": Measure(_moved_skills("rising"), "change"),
    "skills-fading": Measure(_moved_skills("fading"), "change"),
    "signals": Measure(lambda of, _: len(of.facts.signals), "signal"),
    "signal-window": Measure(_signal(lambda one: one.window), "signal", refs=_SIGNAL),
    "signal-share": Measure(
        _signal(lambda one: one.count / one.total), "signal", percent=True, refs=_SIGNAL
    ),
    "signal-share-before": Measure(
        _signal(lambda one: one.before_count / one.before_total), "signal", percent=True, refs=_SIGNAL
    ),
    # months to come
    "next": Measure(lambda of, s: _outlook(of, s).next_year.value, "forecast", refs=_AHEAD),
    "next-low": Measure(lambda of, s: _outlook(of, s).next_year.low, "forecast", refs=_AHEAD),
    "next-high": Measure(lambda of, s: _outlook(of, s).next_year.high, "forecast", refs=_AHEAD),
    "month-mean": Measure(_ahead(lambda one: one.mean), "forecast", places=1, refs=_MONTHS),
    "month-low": Measure(_ahead(lambda one: one.low), "forecast", places=1, refs=_MONTHS),
    "month-high": Measure(_ahead(lambda one: one.high), "forecast", places=1, refs=_MONTHS),
    "scenario-low": Measure(_scenario(lambda band: band.low), "scenario", refs=_BAND),
    "scenario-base": Measure(_scenario(lambda band: band.base), "scenario", refs=_BAND),
    "scenario-projects": Measure(_scenario(lambda band: band.projects), "scenario", refs=_BAND),
    "scenario-high": Measure(_scenario(lambda band: band.high), "scenario", refs=_BAND),
    "projects": Measure(lambda of, _: sum(one.counted for one in of.facts.projects), "scenario"),
    "project-staff": Measure(_project(lambda one: one.staff), "scenario", refs=("project:{0}",)),
    "project-chance": Measure(
        _project(lambda one: one.probability), "scenario", percent=True, refs=("project:{0}",)
    ),
    # demand against courses
    "uncovered": Measure(
        lambda of, s: _middle(_industry(of, s).uncovered), "balance", percent=True, refs=_LINE
    ),
    "uncovered-low": Measure(
        lambda of, s: one.low if (one := _industry(of, s).uncovered) else None, "balance", percent=True, refs=_LINE
    ),
    "uncovered-high": Measure(
        lambda of, s: one.high if (one := _industry(of, s).uncovered) else None, "balance", percent=True, refs=_LINE
    ),
    "gap": Measure(_gap(lambda row: row.uncovered), "balance", percent=True, refs=_POST),
    "gap-low": Measure(
        _gap(lambda row: row.uncovered.low if row.uncovered else None), "balance", percent=True, refs=_POST
    ),
    "gap-high": Measure(
        _gap(lambda row: row.uncovered.high if row.uncovered else None), "balance", percent=True, refs=_POST
    ),
    "gap-postings": Measure(_gap(lambda row: row.postings), "balance", refs=_POST, counted=True),
    "gap-posts": Measure(lambda of, _: len(of.facts.gaps), "balance", refs=("balance",)),
    "posts-left": Measure(
        lambda of, _: sum(len(key) > 1 for key in of.series) - len(of.facts.gaps), "balance",
        refs=("balance",),
    ),
    "posts-unserved": Measure(
        lambda of, _: sum(not row.programmes for row in of.facts.gaps), "balance", refs=("balance",)
    ),
    "post-skill-share": Measure(_post_skill, "balance", percent=True, refs=_LACKS),
    "finding-share": Measure(_finding, "balance", percent=True, refs=("gap:{0}", "balance")),
    "finding-index": Measure(_finding, "balance", places=2, refs=("gap:{0}", "balance")),
    "finding-count": Measure(_finding, "balance", refs=("gap:{0}", "balance")),
    "conditions-short": Measure(_short, "supply", refs=("programme:{1}",)),
    "lacking": Measure(_lacks(lambda row: row.skill.count), "balance", refs=_LACKS, counted=True),
    "lacking-share": Measure(
        _lacks(lambda row: row.skill.count / row.skill.total), "balance", percent=True, refs=_LACKS,
        rests=("lacking:{all}",),
    ),
    "covered": Measure(_lacks(lambda row: row.covered), "balance", percent=True, refs=_LACKS),
    "hours": Measure(
        lambda of, s: of.lacking[s[0], s[1]].hours[s[2]], "practice", places=None,
        refs=("programme:{2}", "lacking:{0}/{1}"),
    ),
    # programmes
    "enrolled": Measure(_programme(lambda one: one.enrolled), "supply", refs=_YEAR),
    "graduates": Measure(_programme(lambda one: one.graduates), "supply", refs=_YEAR),
    "placement": Measure(_programme(lambda one: one.placement), "supply", percent=True, refs=_YEAR),
    "matching": Measure(_programme(lambda one: one.matching), "supply", percent=True, refs=_YEAR),
    "practice": Measure(_programme(lambda one: one.practice_share), "practice", percent=True, refs=_OWN),
    "programme-uncovered": Measure(
        _programme(lambda one: one.uncovered), "balance", percent=True, refs=_OWN
    ),
    "quantity": Measure(_programme(lambda one: one.quantity), "balance", places=2, refs=_OWN),
    "quantity-low": Measure(
        _programme(lambda one: one.quantity.low if one.quantity else None), "balance", places=2, refs=_OWN
    ),
    "quantity-high": Measure(
        _programme(lambda one: one.quantity.high if one.quantity else None), "balance", places=2, refs=_OWN
    ),
    "places": Measure(_programme(lambda one: one.places), "supply", refs=_OWN),
    "firmness": Measure(_programme(lambda one: one.firmness), "supply", percent=True, refs=_OWN),
    "decided": Measure(_programme(lambda one: one.decided_places), "supply", refs=_OWN),
    "required": Measure(_condition(0), "supply", refs=_OWN),
    "present": Measure(_condition(1), "supply", refs=_OWN),
    "programmes-over": Measure(
        lambda of, _: sum(one.advice in OVER for one in of.facts.programmes), "supply", refs=("balance",)
    ),
    # how last year's forecast did
    "series": Measure(_tested(lambda one: one.series), "backtest", refs=("backtest",)),
    "cells": Measure(_tested(lambda one: one.cells), "backtest", refs=("backtest",)),
    "error": Measure(_tested(lambda one: one.error), "backtest", places=2, refs=("backtest",)),
    "naive": Measure(
        _tested(lambda one: min(one.naive.values())), "backtest", places=2, refs=("backtest",)
    ),
    "better": Measure(
        _tested(lambda one: 1 - one.error / min(one.naive.values())), "backtest", places=1, percent=True,
        rests=("error:{all}", "naive:{all}"), refs=("backtest",),
    ),
    "cover": Measure(_tested(lambda one: one.cover), "backtest", percent=True, refs=("backtest",)),
    "total-cover": Measure(
        _tested(lambda one: one.total_cover), "backtest", percent=True, refs=("backtest",)
    ),
}  # fmt: skip
