"""The report's sentences in one language, read as data: templates with named places, filled with figures."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiqiao.engines.documents import Cite, Figure, Inline, Language, Note, Reference, Strong
from zhiqiao.engines.report._facts import Name

_PARSER = string.Formatter()
Value = str | int | Inline | Sequence[Inline]


class WordsError(ValueError):
    """Raised when the file of texts lacks a sentence or a sentence wants a value that nobody gave."""


@dataclass(frozen=True)
class Words:
    """The texts of one language by their dotted keys."""

    language: Language
    texts: Mapping[str, str]

    def text(self, key: str, **values: str | int) -> str:
        """Return a text without figures."""
        parts = self.say(key, **values)
        return "".join(part for part in parts if isinstance(part, str))

    def say(self, key: str, **values: Value) -> tuple[Inline, ...]:
        """Return a sentence with its figures; `{n:posting|postings}` writes the word that fits n."""
        if key not in self.texts:
            msg = f"no text {key} in {self.language}"
            raise WordsError(msg)
        found: list[Inline] = []
        for literal, name, spec, _ in _PARSER.parse(self.texts[key]):
            if literal:
                found.append(literal)
            if name is None:
                continue
            if name not in values:
                msg = f"text {key} in {self.language} wants {name}"
                raise WordsError(msg)
            found += _numbered(values[name], spec) if spec else _inlines(values[name])
        return noted(found)

    def has(self, key: str) -> bool:
        """Tell whether there is such a text."""
        return key in self.texts

    def name(self, name: Name) -> str:
        """Return a thing's name in this language."""
        return name.zh if self.language == "zh" else name.en or name.zh

    def names(self, names: Sequence[Name | str]) -> str:
        """Return names as a list in running text."""
        return self.text("list.comma").join(one if isinstance(one, str) else self.name(one) for one in names)

    def joined(self, parts: Sequence[Sequence[Inline]], between: str = "semicolon") -> tuple[Inline, ...]:
        """Return phrases as one list in running text; `between` names what stands between them."""
        found: list[Inline] = []
        for at, part in enumerate(parts):
            found += ([self.text(f"list.{between}")] if at else []) + list(part)
        return tuple(found)


def read_words(path: Path, language: Language) -> Words:
    """Read the texts of a language; raises KeyError when the file has none for it."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))[language]
    texts: dict[str, str] = {}
    for section, rows in data.items():
        texts |= {f"{section}.{key}": str(text) for key, text in rows.items()}
    return Words(language, texts)


def noted(parts: Sequence[Inline]) -> tuple[Inline, ...]:
    """Say the evidence of a sentence's figures once, at its end: a raised 2 behind 286 would read as a square."""
    found: list[Inline] = [
        part
        for before, part in zip((None, *parts), parts, strict=False)
        if not isinstance(part, Note) and not (part == " " and isinstance(before, Note))
    ]
    notes = dict.fromkeys(part.text for part in parts if isinstance(part, Note))
    notes |= dict.fromkeys(part.evidence for part in parts if isinstance(part, Figure) and part.evidence)
    for at, text in enumerate(notes):
        found += [" "] if at else []  # marks 1 and 2 side by side would read as 12
        found.append(Note(text, once=True))
    return tuple(found)


def _inlines(value: Value) -> list[Inline]:
    if isinstance(value, int):
        return [str(value)]
    if isinstance(value, str | Strong | Figure | Cite | Reference | Note):
        return [value]
    return list(value) if isinstance(value, Sequence) else [value]


def _numbered(value: Value, spec: str) -> list[Inline]:
    one, _, many = spec.partition("|")
    count = value.value if isinstance(value, Figure) else value
    return [one if count == 1 else many]
