"""Sums over the course table of a plan: by category and by term, what is offered and what a student takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans import Category, Choice, Course, CourseTerm, Plan, Ways

__all__ = ["Line", "Sums", "TermLine", "sums_of"]


@dataclass(frozen=True)
class Line:
    """Sums over some courses; `unknown` and `uncredited` count those whose hours or credits nobody stated."""

    courses: int = 0
    hours: Number = 0
    credits: Number = 0
    theory: Number = 0
    practice: Number = 0
    unknown: int = 0
    uncredited: int = 0

    @property
    def share(self) -> Decimal | None:
        """Return the share of practice in all hours, cut to tenths of a per cent; None without hours."""
        if not self.hours:
            return None
        return (Decimal(self.practice) / Decimal(self.hours)).quantize(Decimal("0.001"), "ROUND_DOWN")


@dataclass(frozen=True)
class TermLine:
    """A term: its own teaching weeks and weekly hours as told, and what the courses add up to."""

    number: int
    weeks: Number | None
    told: Number | None
    weekly: Number
    hours: Number


@dataclass(frozen=True)
class Sums:
    """The sums of a plan; `least` and `most` are the hours a student takes, None where pools can not be counted."""

    total: Line
    electives: Number
    by_category: tuple[tuple[Category | None, Line], ...]
    terms: tuple[TermLine, ...]
    least: Number | None
    most: Number | None
    told_hours: Number | None
    told_credits: Number | None


def sums_of(plan: Plan, *, on: date) -> Sums:
    """Add a plan's course table up; pools and substitutions count as of a day."""
    courses = plan.courses or ()
    kinds: list[Category | None] = [*Category, None]
    parts = ((kind, _line(course for course in courses if course.category is kind)) for kind in kinds)
    least, most = _range(plan, on)
    return Sums(
        total=_line(courses),
        electives=sum(
            (course.hours or 0) for course in courses if course.choice in {Choice.LIMITED, Choice.FREE}
        ),
        by_category=tuple((kind, line) for kind, line in parts if line.courses),
        terms=tuple(_term(plan, number) for number in term_numbers(plan)),
        least=least,
        most=most,
        told_hours=plan.summary.hours if plan.summary else None,
        told_credits=plan.summary.credits if plan.summary else None,
    )


def term_numbers(plan: Plan) -> list[int]:
    """Return the terms of a plan: two a year, and any that it names beyond them; six while nothing is known."""
    named = {term.number for term in plan.terms or ()}
    named |= {entry.term for course in plan.courses or () for entry in course.terms or ()}
    length = int(plan.years * 2) if plan.years else 0 if named else 6
    return sorted(named | set(range(1, min(length, 12) + 1)))


def _line(courses: Iterable[Course]) -> Line:
    rows = list(courses)
    return Line(
        courses=len(rows),
        hours=sum(row.hours or 0 for row in rows),
        credits=sum(row.credits or 0 for row in rows),
        theory=sum(row.theory or 0 for row in rows),
        practice=sum(row.practice or 0 for row in rows),
        unknown=sum(row.hours is None for row in rows),
        uncredited=sum(row.credits is None for row in rows),
    )


def _term(plan: Plan, number: int) -> TermLine:
    own = next((term for term in plan.terms or () if term.number == number), None)
    entries = [entry for course in plan.courses or () for entry in course.terms or () if entry.term == number]
    return TermLine(
        number=number,
        weeks=own.teaching_weeks if own else None,
        told=own.weekly_hours if own else None,
        weekly=sum(entry.weekly_hours or 0 for entry in entries),
        hours=sum(map(hours_of, entries)),
    )


def hours_of(entry: CourseTerm) -> Number:
    """Return the hours of a course in a term: as told, or weeks times weekly hours."""
    return entry.hours if entry.hours is not None else (entry.weeks or 0) * (entry.weekly_hours or 0)


def _range(plan: Plan, on: date) -> tuple[Number | None, Number | None]:
    """Return the least and the most hours on a way through the pools; None while pools are not fully told."""
    groups, standing = plan.groups or (), plan.substitutions or ()
    if not plan.courses or not (groups or standing):
        return None, None
    if any(group.mode is None or group.members is None for group in groups):
        return None, None
    ways = Ways(plan, on)
    if any(True for _ in ways.faults()):
        return None, None
    least = next(iter(ways.least(lambda course: (course.hours or 0,))), 0)
    most = -next(iter(ways.least(lambda course: (-(course.hours or 0),))), 0)
    return least, most
