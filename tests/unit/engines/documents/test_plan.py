"""One numbering for all forms; contradictions are named."""

from __future__ import annotations

import datetime as dt
import math
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.documents.conftest import small
from tests.unit.engines.documents.demo import demo
from zhiqiao.engines.documents import (
    Annex,
    BadBlock,
    Band,
    Chart,
    ChartKind,
    Cite,
    Column,
    Figure,
    Heading,
    Paragraph,
    Reference,
    Series,
    Table,
    Unknown,
    UnknownTarget,
    ValueKind,
)
from zhiqiao.engines.documents._plan import plan
from zhiqiao.engines.documents._plan_values import HeadingPlan, ParagraphPlan, TablePlan
from zhiqiao.engines.documents._text import breakable, chinese_number, clean, formatted, number, width


def numbers(*blocks: object, language: str = "zh") -> list[str]:
    planned = plan(small(*blocks, language=language)).blocks
    return [block.number for block in planned if isinstance(block, HeadingPlan)]


HEADINGS = (
    Heading("a"),
    Heading("b", 2),
    Heading("c", 3),
    Heading("d", 3),
    Heading("e", 2),
    Heading("f"),
    Heading("g", 2),
    Annex("h"),
    Heading("i"),
)


def test_headings_are_numbered_as_chinese_documents_are() -> None:
    assert numbers(*HEADINGS) == ["一、", "（一）", "1.", "2.", "（二）", "二、", "（一）", "一、"]


def test_headings_are_numbered_by_points_in_english() -> None:
    assert numbers(*HEADINGS, language="en") == ["1", "1.1", "1.1.1", "1.1.2", "1.2", "2", "2.1", "1"]


def test_an_unnumbered_heading_takes_no_number() -> None:
    assert numbers(Heading("摘要", numbered=False), Heading("a")) == ["", "一、"]


def test_a_level_can_not_be_left_out() -> None:
    with pytest.raises(BadBlock, match="without one above"):
        numbers(Heading("a"), Heading("b", 3))


@pytest.mark.parametrize(
    ("value", "expected"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100")]
)
def test_chinese_numbers(value: int, expected: str) -> None:
    assert chinese_number(value) == expected


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (1234567, None, "1,234,567"),
        (-0.001, None, "0"),
        (-0.001, 1, "0.0"),
        (-2.5, 1, "−2.5"),
        (Decimal("1.10"), None, "1.1"),
    ],
)
def test_numbers_are_written_for_people(value: float, places: int | None, expected: str) -> None:
    assert number(value, places) == expected


def test_units_stand_where_the_language_puts_them() -> None:
    assert formatted(3, ValueKind.NUMBER, unit="人") == "3人"
    assert formatted(3, ValueKind.NUMBER, unit="posts") == "3 posts"
    assert formatted(0.4273, ValueKind.PERCENT) == "42.7%"


@given(st.text())
def test_cleaned_text_is_xml(text: str) -> None:
    made = ET.fromstring(
        f"<a>{clean(text).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</a>"
    )
    assert (made.text or "") == clean(text)
    assert clean(clean(text)) == clean(text)


@given(st.text(alphabet="abc/?&=.,-_: 汉", max_size=80))
def test_breaking_adds_nothing_but_places_to_break(text: str) -> None:
    made = breakable(text)
    assert made.replace("\u200b", "") == text
    assert all(width(run) < 24 for piece in made.split("汉") for run in piece.replace("\u200b", " ").split())


def test_direction_marks_and_nul_are_dropped() -> None:
    assert clean("a\x00b\u202ec\ud800d\r\ne\x0cf") == "abcd\ne\nf"


def line_of(*inline: object) -> list[tuple[str, str]]:
    block = plan(small(Paragraph(inline))).blocks[0]  # type: ignore[arg-type]
    assert isinstance(block, ParagraphPlan)
    return [(piece.kind, piece.text) for piece in block.line]


@pytest.mark.parametrize("value", [None, math.nan, math.inf, Decimal("NaN")])
def test_a_figure_that_is_not_known_is_never_zero(value: float | None) -> None:
    assert line_of(Figure(value, unit="人")) == [("text", "未知")]


def test_the_same_evidence_is_one_footnote() -> None:
    made = line_of(Figure(1, evidence="E-1"), Figure(2, evidence="E-2"), Figure(3, evidence="E-1"))
    assert made == [
        ("text", "1"),
        ("note", "E-1"),
        ("text", "2"),
        ("note", "E-2"),
        ("text", "3"),
        ("again", "1"),
    ]


