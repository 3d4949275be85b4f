"""Supply against demand of a pack by engines/balance: the comparison, and the health of each programme."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiqiao.cli._report_postings import Mined
from zhiqiao.cli._report_supply import Programme, Supply
from zhiqiao.engines import balance, findings


def compared(
    mined: Mined,
    supply: Supply,
    chain: findings.Chain,
    parameters: balance.BalanceParameters,
    *,
    months: int,
) -> findings.Compared:
    """Compare the postings of the newest `months` months with the programmes."""
    postings = _postings(mined, chain, months)
    supplies = [programme.supply for programme in supply.programmes]
    found = balance.compare(postings, supplies, parameters, seed=parameters.seed)
    kinds = [item for role in found.roles for item in balance.gap_kinds(role, supplies, parameters)]
    health = [_health(programme, supply, postings, parameters) for programme in supply.programmes]
    return findings.Compared(
        found,
        tuple(kinds),
        tuple(
            _programme(programme, own, balance.recommend(own, health, parameters))
            for programme, own in zip(supply.programmes, health, strict=True)
        ),
    )


def _programme(
    programme: Programme, health: balance.HealthFacts, advice: balance.Recommendation
) -> findings.Programme:
    figures = programme.figures
    return findings.Programme(
        name=programme.name,
        school=programme.school,
        posts=programme.supply.roles,
        year=figures.year if figures else None,
        enrolled=figures.enrolled if figures else None,
        graduates=figures.graduates if figures else None,
        practice_share=programme.supply.practice_share,
        health=health,
        advice=advice,
        conditions=programme.conditions,
    )


def _postings(mined: Mined, chain: findings.Chain, months: int) -> balance.Postings:
    recent = np.flatnonzero(mined.month >= len(mined.months) - months)
    at = np.full(len(mined.postings), -1, dtype=np.int64)
    at[recent] = np.arange(len(recent))
    posting, skill = mined.pairs
    kept = at[posting] >= 0
    roles = tuple(
        balance.RoleFacts(row["id"], chain.industry_of[row["id"]], chain.link_of[row["id"]])
        for row in mined.posts
    )
    skills = tuple(balance.SkillFacts(one.id, one.kind) for one in mined.skills)
    return balance.Postings(roles, skills, mined.post[recent], at[posting[kept]], skill[kept])


def _health(
    programme: Programme, supply: Supply, postings: balance.Postings, parameters: balance.BalanceParameters
) -> balance.HealthFacts:
    figures = programme.figures
    school = [other.name.key for other in supply.programmes if other.school.key == programme.school.key]
    found = balance.programme_health(
        programme.name.key,
        [other.supply for other in supply.programmes],
        postings,
        parameters,
        same_school=school,
        seed=parameters.seed,
    )
    if figures is None:
        return found
    return replace(
        found,
        enrolled=figures.enrolled,
        placement=_rate(figures.placed, figures.graduates),
        matching=_rate(figures.matching, figures.placed),
        cost=figures.cost,
    )


def _rate(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None
