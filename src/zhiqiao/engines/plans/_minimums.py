"""Predicate on subjects with a minimum of hours or credits; each line cites the notice that fixes it (TP-20)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans._groups import lacking_ways, ways_of
from zhiqiao.engines.plans._lacks import of_courses, read_courses, title, unknown
from zhiqiao.engines.plans._values import Course, Plan
from zhiqiao.engines.rules import (
    Context,
    Kind,
    Outcome,
    Param,
    Predicate,
    Term,
    Verdict,
    failed,
    lacking,
    passed,
)


def _minimums(plan: Plan, context: Context) -> Iterator[Verdict]:
    """Compare hours or credits of subjects with the minimum that a notice fixes; each line cites its notice."""
    lacks = [*of_courses(plan, "tags"), *lacking_ways(plan, context), *unknown(plan, "", "level")]
    if lacks:
        yield lacking(lacks)
        return
    rows = [
        row for row in context.params.rows("minimums") if str(row.get("level", plan.level)) == str(plan.level)
    ]
    verdicts = [_minimum(plan, context, row) for row in rows]
    unsure = [path for verdict in verdicts if verdict.message == "missing" for path in verdict.at]
    yield from (verdict for verdict in verdicts if verdict.outcome is Outcome.FAIL)
    if unsure:
        yield lacking(unsure)
    elif verdicts and all(verdict.outcome is Outcome.PASS for verdict in verdicts):
        inputs = {path: value for verdict in verdicts for path, value in verdict.inputs.items()}
        yield passed(inputs, subjects=tuple(Term(f"tag.{row['tag']}") for row in rows))


def _minimum(plan: Plan, context: Context, row: Mapping[str, object]) -> Verdict:
    tag, unit = str(row["tag"]), str(row["unit"])
    courses = sorted(plan.courses or (), key=lambda one: one.key)
    serving = [course for course in courses if tag in (course.tags or ())]
    lacks = [path for course in serving for path in _no_amount(course, tag, unit)]
    if lacks:
        return lacking(lacks)
    beyond = [course for course in serving if unit == "hours" and _served(course, tag) > (course.hours or 0)]
    if beyond:
        return _too_many(min(beyond, key=lambda course: course.key), tag)

    def amount(course: Course) -> tuple[Number, ...]:
        if tag not in (course.tags or ()):
            return (0,)
        return (_served(course, tag) if unit == "hours" else getattr(course, unit),)

    least = cast("Number", row["least"])
    found = next(iter(ways_of(plan, context).least(amount)), 0)
    inputs = read_courses(serving, "tag_hours" if unit == "hours" else unit, "tags")
    values = {
        "subject": Term(f"tag.{tag}"),
        "found": found,
        "least": least,
        "unit": Term(f"unit.{unit}"),
        "notice": str(row["notice"]),
    }
    if found >= least:
        return passed(inputs, **values)
    at = [f"courses[{course.key}].{unit}" for course in serving] or ["courses"]
    return failed("fail", at, inputs, **values)


def _served(course: Course, tag: str) -> Number:
    return (course.tag_hours or {}).get(tag, 0)


def _too_many(course: Course, tag: str) -> Verdict:
    return failed(
        "too_many",
        [f"courses[{course.key}].tag_hours[{tag}]"],
        read_courses([course], "hours", "tag_hours"),
        course=title(course),
        subject=Term(f"tag.{tag}"),
        found=_served(course, tag),
        hours=(course.hours or 0),
    )


def _no_amount(course: Course, tag: str, unit: str) -> list[str]:
    """Return the paths of what is lacking to say how much of a course serves a tag."""
    at = f"courses[{course.key}]"
    if unit != "hours":
        return unknown(course, at, unit)
    return unknown(course, at, "hours") + ([] if tag in (course.tag_hours or {}) else [f"{at}.tag_hours"])


PREDICATES: tuple[Predicate[Plan], ...] = (
    Predicate(
        "minimums_of_subjects",
        _minimums,
        {
            "pass": ("subjects",),
            "fail": ("subject", "found", "least", "unit", "notice"),
            "too_many": ("course", "subject", "found", "hours"),
        },
        {
            "minimums": Param(
                Kind.ROWS,
                {
                    "key": Kind.TEXT,
                    "tag": Kind.TEXT,
                    "unit": Kind.TEXT,
                    "least": Kind.NUMBER,
                    "notice": Kind.TEXT,
                    "level?": Kind.TEXT,
                },
            )
        },
    ),
)
