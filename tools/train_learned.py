"""Fits the learned stage of job mining and measures it: `python -m tools.train_learned JOBS_FOLDER --date YYYY-MM-DD`.

JOBS_FOLDER holds the development data (skills_gold_dev.jsonl, it4cities_2019.csv.gz, horticulture_2020.csv.gz); the
labels of tools/labels were made for training and hold no texts, the postings are found by their digest; only
synthetic_*.jsonl hold texts, written for training, and nothing is measured on them. Writes weights.npz and model.json
beside candidate_words.csv. What is written are weights of hashed features, no text.

Measured is on the postings of tools/labels in turn: the dictionary was not made for them, and those measured are not
among those trained on.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tools.learned_examples import (
    GROUPS,
    SOURCES,
    Example,
    ExampleReader,
    Posting,
    Reading,
    read_gold,
    read_labels,
    read_postings,
    read_raw,
    read_synthetic,
    without,
)
from zhiqiao.engines.jobmining import Rules, Taxonomy, read_rules, read_taxonomy
from zhiqiao.engines.jobmining._candidates import TABLE, WordUses, read_candidate_words
from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._learned import LearnedModel, Thresholds, Weights
from zhiqiao.engines.jobmining._second_stage import no_finds
from zhiqiao.engines.jobmining._taxonomy import KINDS
from zhiqiao.packs import folder

KIND_TABLE = TABLE
FOLDS = 4
EXAMPLES = 25
SEED = 5
STRENGTH = 0.1
HIT_STRENGTH = 0.5
LABELLED_WEIGHT = 8.0
SYNTHETIC_WEIGHT = 8.0  # of candidates in postings written for training; as much as a labelled posting
SYNTHETIC_HIT_WEIGHT = 1.0
TUNED_WEIGHT = 0.5  # of the development set among the hits: the dictionary was made to fit it
SCARCE_WEIGHT = 2.0  # horticulture has a tenth of the postings
THRESHOLDS = Thresholds(emit_at=0.4, replace_at=0.5, propose_at=0.1, keep_at=0.4)
SWEEP = (
    Thresholds(0.4, 0.5, 0.1, 0.0),
    Thresholds(0.3, 0.4, 0.1, 0.4),
    Thresholds(0.35, 0.4, 0.1, 0.4),
    Thresholds(0.4, 0.5, 0.1, 0.4),
    Thresholds(0.45, 0.5, 0.1, 0.45),
)
SUFFIXES = ("能力", "精神", "意识", "语言", "技术", "框架", "工具", "经验", "协议", "编程", "开发")
LABELS = Path(__file__).parent / "labels"
SOURCE = (
    "Own work: candidate_words.csv written by hand; weights fitted on the development gold set, on postings labelled "
    "by a language model that read them under GOLD.md (tools/labels), on synthetic postings written for training, and "
    "on the places where the shipped dictionary finds its skills in public job postings of 2019 and 2020. Weights of "
    "hashed features only."
)


@dataclass(frozen=True)
class World:
    """The development data and how to read it."""

    gold: list[Posting]
    labelled: list[Posting]
    synthetic: list[Posting]
    raw: list[Posting]
    taxonomy: Taxonomy
    rules: Rules
    words: WordUses

    def read(self, postings: Sequence[Posting], hidden: set[int]) -> list[Reading]:
        """Read postings with the dictionary without some groups of skills."""
        return read_postings(postings, taxonomy=without(self.taxonomy, hidden), rules=self.rules)


@dataclass
class Fitted:
    """The numbers before they are rounded to the shipped form."""

    table: npt.NDArray[np.float64]
    bias: float
    slope: float = 1.0
    shift: float = 0.0

    def rounded(self) -> tuple[npt.NDArray[np.int8], float, float]:
        """Return eight-bit weights, the bias and the worth of one step."""
        step = float(np.abs(self.table).max()) / 127
        table = np.rint(self.table / step).astype(np.int8)
        return table, self.bias * self.slope + self.shift, step * self.slope

    def logits(self, features: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.float64]:
        """Score candidates before calibration."""
        return np.array([self.table[each].sum() + self.bias for each in features])


@dataclass
class Counts:
    """Distinct surfaces per posting: wanted, found and both, by kind of what was wanted."""

    both: int = 0
    wanted: int = 0
    found: int = 0
    same_kind: int = 0
    kinds: dict[str, list[int]] = field(default_factory=lambda: {kind: [0, 0] for kind in KINDS})

    def add(self, wanted: dict[str, str], found: dict[str, str]) -> None:
        """Count one posting."""
        hits = wanted.keys() & found.keys()
        self.both += len(hits)
        self.wanted += len(wanted)
        self.found += len(found)
        self.same_kind += sum(wanted[surface] == found[surface] for surface in hits)
        for surface, kind in wanted.items():
            self.kinds[kind][0] += surface in found
            self.kinds[kind][1] += 1

    def figures(self) -> dict[str, float]:
        """Return precision, recall and F1."""
        precision, recall = self.both / max(1, self.found), self.both / max(1, self.wanted)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        return {"precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}

    def by_kind(self) -> dict[str, float]:
        """Return recall by kind."""
        return {kind: round(hit / total, 3) for kind, (hit, total) in self.kinds.items() if total}


def fit(examples: Sequence[Example]) -> Fitted:
    """Fit which candidates are skills; what the dictionary only seems to say gets an unshipped base rate."""
    labels = np.array([example.label for example in examples])
    sources = np.array([example.source for example in examples])
    weights = np.array([example.weight for example in examples])
    weights = weights * np.where(sources == SOURCES[1], SCARCE_WEIGHT, 1.0)
    distant = [np.array([example.distant for example in examples]) & (sources == name) for name in SOURCES]
    matrix = sparse.hstack(
        [
            _matrix([example.features for example in examples], TABLE),
            sparse.csr_matrix(np.array(distant).T * 3.0),
        ]
    ).tocsr()
    model = LogisticRegression(C=STRENGTH, max_iter=60, tol=1e-3).fit(matrix, labels, sample_weight=weights)
    return Fitted(model.coef_[0][:TABLE], float(model.intercept_[0]))


def fit_hits(examples: Sequence[Example]) -> Fitted:
    """Fit which dictionary hits are meant as skills."""
    model = LogisticRegression(C=HIT_STRENGTH, max_iter=100, tol=1e-3).fit(
        _matrix([example.features for example in examples], TABLE),
        [example.label for example in examples],
        sample_weight=[example.weight for example in examples],
    )
    return Fitted(model.coef_[0], float(model.intercept_[0]))


def fit_kinds(
    examples: Sequence[Example], taxonomy: Taxonomy, reader: ExampleReader
) -> tuple[npt.NDArray[np.int8], tuple[int, ...]]:
    """Fit the kind of a skill from its string, on the examples and on every writing in the dictionary."""
    pairs = {
        (fold_phrase(surface), str(skill.kind)) for skill in taxonomy.skills for surface in skill.surfaces
    }
    rows = {
        (tuple(example.of_surface.tolist()), KINDS.index(example.kind))
        for example in examples
        if example.label
    }
    for surface, kind in sorted(pairs):
        found = reader.of_text(surface)
        if found is not None:
            rows.add((tuple(found.tolist()), KINDS.index(kind)))
    ordered = sorted(rows)
    features = [np.array(row) for row, _ in ordered]
    labels = [kind for _, kind in ordered]
    model = LogisticRegression(C=1.0, max_iter=25, tol=1e-2).fit(_matrix(features, KIND_TABLE), labels)
    step = float(np.abs(model.coef_).max()) / 127
    table = np.zeros((KIND_TABLE, len(KINDS)), dtype=np.int8)
    bias = [-(1 << 30)] * len(KINDS)
    for row, kind in enumerate(model.classes_):
        table[:, kind] = np.rint(model.coef_[row] / step)
        bias[kind] = round(float(model.intercept_[row]) / step)
    return table, tuple(bias)


@dataclass(frozen=True)
class Parts:
    """What is fitted before it is rounded: candidates, hits and kinds."""

    candidates: Fitted
    hits: Fitted
    kinds: tuple[npt.NDArray[np.int8], tuple[int, ...]]

    def model(self, words: WordUses, thresholds: Thresholds) -> LearnedModel:
        """Make the model that ships of it."""
        return LearnedModel(self.rounded(), words=words, thresholds=thresholds)

    def rounded(self) -> Weights:
        """Round the weights to eight bits."""
        table, bias, scale = self.candidates.rounded()
        hit_table, hit_bias, hit_scale = self.hits.rounded()
        return Weights(table, bias, scale, hit_table, hit_bias, hit_scale, KINDS, *self.kinds)


def found_in(reading: Reading, model: LearnedModel | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return the surfaces of dictionary and model together, and those of the model alone, with their kinds."""
    finds = model.find(reading.shown) if model else no_finds(len(reading.taken))
    new = finds.emitted()
    spans = list(zip(new.start.tolist(), new.end.tolist(), strict=True))
    covered = [span for span, replaces in zip(spans, new.replaces.tolist(), strict=True) if replaces]
    learned = {
        reading.surface(span): KINDS[kind] for span, kind in zip(spans, new.kind.tolist(), strict=True)
    }
    kept = {span for span, keep in zip(reading.taken, finds.kept.tolist(), strict=True) if keep}
    both = {
        reading.surface(span): kind
        for span, (_, kind) in sorted(reading.hits.items(), reverse=True)
        if span in kept and not any(start <= span[0] and span[1] <= end for start, end in covered)
    }
    return {**learned, **both}, learned


