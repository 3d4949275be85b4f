"""The learned second stage: which stretches of a posting are skills the dictionary lacks; it is not trained here.

The model is an additive one over hashed features with whole-number weights, so that a score is the same on every
machine and in every order of summation. `tools/train_learned.py` writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, cast
from zlib import crc32

import numpy as np
import numpy.typing as npt

from zhiqiao.engines.jobmining._candidates import (
    CandidateWords,
    Piece,
    PieceReader,
    Place,
    after_features,
    before_features,
    find_places,
    place_features,
    read_candidate_words,
    surface_features,
)
from zhiqiao.engines.jobmining._errors import RulesError
from zhiqiao.engines.jobmining._taxonomy import SkillKind

__all__ = ["Candidate", "LearnedModel", "Thresholds", "Weights", "feature_index", "read_learned"]

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_REMEMBERED = 60_000
_FILES = ("candidate_words.csv", "model.json", "weights.npz")


class Candidate(NamedTuple):
    """A skill the model sees at [start, end) of the folded text; one that `replaces` holds dictionary hits."""

    start: int
    end: int
    kind: SkillKind
    score: float
    replaces: bool


@dataclass(frozen=True)
class Thresholds:
    """Least scores: to be a mention, to be one instead of the dictionary hits inside, to be shown to an editor."""

    emit_at: float
    replace_at: float
    propose_at: float


@dataclass(frozen=True)
class Weights:
    """The fitted numbers: a score is logistic(bias + scale * sum of `table` over the features)."""

    table: npt.NDArray[np.int8]
    bias: float
    scale: float
    kinds: tuple[SkillKind, ...]
    kind_table: npt.NDArray[np.int8]  # a row per feature of the surface, a column per kind
    kind_bias: tuple[int, ...]


class LearnedModel:
    """Finds candidates in postings; holds caches, so build one per process (a pickled one starts with empty ones)."""

    def __init__(
        self, weights: Weights, *, words: CandidateWords, thresholds: Thresholds, version: str = ""
    ) -> None:
        self.thresholds = thresholds
        self.version = version
        self._parts = (weights, words)
        self._weights = weights
        reader = PieceReader(words)
        size = len(weights.table)
        table = weights.table.tolist()
        weight = _Memo[str, int](lambda feature: table[feature_index(feature, size)], limit=4 * _REMEMBERED)
        self._pieces = _Memo[str, tuple[Piece, ...]](reader.read)
        self._surface = _summed(weight, surface_features)
        self._before = _summed(weight, before_features)
        self._after = _summed(weight, after_features)
        self._place = _Memo[tuple[str, int, int, int, str, int, str], int](
            lambda place: sum(weight[feature] for feature in place_features(*place))
        )
        self._kind = _Memo[str, SkillKind](self._read_kind)
        least = min(thresholds.emit_at, thresholds.replace_at, thresholds.propose_at)
        self._least = (log(least / (1 - least)) - weights.bias) / weights.scale

    def __reduce__(self) -> tuple[Callable[..., LearnedModel], tuple[object, ...]]:
        return _rebuild, (*self._parts, self.thresholds, self.version)

    def find(
        self, text: str, segments: Sequence[tuple[int, int, str]], taken: Sequence[tuple[int, int]]
    ) -> list[Candidate]:
        """Return the candidates worth proposing in order, without overlaps among themselves.

        `segments` are (start, end, role) of the items that count, `taken` the dictionary hits in order, all in
        positions of the folded text. Those that `emits` stand before others where two overlap.
        """
        found = self._scored(text, segments, taken)
        if len(found) > 1:
            found = _without_overlaps(found)
        return [
            Candidate(place.start, place.end, self._kind[text[place.start : place.end]], score, place.covers > 0)
            for _, score, place in found
        ]

    def emits(self, candidate: Candidate) -> bool:
        """Say whether a candidate is sure enough to be a mention."""
        return candidate.score >= self._needed(candidate.replaces)

    def _needed(self, replaces: bool) -> float:  # noqa: FBT001 - one flag, used inside only
        return self.thresholds.replace_at if replaces else self.thresholds.emit_at

    def _scored(
        self, text: str, segments: Sequence[tuple[int, int, str]], taken: Sequence[tuple[int, int]]
    ) -> list[tuple[bool, float, Place]]:
        surface, before, after, known = self._surface, self._before, self._after, self._place
        least, bias, scale = self._least, self._weights.bias, self._weights.scale
        found: list[tuple[bool, float, Place]] = []
        for place in find_places(text, segments, taken, self._pieces.__getitem__):
            start, end, ahead, behind, role, covers, left, right, cut, hits = place
            written = text[start:end]
            script = "a" if written.isascii() else "h"
            total = (
                surface[written]
                + before[ahead]
                + after[behind]
                + known[role, covers, left, right, cut, hits, script]
            )
            if total >= least:
                score = 1 / (1 + exp(-(bias + scale * total)))
                found.append((score >= self._needed(covers > 0), score, place))
        return found

    def _read_kind(self, surface: str) -> SkillKind:
        rows = [feature_index(feature, len(self._weights.kind_table)) for feature in surface_features(surface)]
        sums = self._weights.kind_table[rows].sum(axis=0, dtype=np.int64) + self._weights.kind_bias
        return self._weights.kinds[int(sums.argmax())]


def feature_index(feature: str, size: int) -> int:
    """Return the place of a feature in a table of `size` weights."""
    return crc32(feature.encode("utf-8", "surrogatepass")) % size


def read_learned(folder: Path) -> LearnedModel:
    """Read the shipped model (weights.npz, model.json, candidate_words.csv); RulesError names file and fault."""
    try:
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            table, kind_table = arrays["table"], arrays["kind_table"]
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        weights = Weights(
            table=table,
            bias=float(facts["bias"]),
            scale=float(facts["scale"]),
            kinds=tuple(cast("SkillKind", kind) for kind in facts["kinds"]),
            kind_table=kind_table,
            kind_bias=tuple(int(bias) for bias in facts["kind_bias"]),
        )
        thresholds = Thresholds(**{name: float(value) for name, value in facts["thresholds"].items()})
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise RulesError(f"{folder.name}: the learned model cannot be read: {error}") from error
    words = read_candidate_words(folder / "candidate_words.csv")
    return LearnedModel(weights, words=words, thresholds=thresholds, version=_version(folder))


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _rebuild(
    weights: Weights, words: CandidateWords, thresholds: Thresholds, version: str
) -> LearnedModel:
    return LearnedModel(weights, words=words, thresholds=thresholds, version=version)


class _Memo(dict[_Key, _Value], Generic[_Key, _Value]):
    """Remembers the values of a pure function; emptied when full, which costs time and changes nothing else."""

    def __init__(self, compute: Callable[[_Key], _Value], *, limit: int = _REMEMBERED) -> None:
        super().__init__()
        self._compute = compute
        self._limit = limit

    def __missing__(self, key: _Key) -> _Value:
        if len(self) >= self._limit:
            self.clear()
        value = self[key] = self._compute(key)
        return value


def _summed(weight: _Memo[str, int], features: Callable[[str], Iterable[str]]) -> _Memo[str, int]:
    return _Memo(lambda text: sum(weight[feature] for feature in features(text)))


def _without_overlaps(found: list[tuple[bool, float, Place]]) -> list[tuple[bool, float, Place]]:
    """Keep the sure before the unsure, then the higher score, then the longer and the earlier."""
    kept: list[tuple[bool, float, Place]] = []
    order = sorted(
        found, key=lambda item: (not item[0], -item[1], item[2].start - item[2].end, item[2].start)
    )
    for item in order:
        if all(item[2].start >= other.end or item[2].end <= other.start for _, _, other in kept):
            kept.append(item)
    return sorted(kept, key=lambda item: item[2].start)
