"""The errors of this engine, as a tree.

RulesError
└── RuleFileError    files of rules that can not be used; `problems` names file, rule and field of each
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiqiao.engines.kernel import EngineError

_SHOWN = 8


class RulesError(EngineError):
    """Base of all errors this engine raises on purpose; says in both languages what is wrong and what mends it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class RuleProblem:
    """One thing wrong with a file of rules."""

    file: str
    rule: str
    field: str
    zh: str
    en: str

    def place(self) -> str:
        """Return file, rule and field as one word."""
        return " ".join(part for part in (self.file, self.rule, self.field) if part)


class RuleFileError(RulesError):
    """Raised when files of rules can not be used; nothing of them is loaded."""

    def __init__(self, *problems: RuleProblem) -> None:
        shown = problems[:_SHOWN]
        more = len(problems) - len(shown)
        zh = "\n".join(f"{one.place()}：{one.zh}" for one in shown)
        en = "\n".join(f"{one.place()}: {one.en}" for one in shown)
        super().__init__(
            zh + (f"\n另有 {more} 处问题" if more > 0 else ""),
            en + (f"\nand {more} more" if more > 0 else ""),
        )
        self.problems = problems
