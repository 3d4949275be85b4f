"""What the words of the classification say about a title: nothing here is learnt from labelled titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from zhiqiao.engines.occupations._text import (
    characters,
    core_title,
    document_grams,
    fold_text,
    grams,
    name_grams,
    plain_name,
    title_grams,
    words,
)
from zhiqiao.engines.occupations._values import Occupation
from zhiqiao.engines.occupations._vectors import Space, counted, maximum_by_group

__all__ = ["LEXICAL", "Lexicon"]

_LONGEST_ALIAS = 16
#: k1 and b of BM25 (Robertson and Zaragoza, 2009), the usual values.
_K1, _B = 1.2, 0.75

#: The kinds of evidence, in the order of the matrices that `evidence` gives.
LEXICAL = (
    "alias_grams",
    "alias_words",
    "alias_core_grams",
    "alias_core_words",
    "contained",
    "contained_share",
    "contained_longest",
    "document_grams",
    "definition_grams",
    "document_words",
    "name_characters",
    "name_rare_characters",
    "name_core_characters",
    "name_covered",
    "alias_characters",
    "all_aliases",
    "name_definition",
)


class Lexicon:
    """Vector spaces over names, aliases, definitions and tasks of all entries."""

    def __init__(self, entries: Sequence[Occupation], *, background: Sequence[str]) -> None:
        """`background` are titles (no labels) that tell which characters and words are common in titles."""
        self._entries = entries
        self._aliases: list[str] = []
        starts = []
        for entry in entries:
            starts.append(len(self._aliases))
            self._aliases += sorted(_aliases(entry))
        self._starts = np.array(starts)
        owners = np.repeat(np.arange(len(entries)), np.diff([*starts, len(self._aliases)]))
        self._containing: dict[str, list[int]] = defaultdict(list)
        for alias, owner in zip(self._aliases, owners, strict=True):
            if len(alias) > 1:
                self._containing[alias].append(int(owner))
        self._spaces(background)
        names = [plain_name(entry.name) for entry in entries]
        self._names = _Characters(names)
        self._alias_characters = _Characters(self._aliases)

    def _spaces(self, background: Sequence[str]) -> None:
        entries, count = self._entries, len(self._aliases)
        texts = [*self._aliases, *background]
        self._alias_grams = Space(texts, title_grams)
        self._alias_words = Space(texts, words)
        self._alias_gram_rows = self._alias_grams.documents[:count].T.tocsr()
        self._alias_word_rows = self._alias_words.documents[:count].T.tocsr()
        whole = [_document(entry) for entry in entries]
        self._documents = Space(whole, document_grams)
        self._definitions = Space(
            [fold_text(f"{entry.name} {entry.definition} {entry.tasks}") for entry in entries],
            document_grams,
        )
        self._bm25 = _Bm25(whole)
        self._joined = Space(
            [" ".join(sorted(_aliases(entry))) for entry in entries], list, inverse_frequency=False
        )
        self._named = Space(
            [plain_name(entry.name) + fold_text(entry.definition) for entry in entries],
            name_grams,
        )

    @property
    def size(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def evidence(self, folded: Sequence[str]) -> list[np.ndarray]:
        """Return titles × entries for each kind of `LEXICAL`."""
        cores = [core_title(text) for text in folded]
        whole_cosine, whole_rare, _ = self._names.overlap(folded)
        core_cosine, _, covered = self._names.overlap(cores)
        return [
            *self._by_alias(folded),
            *self._by_alias(cores),
            *self._contained(cores),
            _similar(self._documents, cores),
            _similar(self._definitions, cores),
            self._bm25.scores(cores) / 10,
            whole_cosine,
            whole_rare,
            core_cosine,
            covered,
            maximum_by_group(self._alias_characters.overlap(cores)[0], self._starts),
            _similar(self._joined, folded),
            _similar(self._named, folded),
        ]

    def description_evidence(self, texts: Sequence[str]) -> np.ndarray:
        """Return descriptions × entries: cosine to name, aliases, definition and tasks."""
        return _similar(self._documents, [fold_text(text) for text in texts])

    def _by_alias(self, texts: Sequence[str]) -> list[np.ndarray]:
        by_grams = (self._alias_grams.of(texts) @ self._alias_gram_rows).toarray()
        by_words = (self._alias_words.of(texts) @ self._alias_word_rows).toarray()
        return [maximum_by_group(by_grams, self._starts), maximum_by_group(by_words, self._starts)]

    def _contained(self, texts: Sequence[str]) -> list[np.ndarray]:
        longest = np.zeros((len(texts), self.size), np.float32)
        for row, text in enumerate(texts):
            for part in set(grams(text, 2, _LONGEST_ALIAS)):
                for owner in self._containing.get(part, ()):
                    longest[row, owner] = max(longest[row, owner], len(part))
        lengths = np.array([[max(1, len(text))] for text in texts], np.float32)
        best = (longest == longest.max(axis=1, keepdims=True)) & (longest > 0)
        return [longest / 6, longest / lengths, best.astype(np.float32)]


class _Characters:
    """Overlap of sets of characters: order and repetition do not count."""

    def __init__(self, names: Sequence[str]) -> None:
        self._vocabulary: dict[str, int] = {}
        sets = counted(names, characters, self._vocabulary, grow=True)
        self._sizes = np.maximum(1, np.asarray(sets.sum(axis=1)).ravel())
        frequency = np.bincount(sets.indices, minlength=sets.shape[1])
        self._rarity = np.sqrt(np.log(len(names) / np.maximum(1, frequency)) + 1e-6).astype(np.float32)
        self._columns = sets.T.tocsr()
        self._rare_columns = (sparse.diags(self._rarity) @ self._columns).tocsr()
        self._rare_sizes = np.maximum(1e-3, np.asarray(self._rare_columns.sum(axis=0)).ravel())

    def overlap(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return cosine, cosine weighted by rarity, and the share of the name that is covered."""
        sets = counted(texts, characters, self._vocabulary, grow=False)
        sizes = np.array([[max(1, len(set(text)))] for text in texts], np.float32)
        common = (sets @ self._columns).toarray()
        rare = (sets @ self._rare_columns).toarray()
        rare_sizes = np.asarray(sets @ self._rarity).reshape(-1, 1) + 1e-6
        return (
            common / np.sqrt(sizes * self._sizes),
            rare / np.sqrt(rare_sizes * self._rare_sizes),
            common / self._sizes,
        )


class _Bm25:
    """BM25 of words (Robertson and Zaragoza, 2009) over fixed documents."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._vocabulary: dict[str, int] = {}
        counts = counted(texts, words, self._vocabulary, grow=True)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log(1 + (len(texts) - frequency + 0.5) / (frequency + 0.5))
        norm = _K1 * (1 - _B + _B * np.repeat(lengths, np.diff(counts.indptr)) / max(1e-9, lengths.mean()))
        counts.data = (counts.data * (_K1 + 1) / (counts.data + norm) * rarity[counts.indices]).astype(
            np.float32
        )
        self._columns = counts.T.tocsr()

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """Return texts × documents."""
        return np.asarray((counted(texts, words, self._vocabulary, grow=False) @ self._columns).toarray())


def _aliases(entry: Occupation) -> set[str]:
    names = {plain_name(name) for name in (entry.name, *entry.aliases)}
    return {name for name in names if name} or {entry.code}


def _document(entry: Occupation) -> str:
    return fold_text(" ".join([entry.name, ",".join(entry.aliases), entry.definition, entry.tasks]))


def _similar(space: Space, texts: Sequence[str]) -> np.ndarray:
    return np.asarray((space.of(texts) @ space.columns).toarray())
