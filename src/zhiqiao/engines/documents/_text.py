"""Texts and numbers as a document prints them."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal

from zhiqiao.engines.documents._inline import ValueKind
from zhiqiao.engines.documents._values import Language

# what XML 1.0 forbids, and the marks that turn the writing direction and so can hide what is written
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_LONG_WORD = re.compile(r"[!-~]{18,}")
_CHUNK = re.compile(r"[^/?&=.,_:-]{1,6}[/?&=.,_:-]*|[/?&=.,_:-]{1,6}")
_DIGITS = "〇一二三四五六七八九"
Number = int | float | Decimal


def clean(text: str) -> str:
    """Return the text without control characters, half surrogates and direction marks; line ends become one kind."""
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def is_known(value: Number | None) -> bool:
    """Tell whether there is a number: None, NaN and infinity are unknown."""
    return value is not None and math.isfinite(value)


def number(value: Number, places: int | None = None) -> str:
    """Write a number with thousands separators; without `places` at most two decimals, none that are zero."""
    if places is not None:
        text = f"{value:,.{places}f}"
        return text[1:] if text.startswith("-") and not text.strip("-0.,") else _signed(text)
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else _signed(text)


def _signed(text: str) -> str:
    """Write a minus sign: at a hyphen a line may break, and the number begins the next one without it."""
    return text.replace("-", "\u2212")


def formatted(value: Number, kind: ValueKind, *, places: int | None = None, unit: str = "") -> str:
    """Write a number of a kind with its unit; a share of one as per cent with one decimal unless told."""
    if kind is ValueKind.PERCENT:
        return f"{number(float(value) * 100, 1 if places is None else places)}%"
    space = " " if unit and unit[0].isascii() and unit[0].isalnum() else ""
    return f"{number(value, places)}{space}{unit}"


def long_date(day: dt.date, language: Language) -> str:
    """Write a day as a cover prints it."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def chinese_number(value: int) -> str:
    """Write 1 to 99 as 一 to 九十九; beyond that in digits."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def width(text: str) -> int:
    """Return how many half-width places a text takes; of several lines the widest counts."""
    return max((sum(1 if x < "\u1100" else 2 for x in line) for line in text.split("\n")), default=0)


def breakable(text: str) -> str:
    """Put zero-width spaces where a long run without a space may break, for a layout that would not break it."""
    return _LONG_WORD.sub(lambda found: "\u200b".join(_CHUNK.findall(found.group())), text)


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
