"""Job postings to clean rows, duplicates and skill mentions with spans; pure, over Arrow batches."""

from __future__ import annotations

from zhiqiao.engines.jobmining._changes import (
    AddAlias,
    AddSkill,
    Change,
    RetireAlias,
    RetireSkill,
    Unapplied,
    apply_changes,
    changed_surfaces,
    owners,
    pack_files,
    term_key,
    touched,
)
from zhiqiao.engines.jobmining._coding import TitleCoder
from zhiqiao.engines.jobmining._duplicates import Duplicate, DuplicateKind, deduplicate, find_duplicates
from zhiqiao.engines.jobmining._errors import Cancelled, InputError, JobMiningError, RulesError, TaxonomyError
from zhiqiao.engines.jobmining._fields import (
    CityIndex,
    Experience,
    ParsedCity,
    ParsedDate,
    ParsedDiploma,
    parse_city,
    parse_date,
    parse_diploma,
    parse_experience,
)
from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._industries import IndustryIndex
from zhiqiao.engines.jobmining._intake import Input
from zhiqiao.engines.jobmining._learned import LearnedModel, read_learned
from zhiqiao.engines.jobmining._legitimacy import LegitimacyReader, LegitimacyReading, Signal
from zhiqiao.engines.jobmining._lines import COUNTING_ROLES, LineReader, LineRole
from zhiqiao.engines.jobmining._lookup import LookAlike, look_alikes, occurrences
from zhiqiao.engines.jobmining._mine import Mined, mine_batch, mine_postings
from zhiqiao.engines.jobmining._output import digest_of_results
from zhiqiao.engines.jobmining._pipeline import RESULT_FILES, Options, Progress, Stage, run
from zhiqiao.engines.jobmining._prints import content_hash, sketch
from zhiqiao.engines.jobmining._reading import read_roles_of_text, read_roles_of_texts
from zhiqiao.engines.jobmining._remine import DisorderedError, Impact, Remined, impact_of, remine
from zhiqiao.engines.jobmining._roles import Assignment, JobRolePattern, RoleBook, read_roles
from zhiqiao.engines.jobmining._rows import FIELDS, CleanBatch, RawBatch, RowCleaner
from zhiqiao.engines.jobmining._rules import City, Diploma, Rules, Thresholds, read_rules
from zhiqiao.engines.jobmining._salary import Period, Salary, parse_salary, parse_wage_bounds
from zhiqiao.engines.jobmining._schema import (
    CANDIDATE_SCHEMA,
    DUPLICATE_SCHEMA,
    MENTION_SCHEMA,
    POSTING_SCHEMA,
    sketch_schema,
)
from zhiqiao.engines.jobmining._second_stage import Finds, LearnedStage, Shown, no_finds
from zhiqiao.engines.jobmining._sketch import company_key, normalised, title_bits
from zhiqiao.engines.jobmining._summary import Summary
from zhiqiao.engines.jobmining._taxonomy import (
    Skill,
    SkillKind,
    Taxonomy,
    build_taxonomy,
    read_taxonomy,
    terms_above,
)
from zhiqiao.engines.jobmining._text import clean_text, mask_contacts, plain_text

__all__ = [
    "CANDIDATE_SCHEMA",
    "COUNTING_ROLES",
    "DUPLICATE_SCHEMA",
    "FIELDS",
    "MENTION_SCHEMA",
    "POSTING_SCHEMA",
    "RESULT_FILES",
    "AddAlias",
    "AddSkill",
    "Assignment",
    "Cancelled",
    "Change",
    "City",
    "CityIndex",
    "CleanBatch",
    "Diploma",
    "DisorderedError",
    "Duplicate",
    "DuplicateKind",
    "Experience",
    "Finds",
    "Impact",
    "IndustryIndex",
    "Input",
    "InputError",
    "JobMiningError",
    "JobRolePattern",
    "LearnedModel",
    "LearnedStage",
    "LegitimacyReader",
    "LegitimacyReading",
    "LineReader",
    "LineRole",
    "LookAlike",
    "Mined",
    "Options",
    "ParsedCity",
    "ParsedDate",
    "ParsedDiploma",
    "Period",
    "Progress",
    "RawBatch",
    "Remined",
    "RetireAlias",
    "RetireSkill",
    "RoleBook",
    "RowCleaner",
    "Rules",
    "RulesError",
    "Salary",
    "Shown",
    "Signal",
    "Skill",
    "SkillKind",
    "Stage",
    "Summary",
    "Taxonomy",
    "TaxonomyError",
    "Thresholds",
    "TitleCoder",
    "Unapplied",
    "apply_changes",
    "build_taxonomy",
    "changed_surfaces",
    "clean_text",
    "company_key",
    "content_hash",
    "deduplicate",
    "digest_of_results",
    "find_duplicates",
    "fold_phrase",
    "impact_of",
    "look_alikes",
    "mask_contacts",
    "mine_batch",
    "mine_postings",
    "no_finds",
    "normalised",
    "occurrences",
    "owners",
    "pack_files",
    "parse_city",
    "parse_date",
    "parse_diploma",
    "parse_experience",
    "parse_salary",
    "parse_wage_bounds",
    "plain_text",
    "read_learned",
    "read_roles",
    "read_roles_of_text",
    "read_roles_of_texts",
    "read_rules",
    "read_taxonomy",
    "remine",
    "run",
    "sketch",
    "sketch_schema",
    "term_key",
    "terms_above",
    "title_bits",
    "touched",
]
