"""Predicates on what a plan states: sections, code, occupational orientation, goals and specification, its making."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise

from zhiqiao.engines.plans._directory import Directory, Specialty
from zhiqiao.engines.plans._lacks import blank, read, terms, unknown
from zhiqiao.engines.plans._records import PlanVersion, Procedure, VersionState
from zhiqiao.engines.plans._values import ItemKind, Orientation, Plan, SpecificationItem
from zhiqiao.engines.rules import (
    Context,
    Input,
    Kind,
    Outcome,
    Param,
    Predicate,
    State,
    Term,
    Verdict,
    failed,
    lacking,
    passed,
)

_DIRECTION = re.compile(r"[（(][^（）()]*[）)]$")
_ORIENTATION = ("specialty_class", "industries", "occupations", "posts", "certificates")


def _version(plan: Plan, context: Context) -> Iterator[Verdict]:
    """See that at most one version is in force on the day, and that teaching tasks come from it alone."""
    procedure = plan.procedure or Procedure()
    versions = procedure.versions or ()
    lacks = unknown(procedure, "procedure", "versions", "teaching_tasks_from")
    lacks += [
        path for one in versions for path in unknown(one, f"procedure.versions[{one.key}]", *_dated(one))
    ]
    if lacks:
        yield lacking(lacks)
        return
    in_force = sorted(one.key for one in versions if _holds(one, context.on))
    places = [f"procedure.versions[{key}]" for key in in_force]
    inputs: dict[str, Input] = {}
    for one in versions:
        inputs |= read(one, f"procedure.versions[{one.key}]", "state", "valid_from", "valid_to")
    if len(in_force) > 1:
        yield failed("several", places, inputs, versions=tuple(in_force), on=context.on.isoformat())
    others = sorted(set(procedure.teaching_tasks_from or ()) - set(in_force))
    if others:
        at = ["procedure.teaching_tasks_from"]
        yield failed("tasks", at, {at[0]: "、".join(others)}, versions=tuple(others))
    if len(in_force) <= 1 and not others:
        yield passed(inputs, count=len(in_force), on=context.on.isoformat())


def _dated(version: PlanVersion) -> tuple[str, ...]:
    return ("state", "valid_from") if version.state in {None, VersionState.IN_FORCE} else ("state",)


def _holds(version: PlanVersion, day: date) -> bool:
    return (
        version.state is VersionState.IN_FORCE
        and version.valid_from is not None
        and version.valid_from <= day
        and (version.valid_to is None or day <= version.valid_to)
    )


def sections_filled(
    sections: Mapping[str, str] | None, path: str, wanted: Iterable[str], group: str
) -> Iterator[Verdict]:
    """Name each section that is absent or empty; shared by the plan's own sections and those of a survey report."""
    if sections is None:
        yield lacking([path])
        return
    names = list(wanted)
    empty = [name for name in names if blank(sections.get(name, ""))]
    for name in empty:
        at = f"{path}[{name}]"
        yield failed("fail", [at], {at: sections.get(name)}, section=Term(f"{group}.{name}"))
    if not empty:
        inputs: dict[str, Input] = {f"{path}[{name}]": len(sections[name].strip()) for name in names}
        yield passed(inputs, sections=len(names))


def _sections(plan: Plan, context: Context) -> Iterator[Verdict]:
    return sections_filled(plan.sections, "sections", context.params.texts("sections"), "section")


def _code(plan: Plan, context: Context) -> Iterator[Verdict]:
    """Look the code up in the directory that is loaded; a code that is not loaded is unknown."""
    lacks = unknown(plan.programme, "programme", "name", "code", "edition")
    lacks += unknown(plan, "", "level", "entry_year")
    programme, directory = plan.programme, context.tables.get("directory")
    if lacks or programme is None:
        yield lacking(lacks)
        return
    inputs = read(programme, "programme", "name", "code", "edition") | read(plan, "", "level", "entry_year")
    values = {
        "code": programme.code or "",
        "edition": programme.edition or "",
        "name": programme.name or "",
    }
    specialty = (
        directory.find(values["code"], values["edition"]) if isinstance(directory, Directory) else None
    )
    if specialty is None:
        at = ("programme.code",)
        yield Verdict(Outcome.MISSING, "not_loaded", values, inputs, at, unconfirmed=True)
        return
    found = [
        failed(message, [place], inputs, **values, listed=listed)
        for message, place, listed in _unlike(plan, specialty)
    ] or [passed(inputs, **values)]
    unsure = specialty.state is not State.CONFIRMED
    yield from (replace(one, unconfirmed=unsure) for one in found)


