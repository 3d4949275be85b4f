"""Figures and dates as people of each language write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.infra.ui import formats


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (12345, "12,345"),
        (12345.0, "12,345"),
        (0.5, "0.5"),
        (1234.567, "1,234.57"),
        (Decimal("7.10"), "7.1"),
    ],
)
def test_numbers_have_separators_and_no_idle_decimals(value: formats.Number, shown: str) -> None:
    assert formats.number(value) == shown


def test_places_are_kept_when_asked_for() -> None:
    assert formats.number(3, places=2) == "3.00"


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("zh-hans", 9999, "9,999"),
        ("zh-hans", 12345, "1.2万"),
        ("zh-hans", 250_000_000, "2.5亿"),
        ("en", 12345, "12.3k"),
        ("en", 2_000_000, "2M"),
        ("en", -1500, "-1.5k"),
    ],
)
def test_large_figures_are_short_in_the_readers_units(language: str, value: int, shown: str) -> None:
    with translation.override(language):
        assert formats.compact(value) == shown


def test_a_share_becomes_per_cent() -> None:
    assert formats.percent(0.1256) == "12.6%"


def test_a_day_near_midnight_is_the_day_in_the_platforms_zone() -> None:
    evening = dt.datetime(2026, 11, 19, 17, 30, tzinfo=dt.UTC)
    assert formats.date(evening) == "2026-11-20"
    assert formats.moment(evening) == "2026-11-20 01:30"


def test_a_name_falls_back_to_the_other_language() -> None:
    row = SimpleNamespace(name_zh="巴中", name_en="")
    with translation.override("en"):
        assert formats.named(row) == "巴中"


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_written_number_reads_back(value: int) -> None:
    assert int(formats.number(value).replace(",", "")) == value
