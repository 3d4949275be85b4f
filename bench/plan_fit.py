"""Time to fit a plan of 60 courses to demand, and how much more of it is covered; plans and demand are synthetic.

The tests use the same plans to see that no proposal ever breaks a hard rule.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from zhiqiao.engines import plans, rules
from zhiqiao.engines.curriculum import (
    Prerequisite,
    SkillWish,
    TaughtHours,
    Wishes,
    fit_plan,
    read_fit_parameters,
)
from zhiqiao.packs import common_file, folder

ON = date(2026, 11, 1)
BOOK = rules.read_rules(folder("common", "rules"), predicates=plans.PREDICATES)
DIRECTORY = plans.read_directory(common_file("curriculum", "specialties.csv"))
PARAMETERS = read_fit_parameters(common_file("curriculum", "fit.toml"))
PLAN = plans.read_plan(common_file("rules", "fixtures", "higher.json").read_text(encoding="utf-8"))
_COURSES = 60
_SKILLS = 40
_PLANS = 8
_SPECIALTY = (plans.Category.SPECIALTY_BASIC, plans.Category.SPECIALTY_CORE)


def measure() -> dict[str, object]:
    """Return seconds of processor time and wall clock, demand covered before and after, proposals proven best."""
    spent, waited, before, after, proven = [], [], [], [], []
    for seed in range(_PLANS + 1):
        plan = some_plan(seed, _COURSES)
        wishes = some_wishes(plan, seed, _SKILLS)
        began, started = time.process_time(), time.perf_counter()
        fit = fit_plan(plan, wishes, BOOK, PARAMETERS, on=ON, directory=DIRECTORY)
        if seed == 0:
            continue  # loads the solver
        spent.append(time.process_time() - began)
        waited.append(time.perf_counter() - started)
        best = max(fit.proposals, key=lambda one: one.coverage[1])
        before.append(best.coverage[0])
        after.append(best.coverage[1])
        proven += [one.proven for one in fit.proposals]
    return {
        "courses": _COURSES,
        "plans": _PLANS,
        "cpu_seconds": {"median": round(statistics.median(spent), 2), "most": round(max(spent), 2)},
        "seconds": {"median": round(statistics.median(waited), 2), "most": round(max(waited), 2)},
        "covered_before": round(statistics.mean(before), 3),
        "covered_after": round(statistics.mean(after), 3),
        "proposals": len(proven),
        "proven_best": sum(proven),
    }


def course(key: str, hours: int, practice: int, *, term: int = 2, **more: object) -> plans.Course:
    """Return a specialty course of one term at 16 hours a credit."""
    made = plans.Course(
        key=key,
        name=key,
        category=plans.Category.SPECIALTY_CORE,
        choice=plans.Choice.COMPULSORY,
        hours=hours,
        theory=hours - practice,
        practice=practice,
        activities={plans.Activity.LECTURE: hours - practice, plans.Activity.TRAINING: practice},
        credits=hours // 16,
        terms=(plans.CourseTerm(term=term, hours=hours),),
        week_type=False,
        tags=(),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def some_plan(seed: int, number: int) -> plans.Plan:
    """Return the fixture with courses added up to a number: half told by weekly hours, some over two terms."""
    chance = random.Random(seed)
    courses = list(PLAN.courses or ())
    while len(courses) < number:
        weekly, weeks = chance.choice([2, 3, 4, 6]), 16
        entries = [plans.CourseTerm(term=chance.randint(2, 5), weeks=weeks, weekly_hours=weekly)]
        if chance.random() < 0.2:
            entries.append(replace(entries[0], term=entries[0].term % 5 + 1))
        hours = weekly * weeks * len(entries)
        if chance.random() < 0.5:
            entries = [plans.CourseTerm(term=entries[0].term, hours=hours)]
        public = chance.random() < 0.28
        practice = hours * chance.choice([2, 4, 6, 8]) // 8
        made = course(f"x{len(courses)}", hours, practice, terms=tuple(entries))
        category = plans.Category.PUBLIC_BASIC if public else chance.choice(_SPECIALTY)
        courses.append(
            replace(
                made,
                category=category,
                choice=chance.choice(
                    [plans.Choice.COMPULSORY, plans.Choice.COMPULSORY, plans.Choice.LIMITED]
                ),
            )
        )
    return replace(PLAN, courses=tuple(courses), summary=None)


def some_wishes(plan: plans.Plan, seed: int, skills: int) -> Wishes:
    """Return demand for skills that the specialty courses teach in part, an order of courses, modules on offer."""
    chance = random.Random(seed + 1)
    keys = [one.key for one in plan.courses or () if one.category in _SPECIALTY]
    offered = tuple(
        course(
            f"new{number}", 32, 20, category=plans.Category.SPECIALTY_EXTENSION, choice=plans.Choice.LIMITED
        )
        for number in range(3)
    )
    teaching: Sequence[str] = [*keys, *(one.key for one in offered)]
    return Wishes(
        skills=tuple(
            SkillWish(f"s{number}", round(chance.betavariate(1, 5), 3), chance.choice([16, 24, 32, 48]))
            for number in range(skills)
        ),
        taught=tuple(
            TaughtHours(key, f"s{chance.randrange(skills)}", chance.choice([4, 8, 16]))
            for key in teaching
            for _ in range(2)
        ),
        prerequisites=tuple(
            Prerequisite(then, first)
            for first, then in zip(keys[::6], keys[3::6], strict=False)
            if _last(plan, first) < _first(plan, then)
        ),
        offered=offered,
        removable=frozenset(keys[-3:]),
        fixed=frozenset(keys[:1]),
    )


def _last(plan: plans.Plan, key: str) -> int:
    return max(entry.term for one in plan.courses or () if one.key == key for entry in one.terms or ())


def _first(plan: plans.Plan, key: str) -> int:
    return min(entry.term for one in plan.courses or () if one.key == key for entry in one.terms or ())


if __name__ == "__main__":
    print(json.dumps(measure(), ensure_ascii=False, indent=2))
