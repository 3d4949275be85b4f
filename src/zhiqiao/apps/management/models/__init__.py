"""Rows of programme management: gap and proposals, balance of the region, health and decisions."""

from __future__ import annotations

from zhiqiao.apps.management.models.balance import (
    BalanceLine,
    BalanceReport,
    DecisionChoice,
    DecisionState,
    LineLevel,
    ProgrammeDecision,
    ProgrammeHealth,
)
from zhiqiao.apps.management.models.gap import GapLine, GapReport, Proposal, ProposalState, ReportState

__all__ = [
    "BalanceLine",
    "BalanceReport",
    "DecisionChoice",
    "DecisionState",
    "GapLine",
    "GapReport",
    "LineLevel",
    "ProgrammeDecision",
    "ProgrammeHealth",
    "Proposal",
    "ProposalState",
    "ReportState",
]
