"""Time to check a training plan of 60 courses against all rules of a set, as an editor does while one types."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from zhiqiao.engines import plans, rules
from zhiqiao.packs import common_file, folder

_COURSES = 60
_REPEATS = 20
_ON = date(2026, 11, 1)


def measure() -> dict[str, object]:
    """Return milliseconds of processor time: reading the rules, reading a plan, checking it; median and best."""
    began = time.process_time()
    book = rules.read_rules(folder("common", "rules"), predicates=plans.PREDICATES)
    loaded = time.process_time() - began
    text = common_file("rules", "fixtures", "higher.json").read_text(encoding="utf-8")
    directory = plans.read_directory(common_file("curriculum", "specialties.csv"))
    plan = _with_courses(plans.read_plan(text), _COURSES)
    long = plans.plan_json(plan)
    found: dict[str, object] = {
        "courses": len(plan.courses or ()),
        "rules": len(book.rules),
        "read_rules_ms": round(loaded * 1000, 1),
        "read_plan_ms": _times(lambda: plans.read_plan(long)),
    }
    for name, part in (("tp", book.of_set("tp")), ("all", book)):
        found[f"check_{name}_ms"] = _times(lambda part=part: _check(plan, part, directory))  # type: ignore[misc]
    report = _check(plan, book, directory)
    return found | {
        "findings": len(report.findings),
        "report_json_ms": _times(lambda: rules.report_json(report)),
    }


def _check(plan: plans.Plan, book: rules.RuleBook, directory: plans.Directory) -> rules.Report:
    return plans.check_plan(plan, book, on=_ON, directory=directory)


def _with_courses(plan: plans.Plan, number: int) -> plans.Plan:
    """Return the plan with copies of its courses up to a number."""
    courses = list(plan.courses or ())
    copies = (
        replace(course, key=f"{course.key}-{copy}", name=f"{course.name} {copy}")
        for copy in range(1, number)
        for course in courses
    )
    return replace(plan, courses=tuple(courses + [next(copies) for _ in range(number - len(courses))]))


def _times(call: Callable[[], object]) -> dict[str, float]:
    spent = []
    for _ in range(_REPEATS):
        began = time.process_time()
        call()
        spent.append((time.process_time() - began) * 1000)
    spent.sort()
    return {"best": round(spent[0], 2), "median": round(spent[len(spent) // 2], 2)}


if __name__ == "__main__":
    print(json.dumps(measure(), ensure_ascii=False, indent=2))
