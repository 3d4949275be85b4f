"""The parts of a text and their roles, in positions of the text as stored."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.jobmining import LineReader, read_roles_of_text, read_roles_of_texts, read_rules
from zhiqiao.packs import common_file

READER = LineReader(read_rules(common_file("jobmining")))


def named(text: str) -> list[tuple[str, str]]:
    return [(text[start:end].strip(), role) for start, end, role in read_roles_of_text(text, READER)]


def test_headings_part_a_posting_into_what_counts_and_what_does_not() -> None:
    text = "岗位职责：\n1、负责需求分析；\n任职要求：\n1、熟悉Java；\n福利待遇：\n五险一金"
    assert named(text) == [
        ("岗位职责：\n1、负责需求分析；", "duty"),
        ("任职要求：\n1、熟悉Java；", "requirement"),
        ("福利待遇：\n五险一金", "benefit"),
    ]


@pytest.mark.parametrize("text", ["", "   ", "ＪＡＶＡ㎡ﬁ开发"])
def test_odd_texts_are_covered_too(text: str) -> None:
    parts = read_roles_of_text(text, READER)
    assert "".join(text[start:end] for start, end, _role in parts) == text


@given(st.text(alphabet=st.sampled_from("岗位职责任职要求福利：:1、；\n Java㎡ﬁＡ公司简介"), max_size=120))
def test_the_parts_cover_the_text_without_gap_or_overlap(text: str) -> None:
    parts = read_roles_of_text(text, READER)
    assert "".join(text[start:end] for start, end, _role in parts) == text
    assert all(left[2] != right[2] for left, right in pairwise(parts))


@given(
    st.lists(
        st.text(alphabet=st.sampled_from("岗位职责任职要求福利：:1、；\n Java㎡ﬁ公司简介\0"), max_size=60),
        max_size=6,
    )
)
def test_many_texts_at_once_have_the_parts_each_has_alone(texts: list[str]) -> None:
    assert list(read_roles_of_texts(texts, READER)) == [read_roles_of_text(text, READER) for text in texts]
