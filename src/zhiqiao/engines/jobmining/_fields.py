"""Experience, schooling, place and date as postings write them; what is not read stays unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhiqiao.engines.jobmining._rules import City, Diploma

__all__ = [
    "CityIndex",
    "Experience",
    "ParsedCity",
    "ParsedDate",
    "ParsedDiploma",
    "parse_city",
    "parse_date",
    "parse_diploma",
    "parse_experience",
]

_CHINESE_NUMBERS = {"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7",
                    "八": "8", "九": "9", "十": "10"}  # fmt: skip
_NUMERAL = re.compile("[一二两三四五六七八九十](?=[年至到-])")
_YEARS = re.compile(r"(\d{1,2})\s*(?:[-~–—至到]\s*(\d{1,2})\s*)?年")
_OPEN = re.compile(r"\s*(?:及?以上|起|\+)")
_BELOW = re.compile(r"\s*(?:及?以下|以内|内)")
_FRESH = re.compile("应届|在校")
_NO_EXPERIENCE = re.compile("无需经验|无经验|经验不限|不限经验|^不限|经验无要求|无工作经验")
_EXPERIENCE_PART = re.compile(
    r"(?:工作)?经验\s*(?:不限|无要求|应届毕业生|\d[\d\-]*年(?:以上|以内|以下)?)|\d[\d\-~]*年(?:以上|以内|以下)?"
    r"|\d天/周|\d+个月|在校/应届|应届(?:毕业)?生"
)
_ISO = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
_YEAR_MONTH = re.compile(r"^((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*月?$")
_MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*[日号]?(?!\d)")
_AGO = re.compile(r"(\d{1,3})\s*(天|日|周|小时|分钟)\s*[之以]?前")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_EXCEL_EPOCH = date(1899, 12, 30)
_DAY_WORDS = {"刚刚": 0, "今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
_SEPARATOR = re.compile(r"[·\-–—/,，、|\s]+")


@dataclass(frozen=True)
class Experience:
    """Years asked for; a minimum of 0 means that none is asked, an open end is None."""

    minimum: float | None = None
    maximum: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ParsedDiploma:
    """The lowest grade of schooling that is accepted; `any` when the posting says that none is asked."""

    id: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ParsedCity:
    """A place of GB/T 2260: the deepest one recognised."""

    code: str | None = None
    name: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class ParsedDate:
    """The day a posting was published."""

    value: date | None = None
    reason: str | None = None


def parse_experience(text: str | None) -> Experience:
    """Read years of experience, also out of a combined cell such as `5-10年大专`."""
    raw = _NUMERAL.sub(lambda match: _CHINESE_NUMBERS[match[0]], (text or "").strip())
    if not raw:
        return Experience(reason="empty")
    years = _YEARS.search(raw)
    if years:
        low, high = float(years[1]), float(years[2]) if years[2] else None
        if high is None and _BELOW.match(raw, years.end()):
            return Experience(0.0, low)
        if high is not None and low > high:
            low, high = high, low
        return Experience(low, high)
    if _FRESH.search(raw):
        return Experience(0.0, 0.0)
    if _NO_EXPERIENCE.search(raw):
        return Experience(0.0, None)
    return Experience(reason="not recognised")


def parse_diploma(text: str | None, *, diplomas: Sequence[Diploma]) -> ParsedDiploma:
    """Read the lowest accepted grade of schooling, also out of a combined cell such as `5-10年大专`."""
    raw = (text or "").strip()
    if not raw:
        return ParsedDiploma(reason="empty")
    rest = _EXPERIENCE_PART.sub(" ", raw).lower()
    named = [
        diploma
        for diploma in diplomas
        if diploma.rank and any(_names_grade(rest, name) for name in diploma.names)
    ]
    if named:
        return ParsedDiploma(min(named, key=lambda diploma: diploma.rank).id)
    free = next((diploma for diploma in diplomas if diploma.rank == 0), None)
    if free and any(name in rest if len(name) > 1 else rest.strip() == name for name in free.names):
        return ParsedDiploma(free.id)
    return ParsedDiploma(reason="not recognised")


def _names_grade(text: str, name: str) -> bool:
    if name == "大学":  # 大学专科 is a junior college
        return "大学" in text and "专科" not in text and "大专" not in text
    return name in text


class CityIndex:
    """Names of places for fast look-up; build one per process."""

    def __init__(self, cities: Sequence[City]) -> None:
        order = {"province": 0, "prefecture": 1, "county": 2}
        self._by_name: dict[str, list[City]] = {}
        for city in sorted(cities, key=lambda city: (order[city.level], city.code)):
            for name in dict.fromkeys((city.name, city.short)):
                self._by_name.setdefault(name, []).append(city)
        self._longest = max(map(len, self._by_name), default=0)
        self._seen: dict[str, ParsedCity] = {}

    def find(self, text: str) -> ParsedCity:
        """Walk from the left into ever smaller places; what is not a child of the last one ends the walk."""
        known = self._seen.get(text)
        if known is None:
            known = self._walk(text)
            if len(self._seen) < 100_000:
                self._seen[text] = known
        return known

    def _walk(self, text: str) -> ParsedCity:
        found: City | None = None
        for part in filter(None, _SEPARATOR.split(text)):
            rest = part
            while rest:
                step = self._prefix(rest, within=found)
                if step is None:
                    break
                found, rest = step
            if rest and found is None:
                break
        if found is None:
            return ParsedCity(reason="not recognised")
        return ParsedCity(found.code, found.name)

    def _prefix(self, text: str, *, within: City | None) -> tuple[City, str] | None:
        for length in range(min(self._longest, len(text)), 1, -1):
            for city in self._by_name.get(text[:length], ()):
                if within is None or (city.code != within.code and city.code.startswith(_stem(within.code))):
                    # 吉林·吉林市 steps down, 北京北京市 repeats: the repeated name is skipped below.
                    return city, text[length:]
                if city.code == within.code:
                    return city, text[length:]
        return None


def _stem(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def parse_city(text: str | None, *, index: CityIndex) -> ParsedCity:
    """Read a place such as `成都·双流区` or `四川省巴中市通江县` to its GB/T 2260 code."""
    raw = (text or "").strip()
    return index.find(raw) if raw else ParsedCity(reason="empty")


def parse_date(text: str | None, *, reference_date: date | None) -> ParsedDate:
    """Read a day; words like 昨天 and days without a year need the reference date."""
    raw = (text or "").strip()
    if not raw:
        return ParsedDate(reason="empty")
    match = _ISO.search(raw) or _COMPACT.match(raw)
    if match:
        return _day(int(match[1]), int(match[2]), int(match[3]))
    match = _YEAR_MONTH.match(raw)
    if match:
        return _day(int(match[1]), int(match[2]), 1)
    match = _SERIAL.match(raw)
    if match:
        return _serial(int(match[1]))
    return _relative(raw, reference_date)


def _serial(number: int) -> ParsedDate:
    if not 25_000 <= number <= 73_000:  # 1968 to 2099
        return ParsedDate(reason="not a date")
    return ParsedDate(_EXCEL_EPOCH + timedelta(days=number))


def _relative(raw: str, reference: date | None) -> ParsedDate:
    ago = _days_ago(raw, _DAY_WORDS)
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


def _days_ago(raw: str, words: Mapping[str, int]) -> int | None:
    for word, days in words.items():
        if word in raw:
            return days
    match = _AGO.search(raw)
    if match is None:
        return None
    return int(match[1]) * {"天": 1, "日": 1, "周": 7}.get(match[2], 0)


def _day(year: int, month: int, day: int) -> ParsedDate:
    try:
        return ParsedDate(date(year, month, day))
    except ValueError:
        return ParsedDate(reason="not a date")
