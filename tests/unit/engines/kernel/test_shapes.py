"""JSON in and out of dataclasses: exact numbers, unknowns left out, every problem named by its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.kernel import (
    Amount,
    Count,
    Key,
    Number,
    ShapeError,
    from_json,
    read_json,
    to_json,
    write_json,
)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Row:
    key: Key
    amount: Amount | None = None
    on: date | None = None


@dataclass(frozen=True)
class Thing:
    name: str
    count: Count | None = None
    exact: Number | None = None
    colour: Colour | None = None
    way: Literal["up", "down"] | None = None
    yes: bool | None = None
    rows: tuple[Row, ...] | None = None
    parts: Mapping[str, Amount] | None = None
    words: tuple[str, ...] | None = None


def read(text: str) -> Thing:
    return from_json(Thing, read_json(text))


def problems(text: str) -> dict[str, str]:
    with pytest.raises(ShapeError) as caught:
        read(text)
    return {one.path: one.en for one in caught.value.problems}


def test_what_is_unknown_stays_unknown_and_an_empty_list_stays_empty() -> None:
    thing = read('{"name": "a", "rows": [], "count": null}')
    assert (thing.rows, thing.count, thing.words) == ((), None, None)
    assert to_json(thing) == {"name": "a", "rows": []}


def test_decimals_are_exact() -> None:
    assert read('{"name": "a", "exact": 0.1}').exact == Decimal("0.1")
    assert read('{"name": "a", "exact": 2.0}').exact == 2
    assert write_json(read('{"name": "a", "exact": 2.50}')) == '{\n  "name": "a",\n  "exact": 2.5\n}\n'


def test_every_problem_is_named_by_its_place() -> None:
    found = problems(
        '{"rows": [{"key": "r1", "amount": -1}, {"key": "r2", "amount": "much"}, {"amount": 3}, '
        '{"key": "r5", "on": "2026-02-30"}], "count": 1.5, "colour": "blue", "yes": 1, "parts": [], "wrods": []}'
    )
    assert set(found) == {
        "name",
        "rows[r1].amount",
        "rows[r2].amount",
        "rows[2].key",
        "rows[r5].on",
        "count",
        "colour",
        "yes",
        "parts",
        "wrods",
    }
    assert found["wrods"] == "no such field; did you mean words"
    assert found["colour"] == "“blue” is none of: red"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not valid JSON"),
        ('{"name": "a", "name": "b"}', "stands twice"),
        ('{"name": "a", "exact": NaN}', "no number"),
        ('{"name": "a", "exact": 1.00000000000000001}', "too many digits"),
        ('{"name": "a", "rows": [{"key": "x"}, {"key": "x"}]}', "this key stands twice"),
        ('{"name": "a", "rows": [{"key": " "}]}', "may not be blank"),
        ('{"name": "a", "way": "left"}', "none of: up, down"),
        ('{"name": "a", "on": 3}', "no such field"),
        ("[1]", "must be an object"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_bad_json_is_told(text: str, said: str) -> None:
    with pytest.raises(ShapeError) as caught:
        read(text)
    assert said in caught.value.en


def test_many_problems_are_counted() -> None:
    rows = ", ".join(f'{{"key": "k{n}", "amount": -1}}' for n in range(12))
    with pytest.raises(ShapeError, match="and 4 more"):
        read(f'{{"name": "a", "rows": [{rows}]}}')


amounts = st.none() | st.integers(0, 10**9) | st.decimals(0, 10**6, places=2)
things = st.builds(
    Thing,
    name=st.text(),
    count=st.none() | st.integers(0, 10**12),
    exact=amounts,
    colour=st.none() | st.just(Colour.RED),
    way=st.sampled_from([None, "up", "down"]),
    yes=st.none() | st.booleans(),
    rows=st.none()
    | st.lists(
        st.builds(Row, key=st.text("abc", min_size=1), amount=amounts, on=st.none() | st.dates()),
        unique_by=lambda row: row.key,
    ).map(tuple),
    parts=st.none() | st.dictionaries(st.text(), amounts.filter(lambda value: value is not None)),
    words=st.none() | st.lists(st.text()).map(tuple),
)


@given(things)
def test_what_is_written_is_read_again(thing: Thing) -> None:
    assert read(write_json(thing)) == thing
