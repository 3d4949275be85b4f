"""An exported plan imported again is equal, whatever it holds and in whichever file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from tests.rule_cases import example_plan
from tests.unit.engines.planfiles.generated import plans
from tests.unit.engines.planfiles.made import ON, read, words
from zhiqiao.engines import planfiles
from zhiqiao.engines.plans import (
    Assessment,
    Category,
    Choice,
    Course,
    CourseTerm,
    Plan,
    plan_json,
    read_plan,
)

WRITERS = {"xlsx": planfiles.plan_xlsx, "docx": planfiles.plan_docx}
quick = settings(deadline=None, suppress_health_check=list(HealthCheck))


def sixty() -> Plan:
    """Return a plan of 60 courses over six terms, with weekly hours, weeks, pools and halves."""
    categories = list(Category)
    courses = tuple(
        Course(
            key=f"k{number:02d}",
            name=f"示例课程 {number}",
            category=categories[number * 5 // 60],
            choice=Choice.FREE if number % 9 == 0 else Choice.COMPULSORY,
            hours=(number % 4 + 2) * 16,
            theory=(number % 4 + 2) * 8,
            practice=(number % 4 + 2) * 8,
            credits=number % 4 + 2,
            terms=(CourseTerm(number % 6 + 1, weeks=16, weekly_hours=number % 4 + 2),),
            tags=(),
            assessment=Assessment.EXAM if number % 2 else Assessment.COURSEWORK,
        )
        for number in range(60)
    )
    return replace(
        example_plan(),
        key="sixty",
        courses=courses,
        groups=(),
        substitutions=(),
        specification=(),
        conversions=(),
    )


@pytest.mark.parametrize("kind", WRITERS)
def test_a_plan_of_sixty_courses_comes_back_equal_without_a_word(kind: str) -> None:
    plan = sixty()
    data = WRITERS[kind](plan, words(), on=ON)
    found = read(data)
    assert found.plan == plan
    assert found.notes == ()
    if kind == "xlsx":  # of Word files the documents' own tests say it
        assert data == WRITERS[kind](plan, words(), on=ON)


@settings(quick, max_examples=4)
@given(plan=plans())
def test_any_plan_comes_back_equal(plan: Plan) -> None:
    assert read_plan(plan_json(plan)) == plan
    for writer in WRITERS.values():
        assert read(writer(plan, words(), on=ON)).plan == plan
