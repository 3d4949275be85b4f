"""The learned second stage: which stretches of a posting are skills the dictionary lacks; it is not trained here.

The model is an additive one over hashed features with whole-number weights, so that a score is the same on every
machine and in every order of summation. `tools/train_learned.py` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from zhiqiao.engines.jobmining._candidates import (
    CandidateReader,
    Features,
    Field,
    Item,
    Spans,
    WordUses,
    item_of,
    read_candidate_words,
)
from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._second_stage import Candidate as Proposed
from zhiqiao.engines.jobmining._taxonomy import SkillKind

__all__ = ["Candidate", "Finds", "LearnedModel", "Thresholds", "Weights", "read_learned"]

# Postings are read together up to this many signs, about what the processor keeps near.
# One text longer than the second number is no posting and gives no candidates.
_BATCH_SIGNS = 40_000
_LONGEST_TEXT = 200_000
_FILES = ("candidate_words.csv", "model.json", "weights.npz")


class Finds(NamedTuple):
    """What the model says of a posting: candidates, and which of the dictionary hits (in order) are meant as skills."""

    candidates: Sequence[Candidate]
    kept: Sequence[bool]


class Candidate(NamedTuple):
    """A skill the model sees at [start, end) of the folded text; one that `replaces` holds dictionary hits."""

    start: int
    end: int
    kind: SkillKind
    score: float
    replaces: bool


@dataclass(frozen=True)
class Thresholds:
    """Least scores: to be a mention, to be one instead of the dictionary hits inside, to be shown to an editor.

    `keep_at` is what a dictionary hit needs to stay one: 测试 in 配合测试部门 names a department.
    """

    emit_at: float
    replace_at: float
    propose_at: float
    keep_at: float


@dataclass(frozen=True)
class Weights:
    """The fitted numbers: a score is logistic(bias + scale * sum of `table` over the features).

    The `hit_` ones judge dictionary hits, the others what stands beside them.
    """

    table: npt.NDArray[np.int8]
    bias: float
    scale: float
    hit_table: npt.NDArray[np.int8]
    hit_bias: float
    hit_scale: float
    kinds: tuple[SkillKind, ...]
    kind_table: npt.NDArray[np.int8]  # a row per feature of the surface, a column per kind
    kind_bias: tuple[int, ...]


class LearnedModel:
    """Finds candidates in postings; cheap to build and to pickle, and the same input gives the same output anywhere."""

    def __init__(
        self, weights: Weights, *, words: WordUses, thresholds: Thresholds, version: str = ""
    ) -> None:
        self.thresholds = thresholds
        self.version = version
        self._weights = weights
        self._reader = CandidateReader(words)
        least = min(thresholds.emit_at, thresholds.replace_at, thresholds.propose_at)
        self._least = (_logit(least) - weights.bias) / weights.scale
        self._least_hit = (_logit(thresholds.keep_at) - weights.hit_bias) / weights.hit_scale

    def find(
        self, text: str, segments: Sequence[tuple[int, int, str]], taken: Sequence[tuple[int, int]]
    ) -> Finds:
        """Read one posting; many at once cost far less each (`find_many`)."""
        return self.find_many([item_of(text, segments, taken)])[0]

    def find_many(self, items: Sequence[Item]) -> list[Finds]:
        """Return for each posting the candidates worth proposing, in order and without overlaps, and the hits kept.

        Where two candidates overlap, one that `emits`
        stands before one that does not, then the higher score wins.
        """
        found: list[list[Candidate]] = [[] for _ in items]
        kept: list[Sequence[bool]] = [[True] * len(item[2]) for item in items]
        for numbers in _batches(items):
            field = self._reader.field([items[number] for number in numbers])
            for number, candidate in self._chosen(field):
                found[numbers[number]].append(candidate)
            meant = self._meant(field)
            at = 0
            for number in numbers:
                kept[number] = meant[at : at + len(items[number][2])]
                at += len(items[number][2])
        return list(map(Finds, found, kept))

    def emits(self, candidate: Proposed) -> bool:
        """Say whether a candidate is sure enough to be a mention."""
        needed = self.thresholds.replace_at if candidate.replaces else self.thresholds.emit_at
        return candidate.score >= needed

    def _meant(self, field: Field) -> list[bool]:
        hits = self._reader.hits(field)
        if not len(hits.start):
            return []
        meant: list[bool] = (Features(field, hits).sums(self._weights.hit_table) >= self._least_hit).tolist()
        return meant

    def _chosen(self, field: Field) -> Iterator[tuple[int, Candidate]]:
        spans = self._reader.spans(field)
        features = Features(field, spans)
        totals = features.sums(self._weights.table)
        worth = np.flatnonzero(totals >= self._least)
        scores = 1 / (1 + np.exp(-(self._weights.bias + self._weights.scale * totals[worth])))
        needed = np.where(spans.covers[worth] > 0, self.thresholds.replace_at, self.thresholds.emit_at)
        kept = _without_overlaps(spans.start[worth], spans.end[worth], scores, scores >= needed)
        chosen = Spans(*(column[worth[kept]] for column in spans))
        kinds = features.surface_sums(self._weights.kind_table, worth[kept]) + self._weights.kind_bias
        posting = field.posting(chosen.start)
        base = field.bases[posting]
        rows = (
            posting,
            chosen.start - base,
            chosen.end - base,
            kinds.argmax(axis=1),
            scores[kept],
            chosen.covers,
        )
        for number, start, end, kind, score, covers in zip(*(row.tolist() for row in rows), strict=True):
            yield number, Candidate(start, end, self._weights.kinds[kind], score, covers > 0)


def read_learned(folder: Path) -> LearnedModel:
    """Read the shipped model (weights.npz, model.json, candidate_words.csv); RulesError names file and fault."""
    try:
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            table, hit_table, kind_table = (arrays[name] for name in ("table", "hit_table", "kind_table"))
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        weights = Weights(
            table=table,
            bias=float(facts["bias"]),
            scale=float(facts["scale"]),
            hit_table=hit_table,
            hit_bias=float(facts["hit_bias"]),
            hit_scale=float(facts["hit_scale"]),
            kinds=tuple(cast("SkillKind", kind) for kind in facts["kinds"]),
            kind_table=kind_table,
            kind_bias=tuple(int(bias) for bias in facts["kind_bias"]),
        )
        thresholds = Thresholds(**{name: float(value) for name, value in facts["thresholds"].items()})
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise RulesError(f"{folder.name}: the learned model cannot be read: {error}") from error
    words = read_candidate_words(folder / "candidate_words.csv")
    return LearnedModel(weights, words=words, thresholds=thresholds, version=_version(folder))


def _logit(score: float) -> float:
    return log(score / (1 - score)) if score > 0 else -1e9


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _batches(items: Sequence[Item]) -> Iterator[list[int]]:
    """Yield the numbers of postings that are read together."""
    numbers: list[int] = []
    signs = 0
    for number, (text, segments, _) in enumerate(items):
        if not len(segments) or len(text) > _LONGEST_TEXT:
            continue
        if numbers and signs + len(text) > _BATCH_SIGNS:
            yield numbers
            numbers, signs = [], 0
        numbers.append(number)
        signs += len(text)
    if numbers:
        yield numbers


def _without_overlaps(
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    scores: npt.NDArray[np.float64],
    sure: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """Keep the sure before the unsure, then the higher score, then the earlier and longer; return them in order."""
    kept: list[int] = []
    group: list[int] = []
    rows = list(zip(starts.tolist(), ends.tolist(), scores.tolist(), sure.tolist(), strict=True))
    reach = -1
    for number, (start, end, _, _) in enumerate(rows):
        if start >= reach and group:
            kept += _best(rows, group)
            group = []
        group.append(number)
        reach = max(reach, end)
    return np.array(kept + _best(rows, group), dtype=np.int64)


def _best(rows: Sequence[tuple[int, int, float, bool]], group: list[int]) -> list[int]:
    """Choose among candidates that overlap in a chain."""
    if len(group) < 2:
        return group
    chosen: list[int] = []
    for number in sorted(
        group, key=lambda one: (not rows[one][3], -rows[one][2], rows[one][0], -rows[one][1])
    ):
        start, end = rows[number][:2]
        if all(start >= rows[other][1] or end <= rows[other][0] for other in chosen):
            chosen.append(number)
    return sorted(chosen)
