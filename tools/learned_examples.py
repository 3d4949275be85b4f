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
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhiqiao.engines.jobmining import (
    COUNTING_ROLES,
    LineReader,
    Rules,
    Taxonomy,
    build_taxonomy,
    mine_batch,
)
from zhiqiao.engines.jobmining._candidates import CandidateReader, Features, Item, WordUses
from zhiqiao.engines.jobmining._fold import fold

GROUPS = 4
Span = tuple[int, int]
Source = str

# A place that no dictionary entry names may be a skill nobody has entered yet; a longer string often is one.
_UNKNOWN_WEIGHT = 0.7
_LONGER_WEIGHT = 0.3
_KEPT_NEGATIVES = 0.35


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
    hits: dict[Span, tuple[str, str]]  # skill id and kind
    origins: tuple[int, ...]

    @property
    def taken(self) -> list[Span]:
        """The spans of the dictionary hits in order."""
        return sorted(self.hits)

    @property
    def item(self) -> Item:
        """What the model sees."""
        return self.folded, self.segments, self.taken

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


def read_gold(folder: Path) -> list[Posting]:
    """Read the labelled development postings."""
    with (folder / "skills_gold_dev.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream if line.strip()]
    return [
        Posting(row["src"], row["text"], {each["s"]: each["kind"] for each in row["skills"]}) for row in rows
    ]


def read_raw(folder: Path, *, gold: Sequence[Posting], count: int, seed: int) -> list[Posting]:
    """Read `count` postings of information technology and all of horticulture, without the labelled ones."""
    labelled = {_digest(posting.text) for posting in gold}
    chosen: list[Posting] = []
    for source in ("it4cities_2019", "horticulture_2020"):
        with gzip.open(folder / f"{source}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
            texts = {row["description"] for row in csv.DictReader(stream)}
        usable = sorted(text for text in texts if len(text) > 30 and _digest(text) not in labelled)
        random.Random(seed).shuffle(usable)
        chosen += [Posting(source, text, {}) for text in usable[:count]]
    return chosen


def group_of(skill: str) -> int:
    """Return which group of the dictionary a skill belongs to; fixed for ever by its id."""
    return crc32(b"g" + skill.encode()) % GROUPS


def without(taxonomy: Taxonomy, hidden: Collection[int]) -> Taxonomy:
    """Return the taxonomy without the skills of some groups."""
    return build_taxonomy(
        replace(skill, broader=None) for skill in taxonomy.skills if group_of(skill.id) not in hidden
    )


def read_postings(postings: Sequence[Posting], *, taxonomy: Taxonomy, rules: Rules) -> list[Reading]:
    """Run the dictionary stage over postings."""
    names = [str(number) for number in range(len(postings))]
    batch = pa.record_batch({"posting_id": names, "text": [posting.text for posting in postings]})
    found: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    for row in mine_batch(batch, taxonomy=taxonomy, rules=rules).to_pylist():
        if row["source"] == "dictionary":
            found[row["posting_id"]].append(row)
    lines = LineReader(rules)
    return [_reading(posting, found[name], lines) for name, posting in zip(names, postings, strict=True)]


def _reading(posting: Posting, rows: Iterable[dict[str, object]], lines: LineReader) -> Reading:
    folded = fold(posting.text)
    size = len(folded.text)
    origins = (*(folded.origin(at) for at in range(size)), len(posting.text))
    places: dict[object, int] = {}
    for at, origin in enumerate(origins):
        places.setdefault(origin, at)
    segments = lines.read(folded.text).segments
    stops = [segment.start for segment in segments[1:]] + [size]
    return Reading(
        posting,
        folded.text,
        tuple(
            (segment.start, stop, segment.role)
            for segment, stop in zip(segments, stops, strict=True)
            if segment.role in COUNTING_ROLES
        ),
        {
            (places[row["start"]], places[row["end"]]): (str(row["skill_id"]), str(row["kind"]))
            for row in rows
        },
        origins,
    )


class ExampleReader:
    """Turns readings into examples."""

    def __init__(self, words: WordUses, *, seed: int) -> None:
        self._reader = CandidateReader(words)
        self._random = random.Random(seed)

    def places(self, reading: Reading) -> Iterator[tuple[Span, npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Yield the candidates of one posting with all their features and those of the surface."""
        if not reading.segments:
            return
        field = self._reader.field([reading.item])
        spans = self._reader.spans(field)
        if len(spans.start):
            features = Features(field, spans)
            starts, ends = (spans.start - field.bases[0]).tolist(), (spans.end - field.bases[0]).tolist()
            listed = (features.indexes(), features.indexes(surface_only=True))
            yield from zip(zip(starts, ends, strict=True), *listed, strict=True)

    def labelled(self, reading: Reading, *, weight: float, unknown: Collection[str]) -> Iterator[Example]:
        """Yield all candidates of a posting that people labelled, except those with an `unknown` surface."""
        for span, features, of_surface in self.places(reading):
            kind = reading.posting.skills.get(reading.surface(span), "")
            if reading.folded[slice(*span)] not in unknown:
                yield Example(features, of_surface, bool(kind), weight, "gold", kind)

    def distant(self, small: Reading, whole: Reading, *, outside: Collection[int]) -> Iterator[Example]:
        """Yield candidates beside the `small` dictionary, judged by the `whole` one without groups `outside`."""
        known = {span: hit for span, hit in whole.hits.items() if group_of(hit[0]) not in outside}
        ignored = [span for span in whole.hits if span not in known]
        source = small.posting.source
        for span, features, of_surface in self.places(small):
            if _touching(span, ignored):
                continue
            if span in known:
                yield Example(features, of_surface, True, 1.0, source, known[span][1])
            elif self._random.random() < _KEPT_NEGATIVES:
                weight = _negative_weight(span, _touching(span, known)) / _KEPT_NEGATIVES
                yield Example(features, of_surface, False, weight, source)

    def of_text(self, text: str) -> npt.NDArray[np.int64] | None:
        """Return the features of the surface of a text that is one candidate, None if it is none."""
        found = {span: of_surface for span, _, of_surface in self.places(_whole_text(text))}
        return found.get((0, len(text)))


def _whole_text(text: str) -> Reading:
    segments = ((0, len(text), "other"),)
    return Reading(Posting("", text, {}), text, segments, {}, tuple(range(len(text) + 1)))


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
