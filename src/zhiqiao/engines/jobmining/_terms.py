"""The writings by which skills are found: folded, with the joins and spaces that postings use; no text is read here."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from zhiqiao.engines.jobmining._characters import is_han
from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._taxonomy import Skill, Taxonomy

__all__ = ["Term", "make_terms", "narrow"]

_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


class Term(NamedTuple):
    """A folded writing of a skill; `written` are the only letter cases allowed, or None; `sure` as the skill says."""

    text: str
    skill: Skill
    written: frozenset[str] | None
    sure: bool = False


def make_terms(taxonomy: Taxonomy, *, rules: Rules) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for skill in taxonomy.skills:
        written = frozenset(narrow(surface) for surface in skill.surfaces) if skill.exact else None
        for surface in skill.surfaces:
            folded = fold_phrase(surface)
            if folded and folded not in rules.never:
                # Letter case tells R from r; in "c语言" the Chinese word does.
                cased = _with_joins(written) if written and surface.isascii() else None
                terms[folded] = Term(folded, skill, cased, surface in skill.sure)
    for term in list(terms.values()):
        for joined in _joins(term.text):
            terms.setdefault(joined, term._replace(text=joined))
    return terms


def _joins(text: str) -> Iterator[str]:
    """Yield the same Latin name written with a space, a hyphen or together."""
    for sign in (" ", "-"):
        if sign in text and text.replace(sign, "").isascii() and len(text) > 4:
            yield from (text.replace(sign, other) for other in ("", " ", "-") if other != sign)
    if text.isascii():
        return
    # Chinese postings set a space between Latin and Chinese or none.
    if not _ASCII.isdisjoint(text) and (spaced := _spaced(text)) != text:
        yield spaced
    if " " in text and (tight := _tight(text)) != text:
        yield tight


def _spaced(text: str) -> str:
    pieces = [text[:1]]
    for left, right in pairwise(text):
        if (left in _ASCII and is_han(right)) or (is_han(left) and right in _ASCII):
            pieces.append(" ")
        pieces.append(right)
    return "".join(pieces)


def _tight(text: str) -> str:
    return "".join(
        character
        for index, character in enumerate(text)
        if not (character == " " and (is_han(text[index - 1]) or is_han(text[index + 1 : index + 2] or "a")))
    )


def _with_joins(written: frozenset[str]) -> frozenset[str]:
    return written | {
        joined for text in written for joined in (text.replace(" ", ""), text.replace(" ", "-"))
    }


def narrow(surface: str) -> str:
    """Fold width but not letter case."""
    return "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in surface)
