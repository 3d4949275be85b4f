"""The vocabulary and bounds of legitimacy signals as one value; nothing is judged here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._files import read_csv
from zhiqiao.engines.jobmining._fold import fold_phrase

__all__ = ["LegitimacyBounds", "LegitimacyRule", "LegitimacyRules", "read_legitimacy"]

_COLUMNS = ("code", "pattern", "zh", "en", "severity", "least", "needs", "negations", "source")


@dataclass(frozen=True)
class LegitimacyRule:
    """Words that signal `code` beside one of `needs` (and an amount of `least` yuan) unless a negation is near.

    Codes that begin with `_` are helpers and `form_` says a form of work; neither is a signal.
    """

    code: str
    words: tuple[str, ...]
    zh: str
    en: str
    severity: int
    least: int
    needs: tuple[str, ...]
    negations: tuple[str, ...]

    @cached_property
    def guarded(self) -> bool:
        """Say whether anything around the words decides whether they count."""
        return bool(self.needs or self.negations or self.least)


@dataclass(frozen=True)
class LegitimacyBounds:
    """Limits of plausible pay in RMB a month and of age in days."""

    source: str
    range_ratio: float
    most_monthly: int
    least_monthly: int
    unskilled_monthly: int
    low_diplomas: tuple[str, ...]
    stale_days: int


@dataclass(frozen=True)
class LegitimacyRules:
    """All data the reader works by."""

    rules: tuple[LegitimacyRule, ...]
    bounds: LegitimacyBounds


def read_legitimacy(folder: Path) -> LegitimacyRules:
    """Read legitimacy.csv and legitimacy_bounds.json of a folder; RulesError names the fault."""
    path = folder / "legitimacy.csv"
    rules = []
    for number, row in enumerate(read_csv(path, columns=_COLUMNS), start=2):
        words = _words(row["pattern"])
        if not row["code"] or not words:
            raise RulesError(f"{path.name}, line {number}: a rule needs a code and words")
        try:
            severity, least = int(row["severity"]), int(row["least"] or 0)
        except ValueError as error:
            raise RulesError(f"{path.name}, line {number}: {error}") from error
        needs, negations = _words(row["needs"]), _words(row["negations"])
        rules.append(
            LegitimacyRule(row["code"], words, row["zh"], row["en"], severity, least, needs, negations)
        )
    return LegitimacyRules(tuple(rules), _bounds(folder / "legitimacy_bounds.json"))


def _words(cell: str) -> tuple[str, ...]:
    return tuple(fold_phrase(word) for word in cell.split("|") if word)


def _bounds(path: Path) -> LegitimacyBounds:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return LegitimacyBounds(**{**values, "low_diplomas": tuple(values["low_diplomas"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RulesError(f"{path.name}: {error}") from error