def _unlike(plan: Plan, specialty: Specialty) -> Iterator[tuple[str, str, str]]:
    retired, year = specialty.retired_from, plan.entry_year
    if retired is not None and year is not None and retired <= year:
        yield "retired", "programme.code", str(retired)
    name = (plan.programme.name if plan.programme else "") or ""
    if specialty.name not in {name, _DIRECTION.sub("", name)}:
        yield "name", "programme.name", specialty.name
    if specialty.level != str(plan.level):
        yield "level", "level", specialty.level


def _orientation(plan: Plan, context: Context) -> Iterator[Verdict]:
    """See that all five fields are filled, with codes of the right form, and that posts come from a survey."""
    about = plan.orientation or Orientation()
    lacks = unknown(about, "orientation", *_ORIENTATION)
    lacks += [f"orientation.posts[{post.key}].survey" for post in about.posts or () if post.survey is None]
    wrong = False
    for name in _ORIENTATION:
        if getattr(about, name) is not None and not getattr(about, name):
            wrong = True
            at = f"orientation.{name}"
            yield failed("empty", [at], {at: ""}, field=Term(f"field.{at}"))
    for name, codes in (("industries", about.industries), ("occupations", about.occupations)):
        for code in sorted(set(codes or ())):
            if not re.fullmatch(context.params.text(f"{name}_form"), code):
                wrong = True
                at = f"orientation.{name}"
                yield failed("form", [at], {at: code}, field=Term(f"field.{at}"), code=code)
    for post in sorted(about.posts or (), key=lambda one: one.key):
        if blank(post.survey):
            wrong = True
            at = f"orientation.posts[{post.key}].survey"
            yield failed("no_survey", [at], {at: post.survey}, post=post.name or post.key)
    if lacks:
        yield lacking(lacks)
    elif not wrong:
        inputs = {"orientation.specialty_class": about.specialty_class} | {
            f"orientation.{name}": len(getattr(about, name)) for name in _ORIENTATION[1:]
        }
        yield passed(inputs, posts=len(about.posts or ()), certificates=len(about.certificates or ()))


def _specification(plan: Plan, _context: Context) -> Iterator[Verdict]:
    """See that quality, knowledge and ability are there, each item with a course and evidence, and goals with posts."""
    if plan.specification is None or plan.goals is None:
        yield lacking(unknown(plan, "", "specification", "goals"))
        return
    items = sorted(plan.specification, key=lambda one: one.key)
    lacks = [
        path
        for item in items
        for path in unknown(item, f"specification[{item.key}]", "kind", "courses", "evidence")
    ] + [f"goals[{goal.key}].posts" for goal in plan.goals if goal.posts is None]
    lacks += unknown(plan, "", "courses")
    found = [verdict for item in items for verdict in _of_item(item, plan)]
    kinds = {item.kind for item in items}
    absent = () if None in kinds else tuple(kind for kind in ItemKind if kind not in kinds)
    if absent:
        found.append(failed("parts", ["specification"], {}, kinds=terms("item", absent)))
    found += [
        failed(
            "goal", [f"goals[{goal.key}].posts"], {f"goals[{goal.key}].posts": ""}, goal=goal.text or goal.key
        )
        for goal in sorted(plan.goals, key=lambda one: one.key)
        if goal.posts == ()
    ]
    if not plan.goals:
        found.append(failed("no_goal", ["goals"], {}))
    yield from found
    if lacks:
        yield lacking(lacks)
    elif not found:
        inputs = {f"specification[{item.key}].courses": "、".join(item.courses or ()) for item in items}
        yield passed(inputs, items=len(items), goals=len(plan.goals))


