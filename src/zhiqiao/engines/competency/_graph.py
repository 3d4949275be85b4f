"""Communities in the graph of skills that postings name together, and what many starts agree on."""

from __future__ import annotations

import math
from typing import Any  # Any: a graph of networkx

import numpy as np

from zhiqiao.engines.competency._errors import ParameterError
from zhiqiao.engines.competency._parameters import Parameters
from zhiqiao.engines.competency._space import Floats, Integers, Space

__all__ = ["edges_of", "graph_labels"]

_HALVINGS = 8
_RESOLUTIONS = (0.05, 20.0)
_SEEDS = 2**31


def edges_of(space: Space, parameters: Parameters) -> Floats:
    """Return the weights of the graph: each skill with its nearest by association, either way."""
    wanted = parameters.graph
    near = space.association(wanted.smoothing)
    order = np.argsort(-near, axis=1, kind="stable")[:, : wanted.neighbours]
    rows = np.arange(len(near))[:, None]
    kept: Floats = np.zeros_like(near)
    kept[rows, order] = near[rows, order]
    return np.maximum(kept, kept.T)


def graph_labels(space: Space, parameters: Parameters, k: int, seed: int) -> Integers:
    """Group skills by consensus of communities (A. Lancichinetti and S. Fortunato, 2012) of Louvain (V. Blondel, 2008).

    Communities are found from many starts at resolutions around the one that gives k; skills that share a community in
    most runs are joined by average linkage, which is cut where k clusters of the least size or more stand.
    """
    import networkx as nx

    wanted = parameters.graph
    graph = nx.from_numpy_array(edges_of(space, parameters))
    random = np.random.default_rng(seed)
    least = parameters.result.min_cluster_skills
    base = _resolution(graph, k, least=least, random=random)
    low, high = wanted.resolutions
    agreed: Floats = np.zeros((len(graph), len(graph)))
    for factor in np.linspace(low, high, wanted.runs):
        labels = _communities(graph, base * float(factor), random)
        agreed += labels[:, None] == labels
    return _cut(agreed / wanted.runs, k, least=least)


def _resolution(graph: Any, k: int, *, least: int, random: np.random.Generator) -> float:
    """Return the resolution that gave nearest to k communities of the least size, by halving.

    Too fine a graph falls apart into communities below the least size, so all with two skills or more tell whether to
    go up or down.
    """
    low, high = _RESOLUTIONS
    tried: list[tuple[int, float]] = []
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        sizes = np.bincount(_communities(graph, middle, random))
        tried.append((abs(int((sizes >= least).sum()) - k), middle))
        low, high = (middle, high) if (sizes >= least).sum() < k and (sizes > 1).sum() <= k else (low, middle)
    return min(tried)[1]


def _communities(graph: Any, resolution: float, random: np.random.Generator) -> Integers:
    import networkx as nx

    start = int(random.integers(_SEEDS))
    labels: Integers = np.empty(len(graph), dtype=np.int64)
    for number, own in enumerate(nx.community.louvain_communities(graph, resolution=resolution, seed=start)):
        labels[list(own)] = number
    return labels


def _cut(agreed: Floats, k: int, *, least: int) -> Integers:
    from scipy.cluster.hierarchy import cut_tree, linkage
    from scipy.spatial.distance import squareform

    apart = 1 - agreed
    np.fill_diagonal(apart, 0)
    tree = linkage(squareform(apart, checks=False), "average")
    # One more part splits one cluster, so the first cut with k large ones has no more than k of them.
    for wanted in range(k, len(agreed) + 1):
        labels: Integers = cut_tree(tree, wanted)[:, 0].astype(np.int64)
        large = np.flatnonzero(np.bincount(labels) >= least)
        if len(large) >= k:
            return np.where(np.isin(labels, large), labels, -1)
    raise ParameterError(
        f"k = {k} 过大：技能之间的联系不足以形成 {k} 个至少 {least} 项技能的组。",
        f"k = {k} is too large: the skills' ties do not make {k} clusters of {least} skills or more.",
    )
