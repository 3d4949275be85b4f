"""Surveys of enterprises: questionnaires that branch, samples anybody can draw again, response, bias, statistics."""

from __future__ import annotations

from zhiqiao.engines.surveys._answers import Checked, check_answers, reusable
from zhiqiao.engines.surveys._branching import holds, problems_of, shown
from zhiqiao.engines.surveys._errors import BadFrame, BadQuestionnaire, Problem, SurveyError, TooFew
from zhiqiao.engines.surveys._questions import (
    GRIDS,
    Answer,
    Answers,
    Condition,
    Kind,
    Option,
    Question,
    Questionnaire,
    Text,
)
from zhiqiao.engines.surveys._response import (
    LEAST_SHOWN,
    Bias,
    Deviation,
    Outcome,
    Response,
    Weights,
    bias,
    post_stratify,
    response,
)
from zhiqiao.engines.surveys._sampling import Draw, Stratum, Unit, allocate, draw
from zhiqiao.engines.surveys._shortlist import Candidate, Criterion, Place, Reason, next_day, shortlist
from zhiqiao.engines.surveys._statistics import (
    LEAST_QUARTILES,
    Amounts,
    QuestionResult,
    Share,
    by_group,
    results,
    t_quantile,
)

__all__ = [
    "GRIDS",
    "LEAST_QUARTILES",
    "LEAST_SHOWN",
    "Amounts",
    "Answer",
    "Answers",
    "BadFrame",
    "BadQuestionnaire",
    "Bias",
    "Candidate",
    "Checked",
    "Condition",
    "Criterion",
    "Deviation",
    "Draw",
    "Kind",
    "Option",
    "Outcome",
    "Place",
    "Problem",
    "Question",
    "QuestionResult",
    "Questionnaire",
    "Reason",
    "Response",
    "Share",
    "Stratum",
    "SurveyError",
    "Text",
    "TooFew",
    "Unit",
    "Weights",
    "allocate",
    "bias",
    "by_group",
    "check_answers",
    "draw",
    "holds",
    "next_day",
    "post_stratify",
    "problems_of",
    "response",
    "results",
    "reusable",
    "shortlist",
    "shown",
    "t_quantile",
]
