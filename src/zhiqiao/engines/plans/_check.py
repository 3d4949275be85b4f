"""Plans in and out of JSON, and their check by the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from zhiqiao.engines.kernel import from_json, read_json, write_json
from zhiqiao.engines.plans import (
    _arithmetic,
    _calendar,
    _certificates,
    _hours,
    _minimums,
    _statement,
    _subjects,
    _surveys,
    _tasks,
)
from zhiqiao.engines.plans._directory import Directory
from zhiqiao.engines.plans._values import Plan
from zhiqiao.engines.rules import Predicate, Report, RuleBook, Waiver, check

#: Any: a book of rules holds predicates of one kind of subject, here `Plan`.
PREDICATES: Mapping[str, Predicate[Any]] = MappingProxyType(
    {
        predicate.name: predicate
        for module in (
            _statement,
            _hours,
            _minimums,
            _calendar,
            _subjects,
            _arithmetic,
            _surveys,
            _tasks,
            _certificates,
        )
        for predicate in module.PREDICATES
    }
)


def read_plan(text: str) -> Plan:
    """Read a plan from JSON text; raises `kernel.ShapeError`, which names every wrong place."""
    return from_json(Plan, read_json(text))


def plan_json(plan: Plan) -> str:
    """Write a plan as JSON text; what is unknown is left out."""
    return write_json(plan)


def scope_of(plan: Plan) -> dict[str, str | None]:
    """Return the properties by which rules choose plans; None is unknown."""
    integrated = plan.work_integrated
    return {
        "level": plan.level and str(plan.level),
        "entry": plan.entry and str(plan.entry),
        "specialty": plan.programme.code if plan.programme else None,
        "work_integrated": None if integrated is None else "yes" if integrated else "no",
    }


def check_plan(
    plan: Plan,
    book: RuleBook,
    *,
    on: date,
    region: str | None = None,
    waivers: Sequence[Waiver] = (),
    directory: Directory | None = None,
) -> Report:
    """Judge a plan by the rules in force on a day, in a region or, where none is told, in the plan's own."""
    return check(
        plan,
        book,
        on=on,
        region=(plan.region or "") if region is None else region,
        scope=scope_of(plan),
        waivers=waivers,
        tables={"directory": directory},
    )
