"""Shares and means with intervals, against hand and library; what would show one enterprise stays hidden."""

from __future__ import annotations

import math
import statistics

import pytest

from zhiqiao.engines.surveys import (
    Answers,
    Condition,
    Kind,
    Option,
    Question,
    Questionnaire,
    Text,
    by_group,
    results,
    t_quantile,
)


def text(word: str) -> Text:
    return Text(word, word)


WILL = Question("will", Kind.SINGLE, text("will"), (Option("yes", text("yes")), Option("no", text("no"))))
HOW = Question("how", Kind.NUMBER, text("how"), when=(Condition("will", ("yes",)),))
GRID = Question("grid", Kind.AMOUNTS, text("grid"), (Option("a", text("a")), Option("b", text("b"))))
WORDS = Question("words", Kind.TEXT, text("words"))
SHEET = Questionnaire((WILL, HOW, GRID, WORDS))


def test_students_quantile_against_the_printed_table() -> None:
    for freedom, printed in (
        (2, 4.3027),
        (3, 3.1824),
        (5, 2.5706),
        (10, 2.2281),
        (30, 2.0423),
        (1000, 1.9623),
    ):
        assert t_quantile(freedom) == pytest.approx(printed, rel=0.01)


def test_shares_count_those_who_were_asked_and_answered() -> None:
    answers: dict[str, Answers] = {f"e{n}": {"will": "yes" if n < 6 else "no"} for n in range(10)} | {
        "e10": {}
    }
    will, how, _grid, words = results(SHEET, answers)
    assert (will.asked, will.answered, will.effective) == (11, 10, 10)
    yes = will.shares[0]
    assert (yes.count, yes.share, yes.weighted) == (6, 0.6, pytest.approx(0.6))
    # Wilson 6 of 10 by hand
    assert (yes.low, yes.high) == (pytest.approx(0.3127, abs=1e-4), pytest.approx(0.8318, abs=1e-4))
    assert (how.asked, how.answered, how.hidden, how.amounts) == (6, 0, True, ())
    assert words.hidden


def test_weights_move_the_share_and_widen_its_interval() -> None:
    answers: dict[str, Answers] = {f"e{n}": {"will": "yes" if n < 6 else "no"} for n in range(12)}
    weights = {f"e{n}": 10.0 if n < 6 else 5.0 for n in range(12)}
    plain, weighted = (
        results(SHEET, answers)[0].shares[0],
        results(SHEET, answers, weights=weights)[0].shares[0],
    )
    assert weighted.share == 0.5
    assert weighted.weighted == pytest.approx(60 / 90)
    assert weighted.high - weighted.low > 0.9 * (plain.high - plain.low)
    assert results(SHEET, answers, weights=weights)[0].effective == pytest.approx(10.8)


def test_a_mean_has_students_interval_and_a_total_for_the_frame() -> None:
    values = [3, 5, 8, 2, 7, 5, 9, 4, 6, 1]
    answers: dict[str, Answers] = {f"e{n}": {"will": "yes", "how": value} for n, value in enumerate(values)}
    found = results(SHEET, answers)[1].amounts[0]
    assert (found.count, found.total, found.mean) == (10, 50, 5)
    half = 2.2622 * statistics.stdev(values) / math.sqrt(10)
    assert found.high - found.mean == pytest.approx(half, rel=0.01)
    assert found.quartiles == (3.25, 5, 6.75)
    scaled = results(SHEET, answers, weights={f"e{n}": 4.0 for n in range(10)})[1].amounts[0]
    assert (scaled.expected, scaled.total) == (pytest.approx(200), 50)
    # ten of forty were asked, so a quarter of the uncertainty is gone
    assert scaled.high - scaled.mean == pytest.approx(half * math.sqrt(0.75), rel=0.01)
    whole = results(SHEET, answers, weights={f"e{n}": 1.0000001 for n in range(10)})[1].amounts[0]
    assert whole.high == pytest.approx(whole.mean, abs=0.01)


def test_a_row_left_empty_is_unknown_and_a_row_of_two_is_not_shown() -> None:
    answers: dict[str, Answers] = {
        "e1": {"grid": {"a": 1, "b": 5}},
        "e2": {"grid": {"a": 0, "b": 6}},
        "e3": {"grid": {"a": 2}},
    }
    found = results(SHEET, answers)[2]
    assert [(one.key, one.count, one.total) for one in found.amounts] == [("a", 3, 3)]
    assert found.amounts[0].quartiles is None


def test_nothing_follows_from_a_hidden_group() -> None:
    groups = {f"e{n}": "large" if n < 2 else "middle" if n < 6 else "small" for n in range(12)}
    answers: dict[str, Answers] = {key: {"will": "yes"} for key in groups}
    found = by_group(SHEET, answers, groups, of="will")
    assert {name: one.hidden for name, one in found.items()} == {
        "large": True,
        "middle": True,
        "small": False,
    }
    assert found["middle"].shares == ()


def test_answers_belong_to_the_version_they_were_given_to() -> None:
    reworded = Questionnaire((Question("will", Kind.SINGLE, text("would you"), WILL.options), WORDS))
    answers: dict[str, Answers] = {f"e{n}": {"will": "yes"} for n in range(6)}
    versions = {f"e{n}": reworded for n in range(3)}
    found = results(SHEET, answers, versions=versions)[0]
    assert (found.asked, found.answered) == (3, 3)
