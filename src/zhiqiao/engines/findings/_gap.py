"""Supply against demand as the report tells it: rows of table 1, lacking skills, programmes with advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhiqiao.engines import balance
from zhiqiao.engines.findings._inputs import Chain, Compared, Inputs, Programme, Rules, Skill
from zhiqiao.engines.report import Estimate, Finding, GapRow, MissingSkill, ProgrammeFacts, SkillShare


@dataclass(frozen=True)
class Gap:
    """What the comparison of supply with demand says."""

    rows: tuple[GapRow, ...]
    lacking: tuple[MissingSkill, ...]
    programmes: tuple[ProgrammeFacts, ...]
    uncovered: Mapping[str, Estimate | None]


def gap_of(inputs: Inputs, rules: Rules) -> Gap:
    """Return the comparison in the words of the report; posts with too few postings have no row."""
    compared, chain = inputs.compared, inputs.chain
    found = compared.balance
    least = rules.balance.demand["min_postings"]
    rows = [
        _row(role, compared, inputs, most=rules.report.core_skills)
        for role in found.roles
        if role.postings >= least
    ]
    return Gap(
        rows=tuple(_ordered(rows, chain)),
        lacking=tuple(_lacking(found, chain, inputs.skills)),
        programmes=tuple(_programme(programme, chain) for programme in compared.programmes),
        uncovered={item.industry: _estimate(item.uncovered) for item in found.industries},
    )


def _row(role: balance.RoleIndex, compared: Compared, inputs: Inputs, *, most: int) -> GapRow:
    chain, post = inputs.chain, role.role.key
    names = {programme.name.key: programme.name for programme in compared.programmes}
    return GapRow(
        industry=chain.industries[role.role.industry],
        link=chain.links[role.role.link],
        post=chain.posts[post],
        postings=role.postings,
        skills=_core(compared.balance, post, inputs.skills)[:most],
        programmes=tuple(names[key] for key in role.programmes),
        findings=tuple(
            Finding(item.kind.value, names.get(item.programme), item.basis)
            for item in compared.kinds
            if item.role == post
        ),
        uncovered=_estimate(role.uncovered),
        quantity=_estimate(role.quantity),
    )


def _ordered(rows: Sequence[GapRow], chain: Chain) -> list[GapRow]:
    order = {key: at for at, key in enumerate((*chain.industries, *chain.links))}
    return sorted(rows, key=lambda row: (order[row.industry.key], order[row.link.key], -row.postings))


def _core(found: balance.Balance, role: str, skills: Mapping[str, Skill]) -> tuple[SkillShare, ...]:
    own = [gap for gap in found.gaps if gap.role.key == role and gap.skill.kind not in balance.EVERYWHERE]
    own.sort(key=lambda gap: (-gap.count, gap.skill.key))
    return tuple(_share(gap, skills) for gap in own)


def _share(gap: balance.SkillGap, skills: Mapping[str, Skill]) -> SkillShare:
    return SkillShare(skills[gap.skill.key].name, gap.skill.kind, gap.count, gap.total)


def _lacking(found: balance.Balance, chain: Chain, skills: Mapping[str, Skill]) -> list[MissingSkill]:
    return [
        MissingSkill(
            post=chain.posts[gap.role.key],
            skill=_share(gap, skills),
            covered=gap.covered,
            hours=gap.programmes,
            pressure=Estimate(gap.pressure.value, gap.pressure.low, gap.pressure.high),
        )
        for gap in found.gaps
        if gap.pressure.value > 0 and gap.skill.kind not in balance.EVERYWHERE
    ]


def _estimate(interval: balance.Interval | None) -> Estimate | None:
    return None if interval is None else Estimate(interval.value, interval.low, interval.high)


def _programme(programme: Programme, chain: Chain) -> ProgrammeFacts:
    health, advice = programme.health, programme.advice
    return ProgrammeFacts(
        name=programme.name,
        organisation=programme.school,
        year=programme.year,
        enrolled=programme.enrolled,
        graduates=programme.graduates,
        placement=health.placement,
        matching=health.matching,
        cost=health.cost,
        practice_share=programme.practice_share,
        quantity=_estimate(health.quantity),
        uncovered=_estimate(health.uncovered),
        advice=advice.advice.value,
        reasons=advice.reasons,
        places=advice.places,
        firmness=advice.firmness,
        conditions=programme.conditions,
        posts=tuple(chain.posts[key] for key in programme.posts),
        decision=programme.decision,
        decided_places=programme.decided_places,
    )
