"""What of a course is taught in a term, in one cell: `64`, `4×16`, `4×16=64`, `16周`, `4/周`, `√`.

A number alone is hours of the term or hours a week: the heading says which, or else the course's total.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.planfiles._cells import Refused, read_number

#: Written in every term of a course that is known to be taught in none.
NO_TERMS = "—"
_TICK = "√"
_TICKS = frozenset({"√", "✓", "✔", "★", "▲", "●", "☆", "△", "○"})
_N = r"(\d+(?:\.\d+)?)"
_TIMES = re.compile(
    _N + r"(?:学时|节|h)?(?:/周)?[×xX*✕╳·](" + r"\d+(?:\.\d+)?)(?:周|w|W)?(?:=" + _N + r"(?:学时|节)?)?"
)
_WEEKS = re.compile(_N + r"(?:周|w|W)(?:=" + _N + r"(?:学时|节)?)?")
_A_WEEK = re.compile(_N + r"(?:学时|节)?/(?:周|w|W)(?:=" + _N + r"(?:学时|节)?)?")
_ALONE = re.compile(_N)


def write_term(term: Mapping[str, Number]) -> str:
    """Return the text of a cell."""
    weekly, weeks, hours = (term.get(name) for name in ("weekly_hours", "weeks", "hours"))
    if weekly is not None and weeks is not None:
        start = f"{weekly}×{weeks}"
    elif weeks is not None:
        start = f"{weeks}周"
    elif weekly is not None:
        start = f"{weekly}/周"
    else:
        return _TICK if hours is None else str(hours)
    return start if hours is None else f"{start}={hours}"


def term_hours(term: Mapping[str, Number]) -> Number | None:
    """Return the hours of a term, told or from weeks and hours a week."""
    weekly, weeks, hours = (term.get(name) for name in ("weekly_hours", "weeks", "hours"))
    if hours is not None:
        return hours
    return None if weekly is None or weeks is None else weekly * weeks


def read_term(text: str) -> list[dict[str, Number]]:
    """Return what a cell says, without the number of the term; a number alone as `alone`. Raise Refused."""
    plain = unicodedata.normalize("NFKC", text).replace("＝", "=")
    parts = [re.sub(r"\s", "", part) for part in re.split("[;；\n]", plain)]
    return [_part(part, text) for part in parts if part]


def _part(part: str, whole: str) -> dict[str, Number]:
    if part in _TICKS:
        return {}
    if found := _TIMES.fullmatch(part):
        return _named(found, "weekly_hours", "weeks", "hours")
    if found := _WEEKS.fullmatch(part):
        return _named(found, "weeks", "hours")
    if found := _A_WEEK.fullmatch(part):
        return _named(found, "weekly_hours", "hours")
    if found := _ALONE.fullmatch(re.sub("(学时|节)$", "", part)):
        return _named(found, "alone" if part == found.group() else "hours")
    raise Refused("term_cell", text=whole)


def _named(found: re.Match[str], *names: str) -> dict[str, Number]:
    return {
        name: read_number(part) for name, part in zip(names, found.groups(), strict=True) if part is not None
    }
