"""Predicates on hours and credits: floors, shares, credits per hour, minimum hours of subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans._groups import lacking_ways, ways_of
from zhiqiao.engines.plans._lacks import of_courses, read_courses, share, title, unknown
from zhiqiao.engines.plans._values import Activity, Category, Choice, Course, Plan
from zhiqiao.engines.rules import (
    Context,
    Kind,
    Param,
    Predicate,
    Verdict,
    failed,
    lacking,
    passed,
)

_Amount = Callable[[Course], Number]


def _hours(course: Course) -> Number:
    return course.hours or 0


def _lacking(plan: Plan, context: Context, *names: str) -> list[str]:
    return [*of_courses(plan, *names), *lacking_ways(plan, context)]


def _total_hours(plan: Plan, context: Context) -> Iterator[Verdict]:
    """Compare the hours that every way through the plan holds with the floor of the level."""
    lacks = of_courses(plan, "hours") + unknown(plan, "", "level")
    if lacks:
        yield lacking([*lacks, *lacking_ways(plan, context)])
        return
    floor = context.params.numbers("least").get(str(plan.level))
    if floor is None:
        return
    # where pools are not told no way holds more than all courses together: that may be too little for certain
    total: Number = sum(_hours(course) for course in plan.courses or ())
    if not lacking_ways(plan, context):
        total = next(iter(ways_of(plan, context).least(lambda course: (_hours(course),))), 0)
    elif total >= floor:
        yield lacking(lacking_ways(plan, context))
        return
    inputs = {"level": plan.level, **read_courses(plan.courses or (), "hours")}
    if total >= floor:
        yield passed(inputs, total=total, least=floor)
    else:
        yield failed("fail", ["courses"], inputs, total=total, least=floor, short=floor - total)


def _least_share(plan: Plan, context: Context, part: _Amount, floor: Fraction) -> tuple[Number, Number, bool]:
    """Return total hours and their part on the way where the share is least above the floor, and whether it holds."""
    found = ways_of(plan, context).least(
        lambda course: (
            part(course) * floor.denominator - floor.numerator * _hours(course),
            _hours(course),
            part(course),
        )
    )
    margin, total, sum_ = found or (0, 0, 0)
    return total, sum_, total > 0 and margin >= 0


def _greatest_share(
    plan: Plan, context: Context, part: _Amount, most: Fraction
) -> tuple[Number, Number, bool]:
    found = ways_of(plan, context).least(
        lambda course: (
            most.numerator * _hours(course) - part(course) * most.denominator,
            _hours(course),
            part(course),
        )
    )
    margin, total, sum_ = found or (0, 0, 0)
    return total, sum_, total > 0 and margin >= 0


def _practice_share(plan: Plan, context: Context) -> Iterator[Verdict]:
    """Compare hours of practice, told by activity, with their least share of all hours."""
    kinds = {Activity(kind) for kind in context.params.texts("activities")}
    lacks = _lacking(plan, context, "hours", "activities") or [
        # what is not split by activity could be either
        f"courses[{course.key}].activities"
        for course in sorted(plan.courses or (), key=lambda one: one.key)
        if sum((course.activities or {}).values()) != _hours(course)
    ]
    if lacks:
        yield lacking(lacks)
        return

    def practice(course: Course) -> Number:
        return sum(hours for kind, hours in (course.activities or {}).items() if kind in kinds)

    floor = context.params.share("least")
    total, part, holds = _least_share(plan, context, practice, floor)
    inputs = read_courses(plan.courses or (), "hours", "activities")
    values = {"part": part, "total": total, "share": share(part, total), "least": _shown(floor)}
    yield passed(inputs, **values) if holds else failed("fail", ["courses"], inputs, **values)


def _elective_share(plan: Plan, context: Context) -> Iterator[Verdict]:
    """Compare hours of elective courses with their least share of all hours."""
    lacks = _lacking(plan, context, "hours", "choice")
    if lacks:
        yield lacking(lacks)
        return
    choices = {Choice(choice) for choice in context.params.texts("choices")}
    floor = context.params.share("least")
    total, part, holds = _least_share(
        plan, context, lambda course: _hours(course) if course.choice in choices else 0, floor
    )
    inputs = read_courses(plan.courses or (), "hours", "choice")
    values = {"part": part, "total": total, "share": share(part, total), "least": _shown(floor)}
    yield passed(inputs, **values) if holds else failed("fail", ["courses"], inputs, **values)


def _category_share(plan: Plan, context: Context) -> Iterator[Verdict]:
    """Compare a category's hours with the least share of the level, or with a share it should be about."""
    lacks = _lacking(plan, context, "hours", "category") + unknown(plan, "", "level")
    if lacks:
        yield lacking(lacks)
        return
    category, level = Category(context.params.text("category")), str(plan.level)
    bounds = _bounds(context, level)
    if bounds is None:
        return
    least, most = bounds

    def part(course: Course) -> Number:
        return _hours(course) if course.category is category else 0

    inputs = {"level": plan.level, **read_courses(plan.courses or (), "hours", "category")}
    total, sum_, holds = _least_share(plan, context, part, least)
    message = "" if holds else "low"
    if holds and most is not None:
        total, sum_, holds = _greatest_share(plan, context, part, most)
        message = "" if holds else "high"
    values = {"part": sum_, "total": total, "share": share(sum_, total), "least": _shown(least)}
    band = values if most is None else values | {"most": _shown(most)}
    if message:
        yield failed(message, ["courses"], inputs, **(values if message == "low" else band))
    else:
        yield replace(passed(inputs, **band), message="pass" if most is None else "within")


