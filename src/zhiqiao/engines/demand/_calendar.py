"""Working days per month from a calendar file; how much they matter is estimated from each table, not here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any  # Any: parsed TOML

import numpy as np

from zhiqiao.engines.demand._errors import ParameterError
from zhiqiao.engines.demand._months import month_number
from zhiqiao.engines.demand._values import Numbers

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Days off, weekends that are worked, and the slack weeks around Spring Festival (春节)."""

    version: str
    noticed_years: frozenset[int]
    off: frozenset[date]
    worked: frozenset[date]
    festivals: Mapping[int, date]
    usual_net: tuple[float, ...]
    usual_festival: float
    lull_before: int
    lull_after: int
    lull_weight: float

    def effective_days(self, months: Sequence[str]) -> Numbers | None:
        """Return working days of each month, those of the lull counted in part; None when a year is not covered.

        Years without a notice yet are taken as weekdays less the usual days off.
        """
        numbers = [month_number(month) or 0 for month in months]
        if not {number // 12 for number in numbers} <= set(self.festivals):
            return None
        return np.array([self._days(number // 12, number % 12 + 1) for number in numbers])

    def _days(self, year: int, month: int) -> float:
        days = [day for day in _days_of(year, month) if self._is_worked(day)]
        total = sum(self._weight(day) for day in days)
        if year in self.noticed_years or not days:
            return total
        festival = self.festivals[year]
        net = self.usual_net[month - 1] + (self.usual_festival if festival.month == month else 0)
        return total * (1 - net / len(days))

    def _is_worked(self, day: date) -> bool:
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def _weight(self, day: date) -> float:
        near = (self.festivals[year] for year in (day.year, day.year + 1) if year in self.festivals)
        slack = any(-self.lull_before <= (day - festival).days <= self.lull_after for festival in near)
        return self.lull_weight if slack else 1.0


def _days_of(year: int, month: int) -> list[date]:
    day, days = date(year, month, 1), []
    while day.month == month:
        days.append(day)
        day += _DAY
    return days


def read_calendar(path: Path) -> Calendar:
    """Read a calendar file (`calendar_cn.toml`); raise ParameterError when it is not one."""
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))  # Any: parsed TOML
        return Calendar(
            version=raw["version"],
            noticed_years=frozenset(int(year) for year in raw["days_off"]),
            off=frozenset(
                day for year, spans in raw["days_off"].items() for span in spans for day in _span(year, span)
            ),
            worked=frozenset(
                date.fromisoformat(f"{year}-{day}")
                for year, days in raw["working_weekends"].items()
                for day in days
            ),
            festivals={
                int(year): date.fromisoformat(f"{year}-{day}") for year, day in raw["spring_festival"].items()
            },
            usual_net=tuple(raw["usual"]["net_days_off"]),
            usual_festival=raw["usual"]["spring_festival"],
            lull_before=raw["lull"]["days_before"],
            lull_after=raw["lull"]["days_after"],
            lull_weight=raw["lull"]["weight"],
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ParameterError(
            f"日历文件 {path.name} 无法使用：{error!r}。",
            f"The calendar {path.name} can not be used: {error!r}.",
        ) from error


def _span(year: str, span: str) -> list[date]:
    first, last = (date.fromisoformat(f"{year}-{day}") for day in span.split("/"))
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]
