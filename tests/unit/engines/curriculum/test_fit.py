"""Plans fitted to demand: never a hard rule broken, the best found, every move explained, what clashes named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from bench.plan_fit import (
    BOOK,
    DIRECTORY,
    ON,
    PARAMETERS,
    PLAN,
    course,
    some_plan,
    some_wishes,
)

from zhiqiao.engines import plans, rules
from zhiqiao.engines.curriculum import (
    Fit,
    Limit,
    Lock,
    MoveKind,
    Prerequisite,
    Proposal,
    SkillWish,
    TaughtHours,
    Way,
    Wishes,
    fit_plan,
)

WAY = (Way("demand"),)


def fitted(plan: plans.Plan, wishes: Wishes, seconds: float = 9.0, **changes: object) -> Fit:
    parameters = replace(PARAMETERS, **({"ways": WAY} | changes))  # type: ignore[arg-type]
    return fit_plan(plan, wishes, BOOK, parameters, on=ON, directory=DIRECTORY, seconds=seconds)


def failing(plan: plans.Plan) -> set[str]:
    report = plans.check_plan(plan, BOOK, on=ON, directory=DIRECTORY)
    return {
        one.rule
        for one in report.findings
        if one.outcome is rules.Outcome.FAIL and one.target is rules.Severity.BLOCK
    }


def without(plan: plans.Plan, *keys: str) -> plans.Plan:
    return replace(plan, courses=tuple(one for one in plan.courses or () if one.key not in keys))


def total(courses: Iterable[plans.Course]) -> Fraction:
    return sum((Fraction(one.hours or 0) for one in courses), Fraction(0))


@pytest.mark.parametrize("seed", range(8))
def test_no_proposal_breaks_a_hard_rule_or_a_limit(seed: int) -> None:
    plan = some_plan(seed, 34 + seed % 8)
    wishes = some_wishes(plan, seed, 15)
    result = fitted(plan, wishes, ways=PARAMETERS.ways)
    assert result.proposals or result.clashes
    before = {one.key: one for one in plan.courses or ()}
    for made in result.proposals:
        after = {one.key: one for one in made.plan.courses or ()}
        assert not failing(made.plan)
        assert {key: after[key] for key in result.locked} == {key: before[key] for key in result.locked}
        assert before.keys() - after.keys() <= wishes.removable
        assert after.keys() - before.keys() <= {one.key for one in wishes.offered}
        for pair in wishes.prerequisites:
            if pair.course in after and pair.after in after:
                first, then = (after[key].terms or () for key in (pair.after, pair.course))
                assert max(one.term for one in first) < min(one.term for one in then)
        for term, old in zip(made.plan.terms or (), plan.terms or (), strict=True):
            assert (term.weekly_hours or 0) <= max(30, old.weekly_hours or 0)
        assert plans.read_plan(plans.plan_json(made.plan)) == made.plan
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert changed == {move.course for move in made.moves}
        if made.way == "few":
            assert len(changed) <= 6
        if made.way == "terms_stay":
            assert all(move.kind is not MoveKind.TERM for move in made.moves)


def test_the_best_setting_is_found_as_by_trying_all() -> None:
    """Three courses that may move by two steps each: the solver's aim equals the best of all 125 settings."""
    plan = without(some_plan(0, 31), "c15", "c16", "c17", "c31", "c18", "c19", "c20", "c21", "c22", "c23")
    keys = ("a", "b", "c")
    plan = replace(plan, courses=(*(plan.courses or ()), *(course(key, 64, 40) for key in keys)))
    fixed = frozenset(one.key for one in plan.courses or ()) - set(keys)
    wishes = Wishes(
        skills=(SkillWish("x", 0.5, 60), SkillWish("y", 0.3, 40), SkillWish("z", 0.2, 30)),
        taught=(TaughtHours("a", "x", 32), TaughtHours("b", "y", 16), TaughtHours("b", "z", 8)),
        fixed=fixed,
    )
    free = {"cost": dict.fromkeys(PARAMETERS.cost, 0.0), "worth": (1.0, 1.0, 1.0), "most_steps": 2}
    open_book = replace(BOOK, rules=())
    parameters = replace(PARAMETERS, ways=WAY, total_room=0.0, **free)  # type: ignore[arg-type]
    made = fit_plan(plan, wishes, open_book, parameters, on=ON).proposals[0]

    def covered(a: int, b: int) -> float:
        taught = {"x": a * 32 / 64, "y": b * 16 / 64, "z": b * 8 / 64}
        return sum(one.share * min(1.0, taught[one.key] / one.target_hours) for one in wishes.skills)

    steps = (-16, -8, 0, 8, 16)
    best = max(covered(64 + a, 64 + b) for a, b, c in product(steps, repeat=3) if a + b + c == 0)
    assert made.coverage[1] == pytest.approx(best, abs=1e-6)
    assert made.proven


