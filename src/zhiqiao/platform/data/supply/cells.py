"""Reads single cells of an uploaded table; an empty cell is unknown, a wrong one says why and what to write."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

from zhiqiao.platform.data.models import YEARS

__all__ = ["BadCell", "amount", "text", "whole", "year"]

#: What people write where they do not know.
_UNKNOWN = frozenset({"", "-", "—", "--", "——", "/", "未知", "不详", "n/a", "na", "unknown"})
_WHOLE = re.compile(r"\d{1,9}(\.0+)?")
_AMOUNT = re.compile(r"[+-]?\d{1,12}(\.\d{1,4}0*)?")


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
    if not _WHOLE.fullmatch(folded):
        raise BadCell(field, _("“%(cell)s”不是整数；请写成 120 这样，不知道就留空。") % {"cell": folded[:40]})
    return int(Decimal(folded))


def amount(cells: dict[str, str], field: str) -> Decimal | None:
    """Return a number with up to four decimals, None when the cell is empty or says unknown."""
    folded = _folded(cells.get(field, ""))
    if folded in _UNKNOWN:
        return None
    if not _AMOUNT.fullmatch(folded):
        raise BadCell(
            field, _("“%(cell)s”不是数值；请只写数字，最多四位小数，单位写在单位列。") % {"cell": folded[:40]}
        )
    return Decimal(folded)


def year(cells: dict[str, str], field: str) -> int:
    """Return a year."""
    folded = re.sub(r"(年度?|\.0+)$", "", _folded(cells.get(field, "")))
    if not re.fullmatch(r"\d{4}", folded) or not YEARS[0] <= int(folded) <= YEARS[1]:
        raise BadCell(field, _("“%(cell)s”不是年份；请写成四位数字，例如 2025。") % {"cell": folded[:40]})
    return int(folded)


def text(cells: dict[str, str], field: str, *, most: int) -> str:
    """Return a text; one that is too long is refused, not cut."""
    found = cells.get(field, "").strip()
    if len(found) > most:
        raise BadCell(field, _("超过 %(most)s 个字，请写短一些。") % {"most": most})
    return found


def _folded(cell: str) -> str:
    return re.sub(r"[\s,]+", "", unicodedata.normalize("NFKC", cell)).casefold()
