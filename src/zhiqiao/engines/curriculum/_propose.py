"""From gap lines to change proposals: which module takes which skill, with how many hours."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    """Return proposals: those that update, extend or add a module by urgency, then those that retire one.

    Missing skills that postings ask for together are gathered into groups. A group goes to the module that stands
    nearest to it when it is near enough and the module does not outgrow its limit; else it is a new module of that
    module's course. Kinds whose weight in `proposal_kinds` is 0 (general abilities) stay in the list only.
    """
    known = {skill.key: skill for skill in skills} | {line.skill.key: line.skill for line in lines}
    near = _Nearness(known, {line.skill.key: line.count for line in lines}, together, parameters.affinity)
    open_lines = [line for line in lines if parameters.proposal_kinds[line.skill.kind]]
    changes = [
        *_thin(open_lines, modules, parameters=parameters),
        *_missing(open_lines, modules, near=near, parameters=parameters),
    ]
    retire = _retire(modules, lines, parameters=parameters)
    limits = parameters.proposal
    return _first(changes, limits["max_proposals"]) + _first(retire, limits["max_retire"])


def _first(found: Sequence[Proposal], most: float) -> list[Proposal]:
    """Return the most pressing proposals in a total order."""
    return sorted(found, key=lambda item: (-item.score, item.change, item.course, item.module or ""))[
        : int(most)
    ]


@dataclass(frozen=True)
class _Nearness:
    """How near skills stand to each other: cosine of co-occurrence in postings plus place in the taxonomy."""

    skills: Mapping[str, SkillFacts]
    counts: Mapping[str, int]
    together: Together
    weights: Mapping[str, float]

    def of(self, left: str, right: str) -> float:
        """Return the nearness of two skills, 0..1 plus the weight of kinship or common category."""
        both = self.together.get((left, right) if left <= right else (right, left), 0)
        product = self.counts.get(left, 0) * self.counts.get(right, 0)
        return (both / math.sqrt(product) if product else 0.0) + self._place(left, right)

    def to_module(self, group: Sequence[GapLine], module: ModuleFacts) -> float:
        """Return the mean nearness of a group's skills to those a module teaches; 0 when it teaches none."""
        pairs = [self.of(line.skill.key, taught.key) for line in group for taught in module.skills]
        return sum(pairs) / len(pairs) if pairs else 0.0

    def _place(self, left: str, right: str) -> float:
        one, other = self.skills.get(left), self.skills.get(right)
        if one is None or other is None:
            return 0.0
        if (
            other.key == one.broader
            or one.key == other.broader
            or (one.broader and one.broader == other.broader)
        ):
            return self.weights["kin"]
        return self.weights["category"] if one.category == other.category else 0.0


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
    lines: Sequence[GapLine], modules: Sequence[ModuleFacts], *, near: _Nearness, parameters: GapParameters
) -> list[Proposal]:
    """Propose each group of missing skills for a module, or as a new one."""
    limits = parameters.proposal
    hosts = [module for module in modules if not module.protected]
    growth: defaultdict[str, float] = defaultdict(float)
    found = []
    for group in _groups(lines, near=near, parameters=parameters) if hosts else ():
        best, host = max(
            ((near.to_module(group, item), item) for item in hosts), key=lambda pair: (pair[0], pair[1].key)
        )
        hours = sum(_hours(line, parameters) for line in group)
        grown = growth[host.key] + hours
        fits = grown <= limits["max_growth"] and host.hours + grown <= limits["max_module_hours"]
        if best >= limits["min_affinity"] and fits:
            growth[host.key] = grown
            found.append(
                _proposal(Change.UPDATE, host.course, host.key, group, parameters=parameters, near=best)
            )
        else:
            found.append(_proposal(Change.ADD, host.course, None, group, parameters=parameters, near=best))
    return found


def _groups(lines: Sequence[GapLine], *, near: _Nearness, parameters: GapParameters) -> list[list[GapLine]]:
    """Gather missing skills, the most pressing first, with those that stand nearest to them."""
    limits = parameters.proposal
    left = [line for line in lines if line.status is GapStatus.MISSING]
    groups = []
    while left:
        seed = left.pop(0)
        group, hours = [seed], _hours(seed, parameters)
        ranked = sorted(left, key=lambda line: (-near.of(seed.skill.key, line.skill.key), line.skill.key))
        for line in ranked:
            more = hours + _hours(line, parameters)
            close = near.of(seed.skill.key, line.skill.key) >= limits["min_together"]
            if close and more <= limits["max_module_hours"] and len(group) < limits["max_skills"]:
                group.append(line)
                hours = more
        left = [line for line in left if line not in group]
        groups.append(group)
    return groups


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
    modules: Sequence[ModuleFacts], lines: Sequence[GapLine], *, parameters: GapParameters
) -> list[Proposal]:
    """Propose to retire a module none of whose skills is asked for, once there are postings enough to say so."""
    total = max((line.total for line in lines), default=0)
    if total < parameters.demand["min_postings"]:
        return []
    by_key = {line.skill.key: line for line in lines}
    found = []
    for module in modules:
        behind = [by_key[skill.key] for skill in module.skills if skill.key in by_key]
        if (
            module.protected
            or module.foundation
            or not behind
            or any(line.status is not GapStatus.UNASKED for line in behind)
        ):
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
                score=round(max(0.0, unasked), 6),
                lines=tuple(line.skill.key for line in behind),
            )
        )
    return found
