"""Messages: places in braces filled with what was computed, words of the vocabulary, names of fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, Decimal

from zhiqiao.engines.rules._values import Language, Term, Text, Value, Written

PLACE = re.compile(r"\{(\w+)(?::(%))?\}")
_KEYS = re.compile(r"\[[^\]]*\]")
_JOIN = {"zh": "、", "en": ", "}


class Words:
    """The vocabulary beside the rules: terms, names of fields, and the standing messages."""

    def __init__(self, words: Mapping[str, Text]) -> None:
        self._words = words
        self._fields: dict[str, Text] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._words

    def text(self, key: str) -> Text:
        """Return a word of the vocabulary; one that is not there stands for itself."""
        return self._words.get(key) or Text(key.rpartition(".")[2], key.rpartition(".")[2])

    def field(self, path: str) -> Text:
        """Return the name of a field: that of `courses[].hours` for `courses[c01].hours`."""
        if path not in self._fields:
            pattern = _KEYS.sub("[]", path)
            self._fields[path] = self._words.get(f"field.{pattern}") or Text(pattern, pattern)
        return self._fields[path]

    def fields(self, paths: Iterable[str]) -> tuple[Text, ...]:
        """Return the names of fields, each once, with how often it occurs."""
        counted: dict[Text, int] = {}
        for path in paths:
            name = self.field(path)
            counted[name] = counted.get(name, 0) + 1
        return tuple(
            name if number == 1 else Text(f"{name.zh}（{number} 处）", f"{name.en} ({number} times)")
            for name, number in counted.items()
        )

    def written(self, value: Value) -> Written:
        """Return a value with its terms looked up."""
        if isinstance(value, Term):
            return self.text(value.key)
        if isinstance(value, tuple):
            return tuple(self.text(part.key) if isinstance(part, Term) else part for part in value)
        return value

    def message(self, text: Text, values: Mapping[str, Written]) -> Text:
        """Fill the places of a message in both languages."""
        return Text(_filled(text.zh, values, "zh"), _filled(text.en, values, "en"))


def places(text: Text) -> set[str]:
    """Return the names of the places in a text, of either language."""
    return {found[1] for part in (text.zh, text.en) for found in PLACE.finditer(part)}


def _filled(text: str, values: Mapping[str, Written], language: Language) -> str:
    return PLACE.sub(lambda place: _shown(values[place[1]], place[2] == "%", language), text)


def _shown(value: Written, percent: bool, language: Language) -> str:
    if isinstance(value, Text):
        return value.of(language)
    if isinstance(value, tuple):
        parts = (part.of(language) if isinstance(part, Text) else part for part in value)
        return _JOIN[language].join(parts)
    if isinstance(value, str):
        return value
    if percent:
        # cut, not rounded: 49.96 % must not read as the 50 % that it misses
        return f"{number_text((Decimal(value) * 100).quantize(Decimal('0.01'), ROUND_DOWN))} %"
    return number_text(value)


def number_text(value: int | Decimal) -> str:
    """Write a number without needless digits."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
