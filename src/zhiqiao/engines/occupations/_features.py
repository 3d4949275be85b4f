"""Candidates of a title and what speaks for each: lexical evidence, known titles, and how it compares with the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhiqiao.engines.occupations._forms import Forms
from zhiqiao.engines.occupations._known import KNOWN, Known
from zhiqiao.engines.occupations._lexical import LEXICAL, Lexicon
from zhiqiao.engines.occupations._meaning import Meaning
from zhiqiao.engines.occupations._ranking import Candidates

__all__ = ["Features"]

#: How many candidates each kind of evidence brings.
_BRINGS = {
    "ridge": 12,
    "ridge_of_meaning": 6,
    "meaning": 4,
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
    """Joins the kinds of evidence."""

    def __init__(self, lexicon: Lexicon, meaning: Meaning, known: Known) -> None:
        self.lexicon, self.meaning, self.known = lexicon, meaning, known
        levels = [min(4, max(0, entry.level)) for entry in lexicon.entries]
        self._level = np.eye(5, dtype=np.float32)[levels][:, 1:]

    def candidates(self, folded: Sequence[str]) -> Candidates:
        """Return the candidates of new titles."""
        titles = Forms(folded)
        return self._joined(self.known.evidence(titles), titles)

    def training_candidates(self, folded: Sequence[str], without: Sequence[np.ndarray]) -> Candidates:
        """Return the candidates of the known titles, each seen without itself (`Known.learn`)."""
        return self._joined(without, Forms(folded))

    def _joined(self, known: Sequence[np.ndarray], titles: Forms) -> Candidates:
        matrices = (*known, *self.lexicon.evidence(titles), self.meaning.similar(titles))
        evidence = dict(zip((*KNOWN, *LEXICAL, "meaning"), matrices, strict=True))
        chosen = np.zeros(known[0].shape, bool)
        for name, wanted in _BRINGS.items():
            count = min(wanted, self.lexicon.size)
            best = np.argpartition(-evidence[name], count - 1, axis=1)[:, :count]
            np.put_along_axis(chosen, best, values=True, axis=1)
        rows, entries = np.nonzero(chosen)
        starts = np.searchsorted(rows, np.arange(len(chosen) + 1))
        own = np.stack([matrix[rows, entries] for matrix in matrices], axis=1).astype(np.float32)
        best_of = np.maximum.reduceat(own, starts[:-1])[rows]
        parts = [own, own - best_of, best_of, _places(own, rows, starts), self._level[entries]]
        return Candidates(np.hstack(parts), entries, starts)


def _places(own: np.ndarray, rows: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return for each evidence 1 / (1 + the number of the title's candidates that have more of it)."""
    at = np.arange(len(rows)) - starts[rows]
    padded = np.full((len(starts) - 1, at.max() + 1, own.shape[1]), -np.inf, np.float32)
    padded[rows, at] = own
    ahead = np.zeros(padded.shape, np.float32)
    for other in range(padded.shape[1]):
        ahead += padded[:, other : other + 1] > padded
    return np.asarray(1 / (1 + ahead[rows, at]))
