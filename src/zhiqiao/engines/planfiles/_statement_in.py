"""What the text of a plan's first sections says in words: name and code, study length, way of entry, year."""

from __future__ import annotations

import re
import unicodedata

from zhiqiao.engines.planfiles._notes import Place
from zhiqiao.engines.planfiles._reading import Reading
from zhiqiao.engines.planfiles._tree import get, put

_NAME = re.compile(r"专业名称[:：]\s*([^\s,，;；。()（）]+)")
_CODE = re.compile(r"(?:专业)?代码[:：]\s*([0-9A-Za-z０-９]+)")
_BOTH = re.compile(
    r"^\s*([^\s,，;；。:：()（）\d]{2,30}?)(?:专业)?\s*[（(]\s*(?:专业代码[:：]?\s*)?([0-9０-９]{4,8})\s*[)）]\s*$"
)
_YEARS = re.compile(
    r"([一二三四五六七八]|\d(?:\.\d)?)\s*(?:[-~～至—–到]\s*([一二三四五六七八]|\d(?:\.\d)?)\s*)?年"
)
_ENTRY = {
    "junior_middle": ("初中",),
    "senior_secondary": ("高中", "高级中等", "中等职业", "中职毕业", "中专毕业"),
}
_CHINESE = {name: number for number, name in enumerate("一二三四五六七八", 1)}
_TITLE_YEAR = re.compile(r"(20\d\d)\s*(?:级|年)")


def read_statements(sections: dict[str, str], reading: Reading) -> None:
    """Read what the sections say and no table has said; each is noted with its text."""
    text = sections.get("programme_name", "")
    for line in text.split("\n"):
        if found := _BOTH.match(line):
            _take("programme.name", found[1], line, reading)
            _take("programme.code", _digits(found[2]), line, reading)
    if found := _NAME.search(text):
        _take("programme.name", found[1], found[0], reading)
    if found := _CODE.search(text):
        _take("programme.code", _digits(found[1]), found[0], reading)
    _years(sections.get("study_length", ""), reading)
    entry = sections.get("entry_requirements", "")
    ways = [way for way, words in _ENTRY.items() if any(word in entry for word in words)]
    if len(ways) == 1:
        _take("entry", ways[0], entry, reading)
    _check_code(reading)


def is_title(text: str) -> bool:
    """Tell whether a line is the title of a plan or of its table."""
    return any(word in text for word in ("培养方案", "教学进程", "教学计划"))


def read_title(text: str, reading: Reading) -> None:
    """Read the entry year from a title such as `软件技术专业人才培养方案（2026 级）`."""
    found = _TITLE_YEAR.search(unicodedata.normalize("NFKC", text))
    if found and is_title(text):
        _take("entry_year", int(found[1]), text, reading)


def _years(text: str, reading: Reading) -> None:
    said = {number for found in _YEARS.finditer(text) for number in found.groups() if number}
    if get(reading.tree, "years") is not None or not said:
        return
    first = _YEARS.search(text)
    if len(said) > 1:
        reading.notes.add("years_range", Place(), "years", text=text)
    elif first is not None:
        number = first[1]
        value = _CHINESE.get(number) or (int(number) if number.isdigit() else None)
        if value:
            _take("years", value, first[0], reading)


def _take(path: str, value: object, text: str, reading: Reading) -> None:
    if get(reading.tree, path) is None:
        put(reading.tree, path, value)
        reading.notes.add("from_text", Place(), path, field=reading.words.items[path][0], text=text)


def _digits(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _check_code(reading: Reading) -> None:
    code = get(reading.tree, "programme.code")
    if code is not None and not re.fullmatch(r"\d{6}", str(code)):
        place = reading.place_of("programme.code")
        reading.notes.add("bad_code", place, "programme.code", text=code)
