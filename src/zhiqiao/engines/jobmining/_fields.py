"""Experience and schooling as postings write them; what is not read stays unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zhiqiao.engines.jobmining._dates import ParsedDate, parse_date
from zhiqiao.engines.jobmining._numerals import plain_figures
from zhiqiao.engines.jobmining._places import CityIndex, ParsedCity, parse_city
from zhiqiao.engines.jobmining._rules import Diploma

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

_YEARS = re.compile(
    r"(\d{1,2}(?:\.\d)?)\s*(\+)?\s*年?\s*(?:[-~–—至到]|to)\s*(\d{1,2})\s*(?:年|years?|yrs?)"
    r"|(\d{1,2}(?:\.\d)?)\s*(\+)?\s*(?:年|years?|yrs?)",
    re.IGNORECASE,
)
_MONTHS = re.compile(r"(?:(\d{1,2})个月|半年)(?=以上|及以上|经验|工作|相关)")
_BELOW_BEFORE = re.compile(r"(?:less than|under|不超过|(?<!不)少于)\s*$", re.IGNORECASE)
_BELOW = re.compile(r"\s*(?:及?以下|以内|内|or less)", re.IGNORECASE)
_CLASS = re.compile(r"(?:20)?\d{2}\s*年?\s*(?:届|应届|毕业生)")
_FRESH = re.compile("应届|在校|毕业生|实习|graduate|student", re.IGNORECASE)
_NO_EXPERIENCE = re.compile(
    "无需经验|无经验|经验不限|不限经验|^不限|经验无要求|无工作经验|零经验|不(?:需|需要|要求)经验|^(?:无|不)要求$"
    "|no experience|any experience|entry level|experience not required",
    re.IGNORECASE,
)
_EXPERIENCE_PART = re.compile(
    r"(?:工作)?经验\s*(?:不限|无要求|应届毕业生|\d[\d\-]*年(?:以上|以内|以下)?)|(?:不限|无需|不要求|无)(?:工作)?经验"
    r"|\d[\d\-~]*年(?:以上|以内|以下)?|\d天/周|\d+个月|在校/应届|应届(?:毕业)?生"
)


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


def parse_experience(text: str | None) -> Experience:
    """Read years of experience, also out of a combined cell such as `5-10年大专`."""
    raw = plain_figures(text or "")
    if not raw:
        return Experience(reason="empty")
    if _CLASS.search(raw):  # 26年应届生, 2025届: a year of graduation, not years of work
        return Experience(0.0, 0.0)
    years = _YEARS.search(raw)
    if years:
        return _years(raw, years)
    return _without_years(raw)


def _without_years(raw: str) -> Experience:
    months = _MONTHS.search(raw)
    if months:
        return Experience(int(months[1] or 6) / 12, None)
    if _NO_EXPERIENCE.search(raw):
        return Experience(0.0, None)
    if _FRESH.search(raw):
        return Experience(0.0, 0.0)
    return Experience(reason="not recognised")


def _years(raw: str, years: re.Match[str]) -> Experience:
    if years[4]:
        value = float(years[4])
        if _BELOW.match(raw, years.end()) or _BELOW_BEFORE.search(raw, 0, years.start()):
            return Experience(0.0, value)
        return Experience(value, None)
    low, high = sorted((float(years[1]), float(years[3])))
    return Experience(low, high)


def parse_diploma(text: str | None, *, diplomas: Sequence[Diploma]) -> ParsedDiploma:
    """Read the lowest accepted grade of schooling, also out of a combined cell such as `5-10年大专`."""
    raw = plain_figures(text or "")
    if not raw:
        return ParsedDiploma(reason="empty")
    rest = _EXPERIENCE_PART.sub(" ", raw).lower()
    named: list[Diploma] = []
    # Longest first and taken out, so that 博士研究生 is not also 研究生 nor 大学专科 a 大学.
    for name, grade in sorted(
        ((name, diploma) for diploma in diplomas if diploma.rank for name in diploma.names),
        key=lambda pair: -len(pair[0]),
    ):
        if name in rest:
            named.append(grade)
            rest = rest.replace(name, " ")
    if named:
        return ParsedDiploma(min(named, key=lambda diploma: diploma.rank).id)
    free = next((diploma for diploma in diplomas if diploma.rank == 0), None)
    if free and any(name in rest if len(name) > 1 else rest.strip() == name for name in free.names):
        return ParsedDiploma(free.id)
    return ParsedDiploma(reason="not recognised")
