"""Predicates on sums and groups: what the tables of a plan say must agree exactly (TP-21, TP-22)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans._groups import Ways, lacking_ways, ways_of
from zhiqiao.engines.plans._lacks import of_courses, read, read_courses, terms, title, unknown
from zhiqiao.engines.plans._values import Activity, Category, Course, CourseTerm, Plan
from zhiqiao.engines.rules import Context, Kind, Param, Predicate, Term, Verdict, failed, lacking, passed


def _sums(plan: Plan, context: Context) -> Iterable[Verdict]:
    """Compare theory and practice, activities, terms and the plan's own summary with the hours of the courses."""
    practice = {Activity(kind) for kind in context.params.texts("practice")}
    courses = sorted(plan.courses or (), key=lambda course: course.key)
    found = [verdict for course in courses for verdict in _of_course(course, practice)]
    found += _two_types(courses)
    lacks = of_courses(plan, "name", "hours", "theory", "practice", "activities", "terms", "category") + [
        f"courses[{course.key}].terms[{number}].hours"
        for course in courses
        for number, term in enumerate(course.terms or ())
        if _term_hours(term) is None
    ]
    lacks += unknown(plan.summary, "summary", "hours", "by_category")
    lacks += [*lacking_ways(plan, context)]
    if lacks:
        return [*found, lacking(lacks)]
    found += _summary(plan, context)
    return found or [passed(read_courses(courses, "hours", "theory", "practice"), courses=len(courses))]


def _of_course(course: Course, practice: set[Activity]) -> Iterator[Verdict]:
    if course.hours is None:
        return
    if course.theory is not None and course.practice is not None:
        yield from _unequal("theory_practice", course, course.theory + course.practice, "theory", "practice")
    if course.activities is not None:
        yield from _unequal("activities", course, sum(course.activities.values()), "activities")
        done = sum(hours for kind, hours in course.activities.items() if kind in practice)
        if course.practice is not None and done != course.practice:
            yield _differs("practice", course, done, course.practice, ("activities", "practice"))
    parts = [_term_hours(term) for term in course.terms or ()]
    if parts and None not in parts:
        total = sum(part for part in parts if part is not None)
        if total != course.hours:
            yield _differs("terms", course, total, course.hours, ("hours",), at="terms")


def _unequal(message: str, course: Course, found: Number, *names: str) -> Iterator[Verdict]:
    if found != course.hours:
        yield _differs(message, course, found, course.hours or 0, ("hours", *names))


def _differs(
    message: str, course: Course, found: Number, wanted: Number, names: tuple[str, ...], *, at: str = ""
) -> Verdict:
    path = f"courses[{course.key}]"
    return failed(
        message,
        [f"{path}.{at or names[-1]}"],
        read_courses([course], *names),
        course=title(course),
        found=found,
        wanted=wanted,
    )


def _term_hours(term: CourseTerm) -> Number | None:
    """Return the hours of a course in a term: as told, or weeks times weekly hours."""
    if term.hours is not None:
        return term.hours
    if term.weeks is None or term.weekly_hours is None:
        return None
    return term.weeks * term.weekly_hours


def _two_types(courses: Iterable[Course]) -> Iterator[Verdict]:
    named: defaultdict[str, list[Course]] = defaultdict(list)
    for course in courses:
        if course.name and course.category is not None:
            named[course.name.strip()].append(course)
    for name, same in sorted(named.items()):
        categories = sorted({str(course.category) for course in same})
        if len(categories) > 1:
            at = [f"courses[{course.key}].category" for course in same]
            inputs = read_courses(same, "name", "category")
            yield failed("two_types", at, inputs, course=name, categories=terms("category", categories))


def _summary(plan: Plan, context: Context) -> Iterator[Verdict]:
    """Compare the plan's own summary with the courses; where pools leave a choice, any sum on the way is right."""
    summary = plan.summary
    if summary is None or summary.by_category is None or summary.hours is None:
        return
    ways = ways_of(plan, context)
    low, high = _range(ways, None)
    inputs = read(summary, "summary", "hours")
    if not low <= summary.hours <= high:
        yield failed("total", ["summary.hours"], inputs, told=summary.hours, found=low)
    for category in Category:
        told = summary.by_category.get(category, 0)
        low, high = _range(ways, category)
        if not low <= told <= high:
            path = f"summary.by_category[{category}]"
            name = Term(f"category.{category}")
            yield failed("category", [path], {path: told}, category=name, told=told, found=low)
    added = sum(summary.by_category.values())
    if added != summary.hours:
        yield failed("added", ["summary.hours"], inputs, told=summary.hours, found=added)


def _range(ways: Ways, category: Category | None) -> tuple[Number, Number]:
    def hours(course: Course) -> Number:
        return (course.hours or 0) if category is None or course.category is category else 0

    least = next(iter(ways.least(lambda course: (hours(course),))), 0)
    return least, -next(iter(ways.least(lambda course: (-hours(course),))), 0)


def _groups(plan: Plan, context: Context) -> Iterable[Verdict]:
    """See that pools and substitutions can be counted: members known and in one group, needs that can be met."""
    lacks = [*lacking_ways(plan, context)]
    found = [
        failed(
            fault.message,
            [fault.at],
            {fault.at: fault.other or fault.name},
            group=fault.name,
            member=fault.other,
        )
        for fault in ways_of(plan, context).faults()
    ]
    if lacks:
        return [*found, lacking(lacks)]
    groups, substitutions = plan.groups or (), plan.substitutions or ()
    if not found and (groups or substitutions):
        inputs = {f"groups[{group.key}].members": "、".join(group.members or ()) for group in groups}
        return [passed(inputs, groups=len(groups), substitutions=len(substitutions))]
    return found


_COURSE = ("course", "found", "wanted")
_GROUP = ("group", "member")

PREDICATES: tuple[Predicate[Plan], ...] = (
    Predicate(
        "sums_agree",
        _sums,
        {
            "pass": ("courses",),
            **dict.fromkeys(("theory_practice", "activities", "practice", "terms"), _COURSE),
            "two_types": ("course", "categories"),
            "total": ("told", "found"),
            "category": ("category", "told", "found"),
            "added": ("told", "found"),
        },
        {"practice": Param(Kind.TEXTS)},
    ),
    Predicate(
        "groups_sound",
        _groups,
        {
            "pass": ("groups", "substitutions"),
            **dict.fromkeys(
                ("in_two_groups", "unknown_member", "circle", "need_too_great", "days_reversed"), _GROUP
            ),
        },
    ),
)
