"""Job titles to normalised posts (岗位) by the longest title pattern; nothing is learnt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._rules import read_csv

__all__ = ["JobRolePattern", "RoleBook", "read_roles"]

_COLUMNS = ("id", "chain_link", "zh", "en", "title_patterns", "occupation_code", "occupation_name", "skills")


@dataclass(frozen=True)
class JobRolePattern:
    """A normalised post and the words in titles that mean it."""

    id: str
    zh: str
    en: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, eq=False)  # told apart by identity: its hash is asked for with every title
class RoleBook:
    """All posts titles can be assigned to."""

    roles: tuple[JobRolePattern, ...] = ()

    def assign(self, title: str) -> str | None:
        """Return the id of the post with the longest pattern in the title, the later of two equally long.

        A Chinese character counts as two Latin letters: 架构师 says more than Java.
        """
        if not self.roles or not title:
            return None
        search, owners = _search(self)
        folded = fold_phrase(title)
        best: tuple[int, int, str] | None = None
        for index, start, end in search.find_matches_as_indexes(folded, overlapping=True):
            weight = sum(1 if character.isascii() else 2 for character in folded[start:end])
            candidate = (weight, end, owners[index])
            if best is None or candidate > best:
                best = candidate
        return best[2] if best else None


@lru_cache(maxsize=4)
def _search(book: RoleBook) -> tuple[AhoCorasick, Sequence[str]]:
    owners: dict[str, str] = {}
    for role in book.roles:
        for pattern in role.patterns:
            owners.setdefault(fold_phrase(pattern), role.id)
    return AhoCorasick(list(owners), matchkind=MatchKind.Standard), list(owners.values())


def read_roles(path: Path) -> RoleBook:
    """Read the posts of a region pack (job_roles.csv); RulesError names the fault."""
    roles = []
    for number, row in enumerate(read_csv(path, columns=_COLUMNS), start=2):
        patterns = tuple(dict.fromkeys(filter(None, (row["zh"], *row["title_patterns"].split("|")))))
        if not row["id"] or not patterns:
            raise RulesError(f"{path.name}, line {number}: a post needs an id and a pattern")
        roles.append(JobRolePattern(row["id"], row["zh"], row["en"], patterns))
    return RoleBook(tuple(roles))
