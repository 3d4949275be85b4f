"""What counts as a change."""

from __future__ import annotations

import numpy as np

from tests.unit.engines.report.made import limits
from zhiqiao.engines.report import Direction, directions


def test_a_clear_change_is_named_and_a_small_one_is_not() -> None:
    pairs = [(60, 20, 12, 12), (20, 60, 12, 12), (21, 20, 12, 12), (5, 1, 12, 12), (30, None, 12, 12)]
    assert directions(pairs, limits()) == [
        Direction.RISING,
        Direction.FADING,
        Direction.UNCLEAR,
        Direction.UNCLEAR,
        Direction.UNKNOWN,
    ]


def test_more_postings_in_all_are_no_change_of_a_share() -> None:
    assert directions([(200, 100, 2000, 1000)], limits()) == [Direction.UNCLEAR]


def test_a_significant_but_small_change_is_not_named() -> None:
    assert directions([(11000, 10000, 12, 12)], limits()) == [Direction.UNCLEAR]


def test_nothing_observed_is_unclear_and_nothing_to_compare_unknown() -> None:
    assert directions([(0, 0, 12, 12), (3, 2, 0, 12)], limits()) == [Direction.UNCLEAR, Direction.UNKNOWN]
    assert directions([], limits()) == []


def test_noise_alone_is_rarely_called_a_change() -> None:
    draw = np.random.default_rng(5)
    found = 0
    for _ in range(200):
        counts = draw.poisson(18, (60, 2))
        pairs = [(int(now), int(before), 12.0, 12.0) for now, before in counts]
        found += any(one is not Direction.UNCLEAR for one in directions(pairs, limits()))
    assert found / 200 <= limits().false_discovery  # without a change every finding is false
