"""Rows of programme management: gap, proposals, balance, health, decisions, editions of the report."""

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
from zhiqiao.apps.management.models.report import (
    OPEN_STATES,
    EditionBlock,
    EditionPart,
    EditionRating,
    EditionState,
    EditionStep,
    EditionText,
    ReportEdition,
)

__all__ = [
    "OPEN_STATES",
    "BalanceLine",
    "BalanceReport",
    "DecisionChoice",
    "DecisionState",
    "EditionBlock",
    "EditionPart",
    "EditionRating",
    "EditionState",
    "EditionStep",
    "EditionText",
    "GapLine",
    "GapReport",
    "LineLevel",
    "ProgrammeDecision",
    "ProgrammeHealth",
    "Proposal",
    "ProposalState",
    "ReportEdition",
    "ReportState",
]
