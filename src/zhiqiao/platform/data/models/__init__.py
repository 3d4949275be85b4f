"""Rows of the shared nouns; other packages use `zhiqiao.platform.data.api`, never these."""

from __future__ import annotations

from zhiqiao.platform.data.models.curriculum import (
    Course,
    Module,
    ModuleRevision,
    ModuleSkill,
    Programme,
    ProgrammeRole,
)
from zhiqiao.platform.data.models.evidence import EvidenceEdge
from zhiqiao.platform.data.models.industry import ChainLink, Industry, JobRole, Occupation, RoleSet, RoleSkill
from zhiqiao.platform.data.models.postings import (
    ColumnMapping,
    ImportState,
    JobPosting,
    PostingImport,
    PostingSkill,
    RoleCount,
    SkillCount,
    Source,
)
from zhiqiao.platform.data.models.skills import Skill, SkillCategory, SkillKind
from zhiqiao.platform.data.models.taxonomy import (
    ChangeKind,
    ChangeState,
    ProposalCount,
    ProposalSource,
    ProposalState,
    SkillChange,
    SkillProposal,
    TaxonomyVersion,
)

__all__ = [
    "ChainLink",
    "ChangeKind",
    "ChangeState",
    "ColumnMapping",
    "Course",
    "EvidenceEdge",
    "ImportState",
    "Industry",
    "JobPosting",
    "JobRole",
    "Module",
    "ModuleRevision",
    "ModuleSkill",
    "Occupation",
    "PostingImport",
    "PostingSkill",
    "Programme",
    "ProgrammeRole",
    "ProposalCount",
    "ProposalSource",
    "ProposalState",
    "RoleCount",
    "RoleSet",
    "RoleSkill",
    "Skill",
    "SkillCategory",
    "SkillChange",
    "SkillCount",
    "SkillKind",
    "SkillProposal",
    "Source",
    "TaxonomyVersion",
]
