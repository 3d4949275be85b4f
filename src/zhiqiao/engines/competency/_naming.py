"""A name suggested for a cluster by a plain rule; a person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["Suggested", "suggest_name"]

_LOOKED_AT = 10
_NAMED = 3
_SHARED = 0.6


@dataclass(frozen=True)
class Suggested:
    """A suggestion and how it came about: a term above most of the first skills, or their own names."""

    zh: str
    en: str
    basis: Literal["shared_broader", "central_skills"]


def suggest_name(
    skills: Sequence[tuple[str, str]], broader: Mapping[str, Sequence[tuple[str, str, str]]]
) -> Suggested:
    """Suggest the nearest term above six tenths of the first ten skills with the first two; else the first three names.

    `skills` are (id, zh), the most typical first; `broader` as in `discover`.
    """
    first = skills[:_LOOKED_AT]
    names = [zh for _, zh in first[:_NAMED]]
    above: Counter[tuple[str, str, str]] = Counter()
    depth: dict[tuple[str, str, str], int] = {}
    for skill, _zh in first:
        for level, term in enumerate(broader.get(skill, ())):
            above[term] += 1
            depth[term] = max(depth.get(term, 0), level)
    shared = [term for term, count in above.items() if count >= _SHARED * len(first)]
    if shared:
        _id, zh, en = min(shared, key=lambda term: (depth[term], -above[term], term))
        return Suggested(f"{zh}（{'、'.join(names[:2])}）", en, "shared_broader")
    return Suggested("、".join(names), "", "central_skills")
