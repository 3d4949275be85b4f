"""Plain values: rules as data, what a predicate says, waivers, findings and the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Literal, TypeAlias

from zhiqiao.engines.kernel import Key

Language = Literal["zh", "en"]
#: In which direction a parameter is stricter.
Direction = Literal["higher", "lower"]


class State(StrEnum):
    """How far the source of a rule was read: itself, in part, or from memory only."""

    CONFIRMED = "confirmed"
    PART = "part"
    VERIFY = "verify"


class Severity(StrEnum):
    """What a failing rule does: stops the act, asks for a reason, or is only shown."""

    BLOCK = "block"
    WARN = "warn"
    INFO = "info"

    @property
    def weight(self) -> int:
        """Return 0 for the lightest."""
        return {"info": 0, "warn": 1, "block": 2}[self.value]


class Outcome(StrEnum):
    """What checking one rule came to; data that are missing are never a pass."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"


#: The worst first: what a rule with several findings comes to.
WORST_FIRST = (Outcome.FAIL, Outcome.MISSING, Outcome.WAIVED, Outcome.PASS, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True)
class Text:
    """A text in both languages."""

    zh: Key
    en: Key

    def of(self, language: Language) -> str:
        """Return it in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Term:
    """A word of the vocabulary beside the rules, by its key; written in the reader's language."""

    key: str


#: What a predicate computed; a tuple is a list of words.
Value: TypeAlias = "str | int | Decimal | Term | tuple[str | Term, ...]"
#: The same once its words were looked up.
Written: TypeAlias = "str | int | Decimal | Text | tuple[str | Text, ...]"
#: A value of the subject that a predicate read.
Input: TypeAlias = "str | int | Decimal | bool | date | None"


@dataclass(frozen=True)
class Source:
    """Where a rule is written: document, article, address and what to know about the reading of it."""

    document: Text
    article: str = ""
    url: str = ""
    note: Text | None = None


@dataclass(frozen=True)
class WaiverKind:
    """A way in which a rule may be lifted, and the offices that may do so (terms of the vocabulary).

    `separate` says that nobody may grant it for a document they wrote.
    """

    key: str
    name: Text
    by: tuple[str, ...]
    lifts_floor: bool = False
    separate: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule of one region (empty: the whole country), valid from a day to a day, both included.

    `floors` names the parameters below which (or above which) a more special rule may not go; `applies_to` maps a
    property of the subject to the values for which the rule holds.
    """

    id: str
    set: str
    version: str
    title: Text
    text: Text
    source: Source
    state: State
    severity: Severity
    predicate: str
    messages: Mapping[str, Text]
    fix: Text
    params: Mapping[str, object] = field(default_factory=dict)
    floors: Mapping[str, Direction] = field(default_factory=dict)
    applies_to: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waivers: tuple[WaiverKind, ...] = ()
    region: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    file: str = ""

    def in_force(self, day: date) -> bool:
        """Say whether it is in force on a day; both ends count, an open end never ends."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def covers(self, region: str) -> bool:
        """Say whether it holds in a region (GB/T 2260: 51 of 510000 covers 511900)."""
        return region_prefix(region).startswith(region_prefix(self.region))

    @property
    def rank(self) -> tuple[int, int]:
        """Return how special it is: a narrower region first, then a specialty."""
        return len(region_prefix(self.region)), int("specialty" in self.applies_to)

    @cached_property
    def order(self) -> tuple[str, str, int]:
        """Return the place in lists."""
        return rule_order(self.set, self.id)


def rule_order(set_: str, rule_id: str) -> tuple[str, str, int]:
    """Return the place of a rule in lists: by set, then by number."""
    letters, _, number = rule_id.rpartition("-")
    return (set_, letters, int(number)) if number.isdigit() else (set_, rule_id, 0)


def region_prefix(code: str) -> str:
    """Return the digits of a region's code that say where it lies: 51 for 510000, 5119 for 511900."""
    while code.endswith("00"):
        code = code[:-2]
    return code


@dataclass(frozen=True)
class Verdict:
    """What a predicate says of one line: outcome, which message, the values in it, what it read and where it shows.

    `unconfirmed` says that it rests on data not yet confirmed, so that it may not block.
    """

    outcome: Outcome
    message: str
    values: Mapping[str, Value] = field(default_factory=dict)
    inputs: Mapping[str, Input] = field(default_factory=dict)
    at: tuple[str, ...] = ()
    unconfirmed: bool = False


@dataclass(frozen=True)
class Waiver:
    """The lifting of one rule: of which kind, by whom in which office, why, by which document, from when to when."""

    rule: str
    kind: str
    person: str
    office: str
    reason: str
    document: str
    expires: date
    granted: date | None = None


@dataclass(frozen=True)
class RefusedWaiver:
    """A waiver that does not count, and why."""

    waiver: Waiver
    why: Text


@dataclass(frozen=True)
class Finding:
    """One line of a report: the rule as it was in force, what was computed from what, and what mends it."""

    rule: str
    set: str
    version: str
    region: str
    valid_from: date | None
    valid_to: date | None
    state: State
    target: Severity
    severity: Severity
    outcome: Outcome
    title: Text
    message: Text
    fix: Text
    source: Source
    values: Mapping[str, Written] = field(default_factory=dict)
    inputs: Mapping[str, Input] = field(default_factory=dict)
    at: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    may_waive: tuple[WaiverKind, ...] = ()
    waiver: Waiver | None = None

    @property
    def blocks(self) -> bool:
        """Say whether it stops the act: a rule that blocks fails, or can not be judged."""
        return self.severity is Severity.BLOCK and self.outcome in {Outcome.FAIL, Outcome.MISSING}


@dataclass(frozen=True)
class Report:
    """All findings of one check on one day in one region, in a fixed order."""

    on: date
    region: str
    findings: tuple[Finding, ...]
    refused: tuple[RefusedWaiver, ...] = ()

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """Return the findings that stop the act."""
        return tuple(one for one in self.findings if one.blocks)

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the rules that were judged, in order."""
        return tuple(dict.fromkeys(one.rule for one in self.findings))

    def of(self, rule: str) -> tuple[Finding, ...]:
        """Return the findings of one rule."""
        return tuple(one for one in self.findings if one.rule == rule)

    def outcome(self, rule: str) -> Outcome:
        """Return what a rule came to: the worst of its findings; raises KeyError where it was not judged."""
        found = {one.outcome for one in self.of(rule)}
        for outcome in WORST_FIRST:
            if outcome in found:
                return outcome
        raise KeyError(rule)
