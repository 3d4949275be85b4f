"""What labelled titles say: kernel ridge regression and nearest neighbours over character and word vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy  # its parts are loaded when first asked for
from scipy import sparse

from zhiqiao.engines.occupations._forms import Forms
from zhiqiao.engines.occupations._meaning import Meaning
from zhiqiao.engines.occupations._vectors import Bags, GroupMaxima, Space

__all__ = ["KNOWN", "Known", "parents"]

_NOISE, _MEANING_NOISE = 0.3, 0.5
_NEIGHBOURS = 20
#: The kinds of evidence, in the order of the matrices that `evidence` gives.
KNOWN = (
    "ridge",
    "nearest",
    "vote",
    "prior",
    "seen",
    "ridge_major",
    "ridge_middle",
    "ridge_minor",
    "ridge_of_meaning",
)


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
        meaning: Meaning,
        weights: np.ndarray | None = None,
    ) -> None:
        self.labels = labels
        self._parents = parents(codes)
        self._groups = [_indicator(group) for group in self._parents]
        self._count = np.bincount(labels, minlength=len(codes)).astype(np.float32)
        self.seen = np.flatnonzero(self._count)
        self._column = np.zeros(len(codes), np.int64)
        self._column[self.seen] = np.arange(len(self.seen))
        self._best = GroupMaxima(self._column[labels])
        cut = Forms(folded)
        self._spaces = [Space(bags) for bags in _bags(cut)]
        self._own = sparse.hstack([space.documents for space in self._spaces]).tocsr() / 2
        self._columns = self._own.T.tocsr()
        self._meaning = meaning
        self._meanings = meaning.of(cut)
        nothing = np.zeros((2, len(labels), len(self.seen)), np.float32)
        self.weights = nothing if weights is None else weights

    def learn(self) -> list[np.ndarray]:
        """Fit the ridge and return the evidence of each known title as if it were not known itself.

        The leave-one-out prediction of a linear smoother is y − alpha / diagonal(G⁻¹) (Cawley and Talbot, 2003).
        """
        similarity = (self._own @ self._columns).toarray()
        targets = np.zeros((len(self.labels), len(self.seen)))
        targets[np.arange(len(self.labels)), self._column[self.labels]] = 1
        near = _smoothed(_kernel(similarity), targets, noise=_NOISE)
        meant = _smoothed(
            _kernel_of_meanings(self._meanings @ self._meanings.T), targets, noise=_MEANING_NOISE
        )
        self.weights = np.stack([near[0], meant[0]])
        similarity[np.diag_indices_from(similarity)] = -1
        counts = np.tile(self._count, (len(self.labels), 1))
        counts[np.arange(len(self.labels)), self.labels] -= 1
        return self._gathered(similarity, (near[1], meant[1]), counts)

    def evidence(self, titles: Forms) -> list[np.ndarray]:
        """Return titles × entries for each kind of `KNOWN`."""
        similarity = self.similarity(titles)
        meant = _kernel_of_meanings(self._meaning.of(titles) @ self._meanings.T)
        ridges = (_kernel(similarity) @ self.weights[0], meant @ self.weights[1])
        return self._gathered(similarity, ridges, self._count[None, :])

    def similarity(self, titles: Forms) -> np.ndarray:
        """Return titles × known titles, 0–1."""
        points = [space.of(bags) for space, bags in zip(self._spaces, _bags(titles), strict=True)]
        return np.asarray((sparse.hstack(points).tocsr() / 2 @ self._columns).toarray())

    def _gathered(
        self, similarity: np.ndarray, ridges: tuple[np.ndarray, np.ndarray], counts: np.ndarray
    ) -> list[np.ndarray]:
        scores, meant = (self._spread(ridge) for ridge in ridges)
        nearest = self._spread(np.maximum(self._best.of(similarity[:, self._best.order]), 0))
        positive = np.maximum(scores, 0)
        sums = [(positive @ group)[:, at] for group, at in zip(self._groups, self._parents, strict=True)]
        seen = np.broadcast_to((counts > 0).astype(np.float32), scores.shape)
        prior = np.broadcast_to(np.log(counts + 0.5) / 3, scores.shape)
        return [scores, nearest, self._vote(similarity), prior, seen, *sums, meant]

    def _spread(self, values: np.ndarray) -> np.ndarray:
        """Put columns of the codes seen at their place among all."""
        spread = np.zeros((len(values), len(self._count)), np.float32)
        spread[:, self.seen] = values
        return spread

    def _vote(self, similarity: np.ndarray) -> np.ndarray:
        near = min(_NEIGHBOURS, similarity.shape[1])
        best = np.argpartition(-similarity, near - 1, axis=1)[:, :near]
        weight = np.maximum(np.take_along_axis(similarity, best, axis=1), 0) ** 2
        votes = np.zeros((len(similarity), len(self._count)), np.float32)
        np.add.at(votes, (np.arange(len(similarity))[:, None], self.labels[best]), weight)
        return np.asarray(votes / (votes.sum(axis=1, keepdims=True) + 1e-6))


def _bags(titles: Forms) -> list[Bags]:
    return [titles.whole.grams, titles.core.grams, titles.whole.words, titles.core.words]


def _smoothed(kernel: np.ndarray, targets: np.ndarray, *, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights of a kernel ridge regression, and what it says of each title without that title."""
    regular = kernel.astype(np.float64)
    regular[np.diag_indices_from(regular)] += noise
    inverse = scipy.linalg.inv(regular, overwrite_a=True, check_finite=False)
    weights = inverse @ targets
    without = targets - weights / np.diag(inverse)[:, None]
    return weights.astype(np.float32), without.astype(np.float32)


def _kernel_of_meanings(cosine: np.ndarray) -> np.ndarray:
    """Return a narrower Gaussian kernel, exp(−|a − b|²): meanings lie closer together than spellings."""
    return np.asarray(np.exp(2 * (cosine - 1)))


def _kernel(similarity: np.ndarray) -> np.ndarray:
    """Return the Gaussian kernel of unit vectors, exp(−|a − b|² / 2)."""
    return np.asarray(np.exp(similarity - 1))


def _indicator(group: np.ndarray) -> sparse.csr_matrix:
    size = len(group)
    return sparse.csr_matrix((np.ones(size, np.float32), (np.arange(size), group)))
