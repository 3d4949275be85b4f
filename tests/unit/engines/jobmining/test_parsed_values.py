"""Values labelled by reading, before the parsers ran: all formats of three sources, and of other sites and years."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from zhiqiao.engines.jobmining import (
    Rules,
    parse_date,
    parse_diploma,
    parse_experience,
    parse_salary,
    parse_wage_bounds,
)

Row = dict[str, str]

# Paid days and hours a month, written here again: the label is the value in the cell's own unit.
_MONTHLY = {"month": 1.0, "day": 21.75, "hour": 174.0, "week": 52 / 12, "year": 1 / 12}
_REFERENCE = date(2026, 11, 21)


def _labelled() -> list[Row]:
    path = Path(__file__).with_name("parsed_values.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _number(cell: str, factor: float = 1.0) -> int | None:
    return None if cell in ("", "?") else round(float(cell) * factor)


def _years(cell: str) -> float | None:
    return None if cell in ("", "?") else float(cell)


def _pay_is_right(row: Row) -> bool:
    raw = row["raw"]
    pay = parse_salary(raw) if row["kind"] == "salary" else parse_wage_bounds(*raw.split("~"))
    factor = _MONTHLY.get(row["period"], 1.0)
    wanted = (_number(row["low"], factor), _number(row["high"], factor), _number(row["months"]))
    return (pay.minimum, pay.maximum, pay.months) == wanted and (pay.period or "") == row["period"]


def _asked_is_right(row: Row, rules: Rules) -> bool:
    """`?` is a label too: nothing is said. `*` says that the column, not the cell, decides."""
    experience = parse_experience(row["raw"])
    diploma = parse_diploma(row["raw"], diplomas=rules.diplomas)
    years_right = row["low"] == "*" or (experience.minimum, experience.maximum) == (
        _years(row["low"]),
        _years(row["high"]),
    )
    return years_right and (row["diploma"] == "*" or (diploma.id or "?") == row["diploma"])


def _is_right(row: Row, rules: Rules) -> bool:
    if row["kind"] in ("salary", "wage_bounds"):
        return _pay_is_right(row)
    if row["kind"] == "date":
        found = parse_date(row["raw"], reference_date=_REFERENCE).value
        return (found.isoformat() if found else "?") == row["low"]
    return _asked_is_right(row, rules)


@pytest.mark.parametrize("kind", ["salary", "wage_bounds", "experience", "diploma", "exp_edu", "date"])
def test_labelled_values_are_read_right(kind: str, rules: Rules) -> None:
    rows = [row for row in _labelled() if row["kind"] == kind]
    wrong = [row["raw"] for row in rows if not _is_right(row, rules)]
    assert len(rows) >= 30
    assert len(wrong) <= 0.02 * len(rows), wrong


def test_every_format_of_the_three_sources_is_labelled() -> None:
    kinds = Counter(row["kind"] for row in _labelled() if row["sample"].startswith("files"))
    assert kinds == {"salary": 250, "wage_bounds": 100, "exp_edu": 47, "experience": 23, "diploma": 21}
