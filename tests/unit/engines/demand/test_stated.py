"""Stated inputs: they move scenario bands only, reach the series they are about, and give out no more than there is."""

from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.demand.tables import SCENARIO
from zhiqiao.engines import demand

ROLES = {"welder": "metal", "fitter": "metal", "carer": "care"}
SKILLS = ("tig", "reading")
LEVELS = {
    ("industry",): [("metal",), ("care",)],
    ("industry", "role"): [(industry, role) for role, industry in ROLES.items()],
    ("skill",): [(skill,) for skill in SKILLS],
    ("industry", "skill"): [(industry, skill) for industry in ("metal", "care") for skill in SKILLS],
    ("role", "skill"): [(role, skill) for role in ROLES for skill in SKILLS],
}
MONTHS = demand.months_after("2026-10", 12)
STARTS = st.sampled_from([*MONTHS, "2027-12", "2028-06"])
COUNTS = st.integers(0, 50).map(float)
LEVEL = st.sampled_from(sorted(LEVELS))


@st.composite
def mixes(draw: st.DrawFn) -> demand.Mix:
    posts = {role: draw(COUNTS) for role in ROLES}
    skills = {
        (role, skill): float(draw(st.integers(0, int(posts[role])))) for role in ROLES for skill in SKILLS
    }
    return demand.Mix(ROLES, posts, skills)


@st.composite
def inputs(draw: st.DrawFn, kinds: tuple[str, ...] = ("project", "plan", "retirement")) -> demand.Stated:
    kind = draw(st.sampled_from(kinds))
    lines = tuple(
        demand.StatedLine(draw(st.sampled_from(sorted(ROLES))), draw(STARTS), draw(COUNTS))
        for _ in range(draw(st.integers(1, 3)))
    )
    return demand.Stated(
        id="x",
        kind=kind,  # type: ignore[arg-type]
        name="x",
        value=draw(st.floats(0, 100)),
        source="s",
        industry=draw(st.sampled_from(["metal", "care"])),
        people=draw(COUNTS),
        lines=lines if kind == "project" else (),
    )


def forecast_of(names: tuple[str, ...], keys: list[tuple[str, ...]], middle: float) -> demand.Forecast:
    mean = np.full((len(keys), 12), middle)
    table = demand.SeriesTable(names, tuple(keys), (), np.zeros((len(keys), 0)))
    return demand.Forecast(
        table, MONTHS, mean, mean * 0.5, mean * 1.5, mean.copy(), ("pooled",) * len(keys), 80, {}
    )


def bands(
    found: demand.Forecast, stated: list[demand.Stated], mix: demand.Mix
) -> dict[tuple[tuple[str, ...], int], demand.Band]:
    plans, projects, retirements = demand.spread(
        stated, names=found.table.key_names, keys=found.table.keys, mix=mix
    )
    made = demand.scenario(
        found, parameters=SCENARIO, plans=plans, projects=projects, retirements=retirements
    )
    return {(band.keys, band.year): band for band in made}


@given(LEVEL, mixes(), inputs(), st.floats(0, 40))
def test_an_input_changes_only_scenario_bands(
    names: tuple[str, ...], mix: demand.Mix, stated: demand.Stated, middle: float
) -> None:
    found = forecast_of(names, LEVELS[names], middle)
    before = [np.array(grid) for grid in (found.mean, found.lo, found.hi, found.expected)]
    plain, moved = bands(found, [], mix), bands(found, [stated], mix)
    for was, now in zip(before, (found.mean, found.lo, found.hi, found.expected), strict=True):
        assert (was == now).all()
    assert plain.keys() == moved.keys()
    for key, band in moved.items():
        assert band.first_month > MONTHS[-1]
        if band.inputs == plain[key].inputs:
            assert astuple(band) == astuple(plain[key])


@given(LEVEL, mixes(), inputs(("project",)))
def test_a_project_reaches_its_posts_in_the_year_it_starts_and_no_others(
    names: tuple[str, ...], mix: demand.Mix, stated: demand.Stated
) -> None:
    found = forecast_of(names, LEVELS[names], 10)
    plain, moved = bands(found, [], mix), bands(found, [stated], mix)
    touched = {(line.role, ROLES[line.role]) for line in stated.lines}
    for (key, year), band in moved.items():
        named = dict(zip(names, key, strict=True))
        concerned = any(
            named.get("role", role) == role
            and named.get("industry", industry) == industry
            and ("skill" not in named or mix.skills[role, named["skill"]] > 0)
            for role, industry in touched
        )
        first, last = (("2027-11", "2028-10"), ("2028-11", "2029-10"))[year - 2]
        due = any(first <= line.start <= last for line in stated.lines)
        if not (concerned and due):
            assert band.base == plain[key, year].base


