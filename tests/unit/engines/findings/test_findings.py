"""Facts from plain values: changes over months known, what was kept is taken over, projects, groups of experience."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiqiao.engines import balance, demand, findings
from zhiqiao.engines.report import Backtest, Coverage, Direction, Estimate, Name, Part
from zhiqiao.packs import folder

RULES = findings.Rules.read(folder("common"))
FIRST = 2024 * 12
CHAIN = findings.Chain(
    industries={"tea": Name("tea", "茶"), "it": Name("it", "信息")},
    leads=frozenset({"tea"}),
    links={"making": Name("making", "加工"), "web": Name("web", "网站")},
    posts={"maker": Name("maker", "制茶"), "coder": Name("coder", "开发")},
    link_of={"maker": "making", "coder": "web"},
    industry_of={"maker": "tea", "coder": "it"},
)


def inputs_of(tea: list[float], it: list[float] | None = None) -> findings.Inputs:
    """Return the inputs of one or two industries with a post each; every posting names the skill of its post."""
    rows = {"tea": ("maker", tea)} | ({"it": ("coder", it)} if it else {})
    counts = np.array([values for _post, values in rows.values()], dtype=np.float64)
    months = tuple(demand.month_text(FIRST + at) for at in range(len(tea)))
    keys = list(rows)
    levels = {
        "industry": findings.Level("industry", tuple((key,) for key in keys), counts),
        "post": findings.Level("post", tuple((key, rows[key][0]) for key in keys), counts),
        "skill": findings.Level("skill", tuple((key, f"s-{key}") for key in keys), counts),
    }
    empty = balance.Balance((), (), (), 0, 0.9)
    return findings.Inputs(
        region=Name("r", "区"),
        year=2027,
        today=dt.date(2026, 11, 21),
        organisation=Name("b", "局"),
        label=None,
        chain=CHAIN,
        skills={f"s-{key}": findings.Skill(Name(f"s-{key}", key), "ability") for key in CHAIN.industries},
        months=months,
        levels=levels,  # type: ignore[arg-type]  # the keys are the three levels
        coverage=Coverage(*([0] * 8)),
        structure={},
        sources=(),
        compared=findings.Compared(empty, (), ()),
        planned=None,
        projects=(),
        taxonomy="t",
        texts="x",
    )


def test_rising_and_steady_are_told_apart_and_what_has_no_series_has_none() -> None:
    facts = findings.make_facts(inputs_of([10.0] * 12 + [30.0] * 12), RULES)
    tea, it = facts.industries
    assert (tea.change.now, tea.change.before, tea.change.direction) == (360, 120, Direction.RISING)
    assert (it.change.now, it.change.before, it.change.direction) == (0, 0, Direction.UNCLEAR)
    assert tea.lead
    assert not it.lead
    assert set(it.outlook.counts) == {0.0}
    assert set(it.outlook.mean) == {None}
    assert it.outlook.next_year == Estimate(None)
    assert facts.total.now == 360


def test_months_unknown_are_left_out_of_both_sides() -> None:
    gap = [10.0] * 24
    gap[3] = gap[4] = gap[20] = float("nan")
    tea = findings.make_facts(inputs_of(gap), RULES).industries[0]
    assert (tea.change.now, tea.change.before) == (110, 100)
    assert tea.change.direction is Direction.UNCLEAR
    assert tea.outlook.counts[3] is None


def test_a_year_alone_allows_no_comparison() -> None:
    facts = findings.make_facts(inputs_of([10.0] * 12), RULES)
    assert facts.earlier == ()
    assert facts.industries[0].change.before is None
    assert facts.industries[0].change.direction is Direction.UNKNOWN
    assert facts.skills[0].change.direction is Direction.UNKNOWN


def test_too_few_months_are_an_error() -> None:
    with pytest.raises(demand.ShortTable):
        findings.make_facts(inputs_of([10.0] * 3), RULES)


def test_what_was_kept_is_taken_over_as_it_is() -> None:
    inputs = inputs_of([10.0] * 24, [5.0] * 24)
    computed = findings.make_facts(inputs, RULES)
    table = inputs.levels["industry"].table(inputs.months)
    forecast = demand.forecast(table, 12, parameters=RULES.forecast, calendar=RULES.calendar)
    band = demand.Band(("tea",), 2, "2027-01", "2027-12", 1.0, 2.0, 3.0, ())
    kept = findings.Kept(
        replace(forecast, mean=forecast.mean + 1), (Estimate(1, 0, 2), Estimate(3.0, 2.0, 4.0)), (band,)
    )
    tested = Backtest("2025-12", ("2026-01",), last_year=True, levels=(), kept=True)
    facts = findings.make_facts(replace(inputs, kept={"industry": kept}, backtest=tested), RULES)
    assert facts.backtest == tested
    told = facts.industries[0].outlook.scenarios[0]
    assert (told.low, told.base, told.high, told.projects) == (1.0, 2.0, 3.0, 0.0)
    for old, new, year in zip(computed.industries, facts.industries, kept.years, strict=True):
        assert new.outlook.next_year == year
        assert new.outlook.mean == pytest.approx(
            [value + 1 for value in old.outlook.mean if value is not None]
        )
        assert new.posts == old.posts


def test_signals_of_before_the_last_year_are_history() -> None:
    steps = [2.0] * 12 + [40.0] * 24
    inputs = inputs_of(steps, [60.0] * 36)
    level = inputs.levels["skill"]
    totals = findings.Level("industry", (("tea",), ("it",)), np.full((2, 36), 60.0))
    inputs = replace(inputs, levels={**inputs.levels, "industry": totals, "skill": level})
    assert findings.make_facts(inputs, RULES).signals == ()
    late = replace(
        inputs,
        levels={
            **inputs.levels,
            "skill": findings.Level("skill", level.keys, np.array([[2.0] * 34 + [40.0] * 2, [60.0] * 36])),
        },
    )
    (signal,) = findings.make_facts(late, RULES).signals
    assert (signal.skill.key, signal.rising, signal.month) == ("s-tea", True, late.months[34])


def test_a_check_that_raises_stops() -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        findings.make_facts(inputs_of([10.0] * 24), RULES, check=stop)


def test_a_project_is_told_per_industry_that_it_staffs() -> None:
    staff = [("maker", 2028, 40), ("coder", 2029, 5), ("gone", 2028, 9)]
    tea, it = findings.announced(Name("p", "茶园"), "2028-03", 0.5, staff, CHAIN)
    assert (tea.facts.industry.key, tea.facts.staff, tea.staff) == ("tea", 40, (("maker", "2028-03", 40.0),))
    assert (it.facts.staff, it.staff) == (5, (("coder", "2029-01", 5.0),))


@pytest.mark.parametrize(
    ("low", "high", "band"),
    [
        (None, None, None),
        (0, 0, "none"),
        (0, 1, "under1"),
        (1, 3, "to3"),
        (3, 5, "to5"),
        (5, 10, "over5"),
        (5, None, "over5"),
        (1, None, "none"),
    ],
)
def test_experience_falls_into_a_group(low: float | None, high: float | None, band: str | None) -> None:
    assert findings.experience_band(low, high) == band
    assert band is None or band in findings.experience_names()


def test_parts_come_in_the_order_of_names_and_the_unstated_last() -> None:
    names = {"b": Name("b", "乙"), "a": Name("a", "甲"), "c": Name("c", "丙")}
    parts = findings.parts_of(Counter({None: 2, "a": 1, "b": 3}), names)
    assert parts == (Part(names["b"], 3), Part(names["a"], 1), Part(None, 2))


@given(st.integers(1, 60), st.integers(1, 24))
def test_two_years_lie_side_by_side_or_there_is_only_one(size: int, length: int) -> None:
    months = [str(at) for at in range(size)]
    recent, earlier = findings.windows(months, length)
    assert months[recent][-1] == months[-1]
    assert len(months[recent]) == min(size, length)
    assert len(months[earlier]) == (length if size >= 2 * length else 0)
    if months[earlier]:
        assert earlier.stop == recent.start
