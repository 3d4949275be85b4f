"""What the words of job titles mean beside the name of a post: noise, rank, general craft, another head; levels."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._files import read_csv
from zhiqiao.engines.jobmining._fold import fold_phrase

__all__ = [
    "UNKNOWN_LEVEL",
    "TitleThresholds",
    "TitleWords",
    "WordFinder",
    "level_bits",
    "read_title_words",
    "whole_word",
]

_KINDS = ("noise", "rank", "generic", "other")
_LEVELS = {"intern": 2, "junior": 4, "middle": 8, "senior": 16}
UNKNOWN_LEVEL = 0
_NO_LEVEL = 1


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
    levels: tuple[tuple[str, int], ...] = ()


class WordFinder:
    """Finds words in a short text, the leftmost longest; a Latin one only as a whole word."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = sorted(words)
        self._search = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return start, end and word of each."""
        return [
            (start, end, self._words[index])
            for index, start, end in self._search.find_matches_as_indexes(text)
            if whole_word(text, start, end)
        ]

    def blank(self, text: str) -> str:
        """Return the text with the words made spaces; no position moves."""
        for start, end, _ in self.find(text):
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        return text


def whole_word(text: str, start: int, end: int) -> bool:
    """Say whether a span is no part of a longer Latin word (java in javascript)."""
    left = start > 0 and _is_letter(text[start - 1]) and _is_sign_of_word(text[start])
    return not left and not (end < len(text) and _is_letter(text[end]) and _is_sign_of_word(text[end - 1]))


def _is_letter(character: str) -> bool:
    return "a" <= character <= "z"


def _is_sign_of_word(character: str) -> bool:
    return "a" <= character <= "z" or "0" <= character <= "9"


def read_title_words(folder: Path) -> TitleWords:
    """Read title_words.csv and title_thresholds.json of a folder; RulesError names the fault."""
    path = folder / "title_words.csv"
    kinds: dict[str, set[str]] = {kind: set() for kind in _KINDS}
    for number, row in enumerate(read_csv(path, columns=("text", "kind")), start=2):
        if row["kind"] not in kinds or not row["text"]:
            raise RulesError(f"{path.name}, line {number}: a word is {', '.join(_KINDS)}")
        kinds[row["kind"]].add(fold_phrase(row["text"]))
    return TitleWords(
        noise=frozenset(kinds["noise"]),
        rank=frozenset(kinds["rank"]),
        generic=frozenset(kinds["generic"]),
        other=frozenset(kinds["other"]),
        thresholds=_thresholds(folder / "title_thresholds.json"),
        levels=_levels(folder / "title_levels.csv"),
    )


def _levels(path: Path) -> tuple[tuple[str, int], ...]:
    found = []
    for number, row in enumerate(read_csv(path, columns=("text", "level")), start=2):
        if row["level"] not in _LEVELS or not row["text"]:
            raise RulesError(f"{path.name}, line {number}: a level is {', '.join(_LEVELS)}")
        found.append((fold_phrase(row["text"]), _LEVELS[row["level"]]))
    return tuple(found)


@lru_cache(maxsize=20_000)
def level_bits(title: str, levels: tuple[tuple[str, int], ...]) -> int:
    """Return the levels a title names as bits, `UNKNOWN_LEVEL` without a title; 1 alone is a title without a level."""
    text = fold_phrase(title)
    if not text:
        return UNKNOWN_LEVEL
    bits = _NO_LEVEL
    for word, level in levels:
        at = text.find(word)
        if at >= 0 and whole_word(text, at, at + len(word)):
            bits |= level
    return bits


def _thresholds(path: Path) -> TitleThresholds:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if set(values) != {item.name for item in fields(TitleThresholds)}:
            raise RulesError(f"{path.name}: exactly the factors of title thresholds are expected")
        return TitleThresholds(**values)
    except (OSError, ValueError, TypeError) as error:
        raise RulesError(f"{path.name}: {error}") from error
