"""Values as text and back: the same value, the same text; what is no number is unknown; other texts are refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.kernel import NotKept, from_text, to_text


class Kind(StrEnum):
    """One of two."""

    ONE = "one"
    TWO = "two"


@dataclass(frozen=True)
class Leaf:
    """A value."""

    name: str
    count: float | None = None


@dataclass(frozen=True)
class Twig:
    """Same fields as a leaf, and yet not one."""

    name: str
    count: float | None = None


@dataclass(frozen=True)
class Tree:
    """Values in values."""

    leaves: tuple[Leaf | Twig, ...]
    kind: Kind
    day: dt.date
    price: Decimal
    named: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


CLASSES = (Leaf, Twig, Tree, Kind)
numbers = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False), st.integers())
leaves = st.builds(Leaf, st.text(), numbers) | st.builds(Twig, st.text(), numbers)
trees = st.builds(
    Tree,
    st.lists(leaves).map(tuple),
    st.sampled_from(Kind),
    st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dictionaries(st.text(), st.lists(st.integers()).map(tuple)),
)


@given(trees)
def test_a_value_is_read_back_as_it_was(tree: Tree) -> None:
    text = to_text(tree)
    found = from_text(text, CLASSES)
    assert found == tree
    assert [type(one) for one in found.leaves] == [type(one) for one in tree.leaves]
    assert to_text(found) == text


def test_the_order_of_names_is_kept() -> None:
    found = from_text(to_text({"b": 1, "a": 2}), ())
    assert list(found) == ["b", "a"]


def test_numbers_of_numpy_are_numbers_and_what_is_none_is_unknown() -> None:
    leaf = Leaf("x", np.float64(1.5))
    assert from_text(to_text(leaf), CLASSES) == leaf
    assert from_text(to_text((np.int64(3), float("nan"), float("inf"))), ()) == (3, None, None)


@pytest.mark.parametrize(
    "text", ["", "{", '{"@":"Stranger"}', '{"@":"Leaf"}', '{"@":"Kind","value":"x"}', "{}"]
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(NotKept):
        from_text(text, CLASSES)


def test_what_no_class_describes_is_refused() -> None:
    with pytest.raises(NotKept):
        to_text({"file": object()})
