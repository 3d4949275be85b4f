"""Word2Vec (gensim) over words with skills as tokens, then K-means (scikit-learn) over the vectors of skills."""

from __future__ import annotations

import zlib

import numpy as np

from zhiqiao.engines.competency._parameters import Parameters
from zhiqiao.engines.competency._space import Integers, Space

__all__ = ["vector_labels"]

_SKILL = "§"  # no word holds it: a word begins with a letter


def vector_labels(space: Space, parameters: Parameters, k: int, seed: int) -> Integers:
    """Group skills by the direction of their vectors (T. Mikolov et al., 2013, skip-gram; S. Lloyd, 1982)."""
    from gensim.models import Word2Vec
    from sklearn.cluster import KMeans

    wanted = parameters.w2v
    sentences = [
        [f"{_SKILL}{token}" if isinstance(token, int) else token for token in space.corpus.mixed[at]]
        for at in space.fitted
    ]
    model = Word2Vec(
        sentences,
        vector_size=wanted.size,
        window=wanted.window,
        epochs=wanted.epochs,
        negative=wanted.negative,
        min_count=1,
        max_final_vocab=None,
        sg=1,
        seed=seed,
        workers=1,  # two would race for the weights
        hashfxn=_stable_hash,
    )
    vectors = np.array([model.wv[f"{_SKILL}{skill}"] for skill in space.skills], dtype=np.float64)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    found = KMeans(k, n_init=wanted.starts, random_state=seed).fit(vectors)
    return np.asarray(found.labels_, dtype=np.int64)


def _stable_hash(word: str) -> int:
    """Stand in for `hash`, which differs from process to process."""
    return zlib.crc32(word.encode())
