"""What people state of projects, plans and retirements, spread over the series of a level by the mix of postings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from zhiqiao.engines.demand._scenario import IndustryPlan, Project, Retirement

__all__ = ["Mix", "Stated", "StatedKind", "StatedLine", "spread"]

StatedKind = Literal["project", "plan", "retirement"]


@dataclass(frozen=True)
class StatedLine:
    """People whom a project needs for a post from a month (YYYY-MM) on."""

    role: str
    start: str
    people: float


@dataclass(frozen=True)
class Stated:
    """One input of the scenario bands, as it is stated; `value` is what a person may change, in per cent.

    project: the probability, with the `lines` of its staff. plan: the growth a year of what the post or industry asks
    for. retirement: what part of the `people` working in the post or industry leaves for age in a year.
    """

    id: str
    kind: StatedKind
    name: str
    value: float
    source: str
    role: str = ""
    industry: str = ""
    people: float = 0.0
    lines: tuple[StatedLine, ...] = ()


@dataclass(frozen=True)
class Mix:
    """Postings of twelve months: of each post, of each post that name a skill; and the industry of each post."""

    industry_of: Mapping[str, str]
    posts: Mapping[str, float]
    skills: Mapping[tuple[str, str], float]

    @cached_property
    def by_industry(self) -> dict[str, tuple[str, ...]]:
        """Return the posts of each industry."""
        found: dict[str, list[str]] = {}
        for role, industry in self.industry_of.items():
            found.setdefault(industry, []).append(role)
        return {industry: tuple(roles) for industry, roles in found.items()}

    @cached_property
    def by_skill(self) -> dict[str, tuple[str, ...]]:
        """Return the posts that name each skill."""
        found: dict[str, list[str]] = {}
        for role, skill in self.skills:
            found.setdefault(skill, []).append(role)
        return {skill: tuple(roles) for skill, roles in found.items()}

    def scope(self, role: str, industry: str) -> tuple[str, ...]:
        """Return the posts that a statement about a post, or about an industry, is about."""
        return (role,) if role else self.by_industry.get(industry, ())

    def amount(self, role: str, skill: str) -> float:
        """Return the postings of a post, or those of them that name a skill."""
        return self.skills.get((role, skill), 0.0) if skill else self.posts.get(role, 0.0)

    def posts_of(self, named: Mapping[str, str]) -> tuple[str, ...]:
        """Return the posts whose postings a series counts."""
        if "role" in named:
            found: tuple[str, ...] = (named["role"],)
        elif "industry" in named:
            found = self.by_industry.get(named["industry"], ())
        else:
            return self.by_skill.get(named.get("skill", ""), ())
        industry = named.get("industry")
        return tuple(role for role in found if industry is None or self.industry_of.get(role) == industry)


def spread(
    stated: Iterable[Stated], *, names: Sequence[str], keys: Sequence[tuple[str, ...]], mix: Mix
) -> tuple[list[IndustryPlan], list[Project], list[Retirement]]:
    """Return the inputs of `scenario` for the series `keys`, whose columns are `names` (industry, role, skill).

    People go to a series by the part of their posts' postings that it counts: all of them to the post itself and to its
    industry, to a skill those whose postings name it. A plan of growth moves a series by the part of its postings that
    belong to the posts it is about.
    """
    series = [(key, dict(zip(names, key, strict=True))) for key in keys]
    plans, projects, retirements = [], [], []
    for one in stated:
        scope = mix.scope(one.role, one.industry)
        if one.kind == "project":
            for line in one.lines:
                shares = _people(series, mix, (line.role,))
                if shares:
                    chance = one.value / 100
                    projects.append(Project(one.name, line.people, line.start, chance, shares, one.source))
        elif one.kind == "plan":
            plans.append(IndustryPlan(one.name, {}, one.value, one.source, _touched(series, mix, scope)))
        else:
            shares = _people(series, mix, scope)
            retirements.append(Retirement(one.name, {}, one.people, one.value, one.source, shares))
    return plans, projects, retirements


_Series = Sequence[tuple[tuple[str, ...], Mapping[str, str]]]


def _people(series: _Series, mix: Mix, scope: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    whole = sum(mix.posts.get(role, 0.0) for role in scope)
    shares: dict[tuple[str, ...], float] = {}
    for key, named in series:
        own, skill = set(mix.posts_of(named)), named.get("skill", "")
        common = [role for role in scope if role in own]
        if scope and not skill and len(common) == len(scope):
            shares[key] = 1.0  # known without any posting to share by
        elif common and whole > 0:
            shares[key] = min(1.0, sum(mix.amount(role, skill) for role in common) / whole)
    return {key: share for key, share in shares.items() if share > 0}


def _touched(series: _Series, mix: Mix, scope: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    wanted, shares = set(scope), {}
    for key, named in series:
        own, skill = mix.posts_of(named), named.get("skill", "")
        whole = sum(mix.amount(role, skill) for role in own)
        if whole > 0:
            shares[key] = sum(mix.amount(role, skill) for role in own if role in wanted) / whole
    return {key: share for key, share in shares.items() if share > 0}
