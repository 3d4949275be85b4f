"""The methods of discovery under one signature: space, parameters, number of clusters and seed to a label per skill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from threadpoolctl import threadpool_limits

from zhiqiao.engines.competency._errors import ParameterError
from zhiqiao.engines.competency._graph import graph_labels
from zhiqiao.engines.competency._parameters import Parameters
from zhiqiao.engines.competency._space import Integers, Space
from zhiqiao.engines.competency._topics import Term, nmf_labels, skill_topic_labels, topic_labels
from zhiqiao.engines.competency._vectors import vector_labels

__all__ = ["METHODS", "Clustering", "Method", "cluster"]

Method = Literal["lda", "w2v-kmeans", "graph", "nmf", "lda-skills"]
METHODS: tuple[Method, ...] = get_args(Method)

Found: TypeAlias = "tuple[Integers, tuple[tuple[Term, ...], ...]]"

_SEEDS = 2**31


@dataclass(frozen=True)
class Clustering:
    """A label per skill of the space (-1: none) and, for topics over words, their first words with probabilities."""

    labels: Integers
    terms: tuple[tuple[Term, ...], ...] = ()


def cluster(space: Space, *, method: Method, k: int, seed: int, parameters: Parameters) -> Clustering:
    """Group the skills of a space; the same space, method, k and seed give the same labels.

    Clusters smaller than `min_cluster_skills` are dissolved and the others numbered by size. Everything runs on one
    thread: sums over threads would differ in their last digits. ParameterError when k or seed can not be used.
    """
    check_k(space, k, parameters)
    if not 0 <= seed < _SEEDS:
        raise ParameterError(
            f"种子应在 0 与 {_SEEDS - 1} 之间。", f"The seed must be within 0 and {_SEEDS - 1}."
        )
    with threadpool_limits(1):
        labels, terms = _BY_NAME[method](space, parameters, k, seed)
    return _by_size(labels, terms, least=parameters.result.min_cluster_skills)


def check_k(space: Space, k: int, parameters: Parameters) -> None:
    """Raise ParameterError unless k clusters of the least size may stand in the space."""
    count, least = len(space.skills), 2 * parameters.result.min_cluster_skills
    if count < least:
        raise ParameterError(
            f"只有 {count} 项技能被足够多的招聘信息提到，至少要 {least} 项才能分组；请扩大范围。",
            f"Only {count} skills are named by enough postings; grouping takes {least}. Widen the scope.",
        )
    most = count // parameters.result.min_cluster_skills
    if not 2 <= k <= most:
        raise ParameterError(
            f"k = {k} 不可用：{count} 项技能可分为 2 至 {most} 组。",
            f"k = {k} can not be used: {count} skills make 2 to {most} clusters.",
        )


def _by_size(labels: Integers, terms: tuple[tuple[Term, ...], ...], *, least: int) -> Clustering:
    sizes = np.bincount(labels[labels >= 0], minlength=1)
    kept = [int(at) for at in np.argsort(-sizes, kind="stable") if sizes[at] >= least]
    renamed = np.full(len(sizes) + 1, -1)
    renamed[kept] = np.arange(len(kept))
    return Clustering(renamed[labels], tuple(terms[at] for at in kept) if terms else ())


def _without_terms(
    labels: Callable[[Space, Parameters, int, int], Integers],
) -> Callable[[Space, Parameters, int, int], Found]:
    return lambda space, parameters, k, seed: (labels(space, parameters, k, seed), ())


_BY_NAME: dict[Method, Callable[[Space, Parameters, int, int], Found]] = {
    "lda": topic_labels,
    "lda-skills": _without_terms(skill_topic_labels),
    "w2v-kmeans": _without_terms(vector_labels),
    "graph": _without_terms(graph_labels),
    "nmf": _without_terms(nmf_labels),
}
