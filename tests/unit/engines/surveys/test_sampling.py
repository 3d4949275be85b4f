"""The draw can be repeated by anybody; response, bias and weights; the shortlist and its reasons."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines.surveys import (
    BadFrame,
    Candidate,
    Criterion,
    Outcome,
    Stratum,
    TooFew,
    Unit,
    allocate,
    bias,
    draw,
    next_day,
    post_stratify,
    response,
    shortlist,
)

A, B, C = Stratum("a", "small", "x"), Stratum("a", "large", "x"), Stratum("b", "small", "y")
FRAME = [
    Unit(f"{one.industry}{one.size}{n}", one)
    for one, many in ((A, 60), (B, 30), (C, 10))
    for n in range(many)
]


def test_the_draw_depends_on_seed_and_keys_alone() -> None:
    first = draw(FRAME, size=20, seed="2026")
    shuffled = random.Random(7).sample(FRAME, len(FRAME))
    assert draw(shuffled, size=20, seed="2026") == first
    assert draw(FRAME, size=20, seed="2027").keys != first.keys
    assert {one: len(keys) for one, keys in first.chosen.items()} == {A: 12, B: 6, C: 2}
    assert len(set(first.keys)) == 20
    assert first.uncovered == ()
    assert set(first.keys).isdisjoint(key for keys in first.reserve.values() for key in keys)
    # an enterprise that leaves the frame changes nothing for the others of the draw
    without = [one for one in FRAME if one.key not in first.keys or one.key != first.keys[0]]
    assert len(set(draw(without, size=19, seed="2026").keys) & set(first.keys)) >= 18


@given(
    st.lists(st.integers(min_value=1, max_value=40), min_size=1, max_size=8),
    st.integers(min_value=1, max_value=200),
)
def test_an_allocation_is_whole_and_never_more_than_there_is(counts: list[int], size: int) -> None:
    frame = {Stratum(str(at), "", ""): count for at, count in enumerate(counts)}
    if size > sum(counts):
        with pytest.raises(BadFrame):
            allocate(frame, size)
        return
    found = allocate(frame, size)
    assert sum(found.values()) == size
    assert all(found[one] <= frame[one] for one in found)
    if size >= len(counts):
        assert all(found.values())
    # nowhere more than one off the share, but for the one that every stratum gets
    assert all(found[one] <= max(1, frame[one] * size / sum(counts) + 1) for one in found)


def test_every_enterprise_of_a_stratum_is_drawn_equally_often() -> None:
    units = [Unit(str(n), A) for n in range(10)]
    often = Counter(key for seed in range(600) for key in draw(units, size=3, seed=str(seed)).keys)
    # 180 expected, standard deviation 11.2; the seeds are fixed, so this can not come out otherwise tomorrow
    assert all(130 < often[unit.key] < 230 for unit in units)


def test_a_frame_with_an_enterprise_twice_or_none_is_refused() -> None:
    with pytest.raises(BadFrame):
        draw([*FRAME, FRAME[0]], size=5, seed="1")
    with pytest.raises(BadFrame):
        draw([], size=1, seed="1")


def test_reused_answers_are_no_response_and_withdrawn_were_not_asked() -> None:
    found = response(
        [Outcome.ANSWERED] * 6
        + [Outcome.REUSED] * 2
        + [Outcome.SILENT, Outcome.DECLINED]
        + [Outcome.WITHDRAWN] * 3
    )
    assert (found.drawn, found.answered, found.usable, found.rate) == (10, 6, 8, 0.6)
    assert response([]).rate is None


def test_bias_says_who_is_missing() -> None:
    answered = [one.key for one in FRAME if one.stratum == A][:6] + [
        one.key for one in FRAME if one.stratum == B
    ][:6]
    size = next(one for one in bias(FRAME, answered) if one.margin == "size")
    assert {one.name: round(one.points, 6) for one in size.classes} == {"large": 0.2, "small": -0.2}
    assert size.dissimilarity == pytest.approx(0.2)
    with pytest.raises(TooFew):
        bias(FRAME, answered[:2])


def test_weights_give_the_frame_back_and_cost_precision() -> None:
    answered = [one.key for one in FRAME if one.stratum == A][:6] + [
        one.key for one in FRAME if one.stratum == B
    ][:6]
    found = post_stratify(FRAME, answered)
    assert sum(found.by_key.values()) == pytest.approx(90)
    assert dict(found.uncovered) == {"b": 10}
    assert sorted(set(found.by_key.values())) == [5.0, 10.0]
    # Kish by hand: (6·10 + 6·5)² / (6·100 + 6·25) = 8100 / 750
    assert found.effective == pytest.approx(10.8)
    assert found.design_effect == pytest.approx(12 / 10.8)


def test_a_cell_nobody_answered_for_is_merged_with_its_neighbours() -> None:
    frame = [Unit(f"{place}{n}", Stratum("a", "small", place)) for place in "xyz" for n in range(10)]
    found = post_stratify(frame, ["x0", "x1", "y0"])
    assert found.merged == ("a/small",)
    assert set(found.by_key.values()) == {10.0}
    assert found.uncovered == {}


def test_the_shortlist_gives_a_reason_for_every_point() -> None:
    criteria = [Criterion("hires", 60, 20), Criterion("willing", 40, 1)]
    found = shortlist(
        [
            Candidate("c", {"hires": 40, "willing": 0}),
            Candidate("b", {"hires": 10, "willing": 1}),
            Candidate("a", {"hires": None, "willing": 1}),
            Candidate("d", {"hires": 20, "willing": 0}),
        ],
        criteria,
        size=4,
    )
    assert [(one.rank, one.key, one.points) for one in found] == [
        (1, "b", 70),
        (2, "c", 60),
        (2, "d", 60),
        (4, "a", 40),
    ]
    assert [(one.criterion, one.value, one.points) for one in found[3].reasons] == [
        ("hires", None, 0),
        ("willing", 1, 40),
    ]


def test_the_day_from_which_one_may_ask_again() -> None:
    assert next_day(dt.date(2026, 5, 1), least_days=180) == dt.date(2026, 10, 28)
    assert next_day(None, least_days=180) is None
