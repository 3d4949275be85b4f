"""Pools, tracks and substitutions: the least favourable way is found exactly, and audits follow groups."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiqiao.engines.plans import Course, Group, GroupMode, Need, Plan, Substitution, Ways, audit

ON = date(2026, 11, 1)
ALL, CHOOSE = GroupMode.ALL, GroupMode.CHOOSE


def plan(hours: dict[str, int], *groups: Group, substitutions: tuple[Substitution, ...] = ()) -> Plan:
    courses = tuple(Course(key=key, hours=value, credits=value) for key, value in hours.items())
    return Plan("p", courses=courses, groups=groups, substitutions=substitutions)


def least(subject: Plan, on: date = ON, sign: int = 1) -> Any:
    found = Ways(subject, on).least(lambda course: (sign * (course.hours or 0),))
    return sign * next(iter(found), 0)


def pool(*members: str, key: str = "g", **need: int) -> Group:
    return Group(key=key, mode=CHOOSE, members=members, need=Need(**need))


def test_a_pool_counts_what_must_be_chosen() -> None:
    one = plan({"a": 10, "b": 20, "c": 30, "d": 40}, pool("b", "c", "d", courses=2))
    assert (least(one), least(one, sign=-1)) == (60, 80)


def test_tracks_within_a_choice_count_as_wholes() -> None:
    tracks = (
        Group(key="t1", mode=ALL, members=("a", "b")),
        Group(key="t2", mode=ALL, members=("c",)),
        pool("t1", "t2", courses=1),
    )
    one = plan({"a": 10, "b": 20, "c": 25, "d": 1}, *tracks)
    assert (least(one), least(one, sign=-1)) == (26, 31)


@pytest.mark.parametrize(
    ("on", "found"),
    [(date(2027, 8, 31), 11), (date(2027, 9, 1), 31), (date(2028, 8, 31), 31), (date(2028, 9, 1), 11)],
)
def test_a_substitution_counts_on_its_days(on: date, found: int) -> None:
    swap = Substitution("s", "a", ("b", "c"), ALL, date(2027, 9, 1), date(2028, 8, 31))
    assert least(plan({"a": 10, "b": 20, "c": 10, "d": 1}, substitutions=(swap,)), on) == found


def test_of_substitutes_to_choose_from_the_least_counts() -> None:
    swap = Substitution("s", "a", ("b", "c"), CHOOSE, date(2026, 9, 1))
    assert least(plan({"a": 50, "b": 20, "c": 30}, substitutions=(swap,))) == 20


@settings(max_examples=200, deadline=None)
@given(
    members=st.lists(st.tuples(st.integers(1, 9), st.integers(-9, 9)), min_size=1, max_size=7),
    need=st.integers(1, 30),
)
def test_the_least_set_that_reaches_a_need_is_found(members: list[tuple[int, int]], need: int) -> None:
    """Against all subsets: those that reach the need and would not without any one of their members."""
    courses = tuple(Course(key=f"c{n}", credits=size, hours=50) for n, (size, _) in enumerate(members))
    weight = {f"c{n}": value for n, (_, value) in enumerate(members)}
    one = Plan("p", courses=courses, groups=(pool(*weight, credits=need),), substitutions=())
    found = Ways(one, ON).least(lambda course: (weight[course.key],))
    sums = [
        sum(value for _, value in chosen)
        for size in range(1, len(members) + 1)
        for chosen in combinations(members, size)
        if need <= (whole := sum(part for part, _ in chosen)) < need + min(part for part, _ in chosen)
        and whole >= need
    ]
    assert found == (min(sums) if sums else sum(value for _, value in members),)


def faults(subject: Plan) -> set[str]:
    return {fault.message for fault in Ways(subject, ON).faults()}


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        ((pool("a", "b", courses=2),), set()),
        ((pool("a", "b", courses=3),), {"need_too_great"}),
        ((pool("a", "b", courses=0),), {"need_too_great"}),
        ((pool("a", "b", credits=30),), set()),
        ((pool("a", "b", credits=31),), {"need_too_great"}),
        ((pool("a", "b", courses=1, credits=1),), {"need_too_great"}),
        ((pool("a", "z", courses=1),), {"unknown_member"}),
        ((pool("a", courses=1), pool("a", key="h", courses=1)), {"in_two_groups"}),
        (
            (Group("g", mode=ALL, members=("h",)), Group("h", mode=ALL, members=("g", "a"))),
            {"circle"},
        ),
    ],
)
def test_groups_that_can_not_be_counted_are_named(groups: tuple[Group, ...], found: set[str]) -> None:
    assert faults(plan({"a": 10, "b": 20}, *groups)) == found


def test_a_circle_ends() -> None:
    circle = (Group("g", mode=ALL, members=("h", "a")), Group("h", mode=ALL, members=("g",)))
    assert least(plan({"a": 10, "b": 20}, *circle, pool("g", key="top", courses=1))) >= 20


def test_substitutions_that_can_not_be_counted_are_named() -> None:
    base = plan({"a": 10, "b": 20})
    wrong = {
        "unknown_member": Substitution("s", "a", ("z",), ALL, ON),
        "circle": Substitution("s", "a", ("a",), ALL, ON),
        "days_reversed": Substitution("s", "a", ("b",), ALL, ON, date(2026, 10, 31)),
    }
    assert {name: faults(replace(base, substitutions=(one,))) for name, one in wrong.items()} == {
        name: {name} for name in wrong
    }


def test_an_audit_follows_groups_and_substitutions() -> None:
    swap = Substitution("s", "a", ("x", "y"), ALL, date(2026, 9, 1))
    one = plan(
        {"a": 4, "b": 4, "c": 2, "d": 2, "e": 4, "x": 2, "y": 2},
        pool("c", "d", "e", credits=4),
        substitutions=(swap,),
    )
    assert audit(one, {"a", "b", "c", "d"}, on=ON).complete
    assert audit(one, {"x", "y", "b", "e"}, on=ON).complete
    early = audit(one, {"x", "y", "b", "e"}, on=date(2026, 8, 31))
    assert (early.open_courses, early.open_groups) == (("a",), ())
    short = audit(one, {"x", "b", "c"}, on=ON)
    assert (short.open_courses, short.open_groups, short.complete) == (("a",), ("g",), False)


def test_an_audit_of_tracks_and_numbers() -> None:
    tracks = (
        Group(key="t1", mode=ALL, members=("a", "b")),
        Group(key="t2", mode=ALL, members=("c",)),
        pool("t1", "t2", courses=1),
    )
    one = plan({"a": 1, "b": 1, "c": 1}, *tracks)
    assert audit(one, {"a"}, on=ON).open_groups == ("g",)
    assert audit(one, {"c"}, on=ON).complete
    either = Substitution("s", "a", ("b", "c"), CHOOSE, ON)
    assert audit(plan({"a": 1, "b": 1, "c": 1}, substitutions=(either,)), {"c"}, on=ON).complete
