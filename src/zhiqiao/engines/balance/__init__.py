"""Balance engine: what posts ask for against what programmes supply, by industry, post, skill and programme."""

from __future__ import annotations

from zhiqiao.engines.balance._health import Advice, HealthFacts, Recommendation, recommend
from zhiqiao.engines.balance._index import Balance, IndustryIndex, RoleIndex, SkillGap, compare
from zhiqiao.engines.balance._kinds import GapKind, KindFinding, gap_kinds
from zhiqiao.engines.balance._programmes import programme_health, role_demand
from zhiqiao.engines.balance._values import (
    EVERYWHERE,
    BalanceParameters,
    Condition,
    Interval,
    Postings,
    ProgrammeSupply,
    RoleFacts,
    SkillFacts,
    Taught,
    read_parameters,
)

__all__ = [
    "EVERYWHERE",
    "Advice",
    "Balance",
    "BalanceParameters",
    "Condition",
    "GapKind",
    "HealthFacts",
    "IndustryIndex",
    "Interval",
    "KindFinding",
    "Postings",
    "ProgrammeSupply",
    "Recommendation",
    "RoleFacts",
    "RoleIndex",
    "SkillFacts",
    "SkillGap",
    "Taught",
    "compare",
    "gap_kinds",
    "programme_health",
    "read_parameters",
    "recommend",
    "role_demand",
]
