"""The learned second stage: which stretches of a posting are skills the dictionary lacks; it is not trained here.

The model is an additive one over hashed features with whole-number weights, so that a score is the same on every
machine and in every order of summation. `tools/train_learned.py` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import log
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from zhiqiao.engines.jobmining._candidates import (
    CandidateReader,
    Features,
    Field,
    Spans,
    WeightTable,
    WordUses,
    read_candidate_words,
)
from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._second_stage import Finds, Shown, joined, no_finds
from zhiqiao.engines.jobmining._taxonomy import KINDS, SkillKind

__all__ = ["LearnedModel", "Thresholds", "Weights", "read_learned"]

# Postings are read together up to this many signs, about what the processor keeps near.
# One text longer than the second number is no posting and gives no candidates.
_BATCH_SIGNS = 40_000
_LONGEST_TEXT = 200_000
_FILES = ("candidate_words.csv", "model.json", "weights.npz")


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
        self._table, self._hit_table = WeightTable(weights.table), WeightTable(weights.hit_table)
        self._kinds = np.array([KINDS.index(kind) for kind in weights.kinds])
        least = min(thresholds.emit_at, thresholds.replace_at, thresholds.propose_at)
        self._least = (_logit(least) - weights.bias) / weights.scale
        self._least_hit = (_logit(thresholds.keep_at) - weights.hit_bias) / weights.hit_scale

    def find(self, shown: Shown) -> Finds:
        """Return the candidates worth proposing, in order and without overlaps, and the hits kept.

        Where two candidates overlap, one that is emitted
        stands before one that is not, then the higher score wins.
        """
        kept = np.ones(len(shown.hits), dtype=np.bool_)
        parts = [no_finds(0)]
        for numbers in _batches(shown):
            field = self._reader.field(shown, numbers)
            hits = Features(field, self._reader.hits(field))
            kept[field.hit_rows] = hits.sums(self._hit_table) >= self._least_hit
            parts.append(self._candidates(field))
        return replace(joined(parts), kept=kept)

    def _candidates(self, field: Field) -> Finds:
        spans = self._reader.spans(field)
        totals = Features(field, spans).sums(self._table)
        worth = np.flatnonzero(totals >= self._least)
        scores = 1 / (1 + np.exp(-(self._weights.bias + self._weights.scale * totals[worth])))
        replaces = spans.covers[worth] > 0
        sure = scores >= np.where(replaces, self.thresholds.replace_at, self.thresholds.emit_at)
        chosen = _without_overlaps(spans.start[worth], spans.end[worth], scores, sure)
        spans = Spans(*(column[worth[chosen]] for column in spans))
        kinds = Features(field, spans).surface_sums(self._weights.kind_table) + self._weights.kind_bias
        return Finds(
            field.shown(spans.start),
            field.shown(spans.end),
            self._kinds[kinds.argmax(axis=1)],
            scores[chosen].astype(np.float32),
            sure[chosen],
            replaces[chosen],
            np.empty(0, dtype=np.bool_),
        )


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


def _batches(shown: Shown) -> Iterator[npt.NDArray[np.int64]]:
    """Yield the numbers of texts that are read together."""
    sizes = np.diff(shown.bounds)
    items = np.diff(np.searchsorted(shown.items[:, 0], shown.bounds))
    numbers = np.flatnonzero((items > 0) & (sizes - 1 <= _LONGEST_TEXT))
    portion = np.cumsum(sizes[numbers]) // _BATCH_SIGNS
    if len(numbers):
        yield from np.split(numbers, np.flatnonzero(np.diff(portion)) + 1)


def _without_overlaps(
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    scores: npt.NDArray[np.float64],
    sure: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int64]:
    """Keep the sure before the unsure, then the higher score, then the earlier and longer; return them in order."""
    by_start = np.argsort(starts, kind="stable")
    reached = np.maximum.accumulate(ends[by_start])
    apart = np.ones(len(starts) + 1, dtype=np.bool_)  # nothing before reaches over, at the end neither
    apart[1:-1] = starts[by_start[1:]] >= reached[:-1]
    alone = apart[:-1] & apart[1:]  # most are
    rivals = by_start[~alone]
    order = rivals[np.lexsort((-ends[rivals], starts[rivals], -scores[rivals], ~sure[rivals]))]
    taken = bytearray(int(ends.max(initial=0)))
    kept: list[int] = []
    for number, start, end in zip(order.tolist(), starts[order].tolist(), ends[order].tolist(), strict=True):
        if taken.find(1, start, end) < 0:
            taken[start:end] = b"\1" * (end - start)
            kept.append(number)
    return np.sort(np.concatenate((by_start[alone], np.array(kept, dtype=np.int64))))
