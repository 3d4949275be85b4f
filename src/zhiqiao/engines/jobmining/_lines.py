"""Which part of a posting says what: duty, requirement, blurb, benefit, tail or unlabelled."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast

from ahocorasick_rs import AhoCorasick, MatchKind

from zhiqiao.engines.jobmining._rules import Heading, Rules

__all__ = ["COUNTING_ROLES", "Cue", "LineReader", "LineRole", "Lines", "Segment"]

LineRole = Literal["duty", "requirement", "company", "benefit", "tail", "other"]

COUNTING_ROLES: frozenset[str] = frozenset({"duty", "requirement", "other"})

# All patterns look at folded text: full-width punctuation is already narrow there.
_MARK = re.compile(r"[\r\n;。!]+")
_NUMBER = re.compile(r"[0-9]{1,2}(?:[、)]|\.(?![0-9]))")
_BULLET = re.compile(r"[\-*·•●◆★■]+(?=\s?\S)")
_INSIDE_A_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-/")
_ENUMERATED = re.compile(r"\s*(?:\(?\d{1,2}[).、]|[\-*·•●◆★■])")
_COLON = re.compile(r"[】\])>》」*]*\s?[:】\]」》]")
_NUMBERED = re.compile(r"\s*(?:\(?\d{1,2}[、.)]|[一二三四五六七八九十][、.]|[\-*·•●◆★■])")
_OPENERS = "【[「(《<"
_CLOSERS = "】]」)》>"


class Cue(NamedTuple):
    """A telling word in folded text."""

    start: int
    end: int
    kind: str
    value: str


class Segment(NamedTuple):
    """One item of a posting; it runs to the start of the next."""

    start: int
    role: LineRole
    aspect: str


@dataclass(frozen=True)
class Lines:
    """The items of one posting in order, and the telling words in each."""

    segments: Sequence[Segment]
    starts: Sequence[int]
    cues: Sequence[Sequence[Cue]]

    def at(self, position: int) -> int:
        """Return the index of the item that holds a position."""
        return bisect_right(self.starts, position) - 1


class _Title(NamedTuple):
    start: int
    end: int
    heading: Heading
    whole_section: bool


class LineReader:
    """Reads line roles by the vocabularies of `Rules`; build one per process."""

    def __init__(self, rules: Rules) -> None:
        self._headings = rules.headings
        self._cues = [
            *((text, kind, kind) for text, kind in rules.line_cues),
            *((text, "level", level) for text, level in rules.level_cues),
            *((text, kind, kind) for text, kind in rules.aspect_cues),
        ]
        self._run = rules.thresholds.company_run_characters
        texts = [heading.text for heading in self._headings] + [text for text, _, _ in self._cues]
        self._search = AhoCorasick(texts, matchkind=MatchKind.Standard)

    def read(self, text: str) -> Lines:
        """Split folded text into items and give each its role."""
        titles: list[_Title] = []
        cues: list[Cue] = []
        split = len(self._headings)
        candidates = []
        for index, start, end in self._search.find_matches_as_indexes(text, overlapping=True):
            if index >= split:
                _, kind, value = self._cues[index - split]
                # A verb such as 有 or 会 counts at the head of a clause only.
                if kind != "clause" or (start and text[start - 1] in ", "):
                    cues.append(Cue(start, end, kind, value))
            else:
                candidates.append((start, end, self._headings[index]))
        cues.sort()
        last = 0
        for start, end, heading in sorted(candidates, key=lambda item: (item[0], -item[1])):
            if start >= last and (title := _title(text, start, end, heading, chained=start == last)):
                titles.append(title)
                last = end
        return self._lines(text, titles, cues)

    def _lines(self, text: str, titles: Sequence[_Title], cues: Sequence[Cue]) -> Lines:
        at_title = {title.start: title for title in titles}
        starts = sorted({*_breaks(text), *at_title})
        segments: list[Segment] = []
        cues_in: list[list[Cue]] = []
        section: tuple[LineRole, str] = ("other", "")
        run_left = 0
        cue_at = 0
        for number, start in enumerate(starts):
            end = starts[number + 1] if number + 1 < len(starts) else len(text)
            inside: list[Cue] = []
            cues_in.append(inside)
            while cue_at < len(cues) and cues[cue_at].start < end:
                inside.append(cues[cue_at])
                cue_at += 1
            title = at_title.get(start)
            here = section
            if title is not None:
                here = (cast("LineRole", title.heading.role), title.heading.aspect)
                run_left = 0
                if title.whole_section:
                    section = here
            if text[start : start + 1] in "\r\n":
                run_left = 0
            role = _role(
                here[0], inside, running=run_left > 0, enumerated=bool(_ENUMERATED.match(text, start))
            )
            if role == "company" and here[0] != "company":
                run_left = max(run_left or self._run, 0) - (end - start)
            else:
                run_left = 0
            segments.append(Segment(start, role, here[1]))
        return Lines(segments, starts, cues_in)


def _breaks(text: str) -> set[int]:
    """Return where items start: at the text, a mark, an item number or a bullet."""
    breaks = {0, *(match.start() for match in _MARK.finditer(text))}
    for match in _NUMBER.finditer(text):
        start = match.start()
        if not start or text[start - 1] not in _INSIDE_A_NAME:
            breaks.add(start - 1 if start and text[start - 1] == "(" else start)
    breaks.update(
        match.start()
        for match in _BULLET.finditer(text)
        if match.start() and text[match.start() - 1].isspace()
    )
    return breaks


def _title(text: str, start: int, end: int, heading: Heading, *, chained: bool) -> _Title | None:
    before = text[start - 1] if start else "\n"
    after = text[end] if end < len(text) else "\n"
    fresh = chained or not (before.isalnum() or before in "、,/")
    colon = _COLON.match(text, end) is not None
    boxed = before in _OPENERS and after in _CLOSERS
    alone = before in "\r\n" and after in "\r\n"
    if heading.place == "loose":
        numbered = _NUMBERED.match(text, end) is not None
        accepted = colon or boxed or alone or start == 0 or numbered or (fresh and after.isspace())
    else:
        accepted = boxed or alone or (colon and fresh) or (start == 0 and after.isspace())
    if not accepted:
        return None
    # A strict tail or benefit word ("学历:") labels its own line only; the section before goes on behind it.
    own_line = (
        heading.place == "strict" and heading.role in ("tail", "benefit", "company") and not (boxed or alone)
    )
    return _Title(start, end, heading, not own_line)


def _role(role: LineRole, cues: Sequence[Cue], *, running: bool, enumerated: bool) -> LineRole:
    if role not in COUNTING_ROLES:
        return role
    kinds = {cue.kind for cue in cues}
    asks = "require" in kinds or "duty" in kinds or "level" in kinds
    # "blurb" words speak of a company wherever they stand; "company" words do so outside duties and requirements.
    telling = ("blurb", "company") if role == "other" else ("blurb",)
    first = next((cue for cue in cues if cue.kind in telling), None)
    if first is not None:
        asked_before = any(
            cue.kind in ("require", "duty", "level") and cue.start < first.start for cue in cues
        )
        if not (enumerated and asks) and not asked_before:
            return "company"
    if running and not enumerated and not ("require" in kinds and "level" in kinds):
        return "company"
    if asks:
        return role
    if "tail" in kinds:
        return "tail"
    return "benefit" if "benefit" in kinds else role
