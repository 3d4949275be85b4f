"""Reads single cells of an uploaded table; an empty cell is unknown, a wrong one says why and what to write.

Numbers and dates are taken as offices write them: full width, with thousands separators, in 万 or 亿, 2026年3月.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

from zhiqiao.infra.text import is_plain
from zhiqiao.platform.data.models import YEARS

__all__ = ["BadCell", "amount", "day", "has_multiplier", "month", "share", "text", "whole", "year"]

#: What people write where they do not know.
_UNKNOWN = frozenset({"", "-", "—", "--", "——", "/", "未知", "不详", "n/a", "na", "unknown"})
_NUMBER = re.compile(r"([+-]?)(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(\.\d+)?([万亿]?)", re.ASCII)
_MULTIPLIERS = {"": 1, "万": 10**4, "亿": 10**8}
_MOST_WHOLE, _MOST_AMOUNT, _MOST_DECIMALS = 10**9, 10**12, 4
_DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:t?00:00(?::00)?)?|(\d{4})(\d\d)(\d\d)", re.ASCII
)
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(\d\d)", re.ASCII)
#: Signs that folding would turn into plain digits, and so 10² into 102.
_RAISED = ("<super>", "<sub>", "<circle>", "<fraction>")


class BadCell(Exception):  # noqa: N818 - an outcome of one cell, not of the program
    """Raised when a cell can not be read; carries its field."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def whole(cells: dict[str, str], field: str) -> int | None:
    """Return a count, None when the cell is empty or says unknown."""
    folded = _folded(cells.get(field, "")).removesuffix("人").removesuffix("元")
    if folded in _UNKNOWN:
        return None
    number = _number(folded)
    if number is None or number.is_signed() or number != int(number) or number >= _MOST_WHOLE:
        raise BadCell(field, _("“%(cell)s”不是整数；请写成 120 这样，不知道就留空。") % {"cell": folded[:40]})
    return int(number)


def amount(
    cells: dict[str, str], field: str, *, decimals: int = _MOST_DECIMALS, most: int = _MOST_AMOUNT
) -> Decimal | None:
    """Return a number below `most` with up to so many decimals, None when the cell is empty or says unknown."""
    folded = _folded(cells.get(field, ""))
    if folded in _UNKNOWN:
        return None
    number = _number(folded)
    if number is None or abs(number) >= most or number != round(number, decimals):
        told = {"cell": folded[:40], "decimals": decimals}
        reason = _("“%(cell)s”不是数值；请只写数字，最多 %(decimals)s 位小数，单位写在单位列。") % told
        raise BadCell(field, reason)
    return number


def has_multiplier(cells: dict[str, str], field: str) -> bool:
    """Tell whether a number is written in 万 or 亿."""
    return _folded(cells.get(field, ""))[-1:] in {"万", "亿"}


def share(cells: dict[str, str], field: str) -> float | None:
    """Return a share of 0..1 from 60%, 60 or 0.6; a bare 1 may mean two things and is refused."""
    folded = _folded(cells.get(field, ""))
    if folded in _UNKNOWN:
        return None
    bare = folded.removesuffix("%")
    number = _number(bare)
    if number is None or not 0 <= number <= 100:
        reason = _("“%(cell)s”不是 0 到 100%% 之间的比例；请写成 60%% 这样。") % {"cell": folded[:40]}
        raise BadCell(field, reason)
    if bare == folded and number == 1:
        raise BadCell(field, _("“1”可能是 1%，也可能是 100%；请带上百分号。"))
    return float(number) if bare == folded and number < 1 else float(number / 100)


def year(cells: dict[str, str], field: str) -> int:
    """Return a year."""
    folded = re.sub(r"(年度?|\.0+)$", "", _folded(cells.get(field, "")))
    if not re.fullmatch(r"\d{4}", folded, re.ASCII) or not YEARS[0] <= int(folded) <= YEARS[1]:
        raise BadCell(field, _("“%(cell)s”不是年份；请写成四位数字，例如 2025。") % {"cell": folded[:40]})
    return int(folded)


def month(cells: dict[str, str], field: str) -> str:
    """Return a month as yyyy-mm, also from the day that a spreadsheet makes of a month."""
    folded = _folded(cells.get(field, ""))
    found = _DAY.fullmatch(folded) or _MONTH.fullmatch(folded)
    parts = [int(part) for part in found.groups() if part] if found else []
    if not parts or not YEARS[0] <= parts[0] <= YEARS[1] or not 1 <= parts[1] <= 12:
        raise BadCell(field, _("“%(cell)s”不是月份；请写成 2026年3月 或 2026-03。") % {"cell": folded[:40]})
    return f"{parts[0]:04d}-{parts[1]:02d}"


def day(cells: dict[str, str], field: str) -> dt.date | None:
    """Return a calendar day, None when the cell is empty or says unknown."""
    folded = _folded(cells.get(field, ""))
    if folded in _UNKNOWN:
        return None
    found = _DAY.fullmatch(folded)
    try:
        return dt.date(*(int(part) for part in found.groups() if part)) if found else _no_day(field, folded)
    except ValueError:
        return _no_day(field, folded)


def text(cells: dict[str, str], field: str, *, most: int) -> str:
    """Return a text; one that is too long is refused, not cut."""
    found = cells.get(field, "").strip()
    if not is_plain(found):
        raise BadCell(field, _("含有看不见的控制字符，请重新输入这一格。"))
    if len(found) > most:
        raise BadCell(field, _("超过 %(most)s 个字，请写短一些。") % {"most": most})
    return found


def _no_day(field: str, folded: str) -> dt.date:
    raise BadCell(field, _("“%(cell)s”不是日期；请写成 2026年3月1日 或 2026-03-01。") % {"cell": folded[:40]})


def _number(folded: str) -> Decimal | None:
    """Return a number as offices write it; a comma in a place where no thousands end makes it none."""
    found = _NUMBER.fullmatch(folded)
    if found is None:
        return None
    sign, digits, decimals, multiplier = found.groups()
    return Decimal(sign + digits.replace(",", "") + (decimals or "")) * _MULTIPLIERS[multiplier]


def _folded(cell: str) -> str:
    if any(unicodedata.decomposition(letter).startswith(_RAISED) for letter in cell):
        return f"?{cell}"
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell)).casefold()
