"""What the words of job titles mean beside the name of a post: noise, rank, general craft, another head."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._rules import read_csv

__all__ = ["TitleThresholds", "TitleWords", "read_title_words"]

_KINDS = ("noise", "rank", "generic", "other")


@dataclass(frozen=True)
class TitleThresholds:
    """Factors of the confidence of a post; each is explained where it is used."""

    source: str = "neutral"
    assign_at: float = 0.5
    floor: float = 0.45
    generic_weight: float = 1.0
    head_bonus: float = 1.0
    other_head: float = 1.0
    other_before: float = 1.0
    bracket_only: float = 1.0
    rival_share: float = 1.0
    rival: float = 1.0
    near_correction: float = 0.85


@dataclass(frozen=True)
class TitleWords:
    """Words by kind: `noise` and `rank` say nothing of the post, `generic` little, `other` names another one."""

    noise: frozenset[str] = frozenset()
    rank: frozenset[str] = frozenset()
    generic: frozenset[str] = frozenset()
    other: frozenset[str] = frozenset()
    thresholds: TitleThresholds = field(default_factory=TitleThresholds)

    def pattern(self, words: frozenset[str]) -> re.Pattern[str]:
        """Return a pattern of these words, the longest first; of no words it never matches."""
        return one_of(sorted(words, key=lambda word: (-len(word), word)))


def one_of(words: Sequence[str]) -> re.Pattern[str]:
    """Match one of the words; a Latin one only as a whole word."""
    parts = (rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word) for word in words)
    return re.compile("|".join(parts) or r"(?!)")


def read_title_words(folder: Path) -> TitleWords:
    """Read title_words.csv and title_thresholds.json of a folder; RulesError names the fault."""
    path = folder / "title_words.csv"
    kinds: dict[str, set[str]] = {kind: set() for kind in _KINDS}
    for number, row in enumerate(read_csv(path, columns=("text", "kind")), start=2):
        if row["kind"] not in kinds or not row["text"]:
            raise RulesError(f"{path.name}, line {number}: a word is {', '.join(_KINDS)}")
        kinds[row["kind"]].add(fold_phrase(row["text"]))
    return TitleWords(
        *(frozenset(kinds[kind]) for kind in _KINDS),
        thresholds=_thresholds(folder / "title_thresholds.json"),
    )


def _thresholds(path: Path) -> TitleThresholds:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if set(values) != {item.name for item in fields(TitleThresholds)}:
            raise RulesError(f"{path.name}: exactly the factors of title thresholds are expected")
        return TitleThresholds(**values)
    except (OSError, ValueError, TypeError) as error:
        raise RulesError(f"{path.name}: {error}") from error
