"""Sentences of postings that show a cluster, with their places so that the posting opens there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zhiqiao.engines.competency._corpus import Corpus
from zhiqiao.engines.competency._parameters import ResultParameters

__all__ = ["Example", "examples_of"]

_ENDS = re.compile(r"[。；;！!？?\r\n]")


@dataclass(frozen=True)
class Example:
    """A sentence at [start, end) of a posting's stored text, and the skills of the cluster it names."""

    posting_id: str
    start: int
    end: int
    text: str
    skills: tuple[str, ...]


class _Sentence(NamedTuple):
    posting: int
    start: int
    end: int
    skills: tuple[int, ...]


def examples_of(
    corpus: Corpus, groups: Sequence[Sequence[str]], wanted: ResultParameters
) -> list[tuple[Example, ...]]:
    """Choose for each group sentences that name most of its typical skills, one a posting, no wording twice.

    A skill counts the more the further ahead it stands in its group; skills of other groups count against.
    """
    group_of, worth = _worth(corpus, groups)
    found: list[list[tuple[float, _Sentence]]] = [[] for _ in groups]
    for sentence in _sentences(corpus, wanted.example_characters):
        own = [group_of[skill] for skill in sentence.skills]
        for group in set(own):
            if group >= 0:
                gain = sum(worth[skill] for skill in sentence.skills if group_of[skill] == group)
                found[group].append((gain - 0.5 * sum(other != group for other in own), sentence))
    return [
        _best(corpus, group, candidates, wanted.examples, group_of) for group, candidates in enumerate(found)
    ]


def _worth(corpus: Corpus, groups: Sequence[Sequence[str]]) -> tuple[list[int], list[float]]:
    place = {skill.id: at for at, skill in enumerate(corpus.skills)}
    group_of, worth = [-1] * len(place), [0.0] * len(place)
    for group, skills in enumerate(groups):
        for rank, skill in enumerate(skills):
            group_of[place[skill]] = group
            worth[place[skill]] = 1 / (1 + rank / 10)
    return group_of, worth


def _sentences(corpus: Corpus, characters: tuple[int, int]) -> list[_Sentence]:
    shortest, longest = characters
    found: list[_Sentence] = []
    for posting, (text, mentions) in enumerate(zip(corpus.texts, corpus.mentions, strict=True)):
        cuts = [0, *(match.end() for match in _ENDS.finditer(text)), len(text)]
        at = 0
        own: dict[int, list[int]] = {}
        for mention in mentions:
            while cuts[at + 1] <= mention.start:
                at += 1
            if mention.end <= cuts[at + 1]:
                own.setdefault(at, []).append(mention.skill)
        for number, skills in own.items():
            start, end = _trimmed(text, cuts[number], cuts[number + 1])
            if shortest <= end - start <= longest:
                found.append(_Sentence(posting, start, end, tuple(sorted(set(skills)))))
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())


def _best(
    corpus: Corpus,
    group: int,
    candidates: list[tuple[float, _Sentence]],
    most: int,
    group_of: Sequence[int],
) -> tuple[Example, ...]:
    candidates.sort(key=lambda pair: (-pair[0], pair[1].end - pair[1].start, pair[1].posting, pair[1].start))
    chosen: list[Example] = []
    seen: set[int | str] = set()
    for _gain, sentence in candidates:
        text = corpus.texts[sentence.posting][sentence.start : sentence.end]
        if sentence.posting in seen or text in seen:
            continue
        seen |= {sentence.posting, text}
        skills = tuple(corpus.skills[at].id for at in sentence.skills if group_of[at] == group)
        chosen.append(
            Example(corpus.posting_ids[sentence.posting], sentence.start, sentence.end, text, skills)
        )
        if len(chosen) == most:
            break
    return tuple(chosen)
