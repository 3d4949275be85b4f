"""Report engine: computed facts and texts in, the demand report 《重点产业人才需求动态预测报告》 as a document out.

Nothing here counts, forecasts or reads data: that is done by the engines whose results are the facts.
"""

from __future__ import annotations

from zhiqiao.engines.report._compose import compose
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
    ReportFacts,
    ScenarioFacts,
    SignalFacts,
    SkillChange,
    SkillShare,
    SourceFacts,
)
from zhiqiao.engines.report._measures import (
    ReportParameters,
    directions,
    read_report_parameters,
    sum_interval,
)
from zhiqiao.engines.report._words import Words, WordsError, read_words

__all__ = [
    "Backtest",
    "BacktestLevel",
    "Change",
    "Coverage",
    "Direction",
    "Estimate",
    "Finding",
    "GapRow",
    "IndustryFacts",
    "MissingSkill",
    "Name",
    "Outlook",
    "Part",
    "PostFacts",
    "ProgrammeFacts",
    "ProjectFacts",
    "ReportFacts",
    "ReportParameters",
    "ScenarioFacts",
    "SignalFacts",
    "SkillChange",
    "SkillShare",
    "SourceFacts",
    "Words",
    "WordsError",
    "compose",
    "directions",
    "read_report_parameters",
    "read_words",
    "sum_interval",
]
