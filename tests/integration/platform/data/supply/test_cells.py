"""Single cells: what is empty or says unknown is None, what is written is read, the rest is refused with a reason."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.platform.data.supply.cells import BadCell, amount, text, whole, year


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


@pytest.mark.parametrize("cell", ["1.5", "-1", "1e3", "十", "12/3", "1234567890"])
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
