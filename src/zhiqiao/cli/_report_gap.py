"""Supply against demand for the report: rows of table 1, lacking skills, programmes with advice, by engines/balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiqiao.cli._report_postings import Mined
from zhiqiao.cli._report_supply import Programme, Supply
from zhiqiao.engines import balance
from zhiqiao.engines.jobmining import Skill
from zhiqiao.engines.report import (
    Estimate,
    Finding,
    GapRow,
    MissingSkill,
    Name,
    ProgrammeFacts,
    ReportParameters,
    SkillShare,
)

_SEED = 20260101  # of the bootstrap: the same data give the same intervals
_LEFT_OUT = {"soft", "language"}  # asked for everywhere: they tell nothing about a post


@dataclass(frozen=True)
class Places:
    """Names of industries and of links of the chain, and where each post stands."""

    industries: dict[str, Name]
    links: dict[str, Name]
    industry_of: dict[str, str]
    link_of: dict[str, str]
    posts: dict[str, Name]


@dataclass(frozen=True)
class Gap:
    """What the comparison of supply with demand says."""

    rows: tuple[GapRow, ...]
    lacking: tuple[MissingSkill, ...]
    programmes: tuple[ProgrammeFacts, ...]
    uncovered: dict[str, Estimate | None]


def gap_of(
    mined: Mined,
    supply: Supply,
    places: Places,
    parameters: balance.BalanceParameters,
    limits: ReportParameters,
) -> Gap:
    """Compare the postings of the newest `gap_months` months with the programmes."""
    postings = _postings(mined, places, limits.gap_months)
    supplies = [programme.supply for programme in supply.programmes]
    found = balance.compare(postings, supplies, parameters, seed=_SEED)
    skills = {skill.id: skill for skill in mined.skills}
    names = {programme.name.key: programme.name for programme in supply.programmes}
    shares = {role.role.key: _core(found, role.role.key, skills) for role in found.roles}
    least = parameters.demand["min_postings"]
    rows = [
        GapRow(
            industry=places.industries[role.role.industry],
            link=places.links[role.role.link],
            post=places.posts[role.role.key],
            postings=role.postings,
            skills=shares[role.role.key][: limits.core_skills],
            programmes=tuple(names[key] for key in role.programmes),
            findings=tuple(
                Finding(item.kind.value, names.get(item.programme), item.basis)
                for item in balance.gap_kinds(role, supplies, parameters)
            ),
            uncovered=_estimate(role.uncovered),
            quantity=_estimate(role.quantity),
        )
        for role in found.roles
        if role.postings >= least
    ]
    return Gap(
        rows=tuple(_ordered(rows, places)),
        lacking=tuple(_lacking(found, places, skills)),
        programmes=_programmes(found, postings, supply, places, parameters),
        uncovered={item.industry: _estimate(item.uncovered) for item in found.industries},
    )


def _ordered(rows: Sequence[GapRow], places: Places) -> list[GapRow]:
    order = {key: at for at, key in enumerate((*places.industries, *places.links))}
    return sorted(rows, key=lambda row: (order[row.industry.key], order[row.link.key], -row.postings))


def _postings(mined: Mined, places: Places, months: int) -> balance.Postings:
    recent = np.flatnonzero(mined.month >= len(mined.months) - months)
    at = np.full(len(mined.postings), -1, dtype=np.int64)
    at[recent] = np.arange(len(recent))
    posting, skill = mined.pairs
    kept = at[posting] >= 0
    roles = tuple(
        balance.RoleFacts(row["id"], places.industry_of[row["id"]], places.link_of[row["id"]])
        for row in mined.posts
    )
    skills = tuple(balance.SkillFacts(one.id, one.kind) for one in mined.skills)
    return balance.Postings(roles, skills, mined.post[recent], at[posting[kept]], skill[kept])


def _core(found: balance.Balance, role: str, skills: dict[str, Skill]) -> tuple[SkillShare, ...]:
    own = [gap for gap in found.gaps if gap.role.key == role and gap.skill.kind not in _LEFT_OUT]
    own.sort(key=lambda gap: (-gap.count, gap.skill.key))
    return tuple(_share(gap, skills) for gap in own)


def _share(gap: balance.SkillGap, skills: dict[str, Skill]) -> SkillShare:
    return SkillShare(_named(skills[gap.skill.key]), gap.skill.kind, gap.count, gap.total)


def _named(skill: Skill) -> Name:
    return Name(skill.id, skill.zh, skill.en)


def _lacking(found: balance.Balance, places: Places, skills: dict[str, Skill]) -> list[MissingSkill]:
    return [
        MissingSkill(
            post=places.posts[gap.role.key],
            skill=_share(gap, skills),
            covered=gap.covered,
            hours=gap.programmes,
            pressure=Estimate(gap.pressure.value, gap.pressure.low, gap.pressure.high),
        )
        for gap in found.gaps
        if gap.pressure.value > 0 and gap.skill.kind not in _LEFT_OUT
    ]


def _estimate(interval: balance.Interval | None) -> Estimate | None:
    return None if interval is None else Estimate(interval.value, interval.low, interval.high)


def _programmes(
    found: balance.Balance,
    postings: balance.Postings,
    supply: Supply,
    places: Places,
    parameters: balance.BalanceParameters,
) -> tuple[ProgrammeFacts, ...]:
    health = [_health(programme, supply, found, postings, parameters) for programme in supply.programmes]
    facts = []
    for programme, own in zip(supply.programmes, health, strict=True):
        advice = balance.recommend(own, health, parameters)
        figures = programme.figures
        facts.append(
            ProgrammeFacts(
                name=programme.name,
                organisation=programme.school,
                year=figures.year if figures else None,
                enrolled=figures.enrolled if figures else None,
                graduates=figures.graduates if figures else None,
                placement=own.placement,
                matching=own.matching,
                cost=own.cost,
                practice_share=programme.supply.practice_share,
                quantity=_estimate(own.quantity),
                uncovered=_estimate(own.uncovered),
                advice=advice.advice.value,
                reasons=advice.reasons,
                places=advice.places,
                firmness=advice.firmness,
                conditions=programme.conditions,
                posts=tuple(places.posts[key] for key in programme.supply.roles),
            )
        )
    return tuple(facts)


def _health(
    programme: Programme,
    supply: Supply,
    found: balance.Balance,
    postings: balance.Postings,
    parameters: balance.BalanceParameters,
) -> balance.HealthFacts:
    figures = programme.figures
    graduates = figures.graduates if figures else None
    return balance.HealthFacts(
        key=programme.name.key,
        quantity=_quantity(found, programme),
        uncovered=_uncovered(postings, programme, parameters),
        enrolled=figures.enrolled if figures else None,
        placement=_rate(figures.placed if figures else None, graduates),
        matching=_rate(figures.matching if figures else None, graduates),
        cost=figures.cost if figures else None,
        overlap=_overlap(programme, supply),
    )


def _rate(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


def _quantity(found: balance.Balance, programme: Programme) -> balance.Interval | None:
    """Return the quantity index over the programme's posts, each weighed by its postings."""
    if programme.supply.graduates is None:
        return None
    own = [
        (role.quantity, role.postings)
        for role in found.roles
        if role.role.key in programme.supply.roles and role.quantity is not None
    ]
    whole = sum(weight for _, weight in own)
    if not whole:
        return None
    ends = [
        sum(getattr(quantity, end) * weight for quantity, weight in own) / whole
        for end in ("value", "low", "high")
    ]
    return balance.Interval(*ends)


def _uncovered(
    postings: balance.Postings, programme: Programme, parameters: balance.BalanceParameters
) -> balance.Interval | None:
    """Return the share of its posts' demand that this programme alone leaves untaught."""
    own = np.isin(
        postings.role, [at for at, role in enumerate(postings.roles) if role.key in programme.supply.roles]
    )
    if not own.any():
        return None
    at = np.cumsum(own) - 1
    kept = own[postings.posting]
    alone = balance.Postings(
        tuple(replace(role, industry=programme.name.key) for role in postings.roles),
        postings.skills,
        postings.role[own],
        at[postings.posting[kept]].astype(np.int64),
        postings.skill[kept],
    )
    return balance.compare(alone, [programme.supply], parameters, seed=_SEED).industries[0].uncovered


def _overlap(programme: Programme, supply: Supply) -> dict[str, float]:
    """Return to which degree programmes of other schools train for the same posts."""
    own = set(programme.supply.roles)
    return {
        other.name.key: len(own & set(other.supply.roles)) / len(own)
        for other in supply.programmes
        if own and other.school.key != programme.school.key
    }