def distant_examples(world: World, reader: ExampleReader) -> list[Example]:
    """Hide one group of skills after another and collect the places where the whole dictionary finds them."""
    whole = world.read(world.raw, set())
    examples: list[Example] = []
    for hidden in range(GROUPS):
        for small, other in zip(world.read(world.raw, {hidden}), whole, strict=True):
            examples += reader.distant(small, other)
    return examples


def tuned_examples(world: World, reader: ExampleReader) -> tuple[list[Example], list[Example]]:
    """Read the development set with each group hidden in turn, for the dictionary knows most of it; and its hits."""
    weight = LABELLED_WEIGHT / GROUPS
    candidates = [
        example
        for hidden in range(GROUPS)
        for reading in world.read(world.gold, {hidden})
        for example in reader.labelled(reading, weight=weight)
    ]
    hits = [
        example
        for reading in world.read(world.gold, set())
        for example in reader.hits(reading, weight=TUNED_WEIGHT)
    ]
    return candidates, hits


def synthetic_examples(world: World, reader: ExampleReader) -> tuple[list[Example], list[Example]]:
    """Read the postings written for training: other trades and newer techniques than the development data hold."""
    readings = world.read(world.synthetic, set())
    candidates = [it for each in readings for it in reader.labelled(each, weight=SYNTHETIC_WEIGHT)]
    return candidates, [it for each in readings for it in reader.hits(each, weight=SYNTHETIC_HIT_WEIGHT)]


