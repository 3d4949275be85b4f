"""The hard rules as sums over courses, read from the rule book with its own parameters.

A share, a floor or a ceiling is one weighted sum of hours and practice hours that must not be negative. Pools are
locked, so their least favourable way is a constant; the rule engine judges the finished plan once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhiqiao.engines.curriculum._fit_plan import PRACTICE
from zhiqiao.engines.kernel import EngineError, Number
from zhiqiao.engines.plans import Category, Choice, Course, Plan, Ways, scope_of
from zhiqiao.engines.rules import Outcome, Params, Report, Rule, RuleBook, Severity, resolve

#: Weights of a course's hours and of its practice hours in a sum.
Weights = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Requirement:
    """A rule as a sum: weighted hours and practice hours along every way through the plan reach `least`."""

    rule: str
    weigh: Callable[[Course], Weights]
    least: Fraction
    counts_all: bool = False

    def of_course(self, course: Course) -> Fraction:
        """Return what a course adds to the sum."""
        hours, practice = self.weigh(course)
        done = sum(
            (Fraction(part) for kind, part in (course.activities or {}).items() if kind in PRACTICE),
            Fraction(0),
        )
        return hours * Fraction(course.hours or 0) + practice * done

    def margin(self, plan: Plan, on: date) -> Fraction:
        """Return by how much a plan reaches it on its least favourable way; negative where it does not."""
        found = Ways(plan, on).least(lambda course: (self.of_course(course),))  # type: ignore[arg-type,return-value]
        return Fraction(next(iter(found), 0)) - self.least


@dataclass(frozen=True)
class Required:
    """What the rule book asks of hours and terms on a day."""

    sums: tuple[Requirement, ...]
    ratio: tuple[Number, Number] | None
    weekly_limit: Number | None
    credited: frozenset[str]
    unchecked: tuple[str, ...]


def required(plan: Plan, book: RuleBook, report: Report, *, on: date, region: str) -> Required:
    """Read the hard rules in force for a plan; `report` is the check of the plan as it is.

    Rules that block are hard, confirmed or not. What could not be judged is not promised: it is `unchecked`.
    """
    missing = {one.rule for one in report.findings if one.outcome is Outcome.MISSING}
    sums: list[Requirement] = []
    ratio, limit = None, None
    credited: set[str] = set()
    unchecked: list[str] = []
    for one in resolve(book.rules, on=on, region=region, scope=scope_of(plan)):
        rule = one.rule
        if not one.applies:
            continue
        params = Params(rule.params)
        if rule.predicate == "hours_per_credit":
            ratio = params.number("least"), params.number("most")
        elif rule.predicate == "weeks_and_load":
            limit = params.number("most_weekly_hours")
        elif rule.predicate == "minimums_of_subjects":
            credited |= {str(row["tag"]) for row in params.rows("minimums") if row["unit"] == "credits"}
        elif rule.severity is Severity.BLOCK and rule.predicate in _SUMS:
            if rule.id in missing:
                unchecked.append(rule.id)
            else:
                sums += _SUMS[rule.predicate](rule, params, plan)
    return Required(tuple(sums), ratio, limit, frozenset(credited), tuple(unchecked))


def _total(rule: Rule, params: Params, plan: Plan) -> Iterator[Requirement]:
    floor = params.numbers("least").get(str(plan.level))
    if floor is not None:
        yield Requirement(
            rule.id, lambda _course: (Fraction(1), Fraction(0)), Fraction(floor), counts_all=True
        )


def _practice(rule: Rule, params: Params, _plan: Plan) -> Iterator[Requirement]:
    """Give the floor of practice; a pack that counts other activities as practice is not served by the solver."""
    if set(params.texts("activities")) != set(PRACTICE):
        msg = f"{rule.id}: practice is counted by other activities than {', '.join(PRACTICE)}"
        raise EngineError(msg)
    share = params.share("least")
    yield Requirement(rule.id, lambda _course: (-share, Fraction(1)), Fraction(0))


def _electives(rule: Rule, params: Params, _plan: Plan) -> Iterator[Requirement]:
    share, choices = params.share("least"), {Choice(one) for one in params.texts("choices")}
    yield Requirement(
        rule.id, lambda course: (int(course.choice in choices) - share, Fraction(0)), Fraction(0)
    )


def _category(rule: Rule, params: Params, plan: Plan) -> Iterator[Requirement]:
    """Give a floor, and a ceiling where the share should be about a value (as the predicate `category_share`)."""
    category, level = Category(params.text("category")), str(plan.level)
    about, room = params.shares("about").get(level), params.shares("tolerance").get(level, Fraction(0))
    least = params.shares("least").get(level) if about is None else max(about - room, Fraction(0))
    if least is not None:
        yield Requirement(
            rule.id, lambda course: (int(course.category is category) - least, Fraction(0)), Fraction(0)
        )
    if about is not None:
        most = min(about + room, Fraction(1))
        yield Requirement(
            rule.id, lambda course: (most - int(course.category is category), Fraction(0)), Fraction(0)
        )


_SUMS: dict[str, Callable[[Rule, Params, Plan], Iterator[Requirement]]] = {
    "least_total_hours": _total,
    "least_practice_share": _practice,
    "least_elective_share": _electives,
    "category_share": _category,
}
