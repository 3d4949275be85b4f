"""From gap lines to change proposals: which module takes which skill, with how many hours."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from zhiqiao.engines.curriculum._values import (
    Change,
    GapLine,
    GapParameters,
    GapStatus,
    ModuleFacts,
    Proposal,
    SkillChange,
    SkillFacts,
)

#: (skill, skill) in key order -> number of the programme's postings that ask for both
Together = Mapping[tuple[str, str], int]


def propose(
    lines: Sequence[GapLine],
    modules: Sequence[ModuleFacts],
    *,
    skills: Sequence[SkillFacts],
    together: Together,
    parameters: GapParameters,
) -> list[Proposal]:
    """Return proposals, the most pressing first: update or extend the nearest module, add one, retire one.

    A missing skill goes to the module whose skills postings ask for together with it (cosine of co-occurrence)
    and that stands near it in the taxonomy; where no module is near enough, or the module would outgrow its
    limit, skills of one category are gathered into a new module of the nearest course.
    """
    facts = {skill.key: skill for skill in skills} | {line.skill.key: line.skill for line in lines}
    by_key = {line.skill.key: line for line in lines}
    found = [
        *_thin(lines, modules, parameters=parameters),
        *_missing(lines, modules, facts=facts, by_key=by_key, together=together, parameters=parameters),
        *_retire(modules, by_key, lines=lines, parameters=parameters),
    ]
    ranked = sorted(found, key=lambda item: (-item.score, item.change, item.course, item.module or ""))
    return ranked[: int(parameters.proposal["max_proposals"])]


def affinity(
    skill: SkillFacts,
    module: ModuleFacts,
    *,
    facts: Mapping[str, SkillFacts],
    by_key: Mapping[str, GapLine],
    together: Together,
    weights: Mapping[str, float],
) -> float:
    """Return how near a skill is to a module: mean cosine of co-occurrence plus taxonomy nearness.

    Nearness adds the weight "kin" for a broader or narrower term or a sibling, "category" for the same category,
    each by the share of the module's skills for which it holds.
    """
    if not module.skills:
        return 0.0
    own = by_key[skill.key].count
    cosines, nearness = [], 0.0
    for taught in module.skills:
        other = by_key.get(taught.key)
        both = together.get(_pair(skill.key, taught.key), 0)
        cosines.append(both / math.sqrt(own * other.count) if other and other.count and own else 0.0)
        near = facts.get(taught.key)
        if near and _kin(skill, near):
            nearness += weights["kin"]
        elif near and near.category == skill.category:
            nearness += weights["category"]
    return sum(cosines) / len(cosines) + nearness / len(module.skills)


def _pair(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left <= right else (right, left)


def _kin(left: SkillFacts, right: SkillFacts) -> bool:
    return (
        left.broader == right.key
        or right.broader == left.key
        or (bool(left.broader) and left.broader == right.broader)
    )


def _hours(line: GapLine, parameters: GapParameters) -> float:
    step = parameters.proposal["hour_step"]
    return max(step, math.ceil((line.target_hours - line.taught_hours) / step) * step)


def _level(line: GapLine, parameters: GapParameters) -> int:
    """Ask for level 3 (掌握) where demand is strong, else 2 (理解)."""
    return 3 if line.share >= parameters.demand["strong_share"] else 2


def _thin(
    lines: Sequence[GapLine], modules: Sequence[ModuleFacts], *, parameters: GapParameters
) -> list[Proposal]:
    """Propose more hours in the module that teaches a thinly taught skill most."""
    by_module = {module.key: module for module in modules}
    wanted: defaultdict[str, list[GapLine]] = defaultdict(list)
    for line in lines:
        if line.status is GapStatus.THIN:
            home = max(line.modules, key=lambda key: (_taught(by_module[key], line.skill.key), key))
            wanted[home].append(line)
    return [
        _proposal(Change.EXTEND, by_module[key].course, key, group, parameters=parameters)
        for key, group in sorted(wanted.items())
        if not by_module[key].protected
    ]


def _taught(module: ModuleFacts, skill: str) -> float:
    return next((taught.hours for taught in module.skills if taught.key == skill), 0.0)


def _missing(
    lines: Sequence[GapLine],
    modules: Sequence[ModuleFacts],
    *,
    facts: Mapping[str, SkillFacts],
    by_key: Mapping[str, GapLine],
    together: Together,
    parameters: GapParameters,
) -> list[Proposal]:
    limits = parameters.proposal
    open_modules = [module for module in modules if not module.protected]
    taken: defaultdict[str, list[tuple[GapLine, float]]] = defaultdict(list)
    homeless: defaultdict[tuple[str, str], list[tuple[GapLine, float]]] = defaultdict(list)
    growth: defaultdict[str, float] = defaultdict(float)
    for line in lines:
        if line.status is not GapStatus.MISSING or not open_modules:
            continue
        near, best = max(
            (
                (
                    affinity(
                        line.skill,
                        m,
                        facts=facts,
                        by_key=by_key,
                        together=together,
                        weights=parameters.affinity,
                    ),
                    m,
                )
                for m in open_modules
            ),
            key=lambda item: (item[0], item[1].key),
        )
        hours = _hours(line, parameters)
        full = best.hours + growth[best.key] + hours > limits["max_module_hours"]
        crowded = len(taken[best.key]) >= limits["max_skills"]
        if near >= limits["min_affinity"] and not full and not crowded:
            taken[best.key].append((line, near))
            growth[best.key] += hours
        else:
            homeless[best.course, line.skill.category].append((line, near))
    course_of = {module.key: module.course for module in modules}
    updates = [
        _proposal(
            Change.UPDATE,
            course_of[key],
            key,
            [line for line, _ in group],
            parameters=parameters,
            near=sum(near for _, near in group) / len(group),
        )
        for key, group in sorted(taken.items())
        if group
    ]
    additions = [
        _proposal(
            Change.ADD,
            course,
            None,
            [line for line, _ in group[: int(limits["max_skills"])]],
            parameters=parameters,
            near=group[0][1],
        )
        for (course, _), group in sorted(homeless.items())
    ]
    return updates + additions


def _proposal(
    change: Change,
    course: str,
    module: str | None,
    group: Sequence[GapLine],
    *,
    parameters: GapParameters,
    near: float = 1.0,
) -> Proposal:
    skills = tuple(
        SkillChange(line.skill.key, _hours(line, parameters), _level(line, parameters)) for line in group
    )
    return Proposal(
        change=change,
        course=course,
        module=module,
        skills=skills,
        hours=sum(skill.hours for skill in skills),
        affinity=round(near, 4),
        score=round(sum(line.score for line in group), 6),
        lines=tuple(line.skill.key for line in group),
    )


def _retire(
    modules: Sequence[ModuleFacts],
    by_key: Mapping[str, GapLine],
    *,
    lines: Sequence[GapLine],
    parameters: GapParameters,
) -> list[Proposal]:
    """Propose to retire a module none of whose skills is asked for, once there are postings enough to say so."""
    total = max((line.total for line in lines), default=0)
    if total < parameters.demand["min_postings"]:
        return []
    found = []
    for module in modules:
        behind = [by_key[skill.key] for skill in module.skills if skill.key in by_key]
        if module.protected or not behind or any(line.status is not GapStatus.UNASKED for line in behind):
            continue
        # the least certain "not asked for" decides: the upper bound of the best-known skill
        unasked = 1 - max(line.share_high for line in behind)
        found.append(
            Proposal(
                change=Change.RETIRE,
                course=module.course,
                module=module.key,
                skills=(),
                hours=-module.hours,
                affinity=0.0,
                score=round(parameters.proposal["retire_weight"] * max(0.0, unasked), 6),
                lines=tuple(line.skill.key for line in behind),
            )
        )
    return found
