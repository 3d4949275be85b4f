"""Every occurrence of every pattern is found, in whatever plane its characters are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.jobmining._fold import codes_of
from zhiqiao.engines.jobmining._search import Search

_TEXTS = st.text(alphabet="abc测试\u6d00\u006d😀🚀\uffff\0", max_size=30)
_PLAIN = st.text(alphabet="abc测试\u6d00\u006d", min_size=1, max_size=3)


def plainly(patterns: list[str], text: str) -> list[tuple[str, int, int]]:
    places = [
        (at, at + len(one), one)
        for one in set(patterns)
        for at in range(len(text))
        if text.startswith(one, at)
    ]
    return [(one, start, end) for start, end, one in sorted(places)]


def found_by(patterns: list[str], text: str) -> list[tuple[str, int, int]]:
    search = Search(patterns)
    found = search.find(codes_of(text))
    rows = zip(found.pattern.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    return [(search.patterns[number], start, end) for number, start, end in rows]


@given(st.lists(_PLAIN, min_size=1, max_size=6), _TEXTS)
def test_all_matches_are_found_in_order(patterns: list[str], text: str) -> None:
    assert found_by(patterns, text) == plainly(patterns, text)


@given(st.lists(_TEXTS.filter(bool), min_size=1, max_size=6), _TEXTS)
def test_patterns_beyond_the_first_plane_are_told_apart(patterns: list[str], text: str) -> None:
    assert found_by(patterns, text) == plainly(patterns, text)


@pytest.mark.parametrize("text", ["", "\0"])
def test_nothing_is_found_in_nothing(text: str) -> None:
    assert found_by(["测试"], text) == []
