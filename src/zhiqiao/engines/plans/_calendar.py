"""Predicates on length and calendar: years, weeks, weekly load, placement, activities counted by weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import cast

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans._lacks import read, unknown
from zhiqiao.engines.plans._values import Placement, Plan
from zhiqiao.engines.rules import (
    Context,
    Input,
    Kind,
    Param,
    Predicate,
    Term,
    Verdict,
    failed,
    lacking,
    passed,
)


def _length(plan: Plan, context: Context) -> Iterator[Verdict]:
    """Compare the study length with what is usual for the level and the way of entry."""
    lacks = unknown(plan, "", "level", "entry", "years")
    if lacks:
        yield lacking(lacks)
        return
    usual = [
        cast("Number", row["years"])
        for row in context.params.rows("usual")
        if (row["level"], row["entry"]) == (str(plan.level), str(plan.entry))
    ]
    inputs = read(plan, "", "level", "entry", "years")
    values = {
        "years": plan.years or 0,
        "level": Term(f"level.{plan.level}"),
        "entry": Term(f"entry.{plan.entry}"),
    }
    if not usual:
        yield failed("unlisted", ["entry"], inputs, **values)
    elif plan.years in usual:
        yield passed(inputs, **values)
    else:
        yield failed("fail", ["years"], inputs, **values, usual=usual[0])


def _weeks_and_load(plan: Plan, context: Context) -> Iterable[Verdict]:
    """Compare teaching weeks of each year and weekly hours of each term with their limits."""
    if plan.terms is None:
        return [lacking(["terms"])]
    lacks = [
        path
        for term in plan.terms
        for path in unknown(term, f"terms[{term.number}]", "teaching_weeks", "weekly_hours")
    ]
    if lacks:
        return [lacking(lacks)]
    most_weeks, most_hours = context.params.number("most_weeks"), context.params.number("most_weekly_hours")
    weeks: defaultdict[int, list[tuple[str, Number]]] = defaultdict(list)
    found: list[Verdict] = []
    inputs: dict[str, Input] = {}
    for term in sorted(plan.terms, key=lambda one: one.number):
        place = f"terms[{term.number}]"
        inputs |= read(term, place, "teaching_weeks", "weekly_hours")
        weeks[(term.number + 1) // 2].append((f"{place}.teaching_weeks", term.teaching_weeks or 0))
        if (term.weekly_hours or 0) > most_hours:
            at = f"{place}.weekly_hours"
            found.append(
                failed(
                    "load",
                    [at],
                    {at: term.weekly_hours},
                    term=term.number,
                    hours=term.weekly_hours or 0,
                    most=most_hours,
                )
            )
    for year, parts in weeks.items():
        total = sum(part for _, part in parts)
        if total > most_weeks:
            places = [place for place, _ in parts]
            found.append(failed("weeks", places, dict(parts), year=year, weeks=total, most=most_weeks))
    return found or ([passed(inputs, years=len(weeks))] if inputs else [])


def _placement(plan: Plan, context: Context) -> Iterator[Verdict]:
    """Compare the months of placement, in one block or in stages, with what is usual."""
    if plan.placements is None:
        yield lacking(["placements"])
        return
    months = [(block, _months(block, context.params.number("weeks_per_year"))) for block in plan.placements]
    lacks = [f"placements[{block.key}].weeks" for block, length in months if length is None]
    if lacks:
        yield lacking(lacks)
        return
    total = sum((length or Fraction(0) for _, length in months), Fraction(0))
    least, most = context.params.number("least_months"), context.params.number("most_months")
    inputs: dict[str, Input] = {}
    for block in sorted(plan.placements, key=lambda one: one.key):
        inputs |= read(block, f"placements[{block.key}]", "weeks")
    values = {
        "months": _rounded(total),
        "least": least,
        "most": most,
        "usual": context.params.number("usual_months"),
    }
    holds = Fraction(least) <= total <= Fraction(most)
    yield passed(inputs, **values) if holds else failed("fail", ["placements"], inputs, **values)


def _months(block: Placement, weeks_per_year: Number) -> Fraction | None:
    return None if block.weeks is None else Fraction(block.weeks) * 12 / Fraction(weeks_per_year)


def _rounded(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def _week_credits(plan: Plan, context: Context) -> Iterable[Verdict]:
    """Compare the credits of activities counted by weeks with their weeks."""
    if plan.week_activities is None:
        return [lacking(["week_activities"])]
    lacks: list[str] = []
    found: list[Verdict] = []
    inputs: dict[str, Input] = {}
    ratio = context.params.number("credits_per_week")
    for activity in sorted(plan.week_activities, key=lambda one: one.key):
        place = f"week_activities[{activity.key}]"
        if more := unknown(activity, place, "weeks", "credits"):
            lacks += more
            continue
        own = read(activity, place, "weeks", "credits")
        inputs |= own
        wanted = (activity.weeks or 0) * ratio
        if activity.credits != wanted:
            values = {"weeks": activity.weeks or 0, "credits": activity.credits or 0, "wanted": wanted}
            name = Term(f"week_activity.{activity.key}")
            found.append(failed("fail", [f"{place}.credits"], own, activity=name, **values))
    if lacks:
        found.append(lacking(lacks))
    return found or ([passed(inputs, activities=len(plan.week_activities))] if inputs else [])


PREDICATES: tuple[Predicate[Plan], ...] = (
    Predicate(
        "length_for_entry",
        _length,
        {
            "pass": ("years", "level", "entry"),
            "fail": ("years", "level", "entry", "usual"),
            "unlisted": ("years", "level", "entry"),
        },
        {
            "usual": Param(
                Kind.ROWS,
                {"key": Kind.TEXT, "level": Kind.TEXT, "entry": Kind.TEXT, "years": Kind.NUMBER},
            )
        },
    ),
    Predicate(
        "weeks_and_load",
        _weeks_and_load,
        {"pass": ("years",), "load": ("term", "hours", "most"), "weeks": ("year", "weeks", "most")},
        {"most_weeks": Param(Kind.NUMBER), "most_weekly_hours": Param(Kind.NUMBER)},
    ),
    Predicate(
        "months_of_placement",
        _placement,
        dict.fromkeys(("pass", "fail"), ("months", "least", "most", "usual")),
        {
            "least_months": Param(Kind.NUMBER),
            "most_months": Param(Kind.NUMBER),
            "usual_months": Param(Kind.NUMBER),
            "weeks_per_year": Param(Kind.NUMBER),
        },
    ),
    Predicate(
        "credits_by_weeks",
        _week_credits,
        {"pass": ("activities",), "fail": ("activity", "weeks", "credits", "wanted")},
        {"credits_per_week": Param(Kind.NUMBER)},
    ),
)
