"""A batch of titles cut into characters and words once, in both forms: as they stand, and their core."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from zhiqiao.engines.occupations._text import core_title, title_grams, words
from zhiqiao.engines.occupations._vectors import Bags

__all__ = ["Form", "Forms"]


class Form:
    """Texts with their substrings of one to three characters and their words."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    @cached_property
    def grams(self) -> Bags:
        """Return the substrings of one to three characters."""
        return Bags.of(self.texts, title_grams)

    @cached_property
    def long_grams(self) -> Bags:
        """Return the substrings of two and three characters."""
        return self.grams.of_length(2, 3)

    @cached_property
    def short_grams(self) -> Bags:
        """Return single characters and pairs."""
        return self.grams.of_length(1, 2)

    @cached_property
    def single(self) -> Bags:
        """Return single characters."""
        return self.grams.of_length(1, 1)

    @cached_property
    def words(self) -> Bags:
        """Return the words."""
        return Bags.of(self.texts, words)


class Forms:
    """Folded titles as they stand (`whole`) and without brackets and employer (`core`)."""

    def __init__(self, folded: Sequence[str]) -> None:
        self.whole = Form(folded)
        self.core = Form([core_title(text) for text in folded])

    def __len__(self) -> int:
        return len(self.whole.texts)
