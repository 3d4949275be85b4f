"""The gap index: worked by hand on small worlds, and a planted gap found among noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.balance.worlds import postings_of, programme
from zhiqiao.engines.balance import BalanceParameters, Postings, compare, read_parameters
from zhiqiao.packs import common_file


@pytest.fixture(scope="module")
def parameters() -> BalanceParameters:
    return read_parameters(common_file("balance", "balance.toml"))


def test_index_is_what_the_formula_says(parameters: BalanceParameters) -> None:
    postings = postings_of({"a": {"x": 1.0, "y": 1.0}, "b": {"y": 1.0}}, size={"a": 60, "b": 40})
    supply = [programme("p", ["a"], {"x": 8}), programme("q", ["b"], {"y": 16})]
    found = compare(postings, supply, parameters, seed=1)
    a, b = found.roles
    # x is taught for 8 of 16 hours, y not at all by p: (0.5 + 1) of 2
    assert a.uncovered is not None
    assert a.uncovered.value == pytest.approx(0.75)
    assert b.uncovered is not None
    assert b.uncovered.value == 0
    pressures = {(gap.role.key, gap.skill.key): gap.pressure.value for gap in found.gaps}
    assert pressures == pytest.approx({("a", "y"): 0.6, ("a", "x"): 0.3, ("b", "y"): 0.0})
    assert [gap.skill.key for gap in found.gaps] == ["y", "x", "y"]
    # both posts have half of the graduates: d 0.6 against s 0.5
    assert a.quantity is not None
    assert a.quantity.value == pytest.approx(0.1 / 1.1)
    assert b.quantity is not None
    assert b.quantity.value == pytest.approx(-0.1 / 0.9)


def test_industry_weighs_posts_by_their_demand(parameters: BalanceParameters) -> None:
    postings = postings_of({"a1": {"x": 1.0}, "a2": {"y": 1.0}}, size={"a1": 90, "a2": 30})
    (industry,) = compare(postings, [programme("p", ["a1"], {"x": 16})], parameters, seed=1).industries
    assert industry.postings == 120
    assert industry.uncovered is not None
    assert industry.uncovered.value == pytest.approx(0.25)


def test_graduates_are_divided_as_postings_are(parameters: BalanceParameters) -> None:
    postings = postings_of({"a": {"x": 1.0}, "b": {"x": 1.0}}, size={"a": 90, "b": 30})
    found = compare(postings, [programme("p", ["a", "b"], {})], parameters, seed=1)
    assert [role.quantity.value for role in found.roles if role.quantity] == pytest.approx([0.0, 0.0])


def test_too_few_postings_have_no_index(parameters: BalanceParameters) -> None:
    postings = postings_of({"a": {"x": 1.0}, "b": {"x": 1.0}}, size={"a": 60, "b": 29})
    found = compare(postings, [], parameters, seed=1)
    assert [role.uncovered is None for role in found.roles] == [False, True]
    assert {gap.role.key for gap in found.gaps} == {"a"}


def test_unknown_graduates_stay_unknown(parameters: BalanceParameters) -> None:
    postings = postings_of({"a": {"x": 1.0}}, size={"a": 60})
    (role,) = compare(postings, [programme("p", ["a"], {}, graduates=None)], parameters, seed=1).roles
    assert role.quantity is None
    assert role.graduates is None


def test_nothing_at_all_is_no_figure(parameters: BalanceParameters) -> None:
    none = np.zeros(0, dtype=np.int64)
    found = compare(Postings((), (), none, none, none), [], parameters, seed=1)
    assert (found.gaps, found.roles, found.industries) == ((), (), ())


def test_same_seed_same_figures_other_seed_other_interval(parameters: BalanceParameters) -> None:
    postings = postings_of({"a": {"x": 0.5, "y": 0.3}}, size={"a": 80})
    supply = [programme("p", ["a"], {"x": 4})]
    assert compare(postings, supply, parameters, seed=3) == compare(postings, supply, parameters, seed=3)
    first, second = (compare(postings, supply, parameters, seed=seed).gaps[0] for seed in (3, 4))
    assert first.share.value == second.share.value
    assert first.share != second.share


def test_interval_covers_the_true_share(parameters: BalanceParameters) -> None:
    inside = 0
    few = replace(parameters, bootstrap={"draws": 100, "level": 0.9})
    for seed in range(100):
        postings = postings_of({"a": {"x": 0.4}}, size={"a": 120}, seed=seed)
        share = compare(postings, [], few, seed=seed).gaps[0].share
        inside += share.low <= 0.4 <= share.high
    assert 80 <= inside <= 98


def _planted(seed: int, parameters: BalanceParameters) -> bool:
    """Draw a region whose programmes teach what is asked, leave one skill out of one, and look among the top three."""
    chance = np.random.default_rng(seed)
    posts = [f"r{number}" for number in range(8)]
    skills = [f"s{number}" for number in range(30)]
    asked = {
        post: {name: float(chance.uniform(0.05, 0.6)) for name in chance.choice(skills, 10, replace=False)}
        for post in posts
    }
    size = {post: int(chance.integers(60, 200)) for post in posts}
    hours = {post: {name: 16 * float(chance.uniform(0.7, 1.2)) for name in asked[post]} for post in posts}
    hit = posts[int(chance.integers(len(posts)))]
    skill = max(asked[hit], key=lambda name: asked[hit][name])
    asked[hit][skill] = 0.7
    hours[hit].pop(skill)
    supply = [programme(f"p-{post}", [post], hours[post]) for post in posts]
    postings = postings_of(asked, size=size, seed=seed)
    top = compare(postings, supply, parameters, seed=seed).gaps[:3]
    return (hit, skill) in {(gap.role.key, gap.skill.key) for gap in top}


def test_planted_gap_is_among_the_first_three_in_95_of_100_runs(parameters: BalanceParameters) -> None:
    few = replace(parameters, bootstrap={"draws": 100, "level": 0.9})
    assert sum(_planted(seed, few) for seed in range(100)) >= 95


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 16), st.floats(0, 16))
def test_teaching_more_never_raises_the_index(seed: int, less: float, more: float) -> None:
    parameters = replace(
        read_parameters(common_file("balance", "balance.toml")), bootstrap={"draws": 20, "level": 0.9}
    )
    less, more = sorted((less, more))
    postings = postings_of({"a": {"x": 0.7, "y": 0.4}}, size={"a": 60}, seed=seed)
    low, high = (
        compare(postings, [programme("p", ["a"], {"x": hours})], parameters, seed=1).roles[0].uncovered
        for hours in (more, less)
    )
    assert low is not None
    assert high is not None
    assert low.value <= high.value + 1e-12


def test_wrong_positions_and_unknown_posts_are_named(parameters: BalanceParameters) -> None:
    postings = postings_of({"a": {"x": 1.0}}, size={"a": 40})
    with pytest.raises(ValueError, match="p trains for unknown posts: z"):
        compare(postings, [programme("p", ["z"], {})], parameters, seed=1)
    with pytest.raises(ValueError, match="skill points outside"):
        replace(postings, skill=postings.skill + 5)
    with pytest.raises(ValueError, match="paired with"):
        replace(postings, skill=postings.skill[:-1])
