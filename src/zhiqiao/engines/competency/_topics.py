"""Topics: latent Dirichlet allocation over words or over skills (gensim), and NMF over skills (scikit-learn)."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple  # Any: models of gensim and sparse matrices of scipy

import numpy as np
from scipy import sparse

from zhiqiao.engines.competency._parameters import Parameters
from zhiqiao.engines.competency._space import Floats, Integers, Space

__all__ = ["Term", "nmf_labels", "skill_topic_labels", "topic_labels", "word_documents", "word_numbers"]

Bags = Sequence[Sequence[tuple[int, int]]]


class Term(NamedTuple):
    """A word of a topic and its probability in it."""

    word: str
    weight: float


def topic_labels(
    space: Space, parameters: Parameters, k: int, seed: int
) -> tuple[Integers, tuple[tuple[Term, ...], ...]]:
    """Fit LDA over the words of duties and requirements (D. Blei et al., 2003; M. Hoffman et al., 2010).

    A skill belongs to the topic that its postings hold most of, compared with what all postings hold of that topic.
    """
    numbers = word_numbers(space, parameters)
    bags = [
        sorted(Counter(numbers[word] for word in space.corpus.words[at] if word in numbers).items())
        for at in space.fitted
    ]
    model = _lda(bags, tuple(numbers), k, seed, parameters)
    shares = _shares(model, bags)
    names = list(numbers)
    terms = tuple(
        tuple(
            Term(names[at], float(row[at])) for at in np.argsort(-row, kind="stable")[: parameters.result.top]
        )
        for row in model.get_topics()
    )
    return _relative(
        np.asarray(space.postings.T @ shares) / space.counts[:, None], shares.mean(axis=0)
    ), terms


def skill_topic_labels(space: Space, parameters: Parameters, k: int, seed: int) -> Integers:
    """Fit LDA over skills in place of words: the same model on the vocabulary of the other methods."""
    place = {int(skill): at for at, skill in enumerate(space.skills)}
    bags = [
        sorted(
            Counter(
                place[mention.skill] for mention in space.corpus.mentions[at] if mention.skill in place
            ).items()
        )
        for at in space.fitted
    ]
    model = _lda(bags, tuple(map(str, range(len(place)))), k, seed, parameters)
    shares = _shares(model, bags)
    return _relative(np.asarray(space.postings.T @ shares) / space.counts[:, None], shares.mean(axis=0))


def nmf_labels(space: Space, parameters: Parameters, k: int, seed: int) -> Integers:
    """Factor postings × skills, weighted by inverse document frequency (D. Lee and S. Seung, 1999).

    A skill belongs to the component that holds the largest share of it, components scaled to a sum of one.
    """
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    weights = np.log(space.postings.shape[0] / space.counts)
    weighted = space.postings @ sparse.diags(weights)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the last digits of a factor change no label
        model = NMF(k, init="random", random_state=seed, max_iter=parameters.nmf.iterations).fit(weighted)
    parts: Floats = model.components_ / np.maximum(model.components_.sum(axis=1, keepdims=True), 1e-12)
    labels: Integers = np.argmax(parts, axis=0)
    labels[parts.sum(axis=0) == 0] = -1
    return labels


def word_numbers(space: Space, parameters: Parameters) -> dict[str, int]:
    """Number the words of the fitted postings that are neither rare nor in most of them, in order."""
    counts = Counter(word for at in space.fitted for word in set(space.corpus.words[at]))
    wanted = parameters.corpus
    most = wanted.max_word_share * len(space.fitted)
    kept = sorted(word for word, count in counts.items() if wanted.min_word_postings <= count <= most)
    return {word: at for at, word in enumerate(kept)}


def word_documents(space: Space, numbers: dict[str, int]) -> Any:
    """Return held-out postings × words as 0 or 1, to score topics over words with."""
    own = [sorted({numbers[word] for word in space.corpus.words[at] if word in numbers}) for at in space.held]
    columns = [column for row in own for column in row]
    starts = np.cumsum([0, *map(len, own)])
    return sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(own), len(numbers)))


def _lda(bags: Bags, names: Sequence[str], k: int, seed: int, parameters: Parameters) -> Any:
    from gensim.models import LdaModel

    wanted = parameters.lda
    return LdaModel(
        bags,
        num_topics=k,
        id2word=dict(enumerate(names)),
        passes=wanted.passes,
        iterations=wanted.iterations,
        chunksize=wanted.chunk_size,
        decay=wanted.decay,
        alpha=wanted.alpha,
        eta=wanted.eta,
        eval_every=None,
        dtype=np.float64,
        random_state=seed,
    )


def _shares(model: Any, bags: Bags) -> Floats:
    found, _ = model.inference(bags)
    return np.asarray(found / found.sum(axis=1, keepdims=True), dtype=np.float64)


def _relative(shares: Floats, everywhere: Floats) -> Integers:
    return np.asarray(np.argmax(shares / np.maximum(everywhere, 1e-12), axis=1), dtype=np.int64)
