"""How good a grouping is: coherence on held-out postings, silhouette, modularity, agreement of two groupings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any  # Any: sparse matrices of scipy

import numpy as np

from zhiqiao.engines.competency._space import Floats, Integers, Space

__all__ = ["agreement", "coherence", "mean_agreement", "modularity", "ranked", "silhouette"]


def coherence(documents: Any, terms: Sequence[int]) -> float | None:
    """Return the mean normalised pointwise mutual information of all pairs of some columns of documents × terms.

    NPMI(a, b) = log(p(a, b) / (p(a) p(b))) / -log p(a, b) (G. Bouma, Normalized (pointwise) mutual information in
    collocation extraction, 2009), p being shares of documents; a pair never seen together counts -1, its limit. The
    mean over pairs of a topic's top terms is C_NPMI of M. Röder et al., Exploring the space of topic coherence
    measures, WSDM 2015, here with whole documents in place of a sliding window. None for fewer than two terms or no
    document.
    """
    total = documents.shape[0]
    if len(terms) < 2 or total == 0:
        return None
    own = documents[:, list(terms)].toarray().astype(np.float64)
    shares: Floats = own.T @ own / total
    single = np.diag(shares)
    rows, columns = np.triu_indices(len(terms), 1)
    both, apart = shares[rows, columns], single[rows] * single[columns]
    values = np.full(len(both), -1.0)
    values[both == 1] = 0.0  # both in every document: nothing is learnt from one about the other
    some = (both > 0) & (both < 1)
    values[some] = np.log(both[some] / apart[some]) / -np.log(both[some])
    return float(values.mean())


def ranked(space: Space, labels: Integers) -> list[tuple[Integers, Floats]]:
    """Return the skills of each cluster, the most typical first, with their weights.

    The weight is the skill's part of the cluster's modularity: by how much of all postings it stands together with the
    cluster's other skills more often than chance would give (M. Newman, 2006, for counts of postings). One ranking
    for all methods: their scores then differ by how they group alone.
    """
    found = []
    for cluster in range(int(labels.max(initial=-1)) + 1):
        members = np.flatnonzero(labels == cluster)
        weights: Floats = space.excess[np.ix_(members, members)].sum(axis=1)
        order = np.argsort(-weights, kind="stable")
        found.append((members[order], weights[order]))
    return found


def silhouette(space: Space, labels: Integers, *, smoothing: float) -> float | None:
    """Return the mean silhouette (P. Rousseeuw, 1987) of grouped skills by cosine of their associations; -1 to 1.

    None where fewer than two clusters stand.
    """
    from sklearn.metrics import silhouette_score

    grouped = labels >= 0
    if not 2 <= len(np.unique(labels[grouped])) < grouped.sum():
        return None
    rows = space.association(smoothing)[grouped] + np.eye(len(labels))[grouped]
    return float(silhouette_score(rows, labels[grouped], metric="cosine"))


def modularity(edges: Floats, labels: Integers) -> float:
    """Return the modularity (M. Newman, 2006) of a grouping of a weighted graph; ungrouped nodes stand alone."""
    weight = edges.sum()
    if weight == 0:
        return 0.0
    degrees = edges.sum(axis=1)
    total = 0.0
    for cluster in np.unique(labels[labels >= 0]):
        own = labels == cluster
        total += edges[np.ix_(own, own)].sum() / weight - (degrees[own].sum() / weight) ** 2
    alone = labels < 0
    return float(total - ((degrees[alone] / weight) ** 2).sum())


def agreement(first: Integers, second: Integers) -> float:
    """Return the adjusted Rand index (L. Hubert and P. Arabie, 1985) of two groupings; the ungrouped are one group."""
    from sklearn.metrics import adjusted_rand_score

    return float(adjusted_rand_score(first, second))


def mean_agreement(groupings: Sequence[Integers]) -> float | None:
    """Return the mean adjusted Rand index of all pairs of groupings of the same skills; None for fewer than two."""
    pairs = [agreement(a, b) for at, a in enumerate(groupings) for b in groupings[:at]]
    return float(np.mean(pairs)) if pairs else None
