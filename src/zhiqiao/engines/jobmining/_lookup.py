"""Looking a term up: where it stands in texts as it is written, and which skills are called alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhiqiao.engines.jobmining._changes import term_key
from zhiqiao.engines.jobmining._fold import fold
from zhiqiao.engines.jobmining._taxonomy import Taxonomy

__all__ = ["LookAlike", "look_alikes", "occurrences"]

_JOINS = str.maketrans("", "", " -_/·.")


@dataclass(frozen=True)
class LookAlike:
    """A skill with the writing that is most like a term; likeness in 0..1, 1 for the same but for its joins."""

    skill_id: str
    surface: str
    likeness: float


def occurrences(text: str, key: str) -> Iterator[tuple[int, int]]:
    """Yield the spans, in code points of the text, at which a term (as `term_key`) stands as a word.

    Latin letters and digits must end where the term ends; word boundaries of Chinese are the miner's business.
    """
    if not key:
        return
    folded = fold(text)
    at = folded.text.find(key)
    while at >= 0:
        end = at + len(key)
        if _stands_alone(folded.text, at, end) and (span := folded.span(at, end)):
            yield span
        at = folded.text.find(key, end)


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_both_latin(before, text[start]) or _both_latin(text[end - 1], after))


def _both_latin(left: str, right: str) -> bool:
    return bool(left and right) and left.isascii() and right.isascii() and left.isalnum() and right.isalnum()


def look_alikes(taxonomy: Taxonomy, terms: Iterable[str], *, limit: int = 6) -> list[LookAlike]:
    """Return the skills whose writings share most with any of the terms (a name, its translation, its aliases).

    Likeness is the Dice coefficient of character pairs; a term inside a writing, or the other way round, is alike
    by at least the square root of the shorter one's share.
    """
    wanted = [(key, _pairs(key)) for key in {_squeezed(term) for term in terms} if key]
    best: dict[str, LookAlike] = {}
    for skill in taxonomy.skills:
        for surface in skill.surfaces:
            other = _squeezed(surface)
            if not other:
                continue
            likeness = max((_likeness(key, pairs, other) for key, pairs in wanted), default=0.0)
            if likeness >= _ALIKE and (skill.id not in best or likeness > best[skill.id].likeness):
                best[skill.id] = LookAlike(skill.id, surface, likeness)
    return sorted(best.values(), key=lambda found: (-found.likeness, found.skill_id))[:limit]


# Below this, two names of skills share a common ending (…技术, …管理) and nothing else.
_ALIKE = 0.45


def _squeezed(term: str) -> str:
    return term_key(term).translate(_JOINS)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset((text,))


def _likeness(key: str, pairs: frozenset[str], other: str) -> float:
    if key == other:
        return 1.0
    theirs = _pairs(other)
    dice = 2 * len(pairs & theirs) / (len(pairs) + len(theirs))
    shorter, longer = sorted((key, other), key=len)
    inside = len(shorter) > 1 and shorter in longer and _stands_alone_in(longer, shorter)
    return max(dice, (len(shorter) / len(longer)) ** 0.5 * 0.99) if inside else dice


def _stands_alone_in(longer: str, shorter: str) -> bool:
    at = longer.find(shorter)
    return not shorter.isascii() or _stands_alone(longer, at, at + len(shorter))
