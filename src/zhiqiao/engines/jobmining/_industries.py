"""Industry cells of job sites to sections of GB/T 4754-2017; what names no industry stays unknown with the reason.

A cell with several industries gives the first that is recognised: sites put the main one first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._files import read_csv
from zhiqiao.engines.jobmining._fold import fold_phrase

__all__ = ["Industry", "IndustryIndex", "IndustryMatch", "read_industries"]

_COLUMNS = ("section", "zh", "en", "labels", "source")
_UNKNOWN = "-"
_CODE = re.compile(r"([A-T])\d{0,4}")
_BRACKETS = re.compile(r"\([^()]*\)")
_VALUES = re.compile(r"[,;|\n]")
_WORDS = re.compile(r"[/、丨\s&]+")
_REMEMBERED = 50_000
_SHORTEST_INSIDE = 2


@dataclass(frozen=True)
class Industry:
    """A section of the classification, or (section `-`) a reason why a label names none, and the labels."""

    section: str
    zh: str
    en: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class IndustryMatch:
    """The section letter A to T and its Chinese name, or why there is none."""

    code: str | None = None
    name: str | None = None
    reason: str | None = None


class IndustryIndex:
    """Labels of industries for fast look-up; build one per process."""

    def __init__(self, industries: Sequence[Industry]) -> None:
        self._matches: dict[str, IndustryMatch] = {}
        self._sections: dict[str, IndustryMatch] = {}
        for industry in industries:
            unknown = industry.section == _UNKNOWN
            match = (
                IndustryMatch(reason=industry.zh)
                if unknown
                else IndustryMatch(industry.section, industry.zh, None)
            )
            if not unknown:
                self._sections[industry.section] = match
                self._matches.setdefault(fold_phrase(industry.zh), match)
            for label in industry.labels:
                self._matches.setdefault(fold_phrase(label), match)
        inside = [label for label in self._matches if len(label) >= _SHORTEST_INSIDE]
        self._inside = inside
        self._search = AhoCorasick(inside, matchkind=MatchKind.LeftmostLongest)
        self._seen: dict[str, IndustryMatch] = {}

    def find(self, text: str | None) -> IndustryMatch:
        """Return the section of the first recognised industry of a cell."""
        raw = text or ""
        known = self._seen.get(raw)
        if known is None:
            known = self._find(raw)
            if len(self._seen) < _REMEMBERED:
                self._seen[raw] = known
        return known

    def _find(self, raw: str) -> IndustryMatch:
        cell = fold_phrase(raw)
        if not cell:
            return IndustryMatch(reason="empty")
        code = _CODE.fullmatch(cell.upper())
        if code:
            return self._sections.get(code[1], IndustryMatch(reason="not recognised"))
        first: IndustryMatch | None = None
        for candidate in self._candidates(cell):
            if candidate.code:
                return candidate
            first = first or candidate
        return first or IndustryMatch(reason="not recognised")

    def _candidates(self, cell: str) -> Iterator[IndustryMatch]:
        """Yield what the cell, its values, their words and at last any label inside them name."""
        yield from self._known(cell)
        plain = _BRACKETS.sub("", cell)
        for value in (value.strip() for value in _VALUES.split(plain)):
            yield from self._known(value)
            for part in value.split(" "):
                yield from self._known(part)
                for word in _WORDS.split(part):
                    yield from self._known(word)
            # The head of a Chinese name stands last: 医疗器械贸易 is trade.
            for index, _, _ in reversed(self._search.find_matches_as_indexes(value)):
                yield self._matches[self._inside[index]]

    def _known(self, label: str) -> Iterator[IndustryMatch]:
        match = self._matches.get(label)
        if match is not None:
            yield match


def read_industries(path: Path) -> tuple[Industry, ...]:
    """Read the labels of the sections (industries.csv); RulesError names the fault."""
    industries = []
    for number, row in enumerate(read_csv(path, columns=_COLUMNS), start=2):
        if not re.fullmatch("[A-T-]", row["section"]) or not row["zh"]:
            raise RulesError(f"{path.name}, line {number}: a section is one letter A to T or -, with a name")
        labels = tuple(filter(None, row["labels"].split("|")))
        industries.append(Industry(row["section"], row["zh"], row["en"], labels))
    return tuple(industries)
