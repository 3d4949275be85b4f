"""Small helpers of the predicates: paths of what is unknown, paths and values of what was read."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from types import NoneType
from typing import cast

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans._values import Course, Plan
from zhiqiao.engines.rules import Input, Term

_SCALAR = (str, int, Decimal, NoneType)


def unknown(thing: object, path: str, *names: str) -> list[str]:
    """Return the paths of those fields of a thing that are unknown; of all when the thing itself is."""
    start = f"{path}." if path else ""
    return [f"{start}{name}" for name in names if thing is None or getattr(thing, name) is None]


def blank(text: str | None) -> bool:
    """Say whether a text is known and holds nothing."""
    return text is not None and not text.strip()


def read(thing: object, path: str, *names: str) -> dict[str, Input]:
    """Return fields of a thing by path, as inputs of a finding."""
    start = f"{path}." if path else ""
    return {f"{start}{name}": cast("Input", getattr(thing, name)) for name in names}


def of_courses(plan: Plan, *names: str) -> list[str]:
    """Return the paths of what is unknown in the courses; the list itself when that is unknown."""
    if plan.courses is None:
        return ["courses"]
    return [
        f"courses[{course.key}].{name}"
        for course in sorted(plan.courses, key=lambda one: one.key)
        for name in names
        if getattr(course, name) is None
    ]


def read_courses(courses: Iterable[Course], *names: str) -> dict[str, Input]:
    """Return fields of courses by path, in the order of their keys; splits and lists as their parts."""
    found: dict[str, Input] = {}
    for course in sorted(courses, key=lambda one: one.key):
        start = f"courses[{course.key}]."
        for name in names:
            path = start + name
            value = getattr(course, name)
            if isinstance(value, tuple):
                found[path] = "、".join(value)
            elif isinstance(value, _SCALAR):
                found[path] = value
            else:
                found.update({f"{path}[{part}]": amount for part, amount in value.items()})
    return found


def title(course: Course) -> str:
    """Return how a course is called: its name, or its key."""
    return course.name or course.key


def share(part: Number, total: Number) -> Decimal:
    """Return a share of one with six places, cut: a share just below a limit never reads as the limit."""
    if not total:
        return Decimal(0)
    return (Decimal(part) / Decimal(total)).quantize(Decimal("0.000001"), ROUND_DOWN)


def terms(group: str, words: Iterable[str | StrEnum]) -> tuple[Term, ...]:
    """Return words as terms of the vocabulary, e.g. `category.practice`."""
    return tuple(Term(f"{group}.{word}") for word in words)
