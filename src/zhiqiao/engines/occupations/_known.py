"""What labelled titles say: kernel ridge regression and nearest neighbours over character and word vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.linalg
from scipy import sparse

from zhiqiao.engines.occupations._text import core_title, title_grams, words
from zhiqiao.engines.occupations._vectors import Space

__all__ = ["KNOWN", "Known", "parents"]

_NOISE = 0.3
_NEIGHBOURS = 20
#: The kinds of evidence, in the order of the matrices that `evidence` gives.
KNOWN = ("ridge", "nearest", "vote", "prior", "seen", "ridge_major", "ridge_middle", "ridge_minor")


def parents(codes: Sequence[str]) -> list[np.ndarray]:
    """Return for one, two and three parts of the codes (2-02-10) the group of each entry."""
    return [
        np.unique(["-".join(code.split("-")[:parts]) for code in codes], return_inverse=True)[1]
        for parts in (1, 2, 3)
    ]


class Known:
    """Labelled titles as points; `weights` (alpha of the ridge) are learnt or read from a model."""

    def __init__(
        self,
        folded: Sequence[str],
        labels: np.ndarray,
        *,
        codes: Sequence[str],
        weights: np.ndarray | None = None,
    ) -> None:
        self.labels = labels
        self._groups = [_indicator(group) for group in parents(codes)]
        self._parents = parents(codes)
        self._count = np.bincount(labels, minlength=len(codes)).astype(np.float32)
        self.seen = np.flatnonzero(self._count)
        self._column = np.zeros(len(codes), np.int64)
        self._column[self.seen] = np.arange(len(self.seen))
        self._order = np.argsort(labels, kind="stable")
        self._starts = np.searchsorted(labels[self._order], self.seen)
        self._spaces = _title_spaces(folded)
        points = sparse.hstack([space.documents for _, space in self._spaces]).tocsr() / 2
        self._columns = points.T.tocsr()
        self.weights = weights if weights is not None else np.zeros((len(labels), len(self.seen)), np.float32)
        self._own = points

    def learn(self) -> list[np.ndarray]:
        """Fit the ridge and return the evidence of each known title as if it were not known itself.

        The leave-one-out prediction of a linear smoother is y − alpha / diagonal(G⁻¹) (Cawley and Talbot, 2003).
        """
        similarity = (self._own @ self._columns).toarray()
        kernel = _kernel(similarity).astype(np.float64)
        kernel[np.diag_indices_from(kernel)] += _NOISE
        inverse = scipy.linalg.inv(kernel, check_finite=False)
        targets = np.zeros((len(self.labels), len(self.seen)))
        targets[np.arange(len(self.labels)), self._column[self.labels]] = 1
        weights = inverse @ targets
        self.weights = weights.astype(np.float32)
        without = (targets - weights / np.diag(inverse)[:, None]).astype(np.float32)
        similarity[np.diag_indices_from(similarity)] = -1
        counts = np.tile(self._count, (len(self.labels), 1))
        counts[np.arange(len(self.labels)), self.labels] -= 1
        return self._gathered(similarity, without, counts)

    def evidence(self, folded: Sequence[str]) -> list[np.ndarray]:
        """Return titles × entries for each kind of `KNOWN`."""
        similarity = self.similarity(folded)
        counts = np.broadcast_to(self._count, (len(folded), len(self._count)))
        return self._gathered(similarity, _kernel(similarity) @ self.weights, counts)

    def similarity(self, folded: Sequence[str]) -> np.ndarray:
        """Return titles × known titles, 0–1."""
        points = sparse.hstack([space.of(_shaped(folded, core)) for core, space in self._spaces]).tocsr() / 2
        return np.asarray((points @ self._columns).toarray())

    def _gathered(self, similarity: np.ndarray, ridge: np.ndarray, counts: np.ndarray) -> list[np.ndarray]:
        rows, size = len(similarity), len(self._count)
        scores = np.zeros((rows, size), np.float32)
        scores[:, self.seen] = ridge
        nearest = np.zeros((rows, size), np.float32)
        by_label = similarity[:, self._order]
        nearest[:, self.seen] = np.maximum(np.maximum.reduceat(by_label, self._starts, axis=1), 0)
        positive = np.maximum(scores, 0)
        sums = [(positive @ group)[:, at] for group, at in zip(self._groups, self._parents, strict=True)]
        seen = (counts > 0).astype(np.float32)
        return [scores, nearest, self._vote(similarity), np.log(counts + 0.5) / 3, seen, *sums]

    def _vote(self, similarity: np.ndarray) -> np.ndarray:
        near = min(_NEIGHBOURS, similarity.shape[1])
        best = np.argpartition(-similarity, near - 1, axis=1)[:, :near]
        weight = np.maximum(np.take_along_axis(similarity, best, axis=1), 0) ** 2
        votes = np.zeros((len(similarity), len(self._count)), np.float32)
        np.add.at(votes, (np.arange(len(similarity))[:, None], self.labels[best]), weight)
        return np.asarray(votes / (votes.sum(axis=1, keepdims=True) + 1e-6))


def _title_spaces(folded: Sequence[str]) -> list[tuple[bool, Space]]:
    return [
        (core, Space(_shaped(folded, core), analyse))
        for analyse in (title_grams, words)
        for core in (False, True)
    ]


def _shaped(folded: Sequence[str], core: bool) -> Sequence[str]:
    return [core_title(text) for text in folded] if core else folded


def _kernel(similarity: np.ndarray) -> np.ndarray:
    """Return the Gaussian kernel of unit vectors, exp(−|a − b|² / 2)."""
    return np.asarray(np.exp(similarity - 1))


def _indicator(group: np.ndarray) -> sparse.csr_matrix:
    size = len(group)
    return sparse.csr_matrix((np.ones(size, np.float32), (np.arange(size), group)))