def _bounds(context: Context, level: str) -> tuple[Fraction, Fraction | None] | None:
    about = context.params.shares("about").get(level)
    if about is not None:
        room = context.params.shares("tolerance").get(level, Fraction(0))
        return max(about - room, Fraction(0)), min(about + room, Fraction(1))
    least = context.params.shares("least").get(level)
    return None if least is None else (least, None)


def _shown(value: Fraction) -> Number:
    return share(value.numerator, value.denominator)


def _credit_ratio(plan: Plan, context: Context) -> Iterable[Verdict]:
    """Look for courses whose hours per credit lie outside the bounds and that are not counted by weeks."""
    lacks = of_courses(plan, "hours", "credits")
    least, most = context.params.number("least"), context.params.number("most")
    found: list[Verdict] = []
    for course in sorted(plan.courses or (), key=lambda one: one.key):
        if course.hours is None or course.credits is None or course.week_type:
            continue
        if least * course.credits <= course.hours <= most * course.credits:
            continue
        if course.week_type is None:
            lacks.append(f"courses[{course.key}].week_type")
            continue
        at = f"courses[{course.key}].credits"
        inputs = read_courses([course], "hours", "credits", "week_type")
        found.append(
            failed(
                "fail",
                [at],
                inputs,
                course=title(course),
                hours=course.hours,
                credits=course.credits,
                least=least,
                most=most,
            )
        )
    if lacks:
        found.append(lacking(lacks))
    if found or not plan.courses:
        return found
    inputs = read_courses(plan.courses, "hours", "credits")
    return [passed(inputs, courses=len(plan.courses), least=least, most=most)]


_SHARE_VALUES = ("part", "total", "share", "least")

PREDICATES: tuple[Predicate[Plan], ...] = (
    Predicate(
        "least_total_hours",
        _total_hours,
        {"pass": ("total", "least"), "fail": ("total", "least", "short")},
        {"least": Param(Kind.NUMBERS)},
    ),
    Predicate(
        "least_practice_share",
        _practice_share,
        {"pass": _SHARE_VALUES, "fail": _SHARE_VALUES},
        {"least": Param(Kind.SHARE), "activities": Param(Kind.TEXTS)},
    ),
    Predicate(
        "least_elective_share",
        _elective_share,
        {"pass": _SHARE_VALUES, "fail": _SHARE_VALUES},
        {"least": Param(Kind.SHARE), "choices": Param(Kind.TEXTS)},
    ),
    Predicate(
        "category_share",
        _category_share,
        {
            "pass": _SHARE_VALUES,
            "low": _SHARE_VALUES,
            "within": (*_SHARE_VALUES, "most"),
            "high": (*_SHARE_VALUES, "most"),
        },
        {
            "category": Param(Kind.TEXT),
            "least": Param(Kind.SHARES),
            "about": Param(Kind.SHARES),
            "tolerance": Param(Kind.SHARES),
        },
    ),
    Predicate(
        "hours_per_credit",
        _credit_ratio,
        {"pass": ("courses", "least", "most"), "fail": ("course", "hours", "credits", "least", "most")},
        {"least": Param(Kind.NUMBER), "most": Param(Kind.NUMBER)},
    ),
)
