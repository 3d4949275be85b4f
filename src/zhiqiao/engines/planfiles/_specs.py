"""Which table holds which part of a plan, and what kind of value stands in each of its columns.

Kinds come from the types of the plan, so a field that the plan gains needs only a heading. Values are those of the
plan's JSON: text, whole or decimal numbers, lists, objects.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from zhiqiao.engines import plans


@dataclass(frozen=True)
class Kind:
    """Kind of a value: `name` says how it is written, `of` the vocabulary or the tables that keys are looked up in."""

    name: str
    of: str = ""


@dataclass(frozen=True)
class TableSpec:
    """A table of the printed plan: where its rows stand in the plan, and in which section it is printed."""

    name: str
    at: str
    section: str
    row: type
    shape: str = (
        "rows"  # rows by key; one: a single row; named: an object whose members are rows; texts: texts by key
    )
    vocabulary: str = ""  # of the keys, where they are words


SPECS: tuple[TableSpec, ...] = (
    TableSpec("orientation", "orientation", "orientation", plans.Orientation, "one"),
    TableSpec("posts", "orientation.posts", "orientation", plans.Post),
    TableSpec("goals", "goals", "goals_and_specification", plans.Goal),
    TableSpec("specification", "specification", "goals_and_specification", plans.SpecificationItem),
    TableSpec("layers", "layers", "courses", plans.Layer),
    TableSpec("requirements", "courses", "courses", plans.Course),
    TableSpec("groups", "groups", "courses", plans.Group),
    TableSpec("substitutions", "substitutions", "courses", plans.Substitution),
    TableSpec("courses", "courses", "schedule", plans.Course),
    TableSpec("terms", "terms", "schedule", plans.Term),
    TableSpec(
        "week_activities", "week_activities", "schedule", plans.WeekActivity, vocabulary="weekactivity"
    ),
    TableSpec("placements", "placements", "schedule", plans.Placement),
    TableSpec("certificates", "certificates", "graduation", plans.Certificate),
    TableSpec("conversions", "conversions", "graduation", plans.Conversion),
    TableSpec("records", "procedure", "appendix", plans.Record, "named", "step"),
    TableSpec("panel", "procedure.panel", "appendix", plans.PanelMember),
    TableSpec("versions", "procedure.versions", "appendix", plans.PlanVersion),
    TableSpec("report", "survey.sections", "appendix", plans.Survey, "texts", "report"),
    TableSpec("enterprises", "survey.enterprises", "appendix", plans.AskedEnterprise),
    TableSpec("lists", "survey.lists", "appendix", plans.NeedList),
    TableSpec("tasks", "tasks", "appendix", plans.WorkTask),
    TableSpec("experts", "experts", "appendix", plans.Expert),
    TableSpec("leaves", "leaves", "appendix", plans.Leaf),
    TableSpec("editions", "editions", "appendix", plans.Edition),
)

#: The tables 项目｜内容: the section that each is printed in and how its places begin.
FORMS: tuple[tuple[str, str, str], ...] = (
    (
        "方案基本信息表",
        "programme_name",
        "key version programme level entry years entry_year region work_integrated",
    ),
    ("学时学分汇总表", "schedule", "summary"),
    ("制订与调研信息表", "appendix", "procedure survey"),
)

#: Fields whose texts are keys of other rows, and the tables that hold those.
_REFERENCES = {
    (plans.Orientation, "certificates"): "certificates",
    (plans.Goal, "posts"): "posts",
    (plans.SpecificationItem, "courses"): "courses",
    (plans.Course, "tasks"): "tasks",
    (plans.Group, "members"): "courses groups",
    (plans.Substitution, "course"): "courses",
    (plans.Substitution, "by"): "courses",
    (plans.Placement, "post"): "posts",
    (plans.Placement, "licence"): "certificates",
    (plans.Conversion, "certificate"): "certificates",
    (plans.Conversion, "courses"): "courses",
}

NAMED_ROWS = {
    "posts": "orientation.posts",
    "courses": "courses",
    "groups": "groups",
    "certificates": "certificates",
    "tasks": "tasks",
}


#: Fields that are written in a way of their own: numbers of weeks, and codes that people write behind names.
_SPECIAL = {"weeks": "weeks", "teaching_weeks": "weeks", "industries": "codes", "occupations": "codes"}


@cache
def kind_of(row: type, path: str) -> Kind:
    """Return the kind of the value at a dotted path inside a row."""
    name, _, rest = path.partition(".")
    if (row, name) in _REFERENCES:
        many = get_origin(_bare(get_type_hints(row)[name])) is tuple
        return Kind("references" if many else "reference", _REFERENCES[row, name])
    found = _bare(get_type_hints(row, include_extras=False)[name])
    special = _SPECIAL.get(name)
    if special and not rest:
        return Kind(special)
    if rest and is_dataclass(found) and isinstance(found, type):
        return kind_of(found, rest)
    if rest:  # a mapping: the part of it that is named
        return Kind("number")
    return _kind(found)


def _kind(found: Any) -> Kind:  # Any: a type as written in an annotation
    if found in _PLAIN:
        return _PLAIN[found]
    if isinstance(found, type) and issubclass(found, StrEnum):
        return Kind("word", found.__name__.lower())
    parts = get_args(found)
    if get_origin(found) is tuple:
        return _ROWS.get(parts[0]) or Kind("words", parts[0].__name__.lower())
    if parts[1] is str:
        return Kind("pairs", "leaves")
    return Kind("amounts", parts[0].__name__.lower() if parts[0] is not str else "")


_ROWS: dict[object, Kind] = {
    str: Kind("texts"),
    plans.CertificateUnit: Kind("units", "certificates"),
    plans.Post: Kind("posts"),
}
_PLAIN: dict[object, Kind] = {
    str: Kind("text"),
    bool: Kind("truth"),
    int: Kind("whole"),
    date: Kind("day"),
    frozenset({int, Decimal}): Kind("number"),
}


def _bare(hint: Any) -> Any:  # Any: as above
    """Return a type without None and notes; a number as the set of its types."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        rest = [part for part in get_args(hint) if part is not types.NoneType]
        return _bare(rest[0]) if len(rest) == 1 else frozenset(rest)
    return hint
