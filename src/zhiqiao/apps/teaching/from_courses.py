"""The course table that a programme already has in this product, as the beginning of its training plan.

The table says less than a plan does. Three readings are ours: hours of practice become internship in a placement,
training in a practice course and lab else; an elective with 限选 in its name is a limited one and public basic, any
other a free one and specialty extension; subjects are told by the names of courses (packs/common/curriculum). All of
it is a proposal that people correct; what the table does not say stays unknown.
"""

from __future__ import annotations

from functools import cache

from zhiqiao.engines.plans import (
    Activity,
    Category,
    Choice,
    Course,
    CourseTerm,
    Entry,
    Level,
    Orientation,
    Plan,
    Post,
    Programme,
    Term,
)
from zhiqiao.packs import common_file, read_rows
from zhiqiao.platform.data.api import CourseView, ProgrammeView

__all__ = ["bare_plan", "plan_of_programme"]

_PRACTICE = {"placement": Activity.INTERNSHIP, "practice": Activity.TRAINING}
_LIMITED = "限选"


def bare_plan(programme: ProgrammeView, *, entry_year: int, region: str) -> Plan:
    """Return a plan that holds only what is known of the programme itself."""
    level = Level(programme.level)
    return Plan(
        key=f"{programme.key}-{entry_year}",
        programme=Programme(name=programme.name.zh, code=programme.code or None),
        level=level,
        entry=Entry.JUNIOR_MIDDLE if level is Level.SECONDARY else None,
        years=programme.years,
        entry_year=entry_year,
        region=region or None,
        terms=tuple(Term(number) for number in range(1, programme.years * 2 + 1)),
    )


def plan_of_programme(programme: ProgrammeView, *, entry_year: int, region: str) -> Plan:
    """Return a plan with the programme's courses and target posts."""
    bare = bare_plan(programme, entry_year=entry_year, region=region)
    return Plan(
        **{
            **vars(bare),
            "orientation": Orientation(
                posts=tuple(Post(role.key, name=role.name.zh) for role in programme.roles)
            ),
            "courses": tuple(_course(course, programme) for course in programme.courses),
        }
    )


def _course(course: CourseView, programme: ProgrammeView) -> Course:
    modules = [module for module in course.modules if module.is_active]
    theory = sum(module.theory_hours for module in modules)
    practice = sum(module.practice_hours for module in modules)
    activity = _PRACTICE.get(course.category, Activity.LAB)
    category, choice = _kind(course)
    parts = {Activity.LECTURE: theory, activity: practice}
    return Course(
        key=course.key.removeprefix(f"{programme.key}-"),
        name=course.name.zh,
        category=category,
        choice=choice,
        hours=theory + practice,
        theory=theory,
        practice=practice,
        activities={kind: hours for kind, hours in parts.items() if hours},
        terms=(CourseTerm(course.term, hours=theory + practice),),
        tags=_subjects(course.name.zh) if category is Category.PUBLIC_BASIC else (),
    )


def _kind(course: CourseView) -> tuple[Category, Choice]:
    if course.category == "elective":
        limited = _LIMITED in course.name.zh
        return (
            (Category.PUBLIC_BASIC, Choice.LIMITED)
            if limited
            else (Category.SPECIALTY_EXTENSION, Choice.FREE)
        )
    return Category("practice" if course.category == "placement" else course.category), Choice.COMPULSORY


@cache
def _named() -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = read_rows(common_file("curriculum", "course_subjects.csv"))
    return tuple((row["name"], tuple(row["subjects"].split("|"))) for row in rows)


def _subjects(name: str) -> tuple[str, ...]:
    return next((subjects for part, subjects in _named() if part in name), ())