def test_a_course_grows_for_demand_and_another_gives_its_hours() -> None:
    wishes = Wishes(
        skills=(SkillWish("wanted", 0.6, 80), SkillWish("enough", 0.1, 8)),
        taught=(TaughtHours("c18", "wanted", 48), TaughtHours("c19", "enough", 96)),
        fixed=frozenset({"c14", "c15", "c16", "c17", "c31", "c20", "c21", "c22", "c23"}),
    )
    made = fitted(PLAN, wishes, total_room=0.0).proposals[0]
    moves = {(move.course, move.kind): move for move in made.moves}
    more, less = moves["c18", MoveKind.MORE], moves["c19", MoveKind.LESS]
    assert more.hours == (96, 120)
    assert less.hours == (96, 72)
    assert [effect.skill for effect in more.skills] == ["wanted"]
    assert more.skills[0].hours_with - more.skills[0].hours_without == pytest.approx(12, abs=0.1)
    assert more.coverage > 0
    assert Limit.TOTAL in less.needed_for
    assert less.coverage == 0  # what it taught is still taught enough
    assert made.coverage[1] > made.coverage[0]
    assert total(made.plan.courses or ()) == total(PLAN.courses or ())


def test_a_broken_hard_rule_is_mended_and_the_moves_say_so() -> None:
    lecture = tuple(
        replace(
            one,
            theory=one.hours,
            practice=0,
            activities={plans.Activity.LECTURE: one.hours or 0},
        )
        if one.key in {"c18", "c19", "c20", "c21", "c22", "c23", "c14"}
        else one
        for one in PLAN.courses or ()
    )
    plan = replace(PLAN, courses=lecture)
    assert "TP-13" in failing(plan)
    made = fitted(plan, Wishes(), most_practice_shift=0.5).proposals[0]
    assert made.rules_mended == ("TP-13",)
    assert any("TP-13" in move.needed_for for move in made.moves)
    assert made.practice_hours[1] > made.practice_hours[0]


def test_what_can_not_hold_together_is_named_and_nothing_else() -> None:
    lecture = tuple(
        replace(one, theory=one.hours, practice=0, activities={plans.Activity.LECTURE: one.hours or 0})
        if not one.week_type
        else one
        for one in PLAN.courses or ()
    )
    result = fitted(replace(PLAN, courses=lecture), Wishes(), most_practice_shift=0.0)
    assert not result.proposals
    assert result.clashes[0].way == "demand"
    assert "TP-13" in result.clashes[0].together
    assert "TP-14" not in result.clashes[0].together


def test_courses_are_taught_in_order_and_move_for_it() -> None:
    wishes = Wishes(prerequisites=(Prerequisite("c18", after="c24x"),))
    plan = replace(PLAN, courses=(*(PLAN.courses or ()), course("c24x", 64, 40, term=3)))
    made = fitted(plan, wishes).proposals[0]
    terms = {one.key: [entry.term for entry in one.terms or ()] for one in made.plan.courses or ()}
    assert max(terms["c24x"]) < min(terms["c18"])
    move = next(one for one in made.moves if one.kind is MoveKind.TERM)
    assert Limit.PREREQUISITES in move.needed_for


def test_what_is_locked_says_why() -> None:
    unknown = replace(PLAN.courses[13], activities=None) if PLAN.courses else None
    assert unknown is not None
    rest = tuple(one for one in PLAN.courses or () if one.key != unknown.key)
    result = fitted(replace(PLAN, courses=(unknown, *rest)), Wishes(fixed=frozenset({"c18"})))
    assert result.locked[unknown.key] is Lock.UNKNOWN
    assert result.locked["c18"] is Lock.ASKED
    assert result.locked["c24"] is Lock.GROUPED
    assert result.locked["c30"] is Lock.BY_WEEKS
    assert "TP-13" in result.unchecked  # nobody can promise the share of practice


def test_the_same_plan_gives_the_same_proposals() -> None:
    plan = some_plan(3, 36)
    wishes = some_wishes(plan, 3, 12)
    first, second = (fitted(plan, wishes).proposals for _ in range(2))
    assert _told(first) == _told(second)


def _told(made: tuple[Proposal, ...]) -> list[object]:
    return [(one.plan, one.moves) for one in made]
