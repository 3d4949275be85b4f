"""One value in one cell: how it is written, and what a cell may hold to be read as such a value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import cast

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.planfiles._specs import Kind
from zhiqiao.engines.planfiles._words import Words

#: Written for a list that is known to be empty; a cell of what is unknown stays blank.
NOTHING = "无"
#: Written where a blank could be filled by arithmetic but shall not be.
UNKNOWN = "未知"
_YES, _NO = "是", "否"
_SEPARATORS = re.compile(r"[、；;\n]+")
_KEYED = re.compile(r"^(?P<name>.*?)〔(?P<key>[^〔〕]*)〕$", re.DOTALL)
_NUMBER = re.compile(r"\d+(\.\d+)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(\D|$))")
_UNITS = re.compile(r"(个)?(学时|课时|学分|节|分|周|年|学年|级|门|人|份|家|%)$", re.IGNORECASE)
_WEEKS = re.compile(r"(周|w)$", re.IGNORECASE)
_SEVERAL = re.compile(r"\d\s*[+/~－—–-]\s*\d")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MIDNIGHT = re.compile(r"[ T]00:00:00$")
_CODED = re.compile(r"^[^()]+\(\s*([A-Z]?\d[\d.-]*)\s*\)$")
_DIGITS = 15
_CHINESE = {name: number for number, name in enumerate("一二三四五六七八九十", 1)}
#: Marks of a cell that is crossed out rather than filled.
DASHES = frozenset({"-", "—", "–", "——", "/", "\\", "－", "／", "─", "--"})


class Refused(Exception):  # noqa: N818 - it becomes a note
    """Raised when a cell does not hold such a value; `code` and `values` word the note."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass
class Codec:
    """Writes and reads cells: knows the words and, for keys of other rows, their names."""

    words: Words
    #: names by key, by table
    names: Mapping[str, Mapping[str, str]]

    def write(self, kind: Kind, value: object) -> str:
        """Return the text of a cell; the value is of the plan's JSON, None is unknown."""
        if value is None:
            return ""
        return _WRITERS[kind.name](self, kind, value)

    def read(self, kind: Kind, text: str) -> object:
        """Return the value of a cell that is not blank; raise Refused."""
        return _READERS[kind.name](self, kind, text.strip())

    def unknown_references(self, kind: Kind, value: object) -> list[str]:
        """Return what of a value just read is the key of no row."""
        if kind.name not in {"reference", "references"}:
            return []
        known = {key for table in kind.of.split() for key in self.names.get(table, {})}
        listed = (
            [str(value)] if kind.name == "reference" else [str(one) for one in cast("list[object]", value)]
        )
        return [one for one in listed if one not in known]

    def _word(self, kind: Kind, value: object) -> str:
        return self.words.word(kind.of, str(value))

    def _words(self, kind: Kind, value: object) -> str:
        return _joined([self.words.word(kind.of, str(one)) for one in cast("list[object]", value)])

    def _reference(self, kind: Kind, value: object) -> str:
        for table in kind.of.split():
            name = self.names.get(table, {}).get(str(value))
            if name and name != value:
                return f"{name}〔{value}〕"
        return str(value)

    def _references(self, kind: Kind, value: object) -> str:
        return _joined([self._reference(kind, one) for one in cast("list[object]", value)])

    def _amounts(self, kind: Kind, value: object) -> str:
        pairs = cast("Mapping[str, Number]", value).items()
        return _joined(
            [f"{self.words.word(kind.of, key) if kind.of else key} {amount}" for key, amount in pairs]
        )

    def _pairs(self, _kind: Kind, value: object) -> str:
        return _joined([f"{key}：{text}" for key, text in cast("Mapping[str, str]", value).items()])

    def _units(self, kind: Kind, value: object) -> str:
        rows = cast("list[Mapping[str, str]]", value)
        named = [(self._reference(kind, row["certificate"]), row.get("unit")) for row in rows]
        return _joined([name if unit is None else f"{name}：{unit}" for name, unit in named])

    def _posts(self, _kind: Kind, value: object) -> str:
        return _joined([str(row.get("name") or row["key"]) for row in cast("list[Mapping[str, str]]", value)])

    def _read_word(self, kind: Kind, text: str) -> object:
        value = self.words.value(kind.of, text)
        if value is None and text in self.words.vocabularies[kind.of]:
            value = text
        if value is None:
            meanings = self.words.meanings(kind.of, text)
            if meanings:
                named = "、".join(self.words.word(kind.of, one) for one in meanings)
                raise Refused("unclear_word", text=text, meanings=named)
            known = "、".join(listed[0] for listed in self.words.vocabularies[kind.of].values())
            raise Refused("unknown_word", text=text, known=known)
        return value

    def _read_words(self, kind: Kind, text: str) -> object:
        return [self._read_word(kind, one) for one in _parts(text)]

    def _read_reference(self, kind: Kind, text: str) -> object:
        keyed = _KEYED.match(text)
        if keyed:
            return keyed["key"].strip()
        for table in kind.of.split():
            rows = self.names.get(table, {})
            if text in rows:
                return text
            named = [key for key, name in rows.items() if name == text]
            if len(named) == 1:
                return named[0]
        return text

    def _read_references(self, kind: Kind, text: str) -> object:
        return [self._read_reference(kind, one) for one in _parts(text)]

    def _read_amounts(self, kind: Kind, text: str) -> object:
        found: dict[str, Number] = {}
        for part in _parts(text):
            name, gap, amount = part.replace("：", " ").replace(":", " ").rpartition(" ")
            if not gap:
                raise Refused("not_a_number", text=part)
            key = str(self._read_word(kind, name)) if kind.of else name.strip()
            found[key] = read_number(amount)
        return found

    def _read_pairs(self, _kind: Kind, text: str) -> object:
        parts = [re.split("[：:]", part, maxsplit=1) for part in _parts(text)]
        if any(len(part) < 2 for part in parts):
            raise Refused("unknown_word", text=text, known="名称：内容")
        return {name.strip(): rest.strip() for name, rest in parts}

    def _read_units(self, kind: Kind, text: str) -> object:
        found: list[dict[str, object]] = []
        for part in _parts(text):
            name, mark, unit = part.partition("：")
            row: dict[str, object] = {"certificate": self._read_reference(kind, name.strip())}
            found.append(row | {"unit": unit.strip()} if mark else row)
        return found

    def _read_posts(self, _kind: Kind, text: str) -> object:
        return [{"key": f"post-{number}", "name": name} for number, name in enumerate(_parts(text), 1)]


