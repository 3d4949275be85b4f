"""Cases of rules as data: an example plan with places set or unset, and what a rule must say of it."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any  # Any: JSON

from zhiqiao.engines import plans, rules
from zhiqiao.packs import common_file, folder

FIXTURES = common_file("rules", "fixtures")
_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


@dataclass(frozen=True)
class Case:
    """One case; `kind` is inside, outside, edge or missing."""

    rule: str
    kind: str
    name: str
    outcome: str
    plan: str = "higher"
    set: dict[str, Any] = field(default_factory=dict)
    unset: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    severity: str = ""
    message: str = ""

    def subject(self) -> plans.Plan:
        """Return the plan of the case."""
        data = copy.deepcopy(example(self.plan))
        for path, value in self.set.items():
            put(data, path, value)
        for path in self.unset:
            remove(data, path)
        return plan_of(data)


def read_cases(place: Path = FIXTURES) -> list[Case]:
    """Return all cases beside the rules."""
    return [
        Case(**case)
        for path in sorted(place.glob("*.toml"))
        for case in tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["case"]
    ]


@cache
def example(name: str) -> dict[str, Any]:
    """Return an example plan as JSON."""
    data: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return data


def plan_of(data: object) -> plans.Plan:
    """Return the plan of JSON data."""
    return plans.read_plan(json.dumps(data, ensure_ascii=False, default=float))


def example_plan(name: str = "higher") -> plans.Plan:
    """Return an example plan."""
    return plan_of(example(name))


@cache
def book() -> rules.RuleBook:
    """Return the shipped rules."""
    return rules.read_rules(folder("common", "rules"), predicates=plans.PREDICATES)


@cache
def directory() -> plans.Directory:
    """Return the codes of the directory that are shipped."""
    return plans.read_directory(common_file("curriculum", "specialties.csv"))


def steps(path: str) -> list[str]:
    """Return the steps of a path such as `courses[c01].hours`."""
    return [name or key for name, key in _STEP.findall(path)]


def put(data: Any, path: str, value: object) -> None:
    """Set a place; a row that is not there is added."""
    *way, last = steps(path)
    holder = _walk(data, way)
    if isinstance(holder, list):
        place = _row(holder, last)
        if place is None:
            holder.append(value)
        else:
            holder[place] = value
    else:
        holder[last] = value


def remove(data: Any, path: str) -> None:
    """Make a place unknown."""
    *way, last = steps(path)
    holder = _walk(data, way)
    if isinstance(holder, list):
        del holder[_row(holder, last) or 0]
    else:
        del holder[last]


def leaves(data: Any, path: str = "") -> list[str]:
    """Return the paths of everything that may be unknown: fields of objects, not rows and not keys."""
    if isinstance(data, list):
        named = [(_name(row, place), row) for place, row in enumerate(data)]
        return [deeper for key, row in named for deeper in leaves(row, f"{path}[{key}]")]
    if not isinstance(data, dict):
        return []
    found = []
    for name, value in data.items():
        place = f"{path}.{name}" if path else name
        found += [place, *leaves(value, place)]
    return found


def _name(row: Any, place: object) -> object:
    return row.get("key", row.get("number", place)) if isinstance(row, dict) else place


def _walk(data: Any, way: list[str]) -> Any:
    for step in way:
        data = data[_row(data, step)] if isinstance(data, list) else data[step]
    return data


def _row(rows: list[Any], key: str) -> int | None:
    for number, row in enumerate(rows):
        if isinstance(row, dict) and str(_name(row, "")) == key:
            return number
    return int(key) if key.isdigit() and int(key) < len(rows) else None
