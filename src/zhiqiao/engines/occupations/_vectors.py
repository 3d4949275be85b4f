"""Sparse text vectors that need no library but SciPy: counts over a vocabulary, weighted and brought to length one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

import numpy as np
from scipy import sparse
from threadpoolctl import ThreadpoolController

__all__ = ["Bags", "GroupMaxima", "Space", "one_thread", "unit_rows"]

_SHORT = 300

Analyser = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Bags:
    """Texts cut into terms once, for all the spaces that look at them: per text its distinct terms and counts."""

    terms: Sequence[str]
    columns: np.ndarray
    """For each distinct term of each text, text by text, its place in `terms`."""
    counts: np.ndarray
    starts: np.ndarray
    """Where each text begins in `columns`, and the length of that."""

    @classmethod
    def of(cls, texts: Sequence[str], analyse: Analyser) -> Bags:
        """Cut texts; terms stand in the order they first occur in."""
        places: dict[str, int] = {}
        columns: list[int] = []
        counts: list[int] = []
        starts = [0]
        for text in texts:
            found = _counts(analyse, text) if len(text) <= _SHORT else Counter(analyse(text))
            columns.extend([places.setdefault(term, len(places)) for term in found])
            counts.extend(found.values())
            starts.append(len(columns))
        return cls(
            list(places),
            np.array(columns, np.int32),
            np.array(counts, np.float32),
            np.array(starts, np.int32),
        )

    @property
    def sizes(self) -> np.ndarray:
        """Return the number of distinct terms of each text, at least 1, as a column."""
        return np.maximum(1, np.diff(self.starts)).astype(np.float32)[:, None]

    def of_length(self, shortest: int, longest: int) -> Bags:
        """Keep the terms of these lengths."""
        wanted = np.array([shortest <= len(term) <= longest for term in self.terms], bool)
        kept = self._kept(wanted)
        terms = [term for term, keep in zip(self.terms, wanted.tolist(), strict=True) if keep]
        return replace(kept, terms=terms, columns=(np.cumsum(wanted, dtype=np.int32) - 1)[kept.columns])

    def once(self) -> Bags:
        """Count every term once."""
        return replace(self, counts=np.ones_like(self.counts))

    def over(self, vocabulary: dict[str, int]) -> tuple[sparse.csr_matrix, np.ndarray]:
        """Return texts × vocabulary with counts, and how many terms of each text the vocabulary lacks."""
        places = np.array([vocabulary.get(term, -1) for term in self.terms], np.int32)
        known = self._kept(places >= 0)
        shape = (len(self.starts) - 1, max(1, len(vocabulary)))
        matrix = sparse.csr_matrix((known.counts, places[known.columns], known.starts), shape)
        return matrix, (np.diff(self.starts) - np.diff(known.starts)).astype(np.float32)

    def _kept(self, wanted: np.ndarray) -> Bags:
        inside = wanted[self.columns] if len(wanted) else np.zeros(0, bool)
        before = np.concatenate([[0], np.cumsum(inside)]).astype(np.int32)
        return Bags(self.terms, self.columns[inside], self.counts[inside], before[self.starts])


@lru_cache(maxsize=8192)
def _counts(analyse: Analyser, text: str) -> Counter[str]:
    return Counter(analyse(text))


class Space:
    """A vector space learnt from documents: (1 + ln count) × (1 + ln((1 + n) / (1 + df))), length one.

    The weights are those of Salton and Buckley (1988), with smoothed inverse document frequency. Terms that no
    document has make a vector longer: otherwise a new title would look nearer to the known ones than they are to
    each other, and the scores would promise too much.
    """

    def __init__(self, documents: Bags, *, inverse_frequency: bool = True) -> None:
        used = dict.fromkeys(documents.columns.tolist())
        self._vocabulary = {documents.terms[at]: place for place, at in enumerate(used)}
        counts, unknown = documents.over(self._vocabulary)
        size = counts.shape[0]
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log((1 + size) / (1 + frequency)) + 1
        self._weights = (rarity if inverse_frequency else np.ones(len(frequency))).astype(np.float32)
        self._unknown_weight = float(np.log((1 + size) / 2) + 1) if inverse_frequency else 1.0
        self.documents = self._weighted(counts, unknown)
        self.columns = self.documents.T.tocsr()

    def of(self, texts: Bags) -> sparse.csr_matrix:
        """Return the vectors of other texts."""
        return self._weighted(*texts.over(self._vocabulary))

    def similar(self, texts: Bags) -> np.ndarray:
        """Return texts × documents: the cosine."""
        return np.asarray((self.of(texts) @ self.columns).toarray())

    def _weighted(self, counts: sparse.csr_matrix, unknown: np.ndarray) -> sparse.csr_matrix:
        data = (1 + np.log(counts.data)) * self._weights[counts.indices]
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        squares = np.bincount(rows, data * data, minlength=counts.shape[0])
        lengths = np.sqrt(np.maximum(squares + unknown * self._unknown_weight**2, 1e-12)).astype(np.float32)
        counts.data = data / lengths[rows]
        return counts


class GroupMaxima:
    """Maxima over groups of columns, for columns in the order of `order`.

    The first members of all groups stand together, then the second ones, and so on, the largest groups in front:
    so a maximum is a few long passes and not one short run for each group.
    """

    def __init__(self, groups: np.ndarray) -> None:
        """`groups` is the group of each column, numbered from 0; every group has one column at least."""
        sizes = np.bincount(groups)
        self._by_size = np.argsort(-sizes, kind="stable")
        place = np.argsort(self._by_size)
        together = np.argsort(groups, kind="stable")
        firsts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        member = np.empty(len(groups), np.int64)
        member[together] = np.arange(len(groups)) - firsts[groups[together]]
        self.order = np.lexsort((place[groups], member))
        self._ends = np.cumsum(np.bincount(member))
        self._back = place

    def of(self, values: np.ndarray) -> np.ndarray:
        """Return rows × groups."""
        best = values[:, : self._ends[0]].copy()
        for start, end in zip(self._ends[:-1], self._ends[1:], strict=True):
            part = best[:, : end - start]
            np.maximum(part, values[:, start:end], out=part)
        return np.asarray(best[:, self._back])


def unit_rows(matrix: np.ndarray) -> np.ndarray:
    """Bring rows to length one; a row of zeros stays."""
    return np.asarray(matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-6))


def one_thread() -> AbstractContextManager[object]:
    """Keep matrix products on one thread: small ones are slower on two, and sums keep their order."""
    return cast("AbstractContextManager[object]", _controller().limit(limits=1))


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