def _joined(parts: list[str]) -> str:
    return "、".join(parts) if parts else NOTHING


def _parts(text: str) -> list[str]:
    if text == NOTHING:
        return []
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def read_number(text: str, *, weeks: bool = False) -> Number:
    """Return the number a cell holds, with or without its unit; raise Refused. Weeks are hours nowhere."""
    plain = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text).strip())
    if _SEVERAL.search(plain):
        raise Refused("sum_in_cell", text=text)
    if _WEEKS.search(plain) and not weeks:
        raise Refused("weeks_not_hours", text=text)
    bare = _UNITS.sub("", plain).strip()
    if bare in _CHINESE:
        return _CHINESE[bare]
    if not _NUMBER.fullmatch(bare):
        raise Refused("not_a_number", text=text)
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise Refused("not_a_number", text=text) from error
    if value == value.to_integral_value():
        return int(value)
    if len(value.normalize().as_tuple().digits) > _DIGITS:
        raise Refused("not_a_number", text=text)
    return value.normalize()


def read_whole(text: str) -> int:
    """Return a whole number; raise Refused."""
    value = read_number(text, weeks=True)
    if not isinstance(value, int):
        raise Refused("not_whole", text=text)
    return value


def is_full_width(text: str) -> bool:
    """Tell whether a text holds digits that are not ASCII."""
    return any(letter.isdigit() and not letter.isascii() for letter in text)


def _code(text: str) -> str:
    """Return the code that stands in brackets behind a name, or the text where none does."""
    found = _CODED.match(unicodedata.normalize("NFKC", text))
    return found[1] if found else text


def _read_truth(text: str) -> bool:
    if text in {_YES, "√", "✓"}:
        return True
    if text in {_NO, "×"}:
        return False
    raise Refused("not_a_truth", text=text)


def _read_day(text: str) -> str:
    found = _DAY.fullmatch(_MIDNIGHT.sub("", unicodedata.normalize("NFKC", text)))
    try:
        if found:
            return date(*map(int, found.groups())).isoformat()
    except ValueError:
        pass
    raise Refused("not_a_day", text=text)


_WRITERS: Mapping[str, Callable[[Codec, Kind, object], str]] = {
    "text": lambda _, __, value: str(value),
    "number": lambda _, __, value: str(value),
    "weeks": lambda _, __, value: str(value),
    "codes": lambda _, __, value: _joined([str(one) for one in cast("list[object]", value)]),
    "whole": lambda _, __, value: str(value),
    "key": Codec._word,
    "day": lambda _, __, value: str(value),
    "truth": lambda _, __, value: _YES if value else _NO,
    "word": Codec._word,
    "words": Codec._words,
    "texts": lambda _, __, value: _joined([str(one) for one in cast("list[object]", value)]),
    "reference": Codec._reference,
    "references": Codec._references,
    "amounts": Codec._amounts,
    "pairs": Codec._pairs,
    "units": Codec._units,
    "posts": Codec._posts,
}
_READERS: Mapping[str, Callable[[Codec, Kind, str], object]] = {
    "text": lambda _, __, text: text,
    "number": lambda _, __, text: read_number(text),
    "weeks": lambda _, __, text: read_number(text, weeks=True),
    "codes": lambda _, __, text: [_code(part) for part in _parts(text)],
    "whole": lambda _, __, text: read_whole(text),
    "key": lambda self, kind, text: self.words.value(kind.of, text) or text,
    "day": lambda _, __, text: _read_day(text),
    "truth": lambda _, __, text: _read_truth(text),
    "word": Codec._read_word,
    "words": Codec._read_words,
    "texts": lambda _, __, text: _parts(text),
    "reference": Codec._read_reference,
    "references": Codec._read_references,
    "amounts": Codec._read_amounts,
    "pairs": Codec._read_pairs,
    "units": Codec._read_units,
    "posts": Codec._read_posts,
}
