"""Titles and entries in few dimensions, so that words that occur in the same occupations count as near."""

from __future__ import annotations

import numpy as np
import scipy  # its parts are loaded when first asked for

from zhiqiao.engines.occupations._forms import Form, Forms
from zhiqiao.engines.occupations._vectors import Space, unit_rows

__all__ = ["Meaning"]

_DIMENSIONS = 150


class Meaning:
    """Latent semantic analysis (Deerwester et al., 1990) of the classification's texts; no titles are needed."""

    def __init__(self, documents: Form) -> None:
        self._space = Space(documents.grams)
        vectors = self._space.documents
        size = vectors.shape[0]
        shared = (vectors @ vectors.T).toarray().astype(np.float64)
        kept = (max(0, size - _DIMENSIONS), size - 1)
        strength, axes = scipy.linalg.eigh(shared, subset_by_index=kept, check_finite=False)
        scaled = axes / np.sqrt(np.maximum(strength, 1e-9))
        self._axes = np.asarray(vectors.T @ scaled, np.float32)
        self._entries = unit_rows(vectors @ self._axes).T

    def of(self, titles: Forms) -> np.ndarray:
        """Return titles × dimensions, rows of length one."""
        return unit_rows(self._space.of(titles.core.grams) @ self._axes)

    def similar(self, titles: Forms) -> np.ndarray:
        """Return titles × entries: the cosine."""
        return np.asarray(self.of(titles) @ self._entries)
