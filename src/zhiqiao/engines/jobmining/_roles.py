"""Job titles to normalised posts (岗位) with a confidence, by title patterns and by what people corrected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._files import read_csv
from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._title_words import TitleWords, WordFinder, whole_word

__all__ = ["Assignment", "JobRolePattern", "RoleBook", "read_roles"]

_COLUMNS = ("id", "chain_link", "zh", "en", "title_patterns", "occupation_code", "occupation_name", "skills")
_BRACKET = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_WORD = re.compile(r"[a-z][a-z0-9.+#]*|[+#.]?[a-z0-9]+[+#]*|[\u3400-\u9fff]+")
_SIGNS = re.compile(r"[^a-z0-9+#.\u3400-\u9fff]+")


@dataclass(frozen=True)
class JobRolePattern:
    """A normalised post and the words in titles that mean it."""

    id: str
    zh: str
    en: str
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class Assignment:
    """A post with confidence 0 to 1; `why` is the pattern found, `corrected` or `like a corrected title`."""

    role_id: str
    confidence: float
    why: str


@dataclass(frozen=True)
class _Found:
    role_id: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True)
class RoleBook:
    """All posts titles can be assigned to, and the corrections people made (folded title -> post or none)."""

    roles: tuple[JobRolePattern, ...] = ()
    words: TitleWords = field(default_factory=TitleWords)
    corrections: tuple[tuple[str, str | None], ...] = ()

    def __reduce__(self) -> tuple[type[RoleBook], tuple[object, ...]]:
        """Leave the search automaton behind: a worker process builds its own."""
        return RoleBook, (self.roles, self.words, self.corrections)

    def with_corrections(self, corrections: Mapping[str, str | None]) -> RoleBook:
        """Return a book in which these titles have these posts (None: none); later ones win."""
        merged = {
            **dict(self.corrections),
            **{fold_phrase(title): role for title, role in corrections.items()},
        }
        return replace(self, corrections=tuple(sorted(merged.items(), key=lambda item: item[0])))

    def words_of(self, title: str) -> frozenset[str]:
        """Return the words that make a title: titles with the same words are near, a correction of one teaches both."""
        return self._judge.words_of(fold_phrase(title))

    def assign(self, title: str) -> str | None:
        """Return the id of the post of a title, or None where no post is certain enough."""
        found = self.assign_with_confidence(title)
        return found.role_id if found else None

    def assign_with_confidence(self, title: str) -> Assignment | None:
        """Return the post of a title with its confidence, None below the confidence that counts."""
        found = self.judge(title)
        return found if found and found.confidence >= self.words.thresholds.assign_at else None

    def judge(self, title: str) -> Assignment | None:
        """Return the likeliest post with whatever confidence; None without any evidence."""
        if not title or not (self.roles or self.corrections):
            return None
        return self._judge.of(fold_phrase(title))

    @cached_property
    def _judge(self) -> _Judge:
        return _Judge(self)


class _Judge:
    """The compiled form of a book."""

    def __init__(self, book: RoleBook) -> None:
        words = book.words
        self._thresholds = words.thresholds
        self._generic = words.generic
        owners: dict[str, str] = {}
        for role in book.roles:
            for pattern in role.patterns:
                owners.setdefault(fold_phrase(pattern), role.id)
        self._patterns = list(owners)
        self._owners = list(owners.values())
        generic = words.thresholds.generic_weight
        self._weights = [
            _weight(text) * (generic if text in words.generic else 1.0) for text in self._patterns
        ]
        self._search = AhoCorasick(self._patterns, matchkind=MatchKind.Standard)
        self._silent = WordFinder(words.noise | words.rank)
        self._other = words.other
        # Noise takes part so that 带薪培训 is not read as 培训.
        self._beside = WordFinder(words.other | words.noise)
        self._tails = tuple(sorted(words.generic, key=lambda word: (-len(word), word)))
        self._heads = {
            role.id: {
                word for pattern in map(fold_phrase, role.patterns) for word in words.other if word in pattern
            }
            for role in book.roles
        }
        self._exact = dict(book.corrections)
        self._near: dict[frozenset[str], str | None] = {}
        for title, post in book.corrections:
            key = self.words_of(title)
            agreed = key not in self._near or self._near[key] == post
            self._near[key] = post if agreed else None
        self._near.pop(frozenset(), None)

    def of(self, title: str) -> Assignment | None:
        if title in self._exact:
            post = self._exact[title]
            return Assignment(post, 1.0, "corrected") if post else None
        key = self.words_of(title) if self._near else frozenset()
        if key in self._near:
            post = self._near[key]
            confidence = self._thresholds.near_correction
            return Assignment(post, confidence, "like a corrected title") if post else None
        main = _BRACKET.sub(_blank, title)
        found = self._find(main)
        if found:
            return self._weigh(found, main)
        found = self._find(title) if main != title else []
        if not found:
            return None
        # The name stands in brackets only: 销售(软件).
        inside = self._weigh(found, title)
        factor = self._thresholds.bracket_only * self._head(_best(found), main)
        return replace(inside, confidence=round(inside.confidence * factor, 3))

    def words_of(self, title: str) -> frozenset[str]:
        """Return the words that make a folded title: without brackets, rank, benefits and order."""
        content = self._silent.blank(_BRACKET.sub(" ", title))
        return frozenset(_WORD.findall(content))

    def _find(self, text: str) -> list[_Found]:
        """Find patterns; a Chinese character counts as two Latin letters, the name of a craft in general little."""
        matches = self._search.find_matches_as_indexes(text, overlapping=True)
        if not matches:
            return []
        quiet = self._silent.blank(text)
        found = []
        for index, start, end in matches:
            if not whole_word(text, start, end):
                continue
            weight = self._weights[index]
            if self._patterns[index] not in self._generic and self._ends(quiet[end:]):
                weight *= self._thresholds.head_bonus
            found.append(_Found(self._owners[index], start, end, weight))
        return found

    def _ends(self, rest: str) -> bool:
        """Say whether only a general word stands behind: 小红书客服 is 客服, Java开发 is Java."""
        rest = _SIGNS.sub("", rest) if rest else rest
        return not rest or rest in self._generic

    def _weigh(self, found: Sequence[_Found], text: str) -> Assignment:
        match = _best(found)
        thresholds = self._thresholds
        content = _SIGNS.sub("", self._silent.blank(text))
        tail = ""
        if content.endswith(self._tails):
            tail = next(word for word in self._tails if content.endswith(word))
        pattern = text[match.start : match.end]
        share = min(1.0, _weight(pattern) / max(1, _weight(content.removesuffix(tail))))
        confidence = thresholds.floor + (1 - thresholds.floor) * share
        rival = max((other.weight for other in found if _apart(other, match)), default=0.0)
        if rival >= thresholds.rival_share * match.weight:
            confidence *= thresholds.rival
        confidence *= self._head(match, text)
        return Assignment(match.role_id, round(confidence, 3), pattern)

    def _head(self, match: _Found, text: str) -> float:
        """A word that names another post counts most behind the pattern: Java讲师 is no Java post."""
        factor = 1.0
        for start, end, word in self._beside.find(text):
            inside = match.start <= start and end <= match.end
            if inside or word not in self._other or word in self._heads[match.role_id]:
                continue
            before = end <= match.start
            factor = min(factor, self._thresholds.other_before if before else self._thresholds.other_head)
        return factor


def _best(found: Sequence[_Found]) -> _Found:
    return max(found, key=lambda match: (match.weight, match.end, match.end - match.start))


def _apart(other: _Found, match: _Found) -> bool:
    return other.role_id != match.role_id and (other.end <= match.start or other.start >= match.end)


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _weight(text: str) -> int:
    """A Chinese character says as much as two Latin letters."""
    return len(text) if text.isascii() else sum(2 - character.isascii() for character in text)


def read_roles(path: Path, *, words: TitleWords | None = None) -> RoleBook:
    """Read the posts of a region pack (job_roles.csv); RulesError names the fault."""
    roles = []
    for number, row in enumerate(read_csv(path, columns=_COLUMNS), start=2):
        patterns = tuple(dict.fromkeys(filter(None, (row["zh"], *row["title_patterns"].split("|")))))
        if not row["id"] or not patterns:
            raise RulesError(f"{path.name}, line {number}: a post needs an id and a pattern")
        roles.append(JobRolePattern(row["id"], row["zh"], row["en"], patterns))
    return RoleBook(tuple(roles), words or TitleWords())
