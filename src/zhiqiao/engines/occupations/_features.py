"""Candidates of a title and what speaks for each: lexical evidence, known titles, and how it compares with the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhiqiao.engines.occupations._known import KNOWN, Known
from zhiqiao.engines.occupations._lexical import LEXICAL, Lexicon
from zhiqiao.engines.occupations._ranking import Candidates
from zhiqiao.engines.occupations._values import Occupation

__all__ = ["Features"]

#: How many candidates each kind of evidence brings.
_BRINGS = {
    "ridge": 12,
    "nearest": 6,
    "alias_grams": 6,
    "alias_core_grams": 6,
    "contained": 4,
    "document_words": 4,
    "name_characters": 8,
    "name_rare_characters": 4,
    "alias_characters": 4,
}


class Features:
    """Joins the two kinds of evidence."""

    def __init__(self, entries: Sequence[Occupation], lexicon: Lexicon, known: Known) -> None:
        self.lexicon = lexicon
        self._known = known
        self._level = np.eye(5, dtype=np.float32)[[min(4, max(0, entry.level)) for entry in entries]][:, 1:]

    def candidates(self, folded: Sequence[str]) -> Candidates:
        """Return the candidates of new titles."""
        return self._joined(self._known.evidence(folded), self.lexicon.evidence(folded))

    def training_candidates(self, folded: Sequence[str], without: Sequence[np.ndarray]) -> Candidates:
        """Return the candidates of the known titles, each seen without itself (`Known.learn`)."""
        return self._joined(without, self.lexicon.evidence(folded))

    def _joined(self, known: Sequence[np.ndarray], lexical: Sequence[np.ndarray]) -> Candidates:
        evidence = dict(zip((*KNOWN, *LEXICAL), (*known, *lexical), strict=True))
        chosen = np.zeros(known[0].shape, bool)
        for name, wanted in _BRINGS.items():
            count = min(wanted, self.lexicon.size)
            best = np.argpartition(-evidence[name], count - 1, axis=1)[:, :count]
            np.put_along_axis(chosen, best, values=True, axis=1)
        rows, entries = np.nonzero(chosen)
        starts = np.searchsorted(rows, np.arange(len(chosen) + 1))
        own = np.stack([matrix[rows, entries] for matrix in evidence.values()], axis=1).astype(np.float32)
        best_of = np.maximum.reduceat(own, starts[:-1])[rows]
        features = np.hstack([own, own - best_of, best_of, self._level[entries]])
        return Candidates(features, entries, starts)
