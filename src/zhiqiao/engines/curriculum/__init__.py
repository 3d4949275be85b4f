"""Curriculum engine: from demand and a course table to the gap list and change proposals."""

from __future__ import annotations

from zhiqiao.engines.curriculum._gap import find_gaps, find_trend
from zhiqiao.engines.curriculum._propose import Together, propose
from zhiqiao.engines.curriculum._values import (
    Change,
    GapLine,
    GapParameters,
    GapStatus,
    ModuleFacts,
    Proposal,
    SkillChange,
    SkillDemand,
    SkillFacts,
    TaughtSkill,
    Trend,
    read_parameters,
)

__all__ = [
    "Change",
    "GapLine",
    "GapParameters",
    "GapStatus",
    "ModuleFacts",
    "Proposal",
    "SkillChange",
    "SkillDemand",
    "SkillFacts",
    "TaughtSkill",
    "Together",
    "Trend",
    "find_gaps",
    "find_trend",
    "propose",
    "read_parameters",
]
