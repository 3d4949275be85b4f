"""Months as text `YYYY-MM` and as whole numbers that can be counted with."""

from __future__ import annotations

import re

_MONTH = re.compile(
    r"\s*(\d{4})\s*[-/.年_]?\s*(0?[1-9]|1[0-2])\s*月?(?:[-/.]0?1(?:[ T]00:00(?::00(?:\.0+)?)?)?)?\s*$"
)


def month_number(text: str) -> int | None:
    """Return months since year 0 of `2023-07` and its usual other writings; None when the text is no month.

    `2023/7`, `202307`, `2023年7月` and the first day of a month are understood; another day is not a month.
    """
    found = _MONTH.match(text)
    return None if found is None else int(found[1]) * 12 + int(found[2]) - 1


def month_text(number: int) -> str:
    """Write a month number as `YYYY-MM`."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def months_after(last: str, count: int) -> tuple[str, ...]:
    """Return the `count` months that follow `last`."""
    number = month_number(last)
    if number is None:
        msg = f"not a month: {last}"
        raise ValueError(msg)
    return tuple(month_text(number + step) for step in range(1, count + 1))