def _of_item(item: SpecificationItem, plan: Plan) -> Iterator[Verdict]:
    at = f"specification[{item.key}]"
    name = item.text or item.key
    if item.courses is not None:
        known = {course.key for course in plan.courses or ()}
        if not known.intersection(item.courses) and plan.courses is not None:
            path = f"{at}.courses"
            yield failed("no_course", [path], {path: "、".join(item.courses)}, item=name)
    if item.evidence is not None and not any(entry.strip() for entry in item.evidence):
        yield failed("no_evidence", [f"{at}.evidence"], {f"{at}.evidence": ""}, item=name)


def _procedure(plan: Plan, context: Context) -> Iterator[Verdict]:
    """See that survey report, panel with the needed kinds of members, minutes and decision are on record, in order."""
    procedure = plan.procedure or Procedure()
    steps = ("survey_report", "minutes", "decision")
    lacks = unknown(procedure, "procedure", "panel", *steps)
    lacks += [
        path
        for step in steps
        if getattr(procedure, step) is not None
        for path in unknown(getattr(procedure, step), f"procedure.{step}", "document", "on")
    ]
    members = procedure.panel or ()
    lacks += [f"procedure.panel[{one.key}].kind" for one in members if one.kind is None]
    found: list[Verdict] = []
    absent = [
        kind for kind in context.params.texts("members") if kind not in {str(one.kind) for one in members}
    ]
    if absent and procedure.panel is not None and all(one.kind is not None for one in members):
        inputs: dict[str, Input] = {f"procedure.panel[{one.key}].kind": one.kind for one in members}
        found.append(failed("members", ["procedure.panel"], inputs, kinds=terms("member", absent)))
    records = [(step, getattr(procedure, step)) for step in steps]
    for step, record in records:
        if record is not None and blank(record.document):
            at = f"procedure.{step}.document"
            found.append(failed("empty", [at], {at: record.document}, step=Term(f"field.procedure.{step}")))
    days = [(step, record.on) for step, record in records if record is not None and record.on is not None]
    for (before, first), (after, second) in pairwise(days):
        if second < first:
            at = f"procedure.{after}.on"
            values = {"before": Term(f"field.procedure.{before}"), "after": Term(f"field.procedure.{after}")}
            found.append(failed("order", [at], {f"procedure.{before}.on": first, at: second}, **values))
    yield from found
    if lacks:
        yield lacking(lacks)
    elif not found:
        yield passed({f"procedure.{step}.on": day for step, day in days}, members=len(members))


PREDICATES: tuple[Predicate[Plan], ...] = (
    Predicate(
        "one_version_in_force",
        _version,
        {"pass": ("count", "on"), "several": ("versions", "on"), "tasks": ("versions",)},
    ),
    Predicate(
        "sections_filled",
        _sections,
        {"pass": ("sections",), "fail": ("section",)},
        {"sections": Param(Kind.TEXTS)},
    ),
    Predicate(
        "code_in_directory",
        _code,
        {
            "pass": ("code", "edition", "name"),
            "not_loaded": ("code", "edition", "name"),
            **dict.fromkeys(("retired", "name", "level"), ("code", "edition", "name", "listed")),
        },
    ),
    Predicate(
        "orientation_filled",
        _orientation,
        {
            "pass": ("posts", "certificates"),
            "empty": ("field",),
            "form": ("field", "code"),
            "no_survey": ("post",),
        },
        {"industries_form": Param(Kind.TEXT), "occupations_form": Param(Kind.TEXT)},
    ),
    Predicate(
        "specification_covered",
        _specification,
        {
            "pass": ("items", "goals"),
            "parts": ("kinds",),
            "no_course": ("item",),
            "no_evidence": ("item",),
            "goal": ("goal",),
            "no_goal": (),
        },
    ),
    Predicate(
        "procedure_followed",
        _procedure,
        {"pass": ("members",), "members": ("kinds",), "empty": ("step",), "order": ("before", "after")},
        {"members": Param(Kind.TEXTS)},
    ),
)