@dataclass(frozen=True)
class Material:
    """All examples: common ones, and those of each labelled posting."""

    candidates: list[Example]
    hits: list[Example]
    readings: list[Reading]
    own_candidates: list[list[Example]]
    own_hits: list[list[Example]]
    kinds: tuple[npt.NDArray[np.int8], tuple[int, ...]]

    def fit(self, chosen: Sequence[int], calibration: tuple[float, float] = (1.0, 0.0)) -> Parts:
        """Fit on the common examples and those of some labelled postings."""
        candidates = self.candidates + [each for number in chosen for each in self.own_candidates[number]]
        hits = self.hits + [each for number in chosen for each in self.own_hits[number]]
        fitted = fit(candidates)
        return Parts(Fitted(fitted.table, fitted.bias, *calibration), fit_hits(hits), self.kinds)


def collect(world: World) -> Material:
    """Read everything once."""
    reader = ExampleReader(world.words, seed=SEED)
    tuned, hits = tuned_examples(world, reader)
    written, written_hits = synthetic_examples(world, reader)
    candidates = distant_examples(world, reader) + tuned + written
    readings = world.read(world.labelled, set())
    own = [list(reader.labelled(reading, weight=LABELLED_WEIGHT)) for reading in readings]
    return Material(
        candidates,
        hits + written_hits,
        readings,
        own,
        [list(reader.hits(reading, weight=1.0)) for reading in readings],
        fit_kinds(candidates, world.taxonomy, reader),
    )


def simulate(material: Material, words: WordUses) -> tuple[tuple[float, float], dict[str, object]]:
    """Fit on all parts of the labelled postings but one, in turn; return the calibration and the figures."""
    numbers = range(len(material.readings))
    runs = [
        (material.fit([n for n in numbers if n % FOLDS != part]), [n for n in numbers if n % FOLDS == part])
        for part in range(FOLDS)
    ]
    calibration = calibrate(material, runs)
    for parts, _ in runs:
        parts.candidates.slope, parts.candidates.shift = calibration
    figures: dict[str, object] = {
        "dictionary": measure(material, runs, words, None),
        "shipped": measure(material, runs, words, THRESHOLDS),
        "confusions": confusions(material, runs, words),
    }
    for thresholds in SWEEP:
        name = f"emit {thresholds.emit_at}, replace {thresholds.replace_at}, keep {thresholds.keep_at}"
        figures[name] = measure(material, runs, words, thresholds)
    return calibration, figures


Runs = Sequence[tuple[Parts, Sequence[int]]]


def confusions(material: Material, runs: Runs, words: WordUses) -> dict[str, list[str]]:
    """List the surfaces most often found wrongly, missed, and given another kind, with how often."""
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for parts, numbers in runs:
        model = parts.model(words, THRESHOLDS)
        for reading in (material.readings[number] for number in numbers):
            found, wanted = found_in(reading, model)[0], reading.posting.skills
            wrong.update(found.keys() - wanted.keys())
            missed.update(wanted.keys() - found.keys())
            both = found.keys() & wanted.keys()
            kinds.update(f"{wanted[it]} → {found[it]}" for it in both if wanted[it] != found[it])
    lists = {"found wrongly": wrong, "missed": missed, "kind": kinds}
    return {
        name: [
            f"{text} {count}"
            for text, count in sorted(each.items(), key=lambda it: (-it[1], it[0]))[:EXAMPLES]
        ]
        for name, each in lists.items()
    }


