"""Finding dictionary skills in text with exact spans; which parts count is decided in `_lines`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import NamedTuple

import rjieba
from ahocorasick_rs import AhoCorasick, MatchKind

from zhiqiao.engines.jobmining._fold import Folded, fold, fold_phrase
from zhiqiao.engines.jobmining._rules import Rules
from zhiqiao.engines.jobmining._taxonomy import Skill, Taxonomy

__all__ = ["Hit", "Matcher"]

# A frequency that makes a taxonomy term win against its parts without swallowing a longer ordinary word.
_USER_WORD_FREQUENCY = 20_000
_SHORT = 2
_PART = 3
_LONGEST_RUN = 80
# Latin letters and digits up to the number of the next item ("J2EEJavaMySQL1.").
_RUN = re.compile(r"[a-z0-9+#]+?(?=\d{1,2}[.、)]|[^a-z0-9+#]|\Z)")
# "Oracle数据库", "Redis等常用缓存": the noun only says what kind of thing the names before it are.
_AFTER_NAME = re.compile(r"(?:[a-z0-9+#] ?|等(?:主流|常用|常见|各种|相关|关系型|流行)?的?)\Z")
_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_DIGITS = frozenset("0123456789")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_ITEM_SIGNS = frozenset("、)")
_GLUE_BEFORE = frozenset(".-_+#@&'")
_GLUE_AFTER = frozenset("-_+#@&'")


class Hit(NamedTuple):
    """A skill at code points [start, end) of the original text; `at` is its start in the folded text."""

    start: int
    end: int
    at: int
    at_end: int
    skill: Skill


class _Term(NamedTuple):
    text: str
    skill: Skill
    written: frozenset[str] | None  # the only letter cases allowed, or None


class Matcher:
    """Leftmost-longest dictionary matching among the matches that stand on boundaries; build one per process.

    All overlapping matches are looked at: a long match that fails its boundary must not hide a short one.
    """

    def __init__(self, taxonomy: Taxonomy, *, rules: Rules) -> None:
        terms = _terms(taxonomy, rules=rules)
        self._terms = list(terms.values())
        self._search = AhoCorasick([term.text for term in self._terms], matchkind=MatchKind.Standard)
        self._latin = [_RUN.fullmatch(term.text) is not None for term in self._terms]
        self._words = rjieba.Jieba()
        for term in self._terms:
            if any(_is_han(character) for character in term.text) and " " not in term.text:
                self._words.add_word(term.text, _USER_WORD_FREQUENCY * len(term.text), "n")
        self._not_before = rules.not_before
        self._not_after = rules.not_after
        self._titles = tuple(rules.not_after.get("*", ()))
        self._title_starts = frozenset(title[0] for title in self._titles)
        self._only_after = rules.only_after
        self._class_nouns = rules.class_nouns

    def find(self, text: str) -> list[Hit]:
        """Find skills in a text, in order and without overlaps."""
        return self.find_folded(text, fold(text))

    def find_folded(self, text: str, folded: Folded) -> list[Hit]:
        """Find skills in a text of which the folded form is known already."""
        found = self._search.find_matches_as_indexes(folded.text, overlapping=True)
        found.sort(key=lambda match: (match[1], -match[2]))
        hits: list[Hit] = []
        last = 0
        cuts: frozenset[int] | None = None
        runs = self._run_parts(folded.text, found)
        for index, start, end in found:
            if start < last:
                continue
            term = self._terms[index]
            needs_cuts = _needs_cut(folded.text, start, end)
            if needs_cuts and cuts is None:
                cuts = self._cuts(folded.text)
            if needs_cuts and cuts is not None and not _on_cuts(folded.text, start, end, cuts):
                continue
            if (start, end) not in runs and not self._allowed(folded.text, start, end, term):
                continue
            begin, stop = folded.origin(start), folded.origin(end) if end < len(folded.text) else len(text)
            if not folded.whole(start, end) or (term.written and _case(text[begin:stop]) not in term.written):
                continue
            hits.append(Hit(begin, stop, start, end, term.skill))
            last = end
        return hits

    def _run_parts(self, text: str, found: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
        """Find names written together without a sign (`J2EEJavaMySQL`): runs that consist of names only."""
        parts: set[tuple[int, int]] = set()
        ends: dict[int, list[int]] = {}
        for index, start, end in found:
            if end - start >= _PART and self._latin[index]:
                ends.setdefault(start, []).append(end)
        for begin, stops in ends.items():
            if begin and text[begin - 1] in _ASCII:
                continue
            stop = _RUN.match(text, begin, begin + _LONGEST_RUN)
            if stop is not None and stop.end() not in stops:
                parts.update(_decompose(begin, stop.end(), ends))
        return parts

    def _cuts(self, text: str) -> frozenset[int]:
        return frozenset(accumulate(map(len, self._words.cut(text, False)), initial=0))

    def _allowed(self, text: str, start: int, end: int, term: _Term) -> bool:
        before = text[start - 1] if start else " "
        after = text[end] if end < len(text) else " "
        if not _ascii_edges(text, start, end, before=before, after=after):
            return False
        if after in self._title_starts and text.startswith(self._titles, end):
            return False
        if len(term.text) == 1 and not self._single(text, end):
            return False
        if term.text in self._class_nouns and _AFTER_NAME.search(text, max(0, start - 8), start):
            return False
        refused = self._not_after.get(term.text)
        if refused and text.startswith(refused, end):
            return False
        refused = self._not_before.get(term.text)
        return not (refused and text.endswith(refused, 0, start))

    def _single(self, text: str, end: int) -> bool:
        """A one-letter name stands before a sign or one of the words that follow languages."""
        if end >= len(text) or not text[end].isalnum():
            return True
        return text.startswith(self._only_after, end)


def _terms(taxonomy: Taxonomy, *, rules: Rules) -> dict[str, _Term]:
    terms: dict[str, _Term] = {}
    for skill in taxonomy.skills:
        written = frozenset(_case(surface) for surface in skill.surfaces) if skill.exact else None
        for surface in skill.surfaces:
            folded = fold_phrase(surface)
            if folded and folded not in rules.never:
                # Letter case tells R from r; in "c语言" the Chinese word does.
                cased = _with_joins(written) if written and surface.isascii() else None
                terms[folded] = _Term(folded, skill, cased)
    for term in list(terms.values()):
        for joined in _joins(term.text):
            terms.setdefault(joined, term._replace(text=joined))
    return terms


def _joins(text: str) -> Iterator[str]:
    """Yield the same Latin name written with a space, a hyphen or together."""
    for sign in (" ", "-"):
        if sign in text and text.replace(sign, "").isascii() and len(text) > 4:
            yield from (text.replace(sign, other) for other in ("", " ", "-") if other != sign)
    # Chinese postings set a space between Latin and Chinese or none.
    spaced = _spaced(text)
    if spaced != text:
        yield spaced
    tight = _tight(text)
    if tight != text:
        yield tight


def _spaced(text: str) -> str:
    pieces = [text[:1]]
    for left, right in pairwise(text):
        if (left in _ASCII and _is_han(right)) or (_is_han(left) and right in _ASCII):
            pieces.append(" ")
        pieces.append(right)
    return "".join(pieces)


def _tight(text: str) -> str:
    return "".join(
        character
        for index, character in enumerate(text)
        if not (
            character == " " and (_is_han(text[index - 1]) or _is_han(text[index + 1 : index + 2] or "a"))
        )
    )


def _with_joins(written: frozenset[str]) -> frozenset[str]:
    return written | {
        joined for text in written for joined in (text.replace(" ", ""), text.replace(" ", "-"))
    }


def _case(surface: str) -> str:
    """Fold width but not letter case."""
    return "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in surface)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _decompose(begin: int, stop: int, ends: dict[int, list[int]]) -> list[tuple[int, int]]:
    """Cut a run into names, the longest first; none when something is left over."""
    if begin == stop:
        return []
    for end in sorted(ends.get(begin, ()), reverse=True):
        rest = _decompose(end, stop, ends) if end <= stop else []
        if end == stop or rest:
            return [(begin, end), *rest]
    return []


def _needs_cut(text: str, start: int, end: int) -> bool:
    left = start > 0 and _is_han(text[start - 1]) and _is_han(text[start])
    return left or (end < len(text) and _is_han(text[end]) and _is_han(text[end - 1]))


def _on_cuts(text: str, start: int, end: int, cuts: frozenset[int]) -> bool:
    left = start == 0 or not (_is_han(text[start - 1]) and _is_han(text[start])) or start in cuts
    return left and (end == len(text) or not (_is_han(text[end]) and _is_han(text[end - 1])) or end in cuts)


def _ascii_edges(text: str, start: int, end: int, *, before: str, after: str) -> bool:
    short = end - start <= _SHORT
    if text[start] in _ASCII and (before in _ASCII or (short and before in _GLUE_BEFORE)):
        return False
    last = text[end - 1]
    if last not in _ASCII:
        return not (last in "+#" and (after in "+#" or after in _ASCII))
    if after in _ASCII:
        return _number_behind(text, end, last=last, short=short)
    if after == "#" or text.startswith("++", end):
        return False
    dotted = after == "." and text[end + 1 : end + 2] in _LATIN
    return not (short and (after in _GLUE_AFTER or dotted))


def _number_behind(text: str, end: int, *, last: str, short: bool) -> bool:
    if last in _DIGITS:  # "CSS34、": the number of the next item
        return text[end] in _DIGITS and text[end + 1 : end + 2] in _ITEM_SIGNS
    # "Python3", "Vue2": a version may follow a long name, never a short one.
    return not short and text[end] in _DIGITS and _ends_with_digits(text, end)


def _ends_with_digits(text: str, position: int) -> bool:
    while position < len(text) and text[position] in _DIGITS:
        position += 1
    return position == len(text) or text[position] not in _ASCII
