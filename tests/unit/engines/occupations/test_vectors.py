"""Bags of terms, group maxima and vectors say what the plain way of counting says."""

from __future__ import annotations

import numpy as np
import pytest

from zhiqiao.engines.occupations._forms import Forms
from zhiqiao.engines.occupations._text import grams, title_grams
from zhiqiao.engines.occupations._vectors import Bags, GroupMaxima, Space, unit_rows


def test_a_bag_counts_terms_and_tells_how_many_a_vocabulary_lacks() -> None:
    counts, unknown = Bags.of(["aab", "", "xb"], list).over({"a": 0, "b": 1})
    assert counts.toarray().tolist() == [[2, 1], [0, 0], [0, 1]]
    assert unknown.tolist() == [0, 0, 1]


@pytest.mark.parametrize("lengths", [(1, 1), (1, 2), (2, 3)])
def test_terms_of_a_length_are_those_cut_at_that_length(lengths: tuple[int, int]) -> None:
    texts = ["甜品师甜品", "", "a"]
    kept = Bags.of(texts, title_grams).of_length(*lengths)
    direct = Bags.of(texts, lambda text: grams(text, *lengths))
    vocabulary = {term: at for at, term in enumerate(direct.terms)}
    assert sorted(kept.terms) == sorted(direct.terms)
    assert (kept.over(vocabulary)[0] != direct.over(vocabulary)[0]).nnz == 0


def test_group_maxima_are_those_of_each_group() -> None:
    groups = np.array([2, 0, 0, 1, 2, 2])
    values = np.random.default_rng(0).normal(size=(4, 6))
    best = GroupMaxima(groups)
    plain = np.stack([values[:, groups == group].max(axis=1) for group in range(3)], axis=1)
    assert np.array_equal(best.of(values[:, best.order]), plain)


def test_an_unknown_term_makes_a_vector_shorter_in_the_known_ones() -> None:
    space = Space(Bags.of(["ab", "bc"], list))
    near = space.similar(Bags.of(["ab", "abx"], list))[:, 0]
    assert near[0] == pytest.approx(1.0, abs=1e-6)
    assert near[1] < near[0]


def test_a_row_of_zeros_stays() -> None:
    assert unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6, 0.8], [0.0, 0.0]]


def test_the_core_form_has_no_bracket() -> None:
    titles = Forms(["甜品师(包住)"])
    assert (titles.whole.texts, titles.core.texts) == (["甜品师(包住)"], ["甜品师"])
