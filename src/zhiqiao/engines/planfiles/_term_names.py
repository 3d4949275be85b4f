"""Terms and years of study as people head them: 一, 1, Ⅰ, 第三学期, 3学期, 第二学年."""

from __future__ import annotations

import re
import unicodedata

_CHINESE = {name: at for at, name in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
_ROMAN = {
    name: at for at, name in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), 1)
}
_TERM = re.compile(r"(?:第)?(十[一二]?|[一二三四五六七八九]|\d{1,2}|[ivx]{1,4})(?:学?期)?")
_YEAR = re.compile(r"(?:第)?([一二三四五六]|\d)(?:学?年)(?:级)?")
_WEEKS = re.compile(r"[(\[](\d{1,2}(?:\.\d)?)周?[)\]]?$|(\d{1,2})周$")
_RANGE = re.compile(r"(\d{1,2})[-~至到—–](\d{1,2})")
_LIST = re.compile(r"[、,，;；/\s.]+")


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def term_number(text: str) -> int | None:
    """Return the number of the term that a heading names; weeks in brackets behind it do not count."""
    bare = re.sub(r"[(\[].*?[)\]]$|\d{1,2}周$", "", _plain(text)) or _plain(text)
    found = _TERM.fullmatch(bare)
    if not found:
        return None
    name = found[1]
    number = int(name) if name.isdigit() else _CHINESE.get(name) or _ROMAN.get(name)
    return number if number and number <= 12 else None


def year_number(text: str) -> int | None:
    """Return the number of the year of study that a heading names."""
    found = _YEAR.fullmatch(re.sub(r"[(\[].*?[)\]]$", "", _plain(text)))
    if not found:
        return None
    return int(found[1]) if found[1].isdigit() else _CHINESE[found[1]]


def heading_weeks(text: str) -> int | None:
    """Return the teaching weeks that a term's heading gives: `一（16周）`, `16周`."""
    found = _WEEKS.search(_plain(text))
    return int(float(found[1] or found[2])) if found else None


def term_numbers(text: str) -> list[int] | None:
    """Return the terms that a cell names: `3`, `一、二`, `1-4`; None where it does not."""
    plain = _plain(text)
    if found := _RANGE.fullmatch(re.sub("(学?期|第)", "", _digits(plain))):
        first, last = int(found[1]), int(found[2])
        return list(range(first, last + 1)) if 0 < first <= last <= 12 else None
    numbers = [term_number(part) for part in _LIST.split(plain) if part]
    return [number for number in numbers if number] if numbers and None not in numbers else None


def _digits(text: str) -> str:
    return re.sub(
        "|".join(sorted(_CHINESE, key=len, reverse=True)), lambda found: str(_CHINESE[found[0]]), text
    )
