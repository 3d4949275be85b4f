"""What must hold for any plan: order says nothing, shares do not depend on size, missing data never make a pass."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rule_cases import book, directory, example, example_plan, leaves, plan_of, read_cases, remove
from zhiqiao.engines import plans, rules
from zhiqiao.engines.kernel import ShapeError
from zhiqiao.engines.plans import Activity, Category, Choice, Course

ON = date(2026, 11, 1)
CASES = read_cases()
TP = ("TP-10", "TP-12", "TP-13", "TP-14")


def check(plan: plans.Plan, *, sets: tuple[str, ...] = ("tp", "js", "gx", "ct")) -> rules.Report:
    return plans.check_plan(plan, book().of_set(*sets), on=ON, directory=directory())


def outcomes(report: rules.Report) -> dict[str, str]:
    return {rule: report.outcome(rule) for rule in report.rules}


@settings(max_examples=25, deadline=None)
@given(case=st.sampled_from(CASES), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_a_finding(case: Any, order: random.Random) -> None:
    data = copy.deepcopy(example(case.plan))
    plan = case.subject()

    def mixed(value: Any) -> Any:
        if isinstance(value, tuple) and value and hasattr(value[0], "key"):
            rows = list(value)
            order.shuffle(rows)
            return tuple(rows)
        return value

    shuffled = replace(plan, **{name: mixed(getattr(plan, name)) for name in data if hasattr(plan, name)})
    assert check(shuffled) == check(plan)


@settings(max_examples=25, deadline=None)
@given(case=st.sampled_from([case for case in CASES if case.rule in TP]), factor=st.integers(2, 9))
def test_shares_do_not_depend_on_size(case: Any, factor: int) -> None:
    plan = case.subject()

    def larger(course: Course) -> Course:
        activities = course.activities and {kind: hours * factor for kind, hours in course.activities.items()}
        hours = course.hours if course.hours is None else course.hours * factor
        return replace(course, hours=hours, activities=activities)

    scaled = replace(plan, courses=tuple(map(larger, plan.courses or ())))
    before, after = outcomes(check(plan, sets=("tp",))), outcomes(check(scaled, sets=("tp",)))
    assert [before[rule] for rule in TP[1:]] == [after[rule] for rule in TP[1:]]


#: An open end is no unknown: taking it away says that there is no end.
OPEN_ENDS = ("valid_to",)


@settings(max_examples=60, deadline=None)
@given(case=st.sampled_from(CASES), number=st.integers(0, 10**6))
def test_taking_data_away_never_makes_a_pass(case: Any, number: int) -> None:
    data = json.loads(plans.plan_json(case.subject()))
    places = [place for place in leaves(data) if not place.endswith((".key", *OPEN_ENDS)) and place != "key"]
    place = places[number % len(places)]
    before = outcomes(check(plan_of(data)))
    remove(data, place)
    try:
        after = outcomes(check(plan_of(data)))
    except ShapeError:
        return  # a field that must be given
    made = {rule for rule in after if after[rule] == "pass" and before[rule] != "pass"}
    assert made == set(), place


#: Of each rule, places without which it can not be judged; each is taken away alone from a plan that obeys.
NEEDED = {
    case.rule: case.unset[0] for case in CASES if case.kind == "missing" and case.unset and not case.set
}


@pytest.mark.parametrize("rule", sorted(NEEDED))
def test_what_a_rule_needs_is_missed(rule: str) -> None:
    data = copy.deepcopy(example("secondary" if rule == "TP-07" else "higher"))
    assert outcomes(check(plan_of(data)))[rule] == "pass"
    remove(data, NEEDED[rule])
    assert outcomes(check(plan_of(data)))[rule] == "missing"


hours = st.integers(0, 400)


def courses_of(total: int, parts: Callable[[int], dict[str, Any]]) -> tuple[Course, ...]:
    return tuple(Course(key=f"c{number}", **parts(number)) for number in range(total))


@settings(max_examples=60, deadline=None)
@given(split=st.lists(st.tuples(hours, hours), min_size=1, max_size=12))
def test_practice_is_judged_as_a_fraction_would_be(split: list[tuple[int, int]]) -> None:
    courses = courses_of(
        len(split),
        lambda n: {
            "hours": sum(split[n]),
            "choice": Choice.COMPULSORY,
            "activities": {Activity.LECTURE: split[n][0], Activity.LAB: split[n][1]},
        },
    )
    plan = replace(example_plan(), courses=courses, groups=(), substitutions=())
    total, practice = sum(map(sum, split)), sum(part for _, part in split)
    expected = "pass" if total and Fraction(practice, total) >= Fraction(1, 2) else "fail"
    assert outcomes(check(plan, sets=("tp",)))["TP-13"] == expected


@settings(max_examples=60, deadline=None)
@given(
    theory=st.decimals(0, 300, places=1),
    practice=st.decimals(0, 300, places=1),
    off=st.sampled_from([0, 1, -1]),
)
def test_theory_and_practice_must_be_the_whole_exactly(theory: Any, practice: Any, off: int) -> None:
    whole = theory + practice + off * type(theory)("0.1")
    if whole < 0:
        return
    course = Course(
        key="c1",
        name="a",
        category=Category.PRACTICE,
        choice=Choice.COMPULSORY,
        hours=whole,
        theory=theory,
        practice=practice,
    )
    plan = replace(example_plan(), courses=(course,), groups=(), substitutions=())
    said = [one for one in check(plan, sets=("tp",)).of("TP-21") if one.outcome == "fail"]
    assert any("理论 + 实践" in one.message.zh for one in said) == (off != 0)


@settings(max_examples=40, deadline=None)
@given(floor=st.integers(2000, 3200), change=st.integers(-700, 700))
def test_a_province_may_ask_for_more_but_not_for_less(floor: int, change: int) -> None:
    national = book().entries("TP-10")[0]
    regional = replace(
        national,
        region="510000",
        params={"least": {"higher": floor, "secondary": 3000}},
        state=rules.State.CONFIRMED,
    )
    shelf = replace(book(), rules=(national, regional))
    plan = example_plan()
    longer = replace(
        plan,
        courses=tuple(
            replace(course, hours=(course.hours or 0) + change) if course.key == "c30" else course
            for course in plan.courses or ()
        ),
    )
    found = plans.check_plan(longer, shelf, on=ON, region="510000")
    assert (found.outcome("TP-10") == "pass") == (2600 + change >= max(floor, 2500))
    assert (
        found.outcome("TP-10") != "pass"
        or plans.check_plan(longer, shelf, on=ON, region="").outcome("TP-10") == "pass"
    )
