"""The errors of this engine, as a tree; each says in both languages what is wrong and what mends it.

SurveyError
├── BadQuestionnaire   questions or branches that can not be asked; `problems` names each place
├── BadFrame           a frame or a size from which no sample can be drawn
└── TooFew             so few enterprises answered that showing anything would show one of them
"""

# ruff: noqa: N818 -- the names say what is wrong; the base class says that they are errors
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiqiao.engines.kernel import EngineError


class SurveyError(EngineError):
    """Base of all errors this engine raises on purpose."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the question it concerns, the kind of fault, and reason with remedy in both languages."""

    question: str
    kind: str
    zh: str
    en: str


class BadQuestionnaire(SurveyError):
    """Raised when a questionnaire can not be asked."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(
            "；".join(f"{one.question}：{one.zh}" for one in problems),
            "; ".join(f"{one.question}: {one.en}" for one in problems),
        )
        self.problems = tuple(problems)


class BadFrame(SurveyError):
    """Raised when no sample can be drawn."""


class TooFew(SurveyError):
    """Raised when too few answered to show a figure."""
