"""Competency engine: topics and clusters of skills, experts' editing of them, frameworks as values; pure.

Weights by judgement or from data are not computed here.
"""

from __future__ import annotations

from zhiqiao.engines.competency._carrying import Carried, Match, carry_over, suggest_split
from zhiqiao.engines.competency._coherence import agreement, coherence, mean_agreement
from zhiqiao.engines.competency._corpus import Corpus, Mention, Parts, SkillFacts, first_postings, read_corpus
from zhiqiao.engines.competency._discovery import Cluster, Discovery, Member, Reason, Unclustered, discover
from zhiqiao.engines.competency._errors import (
    CompetencyError,
    CorpusError,
    FrameworkError,
    GroupingError,
    ParameterError,
)
from zhiqiao.engines.competency._evaluate import Evaluation, Suggestion, evaluate, suggest_k
from zhiqiao.engines.competency._examples import Example
from zhiqiao.engines.competency._files import RESULT_FILES, summary_of, write_discovery
from zhiqiao.engines.competency._framework import (
    Dimension,
    Framework,
    FrameworkDiff,
    Indicator,
    Weight,
    check_framework,
    compare_frameworks,
    read_framework,
    weight_bounds,
)
from zhiqiao.engines.competency._grouping import (
    Edit,
    Group,
    Grouping,
    add_skill,
    grouping_of,
    merge_groups,
    move_skill,
    remove_skill,
    rename_group,
    split_group,
)
from zhiqiao.engines.competency._methods import METHODS, Clustering, Method, cluster
from zhiqiao.engines.competency._naming import Suggested, suggest_name
from zhiqiao.engines.competency._parameters import Parameters, read_parameters
from zhiqiao.engines.competency._space import Space, build_space
from zhiqiao.engines.competency._topics import Term

__all__ = [
    "METHODS",
    "RESULT_FILES",
    "Carried",
    "Cluster",
    "Clustering",
    "CompetencyError",
    "Corpus",
    "CorpusError",
    "Dimension",
    "Discovery",
    "Edit",
    "Evaluation",
    "Example",
    "Framework",
    "FrameworkDiff",
    "FrameworkError",
    "Group",
    "Grouping",
    "GroupingError",
    "Indicator",
    "Match",
    "Member",
    "Mention",
    "Method",
    "ParameterError",
    "Parameters",
    "Parts",
    "Reason",
    "SkillFacts",
    "Space",
    "Suggested",
    "Suggestion",
    "Term",
    "Unclustered",
    "Weight",
    "add_skill",
    "agreement",
    "build_space",
    "carry_over",
    "check_framework",
    "cluster",
    "coherence",
    "compare_frameworks",
    "discover",
    "evaluate",
    "first_postings",
    "grouping_of",
    "mean_agreement",
    "merge_groups",
    "move_skill",
    "read_corpus",
    "read_framework",
    "read_parameters",
    "remove_skill",
    "rename_group",
    "split_group",
    "suggest_k",
    "suggest_name",
    "suggest_split",
    "summary_of",
    "weight_bounds",
    "write_discovery",
]
