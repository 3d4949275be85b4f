"""Coherence, agreement, modularity and silhouette against values worked out by hand."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from tests.unit.engines.competency.conftest import PARAMETERS
from zhiqiao.engines.competency import Corpus, Evaluation, agreement, build_space, coherence, mean_agreement
from zhiqiao.engines.competency._coherence import modularity, ranked, silhouette
from zhiqiao.engines.competency._evaluate import best_of


def documents(*columns: str) -> object:
    return sparse.csr_matrix(np.array([[int(sign) for sign in column] for column in columns]).T)


def test_coherence_is_the_normalised_information_of_the_pair() -> None:
    # p(a) = p(b) = 1/2, p(a, b) = 1/4 + 1/8: by hand
    found = coherence(documents("11110000", "11101000"), [0, 1])
    assert found == pytest.approx(math.log((3 / 8) / (1 / 4)) / -math.log(3 / 8))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [(("1100", "1100"), 1.0), (("1100", "1010"), 0.0), (("1100", "0011"), -1.0), (("1111", "1111"), 0.0)],
)
def test_coherence_has_its_limits(columns: tuple[str, str], expected: float) -> None:
    assert coherence(documents(*columns), [0, 1]) == pytest.approx(expected)


def test_coherence_is_the_mean_over_pairs() -> None:
    assert coherence(documents("1100", "1100", "0011"), [0, 1, 2]) == pytest.approx((1 - 1 - 1) / 3)


def test_coherence_of_one_term_or_no_document_is_unknown() -> None:
    assert coherence(documents("1100"), [0]) is None
    assert coherence(sparse.csr_matrix((0, 2)), [0, 1]) is None


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=20))
def test_coherence_lies_between_minus_one_and_one(rows: list[list[bool]]) -> None:
    found = coherence(sparse.csr_matrix(np.array(rows, dtype=float)), [0, 1, 2, 3])
    assert found is not None
    assert -1 - 1e-9 <= found <= 1 + 1e-9


def test_agreement_looks_at_groups_and_not_at_their_numbers() -> None:
    first = np.array([0, 0, 1, 1])
    assert agreement(first, np.array([1, 1, 0, 0])) == 1
    assert agreement(first, np.array([0, 1, 0, 1])) < 0.1
    assert mean_agreement([first]) is None


def test_modularity_is_that_of_networkx() -> None:
    graph = nx.karate_club_graph()
    edges = nx.to_numpy_array(graph)
    labels = np.array([number % 3 for number in range(len(graph))])
    groups = [set(np.flatnonzero(labels == label).tolist()) for label in range(3)]
    assert modularity(edges, labels) == pytest.approx(nx.community.modularity(graph, groups))
    assert modularity(np.zeros((3, 3)), np.zeros(3, dtype=int)) == 0


def test_the_skill_that_stands_with_the_others_ranks_first_and_silhouette_needs_two_groups(
    corpus: Corpus,
) -> None:
    space = build_space(corpus, PARAMETERS)
    labels = np.zeros(len(space.skills), dtype=np.int64)
    ((members, weights),) = ranked(space, labels)
    assert (np.diff(weights) <= 0).all()
    assert weights[0] == pytest.approx(space.excess[members[0]].sum())
    assert silhouette(space, labels, smoothing=1.0) is None


def point(k: int, coherence: float | None, agreement: float | None, spread: float = 0.0) -> Evaluation:
    value = coherence or 0.0
    return Evaluation(
        "graph",
        k,
        (0, 1),
        coherence,
        (value - spread, value + spread),
        None,
        agreement,
        None,
        0.0,
        (k,),
        (0,),
    )


def test_the_smallest_stable_number_near_the_best_is_suggested() -> None:
    curve = [point(6, 0.30, 0.9), point(9, 0.38, 0.9), point(12, 0.40, 0.9, spread=0.03)]
    assert best_of(curve, least=0.6) == 9
    assert best_of([*curve[:2], point(12, 0.40, 0.9)], least=0.6) == 12


def test_an_unstable_or_unscored_number_is_not_suggested() -> None:
    assert best_of([point(6, 0.2, 0.7), point(9, 0.5, 0.5)], least=0.6) == 6
    assert best_of([point(6, None, 0.9), point(9, 0.5, 0.5)], least=0.6) is None
