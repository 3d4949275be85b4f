"""The errors of this engine, as a tree.

CompetencyError
├── CorpusError      a folder of mined postings that can not be read or holds too little
├── ParameterError   a number of clusters, a method or a file of parameters that can not be used
├── GroupingError    an edit that does not fit the grouping it is made on
└── FrameworkError   a framework that can not be read or contradicts itself
"""

from __future__ import annotations

from zhiqiao.engines.kernel import EngineError

__all__ = ["CompetencyError", "CorpusError", "FrameworkError", "GroupingError", "ParameterError"]


class CompetencyError(EngineError):
    """Base of all errors this engine raises on purpose; says in both languages what is wrong."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en

    def __reduce__(self) -> tuple[type[CompetencyError], tuple[str, str]]:
        return type(self), (self.zh, self.en)


class CorpusError(CompetencyError):
    """Raised when a folder of mined postings can not be read or holds too little."""


class ParameterError(CompetencyError):
    """Raised when a number of clusters, a method or a file of parameters can not be used."""


class GroupingError(CompetencyError):
    """Raised when an edit does not fit the grouping it is made on."""


class FrameworkError(CompetencyError):
    """Raised when a framework can not be read or contradicts itself."""