@pytest.mark.parametrize("part", [Cite("nowhere"), Reference("nowhere")])
def test_a_reference_to_nothing_is_refused(part: object) -> None:
    with pytest.raises(UnknownTarget, match="nowhere"):
        line_of(part)


def test_references_may_point_forwards() -> None:
    made = plan(demo("zh")).blocks
    texts = [piece.text for block in made if isinstance(block, ParagraphPlan) for piece in block.line]
    assert "表1" in texts
    assert "图1" in texts


def table(rows: list[list[object]], *columns: Column, **more: object) -> TablePlan:
    block = plan(small(Table("t", columns, rows, **more))).blocks[0]  # type: ignore[arg-type]
    assert isinstance(block, TablePlan)
    return block


def test_equal_neighbours_join_within_what_the_column_before_joined() -> None:
    rows: list[list[object]] = [["a", "x"], ["a", "x"], ["b", "x"], [None, "y"], [None, "y"]]
    made = table(rows, Column("1", merged=True), Column("2", merged=True))
    assert [row[0].span for row in made.rows] == [2, 0, 1, 1, 1]
    assert [row[1].span for row in made.rows] == [2, 0, 1, 1, 1]


@given(st.lists(st.sampled_from("ab"), min_size=1, max_size=120))
def test_joined_cells_cover_every_row_once(values: list[str]) -> None:
    spans = [row[0].span for row in table([[value] for value in values], Column("1", merged=True)).rows]
    assert sum(spans) == len(values)
    at = 0
    while at < len(spans):
        assert spans[at] >= 1
        assert len(set(values[at : at + spans[at]])) == 1
        assert spans[at + 1 : at + spans[at]] == [0] * (spans[at] - 1)
        at += spans[at]


def test_unknown_cells_say_why_below_the_table_once() -> None:
    rows: list[list[object]] = [
        [Unknown("样本不足")],
        [Unknown("样本不足")],
        [Unknown("无专业", applies=False)],
        [math.nan],
    ]
    made = table(rows, Column("n", ValueKind.NUMBER))
    assert [row[0].text for row in made.rows] == ["未知", "未知", "—", "未知"]
    assert [row[0].value for row in made.rows] == [None] * 4
    assert [[piece.text for piece in line] for line in made.notes] == [["a", " 样本不足"], ["b", " 无专业"]]


def test_numbers_and_days_keep_their_width_when_words_are_long() -> None:
    long = Column("词")
    made = table(
        [["很长的文字" * 20, dt.date(2026, 1, 1), 123456]] * 3,
        *(long, Column("日", ValueKind.DATE), Column("数", ValueKind.NUMBER)),
    )
    assert made.heads[1].width >= 10
    assert made.heads[2].width >= 7


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (Table("t", [Column("a")], []), "empty_reason"),
        (Table("t", [], []), "without columns"),
        (Table("t", [Column("a")], [["x"], ["x", "y"]]), "row 2 has 2 cells under 1 columns"),
        (Table("t", [Column("a")], [[True]]), "row 1, a"),
        (Table("t", [Column("a", ValueKind.DATE)], [[3]]), "a number in a date column"),
        (Chart("c", ChartKind.LINE, ["a"], [Series("s", [1, 2])], "alt"), "2 values for 1 categories"),
        (Chart("c", ChartKind.LINE, ["a"], [Series("s", [1])], " "), "no alt"),
        (Chart("c", ChartKind.LINE, ["a"], [Series("s", [None])], "alt"), "empty_reason"),
        (Chart("c", ChartKind.LINE, ["a"], [], "alt"), "at least one"),
        (Chart("c", ChartKind.DUMBBELL, ["a"], [Series("s", [1])], "alt"), "two series"),
        (Chart("c", ChartKind.STACKED, ["a"], [Series("s", [-1])], "alt"), "can not be -1"),
        (
            Chart("c", ChartKind.BARS, ["a"], [Series("s", [1], [Band("b", [0], [2])])], "alt"),
            "only a line chart",
        ),
        (Chart("c", ChartKind.LINE, ["a"], [Series("s", [1])], "alt", marks=[(1, "x")]), "beyond the 1"),
        (Heading("h", 4), "level 4"),
    ],
)
def test_contradictions_are_named(block: object, reason: str) -> None:
    with pytest.raises(BadBlock, match=reason):
        plan(small(block))
