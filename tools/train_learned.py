"""Fits the learned stage of job mining and measures it: `python tools/train_learned.py JOBS_FOLDER --date YYYY-MM-DD`.

JOBS_FOLDER holds the development data (skills_gold_dev.jsonl, it4cities_2019.csv.gz, horticulture_2020.csv.gz). Writes
weights.npz and model.json beside candidate_words.csv. What is written are weights of hashed features, no text.

The measurement simulates a world the dictionary was not made for: a quarter of the skills is hidden from dictionary
and training alike, the postings measured are not among those trained on, and all four quarters take their turn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tools.learned_examples import (
    GROUPS,
    Example,
    ExampleReader,
    Posting,
    Reading,
    group_of,
    read_gold,
    read_postings,
    read_raw,
    without,
)
from zhiqiao.engines.jobmining import Rules, Taxonomy, read_rules, read_taxonomy
from zhiqiao.engines.jobmining._candidates import TABLE, WordUses, read_candidate_words
from zhiqiao.engines.jobmining._fold import fold_phrase
from zhiqiao.engines.jobmining._learned import LearnedModel, Thresholds, Weights
from zhiqiao.packs import folder

KINDS = ("tool", "knowledge", "ability", "soft", "certificate", "language")
KIND_TABLE = TABLE
FOLDS = 3
SEED = 5
STRENGTH = 0.05
GOLD_WEIGHT = 8.0
SCARCE_WEIGHT = 2.0  # horticulture has a tenth of the postings
THRESHOLDS = Thresholds(emit_at=0.4, replace_at=0.5, propose_at=0.1)
SWEEP = (0.3, 0.4, 0.5)
SOURCE = (
    "Own work: candidate_words.csv written by hand; weights fitted on the development gold set and on the places where "
    "the shipped dictionary finds its skills in public job postings of 2019 and 2020. Weights of hashed features only."
)


@dataclass(frozen=True)
class World:
    """The development data and how to read it."""

    gold: list[Posting]
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
    """Fit which candidates are skills; each kind of posting gets a base rate of its own that is not shipped."""
    labels = np.array([example.label for example in examples])
    sources = np.array([example.source for example in examples])
    weights = np.array([example.weight for example in examples])
    weights = weights * np.where(sources == "horticulture_2020", SCARCE_WEIGHT, 1.0)
    distant = [sources == name for name in ("it4cities_2019", "horticulture_2020")]
    matrix = sparse.hstack(
        [
            _matrix([example.features for example in examples], TABLE),
            sparse.csr_matrix(np.array(distant).T * 3.0),
        ]
    ).tocsr()
    model = LogisticRegression(C=STRENGTH, max_iter=60, tol=1e-3).fit(matrix, labels, sample_weight=weights)
    return Fitted(model.coef_[0][:TABLE], float(model.intercept_[0]))


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


def build(
    fitted: Fitted,
    kinds: tuple[npt.NDArray[np.int8], tuple[int, ...]],
    words: WordUses,
    thresholds: Thresholds = THRESHOLDS,
) -> LearnedModel:
    """Round the weights to whole numbers and make the model that ships."""
    return LearnedModel(rounded(fitted, kinds), words=words, thresholds=thresholds)


def rounded(fitted: Fitted, kinds: tuple[npt.NDArray[np.int8], tuple[int, ...]]) -> Weights:
    """Round the weights to eight bits."""
    step = float(np.abs(fitted.table).max()) / 127
    return Weights(
        table=np.rint(fitted.table / step).astype(np.int8),
        bias=fitted.bias * fitted.slope + fitted.shift,
        scale=step * fitted.slope,
        kinds=KINDS,  # type: ignore[arg-type]
        kind_table=kinds[0],
        kind_bias=kinds[1],
    )


def found_in(reading: Reading, model: LearnedModel | None) -> tuple[dict[str, str], dict[str, str]]:
    """Return the surfaces of dictionary and model together, and those of the model alone, with their kinds."""
    candidates = model.find(*reading.item) if model else []
    emitted = [candidate for candidate in candidates if model and model.emits(candidate)]
    covered = [(candidate.start, candidate.end) for candidate in emitted if candidate.replaces]
    learned = {reading.surface((each.start, each.end)): str(each.kind) for each in emitted}
    both = {
        reading.surface(span): kind
        for span, (_, kind) in sorted(reading.hits.items(), reverse=True)
        if not any(start <= span[0] and span[1] <= end for start, end in covered)
    }
    return {**learned, **both}, learned


def distant_examples(world: World, reader: ExampleReader, *, outside: set[int], share: int) -> list[Example]:
    """Hide one group after another and collect the examples; groups `outside` do not exist here."""
    examples: list[Example] = []
    for hidden in sorted(set(range(GROUPS)) - outside):
        postings = world.raw[hidden % share :: share]
        small = world.read(postings, outside | {hidden})
        whole = world.read(postings, set())
        for one, other in zip(small, whole, strict=True):
            examples += reader.distant(one, other, outside=outside)
    return examples


def gold_readings(world: World, *, outside: set[int]) -> list[list[Reading]]:
    """Read each labelled posting with each group hidden in turn, last of all with only `outside` hidden."""
    turns = [outside | {hidden} for hidden in sorted(set(range(GROUPS)) - outside)] + [outside]
    return [
        list(readings) for readings in zip(*(world.read(world.gold, turn) for turn in turns), strict=True)
    ]


def labelled_examples(
    reader: ExampleReader, turns: Sequence[Reading], *, unknown: frozenset[str]
) -> list[Example]:
    """Collect the examples of a labelled posting; it counts the same however often it is read."""
    weight = GOLD_WEIGHT / len(turns)
    return [each for reading in turns for each in reader.labelled(reading, weight=weight, unknown=unknown)]


@dataclass(frozen=True)
class Trial:
    """One part of the simulation: what was fitted, and the postings it has not seen."""

    fitted: Fitted
    kinds: tuple[npt.NDArray[np.int8], tuple[int, ...]]
    readings: list[Reading]


def trials(world: World, *, outside: set[int], parts: Callable[[Posting, int], object]) -> Iterator[Trial]:
    """Fit on all parts of the labelled postings but one and hand out that one."""
    reader = ExampleReader(world.words, seed=SEED)
    distant = distant_examples(world, reader, outside=outside, share=2)
    readings = gold_readings(world, outside=outside)
    unknown = frozenset(
        fold_phrase(surface)
        for skill in world.taxonomy.skills
        if group_of(skill.id) in outside
        for surface in skill.surfaces
    )
    names = [parts(turns[0].posting, number) for number, turns in enumerate(readings)]
    labelled = [labelled_examples(reader, turns, unknown=unknown) for turns in readings]
    kinds = fit_kinds(distant, without(world.taxonomy, outside), reader)
    for name in sorted(set(names), key=str):
        examples = [example for example in distant if example.source != name]
        for one, other in zip(labelled, names, strict=True):
            examples += one if other != name else []
        tested = [turns[-1] for turns, other in zip(readings, names, strict=True) if other == name]
        yield Trial(fit(examples), kinds, tested)


def calibrate(runs: Sequence[Trial], words: WordUses) -> tuple[float, float]:
    """Fit slope and shift that turn the scores of unseen postings into frequencies."""
    reader = ExampleReader(words, seed=SEED)
    logits: list[float] = []
    labels: list[bool] = []
    for run in runs:
        for reading in run.readings:
            places = list(reader.places(reading))
            logits += run.fitted.logits([features for _, features, _ in places]).tolist()
            labels += [reading.surface(span) in reading.posting.skills for span, _, _ in places]
    model = LogisticRegression(C=1e6).fit(np.array(logits)[:, None], labels)
    return float(model.coef_[0][0]), float(model.intercept_[0])


def measure(
    runs: Sequence[Trial], words: WordUses, *, calibration: tuple[float, float], emit_at: float | None
) -> dict[str, object]:
    """Count dictionary (and model, unless `emit_at` is None) against the labels, by source."""
    counts: dict[str, Counts] = {}
    alone = Counts()
    for run in runs:
        model = None
        if emit_at is not None:
            thresholds = Thresholds(emit_at, max(emit_at, THRESHOLDS.replace_at), THRESHOLDS.propose_at)
            fitted = Fitted(run.fitted.table, run.fitted.bias, *calibration)
            model = build(fitted, run.kinds, words, thresholds)
        for reading in run.readings:
            found, learned = found_in(reading, model)
            for name in ("all", reading.posting.source):
                counts.setdefault(name, Counts()).add(reading.posting.skills, found)
            alone.add(reading.posting.skills, learned)
    result: dict[str, object] = {name: count.figures() for name, count in sorted(counts.items())}
    result["recall_by_kind"] = counts["all"].by_kind()
    if emit_at is not None:
        result["learned_precision"] = alone.figures()["precision"]
        result["learned_kind_agreement"] = round(alone.same_kind / max(1, alone.both), 3)
    return result


def simulate(world: World) -> tuple[tuple[float, float], dict[str, object]]:
    """Run the simulations; return the calibration and the figures."""
    by_fold = [
        run
        for group in range(GROUPS)
        for run in trials(world, outside={group}, parts=lambda _, number: number % FOLDS)
    ]
    calibration = calibrate(by_fold, world.words)
    across = [
        run
        for group in range(GROUPS)
        for run in trials(world, outside={group}, parts=lambda posting, _: posting.source)
    ]
    complete = list(trials(world, outside=set(), parts=lambda _, number: number % FOLDS))
    figures = {
        name: _sweep(runs, world.words, calibration)
        for name, runs in (
            ("quarter_hidden", by_fold),
            ("quarter_hidden_other_source", across),
            ("whole_dictionary", complete),
        )
    }
    return calibration, figures


def _sweep(runs: Sequence[Trial], words: WordUses, calibration: tuple[float, float]) -> dict[str, object]:
    levels: tuple[float | None, ...] = (None, *SWEEP)
    return {
        "dictionary" if emit_at is None else f"emit_at_{emit_at}": measure(
            runs, words, calibration=calibration, emit_at=emit_at
        )
        for emit_at in levels
    }


def train(world: World, calibration: tuple[float, float]) -> Weights:
    """Fit the model that ships, on everything."""
    reader = ExampleReader(world.words, seed=SEED)
    examples = distant_examples(world, reader, outside=set(), share=1)
    for turns in gold_readings(world, outside=set()):
        examples += labelled_examples(reader, turns, unknown=frozenset())
    fitted = fit(examples)
    return rounded(
        Fitted(fitted.table, fitted.bias, *calibration), fit_kinds(examples, world.taxonomy, reader)
    )


def write(out: Path, weights: Weights, *, day: date, world: World, figures: dict[str, object]) -> None:
    """Write the two files of the model."""
    np.savez_compressed(out / "weights.npz", table=weights.table, kind_table=weights.kind_table)
    facts = {
        "source": SOURCE,
        "date": day.isoformat(),
        "trained_on": {
            "labelled_postings": len(world.gold),
            "other_postings": len(world.raw),
            "taxonomy_version": world.taxonomy.version,
            "rules_version": world.rules.version,
        },
        "thresholds": THRESHOLDS.__dict__,
        "bias": round(weights.bias, 6),
        "scale": round(weights.scale, 8),
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
    gold = read_gold(chosen.jobs)
    world = World(
        gold,
        read_raw(chosen.jobs, gold=gold, count=chosen.postings, seed=SEED),
        read_taxonomy(folder("common", "skills")),
        read_rules(folder("common", "jobmining")),
        read_candidate_words(chosen.out / "candidate_words.csv"),
    )
    calibration, figures = simulate(world)
    print(json.dumps(figures, ensure_ascii=False))
    write(chosen.out, train(world, calibration), day=chosen.date, world=world, figures=figures)


if __name__ == "__main__":
    main()
