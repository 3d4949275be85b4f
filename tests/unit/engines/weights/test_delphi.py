"""Delphi: figures by hand, Kendall's W of the textbook, convergence, gaps and anonymity."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines import weights
from zhiqiao.engines.weights import Advice, Answer, DelphiRules


def answers(ratings: Mapping[str, Sequence[float | None]], *, number: int = 1) -> list[Answer]:
    """Ratings by item, one per expert e1, e2 …"""
    return [
        Answer(number, f"e{at}", item, rating)
        for item, row in ratings.items()
        for at, rating in enumerate(row, start=1)
    ]


def test_figures_of_an_item_by_hand(rules: DelphiRules) -> None:
    """5, 5, 4, 2: mean 4; deviations 1, 1, 0, -2, squares 6, over 3 is 2; quartiles at 0.75 and 2.25 of 2, 4, 5, 5."""
    (item,) = weights.delphi(answers({"x": [5, 5, 4, 2]}), rules=rules).rounds[0].items
    assert (item.answers, item.mean, item.median) == (4, 4, 4.5)
    assert item.sd == pytest.approx(math.sqrt(2))
    assert item.variation == pytest.approx(math.sqrt(2) / 4)
    assert (item.lower_quartile, item.upper_quartile, item.iqr) == (3.5, 5, 1.5)
    assert item.full_share == 0.5


@pytest.mark.parametrize(
    ("ratings", "advice"),
    [
        ([5, 5, 4, 4], Advice.KEEP),  # mean 4.5, variation 0.13
        ([5, 5, 4, 2], Advice.REVISE),  # mean 4, variation 0.35
        ([2, 2, 2, 2], Advice.REVISE),  # mean 2, variation 0
        ([1, 1, 3, 1], Advice.DROP),  # mean 1.5, variation 0.67
        ([5], Advice.UNJUDGED),  # one answer has no variation
    ],
)
def test_advice_follows_the_two_limits(rules: DelphiRules, ratings: list[float], advice: Advice) -> None:
    (item,) = weights.delphi(answers({"x": ratings}), rules=rules).rounds[0].items
    assert item.advice is advice


def test_concordance_of_the_textbook_without_ties() -> None:
    """Siegel 1956: three executives order six applicants; sums 8, 14, 11, 11, 11, 8, mean 10.5, squares 25.5.

    W = 12·25.5 / (9·(216 - 6)) = 306/1890 = 0.162; chi-square = 3·5·W = 2.43.
    """
    found = weights.concordance([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])
    assert found is not None
    assert found.w == pytest.approx(306 / 1890)
    assert found.chi_square == pytest.approx(15 * 306 / 1890)
    assert found.df == 5
    assert found.p == pytest.approx(0.787, abs=0.001)


def test_concordance_of_the_textbook_with_ties() -> None:
    """Siegel 1956: three orders of ten with ties; S = 591, ties 1 + 1.5 + 7 (each Σ(t³ - t)/12).

    W = 591 / (9·990/12 - 3·9.5) = 591/714 = 0.828.
    """
    orders = [
        [1, 4.5, 2, 4.5, 3, 7.5, 6, 9, 7.5, 10],
        [2.5, 1, 2.5, 4.5, 4.5, 8, 9, 6.5, 10, 6.5],
        [2, 1, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10],
    ]
    found = weights.concordance(orders)
    assert found is not None
    assert found.w == pytest.approx(591 / 714)
    assert found.chi_square == pytest.approx(3 * 9 * 591 / 714)


def test_no_concordance_where_nobody_tells_items_apart() -> None:
    found = weights.concordance([[3, 3, 3], [4, 4, 4]])
    assert found is not None
    assert (found.w, found.p) == (None, None)
    assert weights.concordance([[1, 2, 3]]) is None
    assert weights.concordance([[1], [2]]) is None


def test_p_is_that_of_all_orders_for_a_small_case() -> None:
    """The approximation against the exact share of all orders of 4 items by 4 experts, one of them held fixed."""
    orders = np.array(list(permutations(range(4))), dtype=np.float64)
    sums = orders[0] + orders[:, None, None] + orders[None, :, None] + orders[None, None, :]
    spreads = ((sums - sums.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)
    table = [[1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4], [1, 3, 2, 4]]
    found = weights.concordance(table)
    assert found is not None
    assert found.p is not None
    totals = np.sum(table, axis=0)
    exact = float((spreads >= ((totals - totals.mean()) ** 2).sum() - 1e-9).mean())
    assert exact < 0.05
    assert found.p == pytest.approx(exact, abs=0.02)


@given(st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=2, max_size=8))
def test_concordance_is_a_share_and_blind_to_who_is_who(table: list[list[int]]) -> None:
    found, turned = weights.concordance(table), weights.concordance(table[::-1])
    assert found is not None
    assert turned is not None
    if found.w is None:
        assert turned.w is None
        assert all(len(set(row)) == 1 for row in table)
    else:
        assert 0 <= found.w <= 1
        assert turned.w == pytest.approx(found.w)


def test_gaps_are_named_and_left_out_the_way_asked(rules: DelphiRules) -> None:
    given_ = answers({"x": [5, 5, 4], "y": [4, None, 3], "z": [1, 2, 1]})
    (by_expert,) = weights.delphi(given_, rules=rules).rounds
    assert by_expert.missing == (("e2", "y"),)
    assert by_expert.left_out == ("e2",)
    assert by_expert.concordance is not None
    assert (by_expert.concordance.experts, by_expert.concordance.items) == (2, 3)
    assert by_expert.items[1].answers == 2
    assert by_expert.items[1].mean == 3.5
    (by_item,) = weights.delphi(given_, rules=rules, over="items").rounds
    assert by_item.left_out == ("y",)
    assert by_item.concordance is not None
    assert (by_item.concordance.experts, by_item.concordance.items) == (3, 2)


def test_who_was_asked_and_did_not_answer_counts(rules: DelphiRules) -> None:
    two = answers({"x": [5, 4, None]}) + answers({"x": [5, 4]}, number=2)
    first, second = weights.delphi(two, rules=rules).rounds
    assert (first.invited, first.answered, first.response_rate) == (3, 2, pytest.approx(2 / 3))
    assert (second.invited, second.answered) == (3, 2)  # e3 was known from the first round
    first, second = weights.delphi(two, rules=rules, invited={1: 10, 2: 4}).rounds
    assert (first.response_rate, second.response_rate) == (0.2, 0.5)
    with pytest.raises(weights.InputError, match="1 invited but 2 answered"):
        weights.delphi(two, rules=rules, invited={1: 1})


def test_authority_is_the_mean_of_both_coefficients(rules: DelphiRules) -> None:
    """e1: (0.9 + 0.7)/2 = 0.8; e2: (0.8 + 0.4)/2 and (0.8 + 0.6)/2, mean 0.65; together 0.725; e3 told nothing."""
    told = [
        Answer(1, "e1", "x", 5, basis=0.9, familiarity=0.7),
        Answer(1, "e2", "x", 4, basis=0.8, familiarity=0.4),
        Answer(1, "e2", "y", 4, basis=0.8, familiarity=0.6),
        Answer(1, "e3", "x", 4, basis=0.8),
    ]
    (one,) = weights.delphi(told, rules=rules).rounds
    assert one.authority.by_expert == pytest.approx({"e1": 0.8, "e2": 0.65})
    assert one.authority.mean == pytest.approx(0.725)
    assert one.authority.enough is True
    assert one.authority.untold == ("e3",)
    assert one.items[0].authority == pytest.approx((0.8 + 0.6) / 2)
    assert "authority_untold" in one.warnings
    (low,) = weights.delphi([Answer(1, "e1", "x", 5, basis=0.5, familiarity=0.5)], rules=rules).rounds
    assert low.authority.enough is False
    assert {"authority_low", "few_experts", "no_agreement"} <= set(low.warnings)


CALM = {"x": [5, 5, 5, 4, 5], "y": [3, 3, 3, 3, 4], "z": [1, 2, 1, 1, 1]}


def test_rounds_that_settle_have_converged(rules: DelphiRules) -> None:
    before = {"x": [5, 3, 5, 4, 5], "y": [3, 4, 3, 3, 4], "z": [1, 2, 3, 1, 1]}
    (step,) = weights.delphi(answers(before) + answers(CALM, number=2), rules=rules).steps
    assert (step.before, step.after, step.converged, step.reasons) == (1, 2, True, ())
    assert step.stable_share == 1
    assert step.w_change is not None
    assert step.w_change > 0
    assert [change.median_change for change in step.items] == [0, 0, 0]


def test_rounds_that_move_have_not(rules: DelphiRules) -> None:
    wild = {"x": [1, 5, 1, 5, 3], "y": [5, 1, 5, 1, 3], "z": [2, 4, 5, 1, 3]}
    (step,) = weights.delphi(answers(CALM) + answers(wild, number=2), rules=rules).steps
    assert not step.converged
    assert set(step.reasons) == {"items_move", "no_agreement", "agreement_falls"}


def test_items_of_one_round_only_are_named(rules: DelphiRules) -> None:
    later = {"x": CALM["x"], "new": [4, 4, 4, 4, 5]}
    (step,) = weights.delphi(answers(CALM) + answers(later, number=2), rules=rules).steps
    assert (step.only_before, step.only_after) == (("y", "z"), ("new",))
    assert [change.item for change in step.items] == ["x"]


def test_wrong_answers_are_named_with_their_row(rules: DelphiRules) -> None:
    wrong = [
        Answer(1, "e1", "x", 6, row=2),
        Answer(1, "e1", "x", 5, row=3),
        Answer(1, "e2", "x", 5, basis=1.5, row=4),
    ]
    with pytest.raises(weights.InputError) as caught:
        weights.delphi(wrong, rules=rules)
    assert [(one.row, one.field) for one in caught.value.problems] == [(2, "rating"), (3, "item"), (4, "ca")]
    assert weights.delphi(wrong[:1], rules=rules, scale=(1, 7)).rounds[0].items[0].mean == 6
    with pytest.raises(weights.InputError):
        weights.delphi([], rules=rules)


def test_ratings_of_importance_give_weights(rules: DelphiRules) -> None:
    """Means 5, 3 and 2 of 10."""
    (one,) = weights.delphi(answers({"x": [5, 5], "y": [4, 2], "z": [1, 3]}), rules=rules).rounds
    assert weights.importance_weights(one) == pytest.approx({"x": 0.5, "y": 0.3, "z": 0.2})
    (one,) = weights.delphi(answers({"x": [5, 5], "y": [None, None]}), rules=rules).rounds
    with pytest.raises(weights.Undetermined, match="y"):
        weights.importance_weights(one)


def test_feedback_shows_the_middle_and_nobody_else(rules: DelphiRules) -> None:
    given_ = answers({"x": [5, 5, 4, 2], "y": [3, None, None, 4]})
    (one,) = weights.delphi(given_, rules=rules).rounds
    sheet = weights.feedback(one, given_, expert="e4", rules=rules)
    (line,) = sheet.lines
    assert (line.own, line.median, line.position) == (2, 4.5, "below")
    assert sheet.withheld == ("y",)
    for locale in ("zh", "en"):
        text = "\n".join(weights.feedback_text(sheet, locale=locale))  # type: ignore[arg-type]
        assert "4.5" in text
        assert not any(name in text for name in ("e1", "e2", "e3", "e4"))
    assert weights.feedback(one, given_, expert="e1", rules=rules).lines[0].position == "within"


def test_feedback_from_two_experts_is_refused(rules: DelphiRules) -> None:
    given_ = answers({"x": [5, 4, None]})
    (one,) = weights.delphi(given_, rules=rules).rounds
    with pytest.raises(weights.TooFewAnswers) as caught:
        weights.feedback(one, given_, expert="e1", rules=rules)
    assert (caught.value.found, caught.value.least) == (2, 3)


def test_feedback_for_a_stranger_is_refused(rules: DelphiRules) -> None:
    given_ = answers({"x": [5, 4, 3]})
    (one,) = weights.delphi(given_, rules=rules).rounds
    with pytest.raises(weights.InputError, match="no such expert"):
        weights.feedback(one, given_, expert="stranger", rules=rules)
