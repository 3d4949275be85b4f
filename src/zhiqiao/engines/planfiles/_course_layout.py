"""The table of courses by category with a column per term, as 教学进程总体安排 prints it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import cast

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.planfiles._cells import UNKNOWN, Codec
from zhiqiao.engines.planfiles._printed import Column, Table
from zhiqiao.engines.planfiles._specs import kind_of
from zhiqiao.engines.planfiles._term_cells import NO_TERMS, term_hours, write_term
from zhiqiao.engines.planfiles._text import MOST_TERMS, printable, term_name
from zhiqiao.engines.planfiles._tree import Tree
from zhiqiao.engines.plans import Category, Course

_ORDER = {str(category): at for at, category in enumerate(Category)}
_FIELDS = (
    "category",
    "choice",
    "number",
    "key",
    "name",
    "assessment",
    "credits",
    "hours",
    "theory",
    "practice",
)
_WIDTHS = (2.2, 1.6, 1.2, 2.2, 5.4, 1.5, 1.4, 1.6, 1.5, 1.5)
_SUMMED = _FIELDS[6:]
_LEAST_TERMS = 6
#: Written for a category that is not known: a blank would read as that of the row above.
NO_CATEGORY = "—"
SUBTOTAL, TOTAL = "小计（计算值）", "合计（计算值）"


def course_table(courses: Sequence[Tree], tree: Tree, codec: Codec) -> Table:
    """Return the table: courses by category in the plan's order, sums that are computed and say so."""
    words = codec.words.tables["courses"]
    count = _term_count(courses, tree)
    columns = [
        Column(
            words.columns[field][0],
            numeric=field in {"number", *_SUMMED},
            merged=field in {"category", "choice"},
            width=width,
        )
        for field, width in zip(_FIELDS, _WIDTHS, strict=True)
    ]
    columns += [
        Column(term_name(number), words.lists["terms"][0], numeric=True, width=1.9)
        for number in range(1, count + 1)
    ]
    rows: list[tuple[str, ...]] = []
    strong: set[int] = set()
    numbered = sorted(
        enumerate(courses, 1), key=lambda one: _ORDER.get(str(one[1].get("category")), len(_ORDER))
    )
    for category in dict.fromkeys(course.get("category") for _, course in numbered):
        block = [(number, course) for number, course in numbered if course.get("category") == category]
        rows += [_row(number, course, count, codec) for number, course in block]
        strong.add(len(rows))
        name = codec.words.word("category", str(category)) if category else NO_CATEGORY
        rows.append(_sums(name, SUBTOTAL, [course for _, course in block], count))
    strong.add(len(rows))
    rows.append(_sums("", TOTAL, courses, count))
    return Table("courses", words.title[0], tuple(columns), tuple(rows), frozenset(strong), wide=True)


def _term_count(courses: Sequence[Tree], tree: Tree) -> int:
    used = [int(cast("int", term["term"])) for course in courses for term in terms_of(course)]
    years = tree.get("years")
    planned = ceil(years * 2) if isinstance(years, int | Decimal) else _LEAST_TERMS
    return min(MOST_TERMS, max(_LEAST_TERMS, planned, *used, 0))


def terms_of(course: Mapping[str, object]) -> list[Mapping[str, Number]]:
    """Return the terms of a course; none where they are unknown."""
    return cast("list[Mapping[str, Number]]", course.get("terms") or [])


def _row(number: int, course: Tree, count: int, codec: Codec) -> tuple[str, ...]:
    cells = []
    for field in _FIELDS:
        value = number if field == "number" else course.get(field)
        text = str(number) if field == "number" else codec.write(kind_of(Course, field), value)
        if value is None and field == "category":
            text = NO_CATEGORY
        elif value is None and _is_deducible(field, course):
            text = UNKNOWN
        cells.append(text)
    for term in range(1, count + 1):
        parts = [write_term(one) for one in terms_of(course) if one["term"] == term]
        cells.append(NO_TERMS if course.get("terms") == [] else "；".join(parts))
    return tuple(map(printable, cells))


def _is_deducible(field: str, course: Tree) -> bool:
    """Tell whether a blank would be filled by a reader: the rest of the hours where the other part is known."""
    other = {"theory": "practice", "practice": "theory"}.get(field)
    return other is not None and course.get("hours") is not None and course.get(other) is not None


def _sums(category: str, label: str, courses: Sequence[Tree], count: int) -> tuple[str, ...]:
    """Return a row of sums; what can not be summed, because a part is unknown, stays blank."""
    cells = [category, "", "", "", label, ""]
    cells += [_sum([course.get(field) for course in courses]) for field in _SUMMED]
    cells += [
        _sum([part for course in courses for part in _in_term(course, term)]) for term in range(1, count + 1)
    ]
    return tuple(cells)


def _in_term(course: Tree, term: int) -> Iterator[Number | None]:
    if course.get("terms") is None:
        yield None
    for one in terms_of(course):
        if one["term"] == term:
            yield term_hours(one)


def _sum(parts: Sequence[object]) -> str:
    if any(part is None for part in parts):
        return ""
    total = sum(cast("Sequence[Number]", parts), 0)
    return str(total) if total else ""