def calibrate(material: Material, runs: Runs) -> tuple[float, float]:
    """Fit slope and shift that turn the scores of unseen postings into frequencies."""
    logits: list[float] = []
    labels: list[bool] = []
    for parts, numbers in runs:
        for number in numbers:
            examples = material.own_candidates[number]
            logits += parts.candidates.logits([example.features for example in examples]).tolist()
            labels += [example.label for example in examples]
    model = LogisticRegression(C=1e6).fit(np.array(logits)[:, None], labels)
    return float(model.coef_[0][0]), float(model.intercept_[0])


def measure(
    material: Material, runs: Runs, words: WordUses, thresholds: Thresholds | None
) -> dict[str, object]:
    """Count dictionary (and model, with thresholds) against the labels, by source."""
    counts: dict[str, Counts] = {}
    alone = Counts()
    for parts, numbers in runs:
        model = parts.model(words, thresholds) if thresholds else None
        for reading in (material.readings[number] for number in numbers):
            found, learned = found_in(reading, model)
            for name in ("all", reading.posting.source):
                counts.setdefault(name, Counts()).add(reading.posting.skills, found)
            counts.setdefault("all, folded", Counts()).add(_folded(reading.posting.skills), _folded(found))
            alone.add(reading.posting.skills, learned)
    result: dict[str, object] = {name: count.figures() for name, count in sorted(counts.items())}
    result["recall_by_kind"] = counts["all"].by_kind()
    if thresholds:
        result["learned_precision"] = alone.figures()["precision"]
        result["learned_kind_agreement"] = round(alone.same_kind / max(1, alone.both), 3)
    return result


def _folded(surfaces: dict[str, str]) -> dict[str, str]:
    """Fold case and the suffixes that GOLD.md leaves open."""
    return {_without_suffixes(surface.lower().strip()): kind for surface, kind in surfaces.items()}


def _without_suffixes(surface: str) -> str:
    for suffix in SUFFIXES:
        if len(surface) > len(suffix) + 1:
            surface = surface.removesuffix(suffix)
    return surface.strip()


def write(out: Path, weights: Weights, *, day: date, world: World, figures: dict[str, object]) -> None:
    """Write the two files of the model."""
    tables = {"table": weights.table, "hit_table": weights.hit_table, "kind_table": weights.kind_table}
    np.savez_compressed(out / "weights.npz", **tables)  # type: ignore[arg-type]
    facts = {
        "source": SOURCE,
        "date": day.isoformat(),
        "trained_on": {
            "development_postings": len(world.gold),
            "labelled_postings": len(world.labelled),
            "synthetic_postings": len(world.synthetic),
            "other_postings": len(world.raw),
            "taxonomy_version": world.taxonomy.version,
            "rules_version": world.rules.version,
        },
        "thresholds": THRESHOLDS.__dict__,
        "bias": round(weights.bias, 6),
        "scale": round(weights.scale, 8),
        "hit_bias": round(weights.hit_bias, 6),
        "hit_scale": round(weights.hit_scale, 8),
        "kinds": weights.kinds,
        "kind_bias": weights.kind_bias,
        "figures": figures,
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (out / "model.json").write_text(text + "\n", encoding="utf-8")


def _matrix(rows: Sequence[npt.NDArray[np.int64]], size: int) -> sparse.csr_matrix:
    starts = np.concatenate(([0], np.cumsum([len(row) for row in rows])))
    indexes = np.concatenate(rows)
    matrix = sparse.csr_matrix((np.ones(len(indexes), np.float32), indexes, starts), shape=(len(rows), size))
    matrix.sum_duplicates()
    return matrix


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jobs", type=Path)
    parser.add_argument("--date", type=date.fromisoformat, required=True)
    parser.add_argument("--postings", type=int, default=400, help="of each source, for distant supervision")
    parser.add_argument("--out", type=Path, default=folder("common", "jobmining") / "learned")
    chosen = parser.parse_args()
    gold, labelled = read_gold(chosen.jobs), read_labels(LABELS, chosen.jobs)
    world = World(
        gold,
        labelled,
        read_synthetic(LABELS),
        read_raw(chosen.jobs, gold=[*gold, *labelled], count=chosen.postings, seed=SEED),
        read_taxonomy(folder("common", "skills")),
        read_rules(folder("common", "jobmining")),
        read_candidate_words(chosen.out / "candidate_words.csv"),
    )
    material = collect(world)
    calibration, figures = simulate(material, world.words)
    for name, figure in figures.items():
        print(name, json.dumps(figure, ensure_ascii=False))
    weights = material.fit(range(len(material.readings)), calibration).rounded()
    write(chosen.out, weights, day=chosen.date, world=world, figures=figures)


if __name__ == "__main__":
    main()
