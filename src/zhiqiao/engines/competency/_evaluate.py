"""What a method is worth on a corpus: coherence, stability over seeds, separation; and which number of groups fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiqiao.engines.competency._coherence import (
    coherence,
    mean_agreement,
    modularity,
    ranked,
    silhouette,
)
from zhiqiao.engines.competency._errors import ParameterError
from zhiqiao.engines.competency._graph import edges_of
from zhiqiao.engines.competency._methods import Clustering, Method, check_k, cluster
from zhiqiao.engines.competency._parameters import Parameters
from zhiqiao.engines.competency._space import Space
from zhiqiao.engines.competency._topics import word_documents, word_numbers

__all__ = ["Evaluation", "Suggestion", "evaluate", "skill_coherences", "suggest_k"]


@dataclass(frozen=True)
class Evaluation:
    """Scores of one method with one number of clusters over several seeds.

    Coherence is on the held-out postings; `words_coherence` is of a topic's first words and None where a method makes
    no topics over words. `agreement` is the mean adjusted Rand index of all pairs of seeds, None for one seed.
    """

    method: Method
    k: int
    seeds: tuple[int, ...]
    coherence: float | None
    coherence_by_seed: tuple[float, ...]
    words_coherence: float | None
    agreement: float | None
    silhouette: float | None
    modularity: float
    clusters: tuple[int, ...]
    unclustered: tuple[int, ...]


def evaluate(
    space: Space, *, method: Method, k: int, seeds: Sequence[int], parameters: Parameters
) -> Evaluation:
    """Run a method once for each seed and score what it finds."""
    runs = [cluster(space, method=method, k=k, seed=seed, parameters=parameters) for seed in seeds]
    by_seed = [_mean(skill_coherences(space, run, parameters)) for run in runs]
    over_words = [_mean(_word_coherences(space, run, parameters)) for run in runs]
    smoothing, edges = parameters.graph.smoothing, edges_of(space, parameters)
    separate = [silhouette(space, run.labels, smoothing=smoothing) for run in runs]
    return Evaluation(
        method=method,
        k=k,
        seeds=tuple(seeds),
        coherence=_mean(by_seed),
        coherence_by_seed=tuple(value for value in by_seed if value is not None),
        words_coherence=_mean(over_words),
        agreement=mean_agreement([run.labels for run in runs]),
        silhouette=_mean(separate),
        modularity=float(np.mean([modularity(edges, run.labels) for run in runs])),
        clusters=tuple(int(run.labels.max()) + 1 for run in runs),
        unclustered=tuple(int((run.labels < 0).sum()) for run in runs),
    )


def skill_coherences(space: Space, found: Clustering, parameters: Parameters) -> list[float | None]:
    """Return the coherence of each cluster's first skills on the held-out postings."""
    top = parameters.result.top
    return [
        coherence(space.held_postings, members[:top].tolist())
        for members, _weights in ranked(space, found.labels)
    ]


def _word_coherences(space: Space, found: Clustering, parameters: Parameters) -> list[float | None]:
    if not found.terms:
        return []
    numbers = word_numbers(space, parameters)
    documents = word_documents(space, numbers)
    top = parameters.result.top
    return [coherence(documents, [numbers[term.word] for term in terms[:top]]) for terms in found.terms]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


@dataclass(frozen=True)
class Suggestion:
    """The number of clusters that is suggested, None where no number is stable, and the curve it was read from."""

    k: int | None
    curve: tuple[Evaluation, ...]


def suggest_k(space: Space, *, method: Method, seed: int, parameters: Parameters) -> Suggestion:
    """Suggest the smallest stable number of clusters whose coherence is within a standard deviation of the best one.

    Stable: seeds agree by `min_agreement` or more. Where the skills are too few, or too loosely tied, for the least of
    the usual numbers, all smaller ones are tried. ParameterError where there are too few for two clusters.
    """
    wanted = parameters.suggest
    seeds = range(seed, seed + wanted.seeds)

    def curve_of(numbers: range) -> list[Evaluation]:
        curve: list[Evaluation] = []
        for k in numbers:
            try:
                curve.append(evaluate(space, method=method, k=k, seeds=seeds, parameters=parameters))
            except ParameterError:
                break  # what can not be parted in k can not be parted in more
        return curve

    check_k(space, 2, parameters)
    curve = curve_of(range(wanted.first, wanted.last + 1, wanted.step)) or curve_of(range(2, wanted.first))
    return Suggestion(best_of(curve, least=wanted.min_agreement), tuple(curve))


def best_of(curve: Sequence[Evaluation], *, least: float) -> int | None:
    """Read a number of clusters from a curve; None where no point of it is stable and scored."""
    stable = [
        (point.coherence, point)
        for point in curve
        if point.coherence is not None and (point.agreement is None or point.agreement >= least)
    ]
    if not stable:
        return None
    highest, best = max(stable, key=lambda pair: (pair[0], -pair[1].k))
    margin = float(np.std(best.coherence_by_seed))
    return min(point.k for value, point in stable if value >= highest - margin)
