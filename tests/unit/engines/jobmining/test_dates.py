"""The day of publication in the writings of sites and exports."""

from __future__ import annotations

from datetime import date

import pytest

from zhiqiao.engines.jobmining import parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-03", date(2024, 5, 3)),
        ("2024/5/3", date(2024, 5, 3)),
        ("2024年5月3日", date(2024, 5, 3)),
        ("2024.05.03 12:30", date(2024, 5, 3)),
        ("20240503", date(2024, 5, 3)),
        ("2024-05", date(2024, 5, 1)),
        ("5月3日", date(2024, 5, 3)),
        ("05-03发布", date(2024, 5, 3)),
        ("12月30日", date(2023, 12, 30)),
        ("昨天", date(2024, 6, 14)),
        ("今天 10:20", date(2024, 6, 15)),
        ("前天", date(2024, 6, 13)),
        ("3天前", date(2024, 6, 12)),
        ("2小时前", date(2024, 6, 15)),
        ("刚刚", date(2024, 6, 15)),
        ("45415", date(2024, 5, 3)),
        ("45415.5", date(2024, 5, 3)),
        ("1714694400", date(2024, 5, 3)),
        ("1714694400000", date(2024, 5, 3)),
        ("24-05-03", date(2024, 5, 3)),
        ("May 3, 2024", date(2024, 5, 3)),
        ("3 May 2024", date(2024, 5, 3)),
        ("31/12/2023", date(2023, 12, 31)),
        ("12/31/2023", date(2023, 12, 31)),
        ("两周前", date(2024, 6, 1)),
        ("5 days ago", date(2024, 6, 10)),
        ("1个月前", date(2024, 5, 16)),
        ("14:05", date(2024, 6, 15)),
    ],
)
def test_publication_day(text: str, expected: date) -> None:
    assert parse_date(text, reference_date=date(2024, 6, 15)).value == expected


@pytest.mark.parametrize("text", ["", None, "2024-13-40", "长期有效", "12345", "2月30日"])
def test_no_day_said_stays_unknown(text: str | None) -> None:
    found = parse_date(text, reference_date=date(2024, 6, 15))
    assert found.value is None
    assert found.reason


def test_a_relative_day_needs_the_reference() -> None:
    assert parse_date("昨天", reference_date=None).reason == "no reference date"


def test_day_and_month_that_can_be_exchanged_stay_unknown() -> None:
    assert parse_date("05/06/2024", reference_date=date(2024, 6, 15)).reason == "day and month ambiguous"
