"""Single cells: what is empty or says unknown is None, what is written is read, the rest is refused with a reason."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.platform.data.supply.cells import BadCell, amount, day, month, share, text, whole, year


@pytest.mark.parametrize("cell", ["", " ", "-", "—", "未知", "不详", "N/A", "／"])
def test_unknown_is_none(cell: str) -> None:
    assert whole({"x": cell}, "x") is None
    assert amount({"x": cell}, "x") is None


@given(st.integers(min_value=0, max_value=10**9 - 1))
def test_a_count_is_read_as_written_with_separators_width_and_unit(count: int) -> None:
    wide = str(count).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for cell in (str(count), f"{count:,}", f"{count}.0", f" {count} 人", wide):
        assert whole({"x": cell}, "x") == count


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_an_amount_keeps_its_decimals(value: Decimal) -> None:
    assert amount({"x": str(value)}, "x") == value


@given(st.text(min_size=1))
def test_any_other_cell_is_refused_or_a_count_never_a_guess(cell: str) -> None:
    with suppress(BadCell):
        found = whole({"x": cell}, "x")
        assert found is None or found >= 0


@pytest.mark.parametrize(
    "cell", ["1.5", "-1", "1e3", "十", "12/3", "1234567890", "1,20", "12,0000", "10²", "٣", "1.23456万"]
)
def test_what_is_no_count_is_refused(cell: str) -> None:
    with pytest.raises(BadCell, match="不是整数"):
        whole({"x": cell}, "x")


@pytest.mark.parametrize(
    ("cell", "expected"), [("2025", 2025), ("2025年", 2025), ("2025.0", 2025), ("２０２５年度", 2025)]
)
def test_a_year_is_read(cell: str, expected: int) -> None:
    assert year({"x": cell}, "x") == expected


@pytest.mark.parametrize("cell", ["", "25", "1989", "2101", "2025-2026"])
def test_what_is_no_year_is_refused(cell: str) -> None:
    with pytest.raises(BadCell, match="不是年份"):
        year({"x": cell}, "x")


def test_a_text_is_refused_rather_than_cut() -> None:
    assert text({"x": " 甲 "}, "x", most=1) == "甲"
    with pytest.raises(BadCell, match="超过 1 个字"):
        text({"x": "甲乙"}, "x", most=1)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("１２", 12),
        ("1,200", 1200),
        ("1，200人", 1200),
        ("1.2万", 12_000),
        ("0.5万元", 5000),
        ("2亿", 2 * 10**8),
    ],
)
def test_a_count_is_read_as_offices_write_it(cell: str, expected: int) -> None:
    assert whole({"x": cell}, "x") == expected


@pytest.mark.parametrize(
    "cell",
    [
        "2026年3月",
        "2026-03",
        "2026/3",
        "2026.3",
        "２０２６年３月",
        "202603",
        "2026-03-01 00:00:00",
        "2026年3月1日",
    ],
)
def test_a_month_is_read_as_offices_write_it(cell: str) -> None:
    assert month({"x": cell}, "x") == "2026-03"


@pytest.mark.parametrize("cell", ["", "三月", "2026", "2026年13月", "2026-00", "1889-01", "2026-03-01 08:30"])
def test_what_is_no_month_is_refused(cell: str) -> None:
    with pytest.raises(BadCell, match="不是月份"):
        month({"x": cell}, "x")


@given(st.dates(min_value=dt.date(1990, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_a_day_is_read_in_every_way_it_is_written(value: dt.date) -> None:
    at = (value.year, value.month, value.day)
    for cell in (value.isoformat(), "{}年{}月{}日".format(*at), "{}/{}/{}".format(*at), f"{value:%Y%m%d}"):
        assert day({"x": cell}, "x") == value
        assert month({"x": cell}, "x") == f"{value:%Y-%m}"


def test_a_day_that_the_calendar_lacks_is_refused_and_an_empty_one_unknown() -> None:
    assert day({"x": "未知"}, "x") is None
    with pytest.raises(BadCell, match="不是日期"):
        day({"x": "2026-02-30"}, "x")


@pytest.mark.parametrize(
    ("cell", "expected"), [("60%", 0.6), ("６０％", 0.6), ("60", 0.6), ("0.6", 0.6), ("100", 1), ("0", 0)]
)
def test_a_share_is_read(cell: str, expected: float) -> None:
    assert share({"x": cell}, "x") == expected


@pytest.mark.parametrize("cell", ["1", "1.0", "160%", "-5%", "六成"])
def test_a_share_that_may_mean_two_things_or_none_is_refused(cell: str) -> None:
    with pytest.raises(BadCell):
        share({"x": cell}, "x")
