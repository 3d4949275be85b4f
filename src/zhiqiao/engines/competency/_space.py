"""Skills by postings as numbers: counts, co-occurrence and association; what all methods and all scores share."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any  # Any: matrices of scipy, which has no types

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhiqiao.engines.competency._corpus import Corpus
from zhiqiao.engines.competency._errors import CorpusError
from zhiqiao.engines.competency._parameters import Parameters

__all__ = ["Floats", "Integers", "Space", "build_space"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Space:
    """The skills that are frequent enough, over the postings to fit on and over those held out.

    `skills` holds numbers of `Corpus.skills`; rows and columns of all matrices follow it. Matrices are 0 or 1.
    """

    corpus: Corpus
    skills: Integers
    fitted: Integers
    held: Integers
    postings: Any
    held_postings: Any

    @cached_property
    def counts(self) -> Floats:
        """In how many fitted postings each skill stands."""
        return np.asarray(self.postings.sum(axis=0), dtype=np.float64).ravel()

    @cached_property
    def together(self) -> Floats:
        """In how many fitted postings two skills stand together; zero on the diagonal."""
        both: Floats = np.asarray((self.postings.T @ self.postings).toarray(), dtype=np.float64)
        np.fill_diagonal(both, 0)
        return both

    @cached_property
    def excess(self) -> Floats:
        """How many more postings hold both skills than chance would give, as a share of all; zero on the diagonal."""
        total = max(1, self.postings.shape[0])
        more: Floats = (self.together - np.outer(self.counts, self.counts) / total) / total
        np.fill_diagonal(more, 0)
        return more

    def association(self, smoothing: float) -> Floats:
        """Return positive normalised pointwise mutual information (Bouma 2009), shrunk where the count is small.

        The logarithm's argument is multiplied by count / (count + smoothing): a pair seen twice proves little.
        """
        total = max(1, self.postings.shape[0])
        both = self.together
        expected = np.outer(self.counts, self.counts) / total
        seen = both > 0
        ratio = np.ones_like(both)
        np.divide(both * both, expected * (both + smoothing), out=ratio, where=seen)
        scale = np.ones_like(both)
        np.divide(both, total, out=scale, where=seen & (both < total))
        found: Floats = np.zeros_like(both)
        np.divide(np.log(ratio), -np.log(scale), out=found, where=scale < 1)
        return np.clip(found, 0.0, 1.0)


def build_space(corpus: Corpus, parameters: Parameters, *, only: Collection[str] | None = None) -> Space:
    """Build the space of a corpus, of `only` some skills where told; CorpusError when no two skills are left."""
    numbers = [at for at, skill in enumerate(corpus.skills) if only is None or skill.id in only]
    fitted, held = np.flatnonzero(~corpus.held_out), np.flatnonzero(corpus.held_out)
    everything = _matrix(corpus, fitted)
    counts = np.asarray(everything.sum(axis=0)).ravel()
    least = parameters.corpus.min_skill_postings
    skills = np.array([at for at in numbers if counts[at] >= least], dtype=np.int64)
    if len(skills) < 2:
        raise CorpusError(
            f"只有 {len(skills)} 项技能在至少 {least} 条岗位中出现，无法聚类；请提供更多岗位。",
            f"Only {len(skills)} skills stand in at least {least} postings, too few to group; give more postings.",
        )
    return Space(
        corpus, skills, fitted, held, everything[:, skills].tocsr(), _matrix(corpus, held)[:, skills].tocsr()
    )


def _matrix(corpus: Corpus, postings: Iterable[int]) -> Any:
    own = [corpus.skill_sets[at] for at in postings]
    columns = [skill for skills in own for skill in skills]
    starts = np.cumsum([0, *map(len, own)])
    shape = (len(own), len(corpus.skills))
    return sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=shape)
