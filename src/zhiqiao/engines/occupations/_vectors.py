"""Sparse text vectors that need no library but SciPy: counts over a vocabulary, weighted and brought to length one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import scipy.sparse as sparse

__all__ = ["Space", "counted", "maximum_by_group"]

Analyser = Callable[[str], Iterable[str]]


def counted(texts: Sequence[str], analyse: Analyser, vocabulary: dict[str, int], *, grow: bool) -> sparse.csr_matrix:
    """Return documents × terms with counts; unknown terms are left out unless the vocabulary may grow."""
    indices: list[int] = []
    data: list[int] = []
    starts = [0]
    for text in texts:
        counts = Counter(analyse(text))
        for term, count in counts.items():
            at = vocabulary.setdefault(term, len(vocabulary)) if grow else vocabulary.get(term, -1)
            if at >= 0:
                indices.append(at)
                data.append(count)
        starts.append(len(indices))
    shape = (len(texts), max(1, len(vocabulary)))
    return sparse.csr_matrix((np.array(data, np.float32), np.array(indices, np.int32), np.array(starts)), shape)


class Space:
    """A vector space learnt from documents: (1 + ln count) × (1 + ln((1 + n) / (1 + df))), length one.

    The weights are those of Salton and Buckley (1988), with smoothed inverse document frequency.
    """

    def __init__(self, texts: Sequence[str], analyse: Analyser, *, inverse_frequency: bool = True) -> None:
        self._analyse = analyse
        self._vocabulary: dict[str, int] = {}
        counts = counted(texts, analyse, self._vocabulary, grow=True)
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log((1 + len(texts)) / (1 + frequency)) + 1
        self._weights = (rarity if inverse_frequency else np.ones(len(frequency))).astype(np.float32)
        self.documents = self._weighted(counts)
        self.columns = self.documents.T.tocsr()

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the vectors of other texts."""
        return self._weighted(counted(texts, self._analyse, self._vocabulary, grow=False))

    def _weighted(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        counts.data = (1 + np.log(counts.data)) * self._weights[counts.indices]
        squares = np.asarray(counts.multiply(counts).sum(axis=1)).ravel()
        lengths = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
        counts.data /= np.repeat(lengths, np.diff(counts.indptr))
        return counts


def maximum_by_group(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the maximum over each run of neighbouring columns; every group has one column at least."""
    return np.maximum.reduceat(values, starts, axis=1)
