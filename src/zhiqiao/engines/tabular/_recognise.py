"""Which column of a table holds which field, by name, then by content; the names are a vocabulary file."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from zhiqiao.engines.tabular._values import ColumnMatch

Vocabulary = Mapping[str, Sequence[str]]
_Candidate = tuple[float, int, int, str, ColumnMatch]

_BRACKETED = re.compile(r"[(\[{【〔《「<].*?[)\]}】〕》」>]")
_NO_LETTER = re.compile(r"[\s_\-–—·.:/\\()\[\]{}【】〔〕《》「」<>\"'*#]+")
_SHORTEST_PART = {True: 4, False: 2}
"""Characters a name (ASCII or not) must have to count as a part of another: short words hide in long ones."""

_CONTENT_KINDS = {
    "url": re.compile(r"https?://\S+$", re.IGNORECASE),
    "published": re.compile(r"(\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(\s+\d{1,2}(:\d{2}){1,2})?(\s*发布)?$"),
    "salary": re.compile(
        r"(\d+(\.\d+)?\s*[kK千万元]?\s*[-~－–至到]\s*\d+(\.\d+)?\s*([kK千万元]|/).*"
        r"|(薪资)?面议|\d+(\.\d+)?[千万元]\D*)$"
    ),
    "diploma": re.compile(
        r"(初中|高中|中专|中技|职高|大专|专科|本科|硕士|博士|学历不限|不限学历)((及?以上|及以下)(学历)?)?$"
    ),
    "experience": re.compile(r"(经验不限|无经验|无需经验|应届.{0,6}|\d+\s*([-~－]\s*\d+)?\s*年.{0,6})$"),
}
_CONTENT_SHARE = 0.6
_TEXT_LENGTH = 80


def read_vocabulary(path: Path) -> dict[str, tuple[str, ...]]:
    """Load a vocabulary file (columns target and names, the names parted by `|`)."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["target"]: tuple(name for name in row["names"].split("|") if name)
            for row in csv.DictReader(file)
        }


def fold_name(name: str) -> str:
    """Fold a column name: width, case, spaces, underscores, brackets and punctuation do not count."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", name).casefold())


def recognise(
    columns: Sequence[str], samples: Sequence[Mapping[str, str]], vocabulary: Vocabulary
) -> dict[str, ColumnMatch]:
    """Match each target of the vocabulary with at most one column and each column with at most one target."""
    candidates: list[_Candidate] = []
    folded = {target: [fold_name(name) for name in names] for target, names in vocabulary.items()}
    for position, column in enumerate(columns):
        for order, (target, names) in enumerate(folded.items()):
            match = _by_name(column, names)
            if match is not None:
                rank = _rank(column, names)
                candidates.append((-match.confidence, rank, order * len(columns) + position, target, match))
    found = _choose(candidates, taken=set(), found={})
    free = [column for column in columns if column not in {match.source for match in found.values()}]
    by_content = [
        (-match.confidence, 0, position, target, match)
        for position, column in enumerate(free)
        for target, match in _by_content(column, samples)
        if target in vocabulary
    ]
    return _choose(by_content, taken={match.source for match in found.values()}, found=found)


def _choose(
    candidates: list[_Candidate], *, taken: set[str], found: dict[str, ColumnMatch]
) -> dict[str, ColumnMatch]:
    """Take the surest candidates first, leaving out targets and columns that are already matched."""
    result = dict(found)
    for _, _, _, target, match in sorted(candidates, key=lambda candidate: candidate[:3]):
        if target not in result and match.source not in taken:
            result[target] = match
            taken.add(match.source)
    return result


def _rank(column: str, names: Sequence[str]) -> int:
    """Return how early a name stands in the vocabulary: `text` before `content` when a table has both."""
    for form in _forms(column):
        if form in names:
            return names.index(form)
    return len(names)


def _forms(column: str) -> tuple[str, ...]:
    """Return the folded name, and the one without what stands in brackets (`薪资（元/月）`)."""
    return fold_name(column), fold_name(_BRACKETED.sub("", unicodedata.normalize("NFKC", column)))


def _by_name(column: str, names: Sequence[str]) -> ColumnMatch | None:
    full, bare = _forms(column)
    if full in names:
        return ColumnMatch(column, 1.0, "name")
    if bare in names:
        return ColumnMatch(column, 0.95, "name")
    best = max((_part_confidence(bare, name) for name in names), default=0.0)
    return ColumnMatch(column, round(best, 2), "part_of_name") if best else None


def _part_confidence(column: str, name: str) -> float:
    """Judge a name inside a column name: at the end it is the head noun, elsewhere it is less sure."""
    if len(name) < _SHORTEST_PART[name.isascii()] or name not in column:
        return 0.0
    share = len(name) / len(column)
    if column.endswith(name) and share >= 0.3:
        return 0.6 + 0.25 * share
    return 0.4 + 0.3 * share if share >= 0.6 else 0.0


def _by_content(column: str, samples: Sequence[Mapping[str, str]]) -> list[tuple[str, ColumnMatch]]:
    values = [value for value in ((row.get(column) or "").strip() for row in samples) if value]
    if not values:
        return []
    matches: list[tuple[str, ColumnMatch]] = []
    content: Literal["content"] = "content"
    if sum(map(len, values)) / len(values) >= _TEXT_LENGTH:
        matches.append(("text", ColumnMatch(column, 0.5, content)))
    for target, pattern in _CONTENT_KINDS.items():
        share = sum(1 for value in values if pattern.match(value)) / len(values)
        if share >= _CONTENT_SHARE:
            matches.append((target, ColumnMatch(column, round(0.5 * share, 2), content)))
    return matches
