"""Sparse text vectors that need no library but SciPy: counts over a vocabulary, weighted and brought to length one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import cast

import numpy as np
from scipy import sparse
from threadpoolctl import ThreadpoolController

__all__ = ["Space", "counted", "maximum_by_group", "one_thread"]

_SHORT = 300

Analyser = Callable[[str], Iterable[str]]


def counted(
    texts: Sequence[str], analyse: Analyser, vocabulary: dict[str, int], *, grow: bool
) -> sparse.csr_matrix:
    """Return documents × terms with counts; unknown terms are left out unless the vocabulary may grow."""
    return _counted(texts, analyse, vocabulary, grow=grow)[0]


def _counted(
    texts: Sequence[str], analyse: Analyser, vocabulary: dict[str, int], *, grow: bool
) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Return also how many terms of each text are unknown."""
    indices: list[int] = []
    data: list[int] = []
    starts = [0]
    unknown = []
    for text in texts:
        counts = _counts(analyse, text) if len(text) <= _SHORT else Counter(analyse(text))
        if grow:
            found = [vocabulary.setdefault(term, len(vocabulary)) for term in counts]
            data.extend(counts.values())
        else:
            pairs = [(at, counts[term]) for term in counts if (at := vocabulary.get(term)) is not None]
            found = [at for at, _ in pairs]
            data.extend([count for _, count in pairs])
        indices.extend(found)
        unknown.append(len(counts) - len(found))
        starts.append(len(indices))
    shape = (len(texts), max(1, len(vocabulary)))
    matrix = sparse.csr_matrix(
        (np.array(data, np.float32), np.array(indices, np.int32), np.array(starts, np.int32)), shape
    )
    return matrix, np.array(unknown, np.float32)


@lru_cache(maxsize=4096)
def _counts(analyse: Analyser, text: str) -> Counter[str]:
    return Counter(analyse(text))


class Space:
    """A vector space learnt from documents: (1 + ln count) × (1 + ln((1 + n) / (1 + df))), length one.

    The weights are those of Salton and Buckley (1988), with smoothed inverse document frequency. Terms that no
    document has make a vector longer: otherwise a new title would look nearer to the known ones than they are to
    each other, and the scores would promise too much.
    """

    def __init__(self, texts: Sequence[str], analyse: Analyser, *, inverse_frequency: bool = True) -> None:
        self._analyse = analyse
        self._vocabulary: dict[str, int] = {}
        counts, unknown = _counted(texts, analyse, self._vocabulary, grow=True)
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log((1 + len(texts)) / (1 + frequency)) + 1
        self._weights = (rarity if inverse_frequency else np.ones(len(frequency))).astype(np.float32)
        self._unknown_weight = float(np.log((1 + len(texts)) / 2) + 1) if inverse_frequency else 1.0
        self.documents = self._weighted(counts, unknown)
        self.columns = self.documents.T.tocsr()

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the vectors of other texts."""
        return self._weighted(*_counted(texts, self._analyse, self._vocabulary, grow=False))

    def _weighted(self, counts: sparse.csr_matrix, unknown: np.ndarray) -> sparse.csr_matrix:
        counts.data = (1 + np.log(counts.data)) * self._weights[counts.indices]
        squares = np.asarray(counts.multiply(counts).sum(axis=1)).ravel() + unknown * self._unknown_weight**2
        lengths = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
        counts.data /= np.repeat(lengths, np.diff(counts.indptr))
        return counts


def maximum_by_group(values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the maximum over each run of neighbouring columns; every group has one column at least."""
    return np.asarray(np.maximum.reduceat(values, starts, axis=1))


def one_thread() -> AbstractContextManager[object]:
    """Keep matrix products on one thread: small ones are slower on two, and sums keep their order."""
    return cast("AbstractContextManager[object]", _controller().limit(limits=1))


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
