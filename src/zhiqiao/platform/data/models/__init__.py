"""Rows of the shared nouns; other packages use `zhiqiao.platform.data.api`, never these."""

from __future__ import annotations

from zhiqiao.platform.data.models.corrections import CorrectedPosting, PostingExclusion, TitleCorrection
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
    WorkForm,
)
from zhiqiao.platform.data.models.skills import Skill, SkillCategory, SkillKind

__all__ = [
    "ChainLink",
    "ColumnMapping",
    "CorrectedPosting",
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
    "PostingExclusion",
    "PostingImport",
    "PostingSkill",
    "Programme",
    "ProgrammeRole",
    "RoleCount",
    "RoleSet",
    "RoleSkill",
    "Skill",
    "SkillCategory",
    "SkillCount",
    "SkillKind",
    "Source",
    "TitleCorrection",
    "WorkForm",
]
