"""What the words of the classification say about a title: nothing here is learnt from labelled titles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from zhiqiao.engines.occupations._forms import Form, Forms
from zhiqiao.engines.occupations._text import document_grams, fold_text, grams, plain_name
from zhiqiao.engines.occupations._values import Occupation
from zhiqiao.engines.occupations._vectors import Bags, GroupMaxima, Space

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
        self.entries = entries
        pairs = [(alias, owner) for owner, entry in enumerate(entries) for alias in sorted(_aliases(entry))]
        owners = np.array([owner for _, owner in pairs])
        self._best = GroupMaxima(owners)
        aliases = [pairs[at][0] for at in self._best.order]
        self._containing: dict[str, list[int]] = defaultdict(list)
        for alias, owner in pairs:
            if len(alias) > 1:
                self._containing[alias].append(owner)
        self._alias_spaces(aliases, background)
        self._document_spaces()
        self._names = _Characters([plain_name(entry.name) for entry in entries])
        self._alias_characters = _Characters(aliases)

    def _alias_spaces(self, aliases: Sequence[str], background: Sequence[str]) -> None:
        form, count = Form([*aliases, *background]), len(aliases)
        self._alias_grams, self._alias_words = Space(form.grams), Space(form.words)
        self._alias_gram_rows = self._alias_grams.documents[:count].T.tocsr()
        self._alias_word_rows = self._alias_words.documents[:count].T.tocsr()

    def _document_spaces(self) -> None:
        entries = self.entries
        self.documents = whole = Form([_document(entry) for entry in entries])
        told = [fold_text(f"{entry.name} {entry.definition} {entry.tasks}") for entry in entries]
        named = [plain_name(entry.name) + fold_text(entry.definition) for entry in entries]
        together = [" ".join(sorted(_aliases(entry))) for entry in entries]
        self._documents = Space(whole.long_grams)
        self._definitions = Space(Bags.of(told, document_grams))
        self._bm25 = _Bm25(whole.words)
        self._joined = Space(Bags.of(together, list), inverse_frequency=False)
        self._named = Space(Form(named).short_grams)

    @property
    def size(self) -> int:
        """Return the number of entries."""
        return len(self.entries)

    def evidence(self, titles: Forms) -> list[np.ndarray]:
        """Return titles × entries for each kind of `LEXICAL`."""
        whole, core = titles.whole, titles.core
        return [
            *self._by_alias(whole),
            *self._by_alias(core),
            *self._contained(core.texts),
            self._documents.similar(core.long_grams),
            self._definitions.similar(core.long_grams),
            self._bm25.scores(core.words) / 10,
            self._names.overlap(whole.single)[0],
            self._names.cosine_of_rare(whole.single),
            *self._names.overlap(core.single),
            self._best.of(self._alias_characters.overlap(core.single)[0]),
            self._joined.similar(whole.single),
            self._named.similar(whole.short_grams),
        ]

    def description_evidence(self, texts: Sequence[str]) -> np.ndarray:
        """Return descriptions × entries: cosine to name, aliases, definition and tasks."""
        return self._documents.similar(Bags.of([fold_text(text) for text in texts], document_grams))

    def _by_alias(self, form: Form) -> list[np.ndarray]:
        by_grams = (self._alias_grams.of(form.grams) @ self._alias_gram_rows).toarray()
        by_words = (self._alias_words.of(form.words) @ self._alias_word_rows).toarray()
        return [self._best.of(by_grams), self._best.of(by_words)]

    def _contained(self, texts: Sequence[str]) -> list[np.ndarray]:
        longest = np.zeros((len(texts), self.size), np.float32)
        for row, text in enumerate(texts):
            for part in self._containing.keys() & set(grams(text, 2, _LONGEST_ALIAS)):
                for owner in self._containing[part]:
                    longest[row, owner] = max(longest[row, owner], len(part))
        lengths = np.array([[max(1, len(text))] for text in texts], np.float32)
        best = (longest == longest.max(axis=1, keepdims=True)) & (longest > 0)
        return [longest / 6, longest / lengths, best.astype(np.float32)]


class _Characters:
    """Overlap of sets of characters: order and repetition do not count."""

    def __init__(self, names: Sequence[str]) -> None:
        bags = Bags.of(names, list).once()
        self._vocabulary = {term: at for at, term in enumerate(bags.terms)}
        sets, _ = bags.over(self._vocabulary)
        self._roots = np.sqrt(bags.sizes.ravel())
        frequency = np.bincount(sets.indices, minlength=sets.shape[1])
        self._rarity = np.sqrt(np.log(len(names) / np.maximum(1, frequency)) + 1e-6).astype(np.float32)
        self._columns = sets.T.tocsr()
        self._rare_columns = (sparse.diags(self._rarity) @ self._columns).tocsr()
        rare_sizes = np.asarray(self._rare_columns.sum(axis=0)).ravel()
        self._rare_roots = np.sqrt(np.maximum(1e-3, rare_sizes)).astype(np.float32)

    def overlap(self, texts: Bags) -> tuple[np.ndarray, np.ndarray]:
        """Return texts × names: the cosine, and the share of the name's characters that the text has."""
        common = (texts.once().over(self._vocabulary)[0] @ self._columns).toarray() / self._roots
        return common / np.sqrt(texts.sizes), common / self._roots

    def cosine_of_rare(self, texts: Bags) -> np.ndarray:
        """Return texts × names: the cosine weighted by rarity."""
        sets, _ = texts.once().over(self._vocabulary)
        own = np.sqrt(np.asarray(sets @ self._rarity) + 1e-6).reshape(-1, 1)
        return np.asarray((sets @ self._rare_columns).toarray() / own / self._rare_roots)


class _Bm25:
    """BM25 of words (Robertson and Zaragoza, 2009) over fixed documents."""

    def __init__(self, texts: Bags) -> None:
        self._vocabulary = {term: at for at, term in enumerate(texts.terms)}
        counts, _ = texts.over(self._vocabulary)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log(1 + (len(lengths) - frequency + 0.5) / (frequency + 0.5))
        norm = _K1 * (1 - _B + _B * np.repeat(lengths, np.diff(counts.indptr)) / max(1e-9, lengths.mean()))
        counts.data = (counts.data * (_K1 + 1) / (counts.data + norm) * rarity[counts.indices]).astype(
            np.float32
        )
        self._columns = counts.T.tocsr()

    def scores(self, texts: Bags) -> np.ndarray:
        """Return texts × documents."""
        return np.asarray((texts.over(self._vocabulary)[0] @ self._columns).toarray())


def _aliases(entry: Occupation) -> set[str]:
    names = {plain_name(name) for name in (entry.name, *entry.aliases)}
    return {name for name in names if name} or {entry.code}


def _document(entry: Occupation) -> str:
    return fold_text(" ".join([entry.name, ",".join(entry.aliases), entry.definition, entry.tasks]))
