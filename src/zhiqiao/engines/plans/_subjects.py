"""Predicates on which courses a plan holds: subjects by tag, number of core courses, layers, standards they follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from zhiqiao.engines.plans._groups import lacking_ways, ways_of
from zhiqiao.engines.plans._lacks import of_courses, read_courses, terms, title
from zhiqiao.engines.plans._values import Category, Choice, Course, Plan, Scope
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


def _subjects(plan: Plan, context: Context) -> Iterable[Verdict]:
    """Look for each subject among the courses: compulsory ones, and those that may be limited electives."""
    if plan.courses is None:
        return [lacking(["courses"])]
    categories = {Category(name) for name in context.params.texts("categories")}
    compulsory = {Choice.COMPULSORY}
    found: list[Verdict] = []
    lacks: list[str] = []
    inputs: dict[str, Input] = {}
    for name, choices in (
        ("compulsory", compulsory),
        ("compulsory_or_limited", {*compulsory, Choice.LIMITED}),
    ):
        for tag in context.params.texts(name):
            holding = [course for course in plan.courses if _holds(course, tag, choices, categories)]
            if holding:
                first = min(holding, key=lambda course: course.key)
                inputs |= read_courses([first], "tags", "choice", "category")
            elif unsure := _unsure(plan.courses, tag):
                lacks += unsure
            else:
                found.append(_absent(plan.courses, tag, name))
    if lacks:
        found.append(lacking(lacks))
    count = len(context.params.texts("compulsory")) + len(context.params.texts("compulsory_or_limited"))
    return found or [passed(inputs, subjects=count)]


def _holds(course: Course, tag: str, choices: set[Choice], categories: set[Category]) -> bool:
    tags = course.tags
    return tags is not None and tag in tags and course.choice in choices and course.category in categories


def _unsure(courses: Iterable[Course], tag: str) -> list[str]:
    """Return what is unknown of courses that might still be the one looked for."""
    return [
        f"courses[{course.key}].{name}"
        for course in courses
        if course.tags is None or tag in course.tags
        for name in ("tags", "choice", "category")
        if getattr(course, name) is None
    ]


def _absent(courses: Iterable[Course], tag: str, kind: str) -> Verdict:
    tagged = sorted((course for course in courses if tag in (course.tags or ())), key=lambda one: one.key)
    inputs = read_courses(tagged, "tags", "choice", "category")
    subject = Term(f"tag.{tag}")
    if not tagged:
        return failed("absent", ["courses"], inputs, subject=subject)
    at = [f"courses[{course.key}].choice" for course in tagged]
    names = tuple(title(course) for course in tagged)
    return failed("wrong_kind", at, inputs, subject=subject, courses=names, wanted=Term(f"choice.{kind}"))


def _number(plan: Plan, context: Context) -> Iterable[Verdict]:
    """Compare the number of courses of a category with its bounds, on the ways with fewest and most of them."""
    lacks = [*of_courses(plan, "category"), *lacking_ways(plan, context)]
    if lacks:
        return [lacking(lacks)]
    category = Category(context.params.text("category"))
    ways = ways_of(plan, context)
    fewest = next(iter(ways.least(lambda course: (int(course.category is category),))), 0)
    most = -next(iter(ways.least(lambda course: (-int(course.category is category),))), 0)
    low, high = context.params.number("least"), context.params.number("most")
    held = [course for course in plan.courses or () if course.category is category]
    inputs = read_courses(held, "category")
    values = {"count": fewest if fewest < low else most, "least": low, "most": high}
    if low <= fewest and most <= high:
        return [passed(inputs, **values)]
    at = [f"courses[{course.key}].category" for course in sorted(held, key=lambda one: one.key)]
    return [failed("fail", at or ["courses"], inputs, **values)]


def _standards(plan: Plan, _context: Context) -> Iterable[Verdict]:
    """See that each course says whose standard it follows, and that public basic courses do not follow the school's."""
    lacks = of_courses(plan, "scope", "category")
    own = [
        course
        for course in sorted(plan.courses or (), key=lambda one: one.key)
        if course.category is Category.PUBLIC_BASIC and course.scope is Scope.SCHOOL
    ]
    found = [
        failed(
            "fail",
            [f"courses[{course.key}].scope"],
            read_courses([course], "scope", "category"),
            course=title(course),
        )
        for course in own
    ]
    if lacks:
        found.append(lacking(lacks))
    if found or not plan.courses:
        return found
    scopes = terms("scope", sorted({str(course.scope) for course in plan.courses}))
    return [passed(read_courses(plan.courses, "scope"), courses=len(plan.courses), scopes=scopes)]


def _layers(plan: Plan, _context: Context) -> Iterable[Verdict]:
    """See that each course stands in a layer of the school's that is declared for the course's own category."""
    if plan.courses is None:
        return [lacking(["courses"])]
    labelled = any(course.layer is not None for course in plan.courses)
    if not plan.layers and not labelled:
        return []
    if plan.layers is None:
        return [lacking(["layers"])]
    declared = {layer.key: layer.categories for layer in plan.layers}
    lacks = [f"layers[{key}].categories" for key, categories in declared.items() if categories is None]
    lacks += of_courses(plan, "category", *(["layer"] if declared else []))
    courses = sorted(plan.courses, key=lambda one: one.key)
    found = [verdict for course in courses for verdict in _in_layer(course, declared)]
    if lacks:
        found.append(lacking(lacks))
    inputs = read_courses(courses, "layer", "category")
    return found or [passed(inputs, courses=len(courses), layers=tuple(sorted(declared)))]


def _in_layer(course: Course, declared: Mapping[str, tuple[Category, ...] | None]) -> Iterator[Verdict]:
    if course.layer is None:
        return
    at, inputs = [f"courses[{course.key}].layer"], read_courses([course], "layer", "category")
    if course.layer not in declared:
        yield failed("undeclared", at, inputs, course=title(course), layer=course.layer)
        return
    allowed = declared[course.layer]
    if allowed is not None and course.category is not None and course.category not in allowed:
        yield failed(
            "another",
            at,
            inputs,
            course=title(course),
            layer=course.layer,
            category=Term(f"category.{course.category}"),
            allowed=terms("category", allowed),
        )


PREDICATES: tuple[Predicate[Plan], ...] = (
    Predicate(
        "subjects_held",
        _subjects,
        {"pass": ("subjects",), "absent": ("subject",), "wrong_kind": ("subject", "courses", "wanted")},
        {
            "compulsory": Param(Kind.TEXTS),
            "compulsory_or_limited": Param(Kind.TEXTS),
            "categories": Param(Kind.TEXTS),
        },
    ),
    Predicate(
        "number_in_category",
        _number,
        dict.fromkeys(("pass", "fail"), ("count", "least", "most")),
        {"category": Param(Kind.TEXT), "least": Param(Kind.NUMBER), "most": Param(Kind.NUMBER)},
    ),
    Predicate(
        "layers_in_categories",
        _layers,
        {
            "pass": ("courses", "layers"),
            "undeclared": ("course", "layer"),
            "another": ("course", "layer", "category", "allowed"),
        },
    ),
    Predicate("standards_named", _standards, {"pass": ("courses", "scopes"), "fail": ("course",)}),
)
