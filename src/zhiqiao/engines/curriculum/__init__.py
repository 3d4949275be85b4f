"""Curriculum engine: from demand and a course table to the gap list and change proposals."""

from __future__ import annotations

from zhiqiao.engines.curriculum._fit import fit_plan
from zhiqiao.engines.curriculum._fit_values import (
    Clash,
    Fit,
    FitParameters,
    Limit,
    Lock,
    Move,
    MoveKind,
    Prerequisite,
    SkillEffect,
    SkillWish,
    TaughtHours,
    Way,
    Wishes,
    read_fit_parameters,
)
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
    "Clash",
    "Fit",
    "FitParameters",
    "GapLine",
    "GapParameters",
    "GapStatus",
    "Limit",
    "Lock",
    "ModuleFacts",
    "Move",
    "MoveKind",
    "Prerequisite",
    "Proposal",
    "SkillChange",
    "SkillDemand",
    "SkillEffect",
    "SkillFacts",
    "SkillWish",
    "TaughtHours",
    "TaughtSkill",
    "Together",
    "Trend",
    "Way",
    "Wishes",
    "find_gaps",
    "find_trend",
    "fit_plan",
    "propose",
    "read_fit_parameters",
    "read_parameters",
]
