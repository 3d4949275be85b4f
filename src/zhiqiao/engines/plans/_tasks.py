"""Predicates on work-integrated courses and loose leaves (GX)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from zhiqiao.engines.plans._lacks import blank, of_courses, read, terms, title, unknown
from zhiqiao.engines.plans._values import Category, ItemKind, Plan
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

_TASK = ("name", "object", "tools", "method", "organisation", "requirements", "result")
_EXPERT = ("name", "post", "years")
_LEAF = ("version", "owner", "reviewed_on", "source")


def _abilities(plan: Plan, context: Context) -> Iterable[Verdict]:
    """See that each ability says whether it is general or professional, and that both kinds are there."""
    if plan.specification is None:
        return [lacking(["specification"])]
    items = sorted(plan.specification, key=lambda one: one.key)
    lacks = [f"specification[{one.key}].kind" for one in items if one.kind is None]
    abilities = [one for one in items if one.kind is ItemKind.ABILITY]
    lacks += [f"specification[{one.key}].ability_kind" for one in abilities if one.ability_kind is None]
    if lacks:
        return [lacking(lacks)]
    inputs: dict[str, Input] = {
        f"specification[{one.key}].ability_kind": one.ability_kind for one in abilities
    }
    kinds = {str(one.ability_kind) for one in abilities}
    absent = [kind for kind in context.params.texts("kinds") if kind not in kinds]
    if absent:
        return [failed("fail", ["specification"], inputs, kinds=terms("ability", absent))]
    return [passed(inputs, abilities=len(abilities))]


def _described(plan: Plan, context: Context) -> Iterator[Verdict]:
    """See that each work task is described in full and that experts with post and years stand behind them."""
    lacks = unknown(plan, "", "tasks", "experts")
    tasks = sorted(plan.tasks or (), key=lambda one: one.key)
    experts = sorted(plan.experts or (), key=lambda one: one.key)
    lacks += [path for one in tasks for path in unknown(one, f"tasks[{one.key}]", *_TASK)]
    lacks += [path for one in experts for path in unknown(one, f"experts[{one.key}]", *_EXPERT)]
    found = [
        failed(
            "empty",
            [f"tasks[{one.key}].{name}"],
            read(one, f"tasks[{one.key}]", name),
            task=one.name or one.key,
            field=Term(f"field.tasks[].{name}"),
        )
        for one in tasks
        for name in _TASK
        if blank(getattr(one, name))
    ]
    if plan.tasks == ():
        found.append(failed("no_task", ["tasks"], {}))
    least = context.params.number("least_experts")
    if plan.experts is not None and len(experts) < least:
        found.append(failed("experts", ["experts"], {}, count=len(experts), least=least))
    yield from found
    if lacks:
        yield lacking(lacks)
    elif not found:
        inputs: dict[str, Input] = {f"tasks[{one.key}].name": one.name for one in tasks}
        yield passed(inputs, tasks=len(tasks), experts=len(experts))


def _leaves(plan: Plan, _context: Context) -> Iterable[Verdict]:
    """See that each leaf has version, owner, review and source, and that an edition freezes versions that exist."""
    lacks = unknown(plan, "", "leaves", "editions")
    leaves = sorted(plan.leaves or (), key=lambda one: one.key)
    lacks += [path for one in leaves for path in unknown(one, f"leaves[{one.key}]", *_LEAF)]
    found = [
        failed(
            "empty",
            [f"leaves[{one.key}].{name}"],
            read(one, f"leaves[{one.key}]", name),
            leaf=one.key,
            field=Term(f"field.leaves[].{name}"),
        )
        for one in leaves
        for name in ("version", "owner", "source")
        if blank(getattr(one, name))
    ]
    known = {one.key for one in leaves}
    for edition in sorted(plan.editions or (), key=lambda one: one.key):
        path = f"editions[{edition.key}].leaves"
        if edition.leaves is None:
            lacks.append(path)
            continue
        loose = sorted(
            key for key, version in edition.leaves.items() if key not in known or not version.strip()
        )
        if plan.leaves is not None and (loose or not edition.leaves):
            inputs: dict[str, Input] = {f"{path}[{key}]": edition.leaves[key] for key in loose}
            found.append(failed("edition", [path], inputs, edition=edition.key, leaves=tuple(loose)))
    if lacks:
        found.append(lacking(lacks))
    if found or not leaves:
        return found
    shown: dict[str, Input] = {f"leaves[{one.key}].version": one.version for one in leaves}
    return [passed(shown, leaves=len(leaves), editions=len(plan.editions or ()))]


def _covered(plan: Plan, context: Context) -> Iterable[Verdict]:
    """Look for courses without a work task and work tasks without a course whose gap nobody explained."""
    categories = {Category(name) for name in context.params.texts("categories")}
    lacks = of_courses(plan, "category") + unknown(plan, "", "tasks")
    courses = [one for one in plan.courses or () if one.category in categories]
    lacks += [f"courses[{one.key}].tasks" for one in courses if one.tasks is None]
    if lacks:
        return [lacking(lacks)]
    known = {task.key: task for task in plan.tasks or ()}
    linked = Counter(task for course in courses for task in course.tasks or ())
    found = [
        failed("course", [f"courses[{one.key}].tasks"], {f"courses[{one.key}].tasks": ""}, course=title(one))
        for one in sorted(courses, key=lambda one: one.key)
        if not known.keys() & set(one.tasks or ()) and not (one.gap_reason or "").strip()
    ]
    found += [
        failed(
            "task", [f"tasks[{key}]"], {f"tasks[{key}].gap_reason": task.gap_reason}, task=task.name or key
        )
        for key, task in sorted(known.items())
        if not linked[key] and not (task.gap_reason or "").strip()
    ]
    inputs: dict[str, Input] = {
        f"courses[{one.key}].tasks": "、".join(one.tasks or ())
        for one in sorted(courses, key=lambda one: one.key)
    }
    if found or not (courses or known):
        return found
    return [passed(inputs, courses=len(courses), tasks=len(known))]


PREDICATES: tuple[Predicate[Plan], ...] = (
    Predicate(
        "abilities_told_apart",
        _abilities,
        {"pass": ("abilities",), "fail": ("kinds",)},
        {"kinds": Param(Kind.TEXTS)},
    ),
    Predicate(
        "tasks_described",
        _described,
        {
            "pass": ("tasks", "experts"),
            "empty": ("task", "field"),
            "no_task": (),
            "experts": ("count", "least"),
        },
        {"least_experts": Param(Kind.NUMBER)},
    ),
    Predicate(
        "leaves_kept",
        _leaves,
        {"pass": ("leaves", "editions"), "empty": ("leaf", "field"), "edition": ("edition", "leaves")},
    ),
    Predicate(
        "tasks_covered",
        _covered,
        {"pass": ("courses", "tasks"), "course": ("course",), "task": ("task",)},
        {"categories": Param(Kind.TEXTS)},
    ),
)
