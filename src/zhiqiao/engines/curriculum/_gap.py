"""The gap list: demand of each skill against the hours that teach it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from zhiqiao.engines.curriculum._values import (
    GapLine,
    GapParameters,
    GapStatus,
    ModuleFacts,
    SkillDemand,
    SkillFacts,
    Trend,
)
from zhiqiao.engines.kernel import two_proportion_p, wilson_interval


def find_gaps(
    demand: Sequence[SkillDemand],
    modules: Sequence[ModuleFacts],
    *,
    skills: Sequence[SkillFacts],
    parameters: GapParameters,
) -> list[GapLine]:
    """Compare demand with teaching and return all lines, the greatest gap first.

    `demand` holds every skill the programme's postings name; `skills` the facts of those taught. A skill below
    the thresholds that nobody teaches gives no line. The order is total: score, share, key.
    """
    facts = {skill.key: skill for skill in skills} | {row.skill.key: row.skill for row in demand}
    asked = {row.skill.key: row for row in demand}
    total = max((row.total for row in demand), default=0)
    taught: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for module in modules:
        for skill in module.skills:
            taught[skill.key].append((module.key, skill.hours))
    lines = []
    for key in sorted(facts):
        row = asked.get(key) or SkillDemand(facts[key], 0, total)
        line = _line(row, taught.get(key, []), parameters=parameters)
        if line:
            lines.append(line)
    return sorted(lines, key=lambda line: (-line.score, -line.share, line.skill.key))


def _line(row: SkillDemand, taught: list[tuple[str, float]], *, parameters: GapParameters) -> GapLine | None:
    limits = parameters.demand
    wanted = row.count >= limits["min_count"] and row.share >= limits["min_share"]
    if not wanted and not taught:
        return None
    hours = sum(part for _, part in taught)
    low, high = wilson_interval(row.count, row.total, z=limits["confidence_z"])
    full = parameters.target_hours[row.skill.kind]
    target = round(full * min(1.0, row.share / limits["strong_share"]), 1) if wanted else 0.0
    trend = find_trend(row, parameters=parameters)
    status = _status(hours, target, wanted=wanted)
    shortfall = max(0.0, 1 - hours / target) if target else 0.0
    rise = parameters.trend["rising_weight"] if trend and trend.rising else 1.0
    score = low * shortfall * parameters.weight[row.skill.kind] * rise
    return GapLine(
        skill=row.skill,
        status=status,
        count=row.count,
        total=row.total,
        share=row.share,
        share_low=low,
        share_high=high,
        taught_hours=hours,
        target_hours=target,
        modules=tuple(key for key, _ in taught),
        trend=trend,
        score=round(score, 6),
    )


def _status(hours: float, target: float, *, wanted: bool) -> GapStatus:
    if not wanted:
        return GapStatus.UNASKED
    if hours <= 0:
        return GapStatus.MISSING
    return GapStatus.COVERED if hours >= target else GapStatus.THIN


def find_trend(row: SkillDemand, *, parameters: GapParameters) -> Trend | None:
    """Compare the newest months of a skill with those before; None when no dates are known."""
    limits = parameters.trend
    months = sorted(row.months)
    if not months:
        return None
    cut = int(limits["recent_months"])
    recent, before = months[-cut:], months[-cut - int(limits["before_months"]) : -cut]
    recent_count, recent_total = _sum(row, recent)
    before_count, before_total = _sum(row, before)
    p_value = two_proportion_p(recent_count, recent_total, before_count, before_total)
    share_now = recent_count / recent_total if recent_total else 0.0
    share_then = before_count / before_total if before_total else 0.0
    rising = (
        before_total > 0
        and recent_count >= limits["min_recent_count"]
        and p_value <= limits["max_p"]
        and share_now >= limits["min_ratio"] * share_then
    )
    return Trend(recent_count, recent_total, before_count, before_total, p_value, rising)


def _sum(row: SkillDemand, months: list[str]) -> tuple[int, int]:
    pairs = [row.months[month] for month in months]
    return sum(count for count, _ in pairs), sum(total for _, total in pairs)
