"""The day a posting was published, as sites and exports write it; what is not read stays unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from zhiqiao.engines.jobmining._numerals import plain_figures

__all__ = ["ParsedDate", "parse_date"]

_ISO = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
_SHORT_YEAR = re.compile(r"^(\d{2})-(\d{1,2})-(\d{1,2})(?!\d)")
_YEAR_MONTH = re.compile(r"^((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*月?$")
_SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})/((?:19|20)\d{2})(?!\d)")
_MONTH_DAY = re.compile(r"(?<![\d:])(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*[日号]?(?!\d)")
_AGO = re.compile(r"(\d{1,3})\+?\s*(天|日|周|星期|个月|小时|分钟|days?|weeks?|months?|hours?|minutes?|mins?)")
_IS_AGO = re.compile(r"[之以]?前|ago")
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "个月": 30, "day": 1, "week": 7, "month": 30}
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_EPOCH_SECONDS = re.compile(r"^(1\d{9}|2[01]\d{8})(?:\d{3})?$")
_TIME_ONLY = re.compile(r"^\d{1,2}:\d{2}(?::\d{2})?$")
_EXCEL_EPOCH = date(1899, 12, 30)
_CHINA = timezone(timedelta(hours=8))
_DAY_WORDS = {
    "刚刚": 0, "今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "just now": 0, "today": 0, "yesterday": 1,
}  # fmt: skip
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = "|".join(_MONTH_NAMES)
_ENGLISH = re.compile(
    rf"(?:({_NAME})[a-z]*\.?\s+(\d{{1,2}})|(\d{{1,2}})\s+({_NAME})[a-z]*\.?),?\s+((?:19|20)\d{{2}})"
)


@dataclass(frozen=True)
class ParsedDate:
    """The day a posting was published."""

    value: date | None = None
    reason: str | None = None


def parse_date(text: str | None, *, reference_date: date | None) -> ParsedDate:
    """Read a day; words like 昨天 and days without a year need the reference date."""
    raw = plain_figures(text or "").lower()
    if not raw:
        return ParsedDate(reason="empty")
    return _numbered(raw) or _english(raw) or _relative(raw, reference_date)


def _numbered(raw: str) -> ParsedDate | None:
    match = _ISO.search(raw) or _COMPACT.match(raw)
    if match:
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _SHORT_YEAR.match(raw):
        return _day(2000 + int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_MONTH.match(raw):
        return _day(int(match[1]), int(match[2]), 1)
    if match := _SLASHED.match(raw):
        return _slashed(int(match[1]), int(match[2]), int(match[3]))
    return _counted(raw)


def _counted(raw: str) -> ParsedDate | None:
    """Read days since 1899-12-30 (spreadsheets) or seconds and milliseconds since 1970 (programs)."""
    if match := _SERIAL.match(raw):
        return _serial(int(match[1]))
    if match := _EPOCH_SECONDS.match(raw):
        return ParsedDate(datetime.fromtimestamp(int(match[1]), UTC).astimezone(_CHINA).date())
    return None


def _slashed(first: int, second: int, year: int) -> ParsedDate:
    """Read 31/12/2023 and 12/31/2023; 05/06/2023 could be either and stays unknown."""
    if first <= 12 and second <= 12 and first != second:
        return ParsedDate(reason="day and month ambiguous")
    return _day(year, second, first) if first > 12 else _day(year, first, second)


def _english(raw: str) -> ParsedDate | None:
    match = _ENGLISH.search(raw)
    if match is None:
        return None
    month = _MONTH_NAMES.index(match[1] or match[4]) + 1
    return _day(int(match[5]), month, int(match[2] or match[3]))


def _serial(number: int) -> ParsedDate:
    if not 25_000 <= number <= 73_000:  # 1968 to 2099
        return ParsedDate(reason="not a date")
    return ParsedDate(_EXCEL_EPOCH + timedelta(days=number))


def _relative(raw: str, reference: date | None) -> ParsedDate:
    ago = _days_ago(raw)
    month_day = _MONTH_DAY.search(raw)
    if ago is None and month_day is None:
        return ParsedDate(reason="not recognised")
    if reference is None:
        return ParsedDate(reason="no reference date")
    if ago is not None:
        return ParsedDate(reference - timedelta(days=ago))
    assert month_day is not None
    month, day = int(month_day[1]), int(month_day[2])
    this_year = _day(reference.year, month, day)
    if this_year.value and this_year.value <= reference:
        return this_year
    # A posting is never published after it was read: the day was last year.
    return _day(reference.year - 1, month, day)


def _days_ago(raw: str) -> int | None:
    if _TIME_ONLY.match(raw):  # sites show the time alone for what was published today
        return 0
    for word, days in _DAY_WORDS.items():
        if word in raw:
            return days
    match = _AGO.search(raw)
    if match is None or _IS_AGO.search(raw, match.end()) is None:
        return None
    return int(match[1]) * _DAYS.get(match[2].removesuffix("s"), 0)


def _day(year: int, month: int, day: int) -> ParsedDate:
    try:
        return ParsedDate(date(year, month, day))
    except ValueError:
        return ParsedDate(reason="not a date")
