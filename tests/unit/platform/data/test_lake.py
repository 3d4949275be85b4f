"""Cutting texts: sentences around a span, texts at their mentions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.platform.data.lake import LakePosting, Span, sentence_parts, text_parts
from zhiqiao.platform.data.loading import key_of

TEXT = "公司简介。任职要求：1、熟练掌握Python和Docker；2、有团队精神。\n福利好"


def test_a_sentence_ends_at_its_stops() -> None:
    start = TEXT.index("Docker")
    parts = sentence_parts(TEXT, start, start + 6)
    assert parts == (("任职要求：1、熟练掌握Python和", False), ("Docker", True), ("；", False))


def test_a_long_sentence_is_shortened_on_both_sides() -> None:
    text = "甲" * 500 + "Python" + "乙" * 500
    head, middle, tail = sentence_parts(text, 500, 506)
    assert head[0].startswith("…")
    assert middle == ("Python", True)
    assert tail[0].endswith("…")


_PLAIN = st.characters(exclude_categories=["C"], exclude_characters="<>&")


@given(text=st.text(_PLAIN, min_size=1, max_size=80), data=st.data())
def test_the_marked_part_is_the_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert [part for part, marked in sentence_parts(text, start, end) if marked] == [text[start:end]]


def test_a_sentence_is_shown_without_markup_and_no_tag_is_cut() -> None:
    text = '<p style="color:red;">任职要求：</p><p>熟悉R&amp;D与<b>Java</b>&nbsp;开发</p>'
    start = text.index("Java")
    parts = sentence_parts(text, start, start + 4)
    assert parts == (("熟悉R&D与", False), ("Java", True), ("\xa0开发", False))


@given(text=st.text(max_size=60), cuts=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 5)), max_size=6))
def test_the_pieces_of_a_text_are_the_text(text: str, cuts: list[tuple[int, int]]) -> None:
    spans = tuple(
        Span(start, start + length, "x", "tool", "duty")
        for start, length in sorted(cuts)
        if start + length <= len(text)
    )
    assert "".join(piece for piece, _span in text_parts(LakePosting("k", "t", text, spans))) == text


@given(st.text(min_size=1, max_size=400))
def test_a_key_fits_its_column_and_short_ids_stay(identity: str) -> None:
    key = key_of(identity)
    assert len(key) <= 128
    assert key == identity or len(identity) > 128


def test_long_ids_that_differ_at_the_end_get_different_keys() -> None:
    assert key_of("x" * 300 + "a") != key_of("x" * 300 + "b")