@given(mixes(), inputs())
def test_no_more_people_are_given_to_posts_or_industries_than_are_stated(
    mix: demand.Mix, stated: demand.Stated
) -> None:
    for names in (("industry",), ("industry", "role")):
        plans, projects, retirements = demand.spread([stated], names=names, keys=LEVELS[names], mix=mix)
        for one in (*projects, *retirements):
            assert one.shares is not None
            assert sum(one.shares.values()) <= 1 + 1e-9
        for plan in plans:
            assert plan.shares is not None
            assert all(0 < share <= 1 for share in plan.shares.values())


def mix_by_hand() -> demand.Mix:
    return demand.Mix(
        ROLES,
        {"welder": 30, "fitter": 10, "carer": 20},
        {("welder", "tig"): 15, ("fitter", "tig"): 5, ("carer", "reading"): 20},
    )


def test_people_are_shared_by_hand() -> None:
    mix = mix_by_hand()
    project = demand.Stated("p", "project", "p", 50, "s", lines=(demand.StatedLine("welder", "2028-01", 80),))
    by_level = {names: bands(forecast_of(names, keys, 1), [project], mix) for names, keys in LEVELS.items()}
    plain = {names: bands(forecast_of(names, keys, 1), [], mix) for names, keys in LEVELS.items()}

    def added(names: tuple[str, ...], key: tuple[str, ...]) -> float:
        return by_level[names][key, 2].base - plain[names][key, 2].base

    assert added(("industry",), ("metal",)) == pytest.approx(40)
    assert added(("industry", "role"), ("metal", "welder")) == pytest.approx(40)
    assert added(("industry", "role"), ("metal", "fitter")) == 0
    assert added(("skill",), ("tig",)) == pytest.approx(20)  # half of the welders' postings name it
    assert added(("role", "skill"), ("welder", "tig")) == pytest.approx(20)
    assert added(("industry", "skill"), ("care", "reading")) == 0


def test_growth_and_retirement_by_hand() -> None:
    mix = mix_by_hand()
    names = ("industry", "role")
    found = forecast_of(names, LEVELS[names], 1)
    plain = bands(found, [], mix)
    leaving = demand.Stated("r", "retirement", "r", 5, "s", industry="metal", people=400)
    moved = bands(found, [leaving], mix)
    key = ("metal", "welder")
    # 5 % of 400 posts, three quarters of them welders', 0.8 of which are filled again
    assert moved[key, 3].base - plain[key, 3].base == pytest.approx(400 * 0.05 * 0.75 * 0.8)
    growing = demand.Stated("g", "plan", "g", 10, "s", role="welder")
    moved = bands(found, [growing], mix)
    assert moved[key, 3].base == pytest.approx(12 * 1.05**2)
    assert moved[("metal", "fitter"), 3].base == plain[("metal", "fitter"), 3].base
    industry = bands(forecast_of(("industry",), LEVELS[("industry",)], 1), [growing], mix)
    assert industry[("metal",), 2].base == pytest.approx(12 * (1 + 0.10 * 0.5 * 0.75))


def test_a_greater_probability_raises_the_band() -> None:
    mix, names = mix_by_hand(), ("industry",)
    found = forecast_of(names, LEVELS[names], 1)
    project = demand.Stated("p", "project", "p", 20, "s", lines=(demand.StatedLine("welder", "2028-01", 80),))
    bases = [bands(found, [replace(project, value=value)], mix)[("metal",), 2].base for value in (0, 20, 90)]
    assert bases == sorted(bases)
    assert bases[0] == bands(found, [], mix)[("metal",), 2].base


def test_shares_that_can_not_be_are_refused() -> None:
    found = forecast_of(("skill",), LEVELS[("skill",)], 1)
    wrong = demand.Retirement("r", {}, 10, 5, "s", {("tig",): 2.0})
    with pytest.raises(demand.ScenarioError, match="r"):
        demand.scenario(found, parameters=SCENARIO, retirements=[wrong])
