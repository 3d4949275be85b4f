"""Pay as postings write it, to RMB a month; a pay that is not said stays unknown with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from zhiqiao.engines.jobmining._numerals import plain_figures

__all__ = ["Period", "Salary", "parse_salary", "parse_wage_bounds"]

Period = Literal["hour", "day", "week", "month", "year"]

# Paid days a month and hours a day by the labour ministry's notice on converting wages (劳社部发〔2008〕3号).
_PAID_DAYS = 21.75
_HOURS_A_DAY = 8
_TO_MONTH: dict[Period, float] = {
    "hour": _HOURS_A_DAY * _PAID_DAYS,
    "day": _PAID_DAYS,
    "week": 52 / 12,
    "month": 1.0,
    "year": 1 / 12,
}
_PERIODS: dict[str, Period] = {
    "时": "hour",
    "小时": "hour",
    "h": "hour",
    "hour": "hour",
    "天": "day",
    "日": "day",
    "day": "day",
    "周": "week",
    "week": "week",
    "月": "month",
    "month": "month",
    "mo": "month",
    "年": "year",
    "year": "year",
}
# A monthly figure below this has lost its unit ("8-10"): nobody earns ten yuan a month.
_LEAST_MONTHLY_PAY = 200
_UNITS = {"": 1.0, "元": 1.0, "k": 1e3, "千": 1e3, "千元": 1e3, "万": 1e4, "w": 1e4, "万元": 1e4}
_UNIT = r"(k|w|千元|万元|千|万|元)?"
_NUMBER = r"(\d+(?:,\d{3})*(?:\.\d+)?)"
_RANGE = re.compile(rf"{_NUMBER}\s*{_UNIT}\s*(?:-|~|–|—|至|到)\s*{_NUMBER}\s*{_UNIT}", re.IGNORECASE)
_SINGLE = re.compile(rf"{_NUMBER}\s*{_UNIT}", re.IGNORECASE)
_MONTHS = re.compile(
    r"(?<![\d.])(1[2-9]|2[0-4])\s*薪|(?<=[*×x])\s*(1[2-9]|2[0-4])\s*(?:个月)?$", re.IGNORECASE
)
_PERIOD = re.compile(
    r"(?:/|每|元|per )\s*(小时|时|天|日|周|月|年|hour|day|week|month|mo|year|h)|([时日天周月年])薪",
    re.IGNORECASE,
)
_PIECE = re.compile(r"(?:/|每)\s*(?:一)?(?:次|件|单|篇|条|场|节|课时|课|人)")
_FOREIGN = re.compile(r"\$|€|£|usd|eur|gbp|hkd|jpy|美元|美金|欧元|英镑|港币|港元|日元|新币", re.IGNORECASE)
_NEGOTIABLE = re.compile(r"面议|面谈|协商|negotiable", re.IGNORECASE)
_UP_TO = re.compile(r"以下|以内|及以下|最高|不超过|封顶|up to", re.IGNORECASE)
_FROM = re.compile(r"以上|起|及以上|最低|不低于|至少|底薪|保底|\+|from", re.IGNORECASE)


@dataclass(frozen=True)
class Salary:
    """Monthly RMB; `months` is how many are paid a year where said, `reason` says why nothing is known."""

    minimum: int | None = None
    maximum: int | None = None
    months: int | None = None
    period: Period | None = None
    swapped: bool = False
    reason: str | None = None


def parse_salary(text: str | None) -> Salary:
    """Read a pay range such as `6.9-8.9千·13薪`, `8千-1.5万`, `200-300元/天`; unknown is never zero."""
    raw = plain_figures(text or "")
    if raw in ("", "无", "-", "None", "null"):
        return Salary(reason="empty")
    said = _MONTHS.search(raw)
    months = int(said[1] or said[2]) if said else None
    amount = _MONTHS.sub("", raw)
    bounds = _RANGE.search(amount)
    single = None if bounds else _SINGLE.search(amount)
    if bounds is None and single is None:
        return Salary(reason="negotiable" if _NEGOTIABLE.search(raw) else "no number")
    if _PIECE.search(amount):
        return Salary(reason="piece rate")
    if _FOREIGN.search(amount):
        return Salary(reason="other currency")
    period = _period(amount)
    if bounds:
        return _range(bounds, period=period, months=months)
    assert single is not None
    return _single(single, amount, period=period, months=months)


def parse_wage_bounds(minimum: str | None, maximum: str | None) -> Salary:
    """Read two numeric columns in thousand RMB a month (from 1,000 on: in RMB), in either order."""
    low, high = _positive(minimum), _positive(maximum)
    if low is None and high is None:
        return Salary(reason="empty")
    unit = 1.0 if max(low or 0.0, high or 0.0) >= 1000 else 1e3
    return _salary(
        None if low is None else low * unit,
        None if high is None else high * unit,
        period="month",
        months=None,
    )


def _period(text: str) -> Period:
    found = _PERIOD.search(text)
    return _PERIODS[(found[1] or found[2]).lower()] if found else "month"


def _range(match: re.Match[str], *, period: Period, months: int | None) -> Salary:
    low, low_unit, high, high_unit = match.groups()
    high_factor = _UNITS[(high_unit or "").lower()]
    # "6.9-8.9千": the unit stands once, behind both numbers.
    low_factor = _UNITS[low_unit.lower()] if low_unit else high_factor
    if high_unit is None and low_unit:
        high_factor = low_factor
    return _salary(_plain(low) * low_factor, _plain(high) * high_factor, period=period, months=months)


def _single(match: re.Match[str], text: str, *, period: Period, months: int | None) -> Salary:
    value = _plain(match[1]) * _UNITS[(match[2] or "").lower()]
    if _UP_TO.search(text):
        return _salary(None, value, period=period, months=months)
    if _FROM.search(text):
        return _salary(value, None, period=period, months=months)
    return _salary(value, value, period=period, months=months)


def _salary(low: float | None, high: float | None, *, period: Period, months: int | None) -> Salary:
    swapped = low is not None and high is not None and low > high
    if swapped:
        low, high = high, low
    factor = _TO_MONTH[period]
    highest = max(low or 0, high or 0)
    if highest <= 0:
        return Salary(reason="zero")
    if period == "month" and highest < _LEAST_MONTHLY_PAY:
        return Salary(reason="no unit")
    return Salary(
        minimum=round(low * factor) if low else None,
        maximum=round(high * factor) if high else None,
        months=months,
        period=period,
        swapped=swapped,
    )


def _plain(number: str) -> float:
    return float(number.replace(",", ""))


def _positive(text: str | None) -> float | None:
    try:
        value = float((text or "").replace(",", "").strip() or "nan")
    except ValueError:
        return None
    return value if 0 < value < 1e9 else None
