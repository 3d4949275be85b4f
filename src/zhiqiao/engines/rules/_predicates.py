"""What code offers to rules: predicates by name, each saying which parameters it takes and which values it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar, cast

from zhiqiao.engines.rules._values import Input, Outcome, Value, Verdict

S = TypeVar("S")
K = TypeVar("K")


class Kind(StrEnum):
    """What a parameter holds."""

    NUMBER = "number"
    SHARE = "share"  # 0..1 as 0.25 or "1/3"
    TEXT = "text"
    TEXTS = "texts"
    NUMBERS = "numbers"  # a table of numbers by name
    SHARES = "shares"
    ROWS = "rows"  # a list of tables, each with a `key`


@dataclass(frozen=True)
class Param:
    """A parameter that a predicate takes; `columns` are those of rows, a name with `?` may be left out."""

    kind: Kind
    columns: Mapping[str, Kind] = field(default_factory=dict)


class Params:
    """The parameters of a rule in force, by kind; numbers are exact, shares are fractions."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def number(self, name: str) -> int | Decimal:
        """Return a number."""
        return cast("int | Decimal", self._values[name])

    def share(self, name: str) -> Fraction:
        """Return a share of one."""
        return cast("Fraction", self._values[name])

    def text(self, name: str) -> str:
        """Return a text."""
        return cast("str", self._values[name])

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return cast("tuple[str, ...]", self._values[name])

    def numbers(self, name: str) -> Mapping[str, int | Decimal]:
        """Return numbers by name."""
        return cast("Mapping[str, int | Decimal]", self._values[name])

    def shares(self, name: str) -> Mapping[str, Fraction]:
        """Return shares by name."""
        return cast("Mapping[str, Fraction]", self._values[name])

    def rows(self, name: str) -> tuple[Mapping[str, object], ...]:
        """Return rows, each by column."""
        return cast("tuple[Mapping[str, object], ...]", self._values[name])


@dataclass(frozen=True)
class Context:
    """What a predicate knows besides the subject: the day of the act, region, parameters and loaded tables.

    `kept` holds what predicates of the same check share.
    """

    on: date
    region: str
    params: Params
    tables: Mapping[str, object] = field(default_factory=dict)
    kept: dict[str, object] = field(default_factory=dict)

    def keep(self, name: str, make: Callable[[], K]) -> K:
        """Return a value that several predicates need, made once in a check of one subject."""
        if name not in self.kept:
            self.kept[name] = make()
        return cast("K", self.kept[name])


@dataclass(frozen=True)
class Predicate(Generic[S]):
    """A test by name. `messages` maps each message a rule must word to the values that it may name.

    It yields one verdict that passes, or one for each line that fails or can not be judged; nothing at all means
    that there is nothing the rule could be about.
    """

    name: str
    judge: Callable[[S, Context], Iterable[Verdict]]
    messages: Mapping[str, tuple[str, ...]]
    params: Mapping[str, Param] = field(default_factory=dict)


def passed(inputs: Mapping[str, Input], **values: Value) -> Verdict:
    """Return the verdict of a rule that holds."""
    return Verdict(Outcome.PASS, "pass", values, inputs)


def failed(message: str, at: Iterable[str], inputs: Mapping[str, Input], **values: Value) -> Verdict:
    """Return the verdict that a rule fails, with the message's key and the places where it shows."""
    return Verdict(Outcome.FAIL, message, values, inputs, tuple(at))


def lacking(paths: Iterable[str]) -> Verdict:
    """Return the verdict that a rule can not be judged for want of these data."""
    at = tuple(dict.fromkeys(paths))
    return Verdict(Outcome.MISSING, "missing", {}, dict.fromkeys(at), at)
