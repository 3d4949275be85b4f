"""Report engine: computed facts and texts in, the demand report 《重点产业人才需求动态预测报告》 as a document out.

Nothing here counts, forecasts or reads data: that is done by the engines whose results are the facts.
"""

from __future__ import annotations

from zhiqiao.engines.report._compose import compose
from zhiqiao.engines.report._editing import TextBlock, carried, strange_figures, texts, with_texts
from zhiqiao.engines.report._facts import (
    Backtest,
    BacktestLevel,
    Change,
    Coverage,
    Direction,
    Estimate,
    Finding,
    GapRow,
    IndustryFacts,
    MissingSkill,
    Name,
    Outlook,
    Part,
    PostFacts,
    ProgrammeFacts,
    ProjectFacts,
    Ref,
    ReportFacts,
    ScenarioFacts,
    SignalFacts,
    SkillChange,
    SkillShare,
    SourceFacts,
)
from zhiqiao.engines.report._figure_words import FigureWords
from zhiqiao.engines.report._figures import Figures, Measured, between, end
from zhiqiao.engines.report._kept import facts_from_text, facts_to_text
from zhiqiao.engines.report._measures import (
    ReportParameters,
    directions,
    read_report_parameters,
)
from zhiqiao.engines.report._quality import (
    Criterion,
    CriterionQuality,
    Quality,
    Rubric,
    quality,
    read_rubric,
)
from zhiqiao.engines.report._standing import Standing
from zhiqiao.engines.report._teller import Teller
from zhiqiao.engines.report._words import Words, WordsError, read_words

__all__ = [
    "Backtest",
    "BacktestLevel",
    "Change",
    "Coverage",
    "Criterion",
    "CriterionQuality",
    "Direction",
    "Estimate",
    "FigureWords",
    "Figures",
    "Finding",
    "GapRow",
    "IndustryFacts",
    "Measured",
    "MissingSkill",
    "Name",
    "Outlook",
    "Part",
    "PostFacts",
    "ProgrammeFacts",
    "ProjectFacts",
    "Quality",
    "Ref",
    "ReportFacts",
    "ReportParameters",
    "Rubric",
    "ScenarioFacts",
    "SignalFacts",
    "SkillChange",
    "SkillShare",
    "SourceFacts",
    "Standing",
    "Teller",
    "TextBlock",
    "Words",
    "WordsError",
    "between",
    "carried",
    "compose",
    "directions",
    "end",
    "facts_from_text",
    "facts_to_text",
    "quality",
    "read_report_parameters",
    "read_rubric",
    "read_words",
    "strange_figures",
    "texts",
    "with_texts",
]
