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
from zhiqiao.platform.data.models.occupations import (
    CoderState,
    OccupationAnswer,
    OccupationCoder,
    OccupationCorrection,
)
from zhiqiao.platform.data.models.postings import (
    ImportState,
    JobPosting,
    PostingImport,
    PostingSkill,
    RoleCount,
    SkillCount,
    WorkForm,
)
from zhiqiao.platform.data.models.skills import Skill, SkillCategory, SkillKind
from zhiqiao.platform.data.models.sources import (
    CollectionTerms,
    ColumnMapping,
    Connector,
    Delivery,
    DeliveryState,
    Source,
    SourceKind,
    SourceToken,
    TrustGrade,
    Vacancy,
    VacancyState,
)
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
from zhiqiao.platform.data.models.wages import Facet, FacetCount, GuidelineWage, WageTable, WageUnit

__all__ = [
    "ChainLink",
    "ChangeKind",
    "ChangeState",
    "CoderState",
    "CollectionTerms",
    "ColumnMapping",
    "Connector",
    "CorrectedPosting",
    "Course",
    "Delivery",
    "DeliveryState",
    "EvidenceEdge",
    "Facet",
    "FacetCount",
    "GuidelineWage",
    "ImportState",
    "Industry",
    "JobPosting",
    "JobRole",
    "Module",
    "ModuleRevision",
    "ModuleSkill",
    "Occupation",
    "OccupationAnswer",
    "OccupationCoder",
    "OccupationCorrection",
    "PostingExclusion",
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
    "SourceKind",
    "SourceToken",
    "TaxonomyVersion",
    "TitleCorrection",
    "TrustGrade",
    "Vacancy",
    "VacancyState",
    "WageTable",
    "WageUnit",
    "WorkForm",
]
