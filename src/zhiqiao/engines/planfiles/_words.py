"""The wordings of a plan's tables: which is written, which are read, and which say too little to choose by."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from zhiqiao.engines.planfiles._errors import PlanFileError
from zhiqiao.engines.tabular import fold_name

_BRACKETED = re.compile(r"[(\[{【〔].*?[)\]}】〕]")
_LISTS = ("terms", "terms_hours", "terms_weekly", "teaching_weeks", "subtotal", "computed")


@lru_cache(maxsize=20_000)
def forms(text: str) -> tuple[str, ...]:
    """Return a heading folded, and folded without what stands in brackets (`学时（节）`)."""
    full = fold_name(text)
    bare = fold_name(_BRACKETED.sub("", unicodedata.normalize("NFKC", text)))
    return (full, bare) if bare and bare != full else (full,)


@dataclass(frozen=True)
class TableWords:
    """Headings of one table by field; the first is the one written."""

    title: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, tuple[str, ...]]

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """Return fields by folded heading."""
        return {fold_name(name): field for field, names in self.columns.items() for name in names}

    @cached_property
    def first(self) -> frozenset[str]:
        """Return the folded headings of the first column, which every such table has."""
        return frozenset(map(fold_name, next(iter(self.columns.values()))))

    def field(self, heading: str) -> str | None:
        """Return the field that a heading names, if any."""
        return next((self.fields[form] for form in forms(heading) if form in self.fields), None)

    def says(self, which: str, text: str) -> bool:
        """Tell whether a text is one of the wordings of a list such as `subtotal`."""
        return any(form in self._folded[which] for form in forms(text))

    @cached_property
    def _folded(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(map(fold_name, listed)) for name, listed in self.lists.items()}


@dataclass(frozen=True)
class Words:
    """All wordings of the format."""

    sections: Mapping[str, tuple[str, ...]]
    vocabularies: Mapping[str, Mapping[str, tuple[str, ...]]]
    unclear: Mapping[str, Mapping[str, tuple[str, ...]]]
    items: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, TableWords]

    @cached_property
    def _values(self) -> Mapping[str, Mapping[str, str]]:
        return {
            name: {fold_name(one): value for value, listed in words.items() for one in listed}
            for name, words in self.vocabularies.items()
        }

    @cached_property
    def _unclear(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        return {
            name: {fold_name(word): meanings for word, meanings in words.items()}
            for name, words in self.unclear.items()
        }

    @cached_property
    def headings(self) -> frozenset[str]:
        """Return every folded heading of any table."""
        return frozenset(heading for table in self.tables.values() for heading in table.fields)

    @cached_property
    def item_places(self) -> Mapping[str, str]:
        """Return places in the plan by the folded name of their row."""
        return {fold_name(name): place for place, names in self.items.items() for name in names}

    def word(self, vocabulary: str, value: str) -> str:
        """Return how a value is written."""
        return self.vocabularies[vocabulary].get(value, (value,))[0]

    def value(self, vocabulary: str, text: str) -> str | None:
        """Return the value that a text names, if it names one."""
        known = self._values.get(vocabulary, {})
        return next((known[form] for form in forms(text) if form in known), None)

    def meanings(self, vocabulary: str, text: str) -> tuple[str, ...]:
        """Return what a text that says too little may mean."""
        known = self._unclear.get(vocabulary, {})
        return next((known[form] for form in forms(text) if form in known), ())

    def section(self, heading: str) -> str | None:
        """Return the section of the outline that a heading opens, if any."""
        return next((self._sections[form] for form in forms(heading) if form in self._sections), None)

    @cached_property
    def _sections(self) -> Mapping[str, str]:
        return {fold_name(name): section for section, names in self.sections.items() for name in names}


def read_words(path: Path) -> Words:
    """Read the file of wordings (`plan_format.toml`); raise PlanFileError where it lacks something."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Words(
            sections=_named(data["section"]),
            vocabularies={name: _named(words) for name, words in data["word"].items()},
            unclear={name: _named(words) for name, words in data["unclear"].items()},
            items=_named(data["item"]),
            tables={name: _table(table) for name, table in data["table"].items()},
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise PlanFileError(f"{path.name}：{error}", f"{path.name}: {error}") from error


def _named(words: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: tuple(listed) for name, listed in words.items()})


def _table(data: Mapping[str, Mapping[str, Sequence[str]]]) -> TableWords:
    return TableWords(
        title=tuple(data["title"]),
        columns=_named(data["columns"]),
        lists={name: tuple(data[name]) for name in _LISTS if name in data},
    )
