"""Which part of a posting says what: duty, requirement, blurb, benefit, tail or unlabelled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntFlag
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhiqiao.engines.jobmining._characters import Kind
from zhiqiao.engines.jobmining._fold import END, FoldedBatch
from zhiqiao.engines.jobmining._rules import Heading, Rules
from zhiqiao.engines.jobmining._search import Found, Search

__all__ = ["ASPECTS", "COUNTING_ROLES", "ROLES", "Cue", "Cues", "LineReader", "LineRole", "Lines"]

LineRole = Literal["duty", "requirement", "company", "benefit", "tail", "other"]

COUNTING_ROLES: frozenset[str] = frozenset({"duty", "requirement", "other"})

ROLES: tuple[LineRole, ...] = ("duty", "requirement", "other", "company", "benefit", "tail")
"""What the numbers in `Lines.roles` mean; those that count come first."""
DUTY, REQUIREMENT, OTHER, COMPANY, BENEFIT, TAIL = range(6)
LAST_COUNTING = OTHER

ASPECTS = ("", "required", "preferred", "duty")
"""What the numbers in `Lines.aspects` mean."""

# All patterns look at folded text: full-width punctuation is already narrow there.
_ENUMERATED = re.compile(r"\s*(?:\(?\d{1,2}[).、]|[\-*·•●◆★■])")
_NEW_LINE = re.compile(r"[;。! ]*[\r\n]")  # an item begins with the mark that ends the one before
_FIRST_OF_LIST = re.compile(r"[;。!\s]*\(?1[).、]")
_COLON = re.compile(r"[】\])>》」*]*\s?[:】\]」》]")
_NUMBERED = re.compile(r"\s*(?:\(?\d{1,2}[、.)]|[一二三四五六七八九十][、.]|[\-*·•●◆★■])")
_OPENERS = "【[「(《<"
_CLOSERS = "】]」)》>"
_LINE_ENDS = f"\r\n{END}"
_AT_ONCE = 6  # signs before the first word that asks

Integers = NDArray[np.int64]


class Cue(IntFlag):
    """What a telling word may tell."""

    LEVEL = 1
    REQUIRE = 2
    DUTY = 4
    BLURB = 8
    COMPANY = 16
    BENEFIT = 32
    TAIL = 64
    PREFERRED = 128
    CLAUSE = 256
    MAJOR = 512


_TALKS = Cue.BLURB | Cue.COMPANY
_ASKS = Cue.LEVEL | Cue.REQUIRE | Cue.DUTY


class Cues(NamedTuple):
    """The telling words of a batch in order: span, item, what they tell, and the number of the level."""

    start: Integers
    end: Integers
    item: Integers
    kind: Integers
    level: Integers

    def of(self, kind: Cue) -> Cues:
        """Return those that tell a kind of thing."""
        return Cues(*(column[(self.kind & kind) != 0] for column in self))


@dataclass(frozen=True)
class Lines:
    """The items of all texts of a batch in order; an item runs to the start of the next or the end of its text."""

    starts: Integers
    ends: Integers
    roles: Integers
    aspects: Integers
    tells: Integers  # what the telling words of an item tell together
    cues: Cues

    def at(self, positions: Integers) -> Integers:
        """Return the numbers of the items that hold these positions."""
        before: Integers = np.searchsorted(self.starts, positions, "right")
        return before - 1


class _Title(NamedTuple):
    start: int
    end: int
    heading: Heading
    whole_section: bool


class LineReader:
    """Reads line roles by the vocabularies of `Rules`; build one per process."""

    def __init__(self, rules: Rules) -> None:
        self._headings = {heading.text: heading for heading in rules.headings}
        self.levels = tuple(dict.fromkeys(level for _, level in rules.level_cues))
        self._run = rules.thresholds.company_run_characters
        tells: dict[str, int] = {}
        for text, kind in (*rules.line_cues, *rules.aspect_cues):
            tells[text] = tells.get(text, 0) | Cue[kind.upper()]
        levels = dict(rules.level_cues)
        for text in levels:
            tells[text] = tells.get(text, 0) | Cue.LEVEL
        self.patterns = tuple(dict.fromkeys((*self._headings, *tells)))
        self._heads = [self._headings.get(text) for text in self.patterns]
        self._is_head = np.array([head is not None for head in self._heads])
        self._tells = np.array([tells.get(text, 0) for text in self.patterns])
        self._level = np.array([self.levels.index(levels[t]) if t in levels else -1 for t in self.patterns])
        self._own_search: Search | None = None

    def read(self, folded: FoldedBatch, found: Found | None = None) -> Lines:
        """Split folded texts into items and give each its role; `found` are the matches of `patterns`."""
        if found is None:
            self._own_search = self._own_search or Search(self.patterns)
            found = self._own_search.find(folded.codes)
        titles = list(self._titles(folded, found.take(self._is_head[found.pattern])))
        begins = _breaks(folded)
        begins[[title.start for title in titles]] = True
        starts = np.flatnonzero(begins)
        return self._lines(folded, titles, starts, self._cues(folded, found, starts))

    def _resumed(
        self, text: str, starts: Integers, sections: _Sections, tells: Integers, cues: Cues
    ) -> Integers:
        """End a company's section at the first line that begins by asking for something, or begins a numbered list.

        Often no title says that the company's part is over.
        """
        here, titled = sections.roles, sections.titled
        asks = np.full(len(starts), len(text), dtype=np.int64)
        asking = cues.of(_ASKS)
        asks[asking.item[::-1]] = asking.start[::-1]
        likely = (here == COMPANY) & ~titled & ((tells & _TALKS) == 0)
        resumed = here.copy()
        for item in np.flatnonzero(likely).tolist():
            start = int(starts[item])
            if resumed[item] != COMPANY or not _opens_line(text, start):
                continue
            listed = _ENUMERATED if asks[item] < len(text) else _FIRST_OF_LIST
            if asks[item] - start <= _AT_ONCE or listed.match(text, start):
                following = np.flatnonzero(titled[item:] | (here[item:] != COMPANY))
                resumed[item : item + int(following[0]) if len(following) else len(starts)] = OTHER
        return resumed

    def _titles(self, folded: FoldedBatch, heads: Found) -> Iterator[_Title]:
        first = np.zeros(len(folded.codes) + 1, dtype=bool)
        first[folded.bounds] = True
        first = first.take(heads.start)
        likely = first | ((folded.kinds[heads.end] & Kind.TITLE_END) != 0)
        heads = heads.take(likely)
        heads = heads.take(np.lexsort((-heads.end, heads.start)))
        last = 0
        columns = (heads.pattern.tolist(), heads.start.tolist(), heads.end.tolist())
        for pattern, start, end in zip(*columns, strict=True):
            heading = self._heads[pattern]
            if start >= last and heading is not None:
                title = _title(folded.text, start, end, heading, chained=start == last)
                if title is not None:
                    yield title
                    last = end

    def _cues(self, folded: FoldedBatch, found: Found, starts: Integers) -> Cues:
        kind = self._tells[found.pattern]
        # A verb such as 有 or 会 counts at the head of a clause only.
        before = folded.codes[found.start - 1]
        inside = (before != ord(",")) & (before != ord(" "))
        kind = np.where(inside, kind & ~int(Cue.CLAUSE), kind)
        telling = kind != 0
        start = found.start[telling]
        return Cues(
            start,
            found.end[telling],
            np.searchsorted(starts, start, "right") - 1,
            kind[telling],
            self._level[found.pattern[telling]],
        )

    def _lines(self, folded: FoldedBatch, titles: list[_Title], starts: Integers, cues: Cues) -> Lines:
        tells = np.zeros(len(starts), dtype=np.int64)
        if len(cues.item):
            firsts = np.flatnonzero(np.diff(cues.item, prepend=-1))
            tells[cues.item[firsts]] = np.bitwise_or.reduceat(cues.kind, firsts)
        number = folded.number(starts)
        ends = np.append(starts[1:], len(folded.codes))
        ends -= np.append(number[1:] != number[:-1], True)
        sections = _sections(titles, starts, number)
        here, aspects, titled = sections
        here = self._resumed(folded.text, starts, sections, tells, cues)
        roles = here.copy()
        counting = here <= LAST_COUNTING
        quiet = counting & ((tells & _ASKS) == 0)
        roles[quiet & ((tells & Cue.BENEFIT) != 0)] = BENEFIT
        roles[quiet & ((tells & Cue.TAIL) != 0)] = TAIL
        blurb = _Blurb(folded.text, starts, ends, here, tells, cues)
        told = blurb.items(counting)
        roles[told] = COMPANY
        for item, role in blurb.runs(told, titled, number, limit=self._run):
            roles[item] = role
        return Lines(starts, ends, roles, aspects, tells, cues)


def _opens_line(text: str, start: int) -> bool:
    """Say whether an item begins a line."""
    return _NEW_LINE.match(text, start) is not None or text[start - 1] in _LINE_ENDS


class _Sections(NamedTuple):
    """The role and aspect that the titles give each item, and which items have a title of their own."""

    roles: Integers
    aspects: Integers
    titled: NDArray[np.bool_]


def _sections(titles: list[_Title], starts: Integers, number: Integers) -> _Sections:
    """Read what the titles say of each item."""
    here = np.full(len(starts), OTHER, dtype=np.int64)
    aspects = np.zeros(len(starts), dtype=np.int64)
    titled = np.zeros(len(starts), dtype=bool)
    if not titles:
        return _Sections(here, aspects, titled)
    at = np.searchsorted(starts, [title.start for title in titles])
    title_roles = np.array([ROLES.index(title.heading.role) for title in titles])
    title_aspects = np.array([ASPECTS.index(title.heading.aspect) for title in titles])
    whole = np.array([title.whole_section for title in titles])
    sections = np.full(len(starts), -1, dtype=np.int64)
    sections[at[whole]] = np.flatnonzero(whole)
    opened = np.maximum.accumulate(np.where(sections >= 0, np.arange(len(starts)), -1))
    inside = (opened >= 0) & (number[opened] == number)
    of = sections[opened[inside]]
    here[inside], aspects[inside] = title_roles[of], title_aspects[of]
    here[at], aspects[at], titled[at] = title_roles, title_aspects, True
    return _Sections(here, aspects, titled)


@dataclass(frozen=True)
class _Blurb:
    """Finds the items that speak of the company though no title says so."""

    text: str
    starts: Integers
    ends: Integers
    here: Integers
    tells: Integers
    cues: Cues

    def items(self, counting: NDArray[np.bool_]) -> Integers:
        """Return the items whose words tell of a company before they ask for anything.

        "blurb" words speak of a company wherever they stand; "company" words do so outside duties and requirements.
        """
        blurb, asks = self._first(Cue.BLURB), self._first(_ASKS)
        anywhere = np.where(self.here == OTHER, np.minimum(blurb, self._first(Cue.COMPANY)), blurb)
        likely = np.flatnonzero(counting & (anywhere < len(self.text)) & (asks >= anywhere))
        asking = (self.tells[likely] & _ASKS) != 0
        listed = np.array([self._enumerated(item) for item in likely.tolist()], dtype=bool)
        told: Integers = likely[~(asking & listed)]
        return told

    def runs(
        self,
        told: Integers,
        titled: NDArray[np.bool_],
        number: Integers,
        *,
        limit: int,
    ) -> Iterator[tuple[int, int]]:
        """Yield the items that a blurb before them makes blurb too, up to so many characters."""
        own = set(told.tolist())
        done = -1
        for first in told.tolist():
            if first <= done:
                continue
            item, left = first, limit - self._length(first)
            while left and item + 1 < len(self.starts) and number[item + 1] == number[item]:
                item += 1
                if titled[item] or self.text[self.starts[item]] in "\r\n":
                    left = 0
                if self.here[item] > LAST_COUNTING:
                    break
                if item not in own:
                    if left <= 0 or not self._goes_on(item):
                        break
                    yield item, COMPANY
                left = max(left or limit, 0) - self._length(item)
            done = item

    def _goes_on(self, item: int) -> bool:
        asked = Cue.REQUIRE | Cue.LEVEL
        return not self._enumerated(item) and (self.tells[item] & asked) != asked

    def _enumerated(self, item: int) -> bool:
        return _ENUMERATED.match(self.text, int(self.starts[item])) is not None

    def _length(self, item: int) -> int:
        return int(self.ends[item] - self.starts[item])

    def _first(self, kind: Cue) -> Integers:
        """Return where the first word of a kind stands in each item, or the length of all texts."""
        first = np.full(len(self.starts), len(self.text), dtype=np.int64)
        telling = self.cues.of(kind)
        first[telling.item[::-1]] = telling.start[::-1]  # the last written is the first in the text
        return first


def _breaks(folded: FoldedBatch) -> NDArray[np.bool_]:
    """Say where items start: at a text, a mark, an item number or a bullet."""
    kinds, codes = folded.kinds, folded.codes

    def at(kind: int) -> Integers:
        return np.flatnonzero((kinds & kind) != 0)

    begins = np.zeros(len(codes), dtype=bool)
    begins[folded.bounds[:-1]] = True
    marks = at(Kind.MARK)
    begins[marks[(kinds[marks - 1] & Kind.MARK) == 0]] = True
    signs = at(Kind.NUMBER_SIGN)
    signs = signs[(kinds[signs - 1] & Kind.DIGIT) != 0]
    signs = signs[(codes[signs] != ord(".")) | ((kinds[signs + 1] & Kind.DIGIT) == 0)]
    numbers = signs - 1 - ((kinds[signs - 2] & Kind.DIGIT) != 0)
    numbers = numbers[(kinds[numbers - 1] & Kind.IN_NAME) == 0]
    begins[numbers - (codes[numbers - 1] == ord("("))] = True
    bullets = at(Kind.BULLET)
    bullets = bullets[(kinds[bullets - 1] & Kind.SPACE) != 0]
    spaced = (kinds[bullets + 1] & Kind.SPACE) != 0
    behind = np.minimum(bullets + 1 + spaced, len(codes) - 1)
    blank = (kinds[behind] & Kind.SPACE) != 0
    begins[bullets[~blank & (codes[behind] != 0)]] = True
    return begins


def _title(text: str, start: int, end: int, heading: Heading, *, chained: bool) -> _Title | None:
    before, after = text[start - 1], text[end]
    first = before == END
    fresh = chained or not (before.isalnum() or before in "、,/")
    colon = _COLON.match(text, end) is not None
    boxed = before in _OPENERS and after in _CLOSERS
    alone = before in _LINE_ENDS and after in _LINE_ENDS
    ended = after.isspace() or after == END
    if heading.place == "loose":
        numbered = _NUMBERED.match(text, end) is not None
        opens = before in "\r\n"
        accepted = colon or boxed or alone or first or opens or numbered or (fresh and ended)
    else:
        accepted = boxed or alone or (colon and fresh) or (first and ended)
    if not accepted:
        return None
    # A strict tail or benefit word ("学历:") labels its own line only; the section before goes on behind it.
    own_line = (
        heading.place == "strict" and heading.role in ("tail", "benefit", "company") and not (boxed or alone)
    )
    return _Title(start, end, heading, not own_line)
