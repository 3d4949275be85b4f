"""Training examples for the learned stage of job mining, from the shared development data; nothing is fitted here.

Distant supervision: a group of skills is hidden from the dictionary, and the places where the whole dictionary finds
them are what a model working beside the smaller dictionary should find.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import random
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhiqiao.engines.jobmining import Rules, Taxonomy, build_taxonomy, mine_batch
from zhiqiao.engines.jobmining._candidates import CandidateReader, Features, WordUses
from zhiqiao.engines.jobmining._fold import fold
from zhiqiao.engines.jobmining._lines import ROLES
from zhiqiao.engines.jobmining._second_stage import Finds, Shown, no_finds, show

GROUPS = 4
SOURCES = ("it4cities_2019", "horticulture_2020")
SYNTHETIC = "synthetic"
Span = tuple[int, int]
Source = str

# A place that no dictionary entry names may be a skill nobody has entered yet; a longer string often is one.
_UNKNOWN_WEIGHT = 0.7
_LONGER_WEIGHT = 0.3
_KEPT_NEGATIVES = 0.35
_SHORT = 2
_SHORT_WEIGHT = 4.0  # a wrong name of one or two letters (HR, HC, FA) costs more than a missed one


@dataclass(frozen=True)
class Posting:
    """A development posting; `skills` maps surface to kind where people have labelled it."""

    source: Source
    text: str
    skills: dict[str, str]


@dataclass(frozen=True)
class Reading:
    """A posting as the engine reads it with one dictionary, in positions of the folded text."""

    posting: Posting
    folded: str
    segments: tuple[tuple[int, int, str], ...]
    taken: tuple[Span, ...]  # all the learned stage is shown, in order
    hits: dict[Span, tuple[str, str]]  # skill id and kind
    origins: tuple[int, ...]

    @property
    def shown(self) -> Shown:
        """What the model sees."""
        return show(self.folded, self.segments, self.taken)

    def surface(self, span: Span) -> str:
        """Return a span as it is written in the posting."""
        return self.posting.text[self.origins[span[0]] : self.origins[span[1]]]


@dataclass(frozen=True)
class Example:
    """One candidate: features, whether it is a skill, its weight, and where it comes from."""

    features: npt.NDArray[np.int64]
    of_surface: npt.NDArray[np.int64]
    label: bool
    weight: float
    source: Source
    kind: str = ""
    distant: bool = False


def read_gold(folder: Path) -> list[Posting]:
    """Read the labelled development postings."""
    with (folder / "skills_gold_dev.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream if line.strip()]
    return [
        Posting(row["src"], row["text"], {each["s"]: each["kind"] for each in row["skills"]}) for row in rows
    ]


def read_labels(labels: Path, jobs: Path) -> list[Posting]:
    """Read labels made for training; a posting is known by the first 12 hex digits of the SHA-1 of its text."""
    wanted = {
        row["id"]: {each["s"]: each["kind"] for each in row["skills"]}
        for path in sorted(labels.glob("training_*.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    }
    found: dict[str, Posting] = {}
    for source in SOURCES:
        for text in _texts(jobs, source):
            if (identity := _digest(text)[:12]) in wanted:
                found[identity] = Posting(source, text, wanted[identity])
    return [found[identity] for identity in wanted if identity in found]


def read_synthetic(labels: Path) -> list[Posting]:
    """Read the postings written for training; they hold their texts and are never measured on."""
    return [
        Posting(SYNTHETIC, row["text"], {each["s"]: each["kind"] for each in row["skills"]})
        for path in sorted(labels.glob("synthetic_*.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ]


def read_raw(folder: Path, *, gold: Sequence[Posting], count: int, seed: int) -> list[Posting]:
    """Read `count` postings of information technology and all of horticulture, without the labelled ones."""
    labelled = {_digest(posting.text) for posting in gold}
    chosen: list[Posting] = []
    for source in SOURCES:
        texts = _texts(folder, source)
        usable = sorted(text for text in texts if len(text) > 30 and _digest(text) not in labelled)
        random.Random(seed).shuffle(usable)
        chosen += [Posting(source, text, {}) for text in usable[:count]]
    return chosen


def _texts(folder: Path, source: Source) -> set[str]:
    with gzip.open(folder / f"{source}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        return {row["description"] for row in csv.DictReader(stream)}


def group_of(skill: str) -> int:
    """Return which group of the dictionary a skill belongs to; fixed for ever by its id."""
    return crc32(b"g" + skill.encode()) % GROUPS


def without(taxonomy: Taxonomy, hidden: Collection[int]) -> Taxonomy:
    """Return the taxonomy without the skills of some groups."""
    return build_taxonomy(
        replace(skill, broader=None) for skill in taxonomy.skills if group_of(skill.id) not in hidden
    )


class _Recorder:
    """A second stage that only notes what it is shown."""

    version = "recorder"

    def __init__(self) -> None:
        self.shown: list[Shown] = []

    def find(self, shown: Shown) -> Finds:
        for start, stop in pairwise(shown.bounds.tolist()):
            items, hits = (
                rows[(start <= rows[:, 0]) & (rows[:, 0] < stop)] for rows in (shown.items, shown.hits)
            )
            items[:, :2] -= start
            bounds = np.array([0, stop - start])
            text, codes = shown.text[start : stop - 1], shown.codes[start:stop]
            self.shown.append(Shown(text, codes, bounds, items, hits - start))
        return no_finds(len(shown.hits))


def read_postings(postings: Sequence[Posting], *, taxonomy: Taxonomy, rules: Rules) -> list[Reading]:
    """Run the dictionary stage over postings and keep what the learned stage is shown."""
    names = [str(number) for number in range(len(postings))]
    batch = pa.record_batch({"posting_id": names, "text": [posting.text for posting in postings]})
    recorder = _Recorder()
    found: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    for row in mine_batch(batch, taxonomy=taxonomy, rules=rules, learned=recorder).to_pylist():
        found[row["posting_id"]].append(row)
    rows = zip(postings, recorder.shown, (found[name] for name in names), strict=True)
    return [_reading(posting, shown, mentions) for posting, shown, mentions in rows]


def _reading(posting: Posting, shown: Shown, rows: Iterable[dict[str, object]]) -> Reading:
    text = shown.text
    segments = tuple((start, end, ROLES[role]) for start, end, role in shown.items.tolist())
    taken = tuple((start, end) for start, end in shown.hits.tolist())
    folded = fold(posting.text)
    origins = (*(folded.origin(at) for at in range(len(text))), len(posting.text))
    named = {(row["start"], row["end"]): (str(row["skill_id"]), str(row["kind"])) for row in rows}
    hits = {}
    for start, end in taken:
        hit = named.get((origins[start], origins[end]))
        if hit is not None:  # a major is shown to the stage, too, but is no mention
            hits[start, end] = hit
    return Reading(posting, text, segments, taken, hits, origins)


class ExampleReader:
    """Turns readings into examples."""

    def __init__(self, words: WordUses, *, seed: int) -> None:
        self._reader = CandidateReader(words)
        self._random = random.Random(seed)

    def places(self, reading: Reading) -> Iterator[tuple[Span, npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Yield the candidates of one posting with all their features and those of the surface."""
        if not reading.segments:
            return
        field = self._reader.field(reading.shown, np.zeros(1, dtype=np.int64))
        spans = self._reader.spans(field)
        if len(spans.start):
            features = Features(field, spans)
            starts, ends = field.shown(spans.start).tolist(), field.shown(spans.end).tolist()
            listed = (features.indexes(), features.indexes(surface_only=True))
            yield from zip(zip(starts, ends, strict=True), *listed, strict=True)

    def labelled(self, reading: Reading, *, weight: float) -> Iterator[Example]:
        """Yield all candidates of a posting that people labelled."""
        for span, features, of_surface in self.places(reading):
            surface = reading.surface(span)
            kind = reading.posting.skills.get(surface, "")
            short = not kind and len(surface) <= _SHORT and surface.isascii()
            worth = weight * _SHORT_WEIGHT if short else weight
            yield Example(features, of_surface, bool(kind), worth, reading.posting.source, kind)

    def distant(self, small: Reading, whole: Reading) -> Iterator[Example]:
        """Yield candidates beside the `small` dictionary, judged by the `whole` one."""
        source = small.posting.source
        for span, features, of_surface in self.places(small):
            if span in whole.hits:
                kind = whole.hits[span][1]
                yield Example(features, of_surface, True, 1.0, source, kind, distant=True)
            elif self._random.random() < _KEPT_NEGATIVES:
                weight = _negative_weight(span, _touching(span, whole.hits)) / _KEPT_NEGATIVES
                yield Example(features, of_surface, False, weight, source, distant=True)

    def hits(self, reading: Reading, *, weight: float) -> Iterator[Example]:
        """Yield the dictionary hits of a posting that people labelled."""
        field = self._reader.field(reading.shown, np.zeros(1, dtype=np.int64))
        spans = self._reader.hits(field)
        if not len(spans.start):
            return
        places = zip(field.shown(spans.start).tolist(), field.shown(spans.end).tolist(), strict=True)
        for span, features in zip(places, Features(field, spans).indexes(), strict=True):
            if span in reading.hits:
                kind = reading.posting.skills.get(reading.surface(span), "")
                yield Example(features, features, bool(kind), weight, reading.posting.source, kind)

    def of_text(self, text: str) -> npt.NDArray[np.int64] | None:
        """Return the features of the surface of a text that is one candidate, None if it is none."""
        found = {span: of_surface for span, _, of_surface in self.places(_whole_text(text))}
        return found.get((0, len(text)))


def _whole_text(text: str) -> Reading:
    segments = ((0, len(text), "other"),)
    return Reading(Posting("", text, {}), text, segments, (), {}, tuple(range(len(text) + 1)))


def _negative_weight(span: Span, touching: Sequence[Span]) -> float:
    """Say how sure it is that a place is no skill: least where it only is longer than what the dictionary has."""
    if not touching:
        return _UNKNOWN_WEIGHT
    longer = all(span[0] <= start and end <= span[1] for start, end in touching)
    return _LONGER_WEIGHT if longer else 1.0


def _touching(span: Span, others: Iterable[Span]) -> list[Span]:
    return [other for other in others if other[0] < span[1] and other[1] > span[0]]


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
