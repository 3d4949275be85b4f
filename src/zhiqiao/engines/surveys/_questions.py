"""Questions as values: what is asked, which answers there are, and after which earlier answers a question is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhiqiao.engines.kernel import Amount, Key

__all__ = ["GRIDS", "Answer", "Answers", "Condition", "Kind", "Option", "Question", "Questionnaire", "Text"]

#: single: option key; multiple: option keys; number: number; scale: whole number; text: text; grids: row key -> number
Answer = str | int | float | list[str] | dict[str, int | float]
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class Text:
    """A text in Chinese and English."""

    zh: Key
    en: Key


class Kind(StrEnum):
    """How a question is answered; the options of the two grids are their rows."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    SCALE = "scale"
    TEXT = "text"
    AMOUNTS = "amounts"
    RATINGS = "ratings"


GRIDS = frozenset({Kind.AMOUNTS, Kind.RATINGS})


@dataclass(frozen=True)
class Option:
    """An answer to choose, or a row of a grid; an exclusive one (“none of these”) stands alone."""

    key: Key
    text: Text
    exclusive: bool = False


@dataclass(frozen=True)
class Condition:
    """What an earlier answer must be: one of some options, or a number within limits (both ends included)."""

    question: Key
    any_of: tuple[str, ...] = ()
    least: Amount | None = None
    most: Amount | None = None


@dataclass(frozen=True)
class Question:
    """One question.

    `least` and `most` bound a number, a scale or the numbers of a grid, and of `multiple` how many may be chosen.
    It is asked when all conditions of `when` hold. `section` is the part of the report it serves, `meaning` what the
    product reads from it (see packs/common/survey), `bank` its key in the question bank.
    """

    key: Key
    kind: Kind
    text: Text
    options: tuple[Option, ...] = ()
    least: Amount | None = None
    most: Amount | None = None
    whole: bool = True
    unit: Text | None = None
    hint: Text | None = None
    required: bool = False
    when: tuple[Condition, ...] = ()
    section: str = ""
    meaning: str = ""
    bank: str = ""

    @property
    def option_keys(self) -> tuple[str, ...]:
        """Return the keys of options or rows."""
        return tuple(one.key for one in self.options)


@dataclass(frozen=True)
class Questionnaire:
    """Questions in the order in which they are asked."""

    questions: tuple[Question, ...] = field(default_factory=tuple)

    def by_key(self) -> dict[str, Question]:
        """Return the questions by their keys."""
        return {one.key: one for one in self.questions}
