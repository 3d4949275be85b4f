"""Places in a plan's JSON: reading and setting them, and what two plans differ in."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias, cast

from zhiqiao.engines.kernel import ShapeError, read_json
from zhiqiao.engines.planfiles._text import is_printable

Json: TypeAlias = object
Tree: TypeAlias = dict[str, object]
_STEP = re.compile(r"([^.\[\]]+)|\[([^\[\]]*)\]")
_SIMPLE = re.compile(r"[^.\[\]\s、]+")
_ABSENT = "—"


def get(tree: Json, path: str) -> Json:
    """Return the value at a place; None where there is none."""
    for name, key in _STEP.findall(path):
        if isinstance(tree, list):
            tree = next((row for row in tree if row_key(row) == (key or name)), None)
        elif isinstance(tree, Mapping):
            tree = cast("Mapping[str, object]", tree).get(name or key)
        else:
            return None
    return tree


def put(tree: Tree, path: str, value: Json) -> bool:
    """Set the value at a place, or take it away for None; tell whether there is such a place."""
    *way, (last_name, last_key) = _STEP.findall(path)
    holder: Json = tree
    for name, key in way:
        if isinstance(holder, dict):
            step = name or key
            if holder.get(step) is None:
                holder[step] = {}
            holder = holder[step]
        elif isinstance(holder, list):
            holder = next((row for row in holder if row_key(row) == (key or name)), None)
    if isinstance(holder, dict):
        if value is None:
            holder.pop(last_name or last_key, None)
        else:
            holder[last_name or last_key] = value
        return True
    if isinstance(holder, list):
        at = next((at for at, row in enumerate(holder) if row_key(row) == (last_key or last_name)), None)
        if at is not None and value is None:
            del holder[at]
        elif at is not None:
            holder[at] = value
        return at is not None
    return False


def row_key(row: Json) -> str | None:
    """Return what names a row: its key or its number."""
    if not isinstance(row, Mapping):
        return None
    found = cast("Mapping[str, object]", row)
    key = found.get("key", found.get("number"))
    return None if key is None else str(key)


def differences(wanted: Json, found: Json, path: str = "") -> Iterator[tuple[str, Json, Json]]:
    """Yield the smallest places in which two plans differ: the place, what is wanted there and what is found."""
    if wanted == found:
        return
    parts = _parts(wanted, found)
    if parts is None:
        yield path, wanted, found
        return
    for step, one, other in parts:
        yield from differences(one, other, f"{path}.{step}" if path and step[0] != "[" else f"{path}{step}")


def _parts(wanted: Json, found: Json) -> list[tuple[str, Json, Json]] | None:
    """Return the parts of two values that can be compared one by one, or None where only the whole can be."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        names = [*wanted, *(name for name in found if name not in wanted)]
        if all(_is_simple(name) for name in names):
            return [(name, wanted.get(name), found.get(name)) for name in names]
    if isinstance(wanted, list) and isinstance(found, list):
        keys = [row_key(row) for row in wanted]
        simple = [key for key in keys if key is not None and _is_simple(key)]
        if keys and keys == [row_key(row) for row in found] and len(set(simple)) == len(keys):
            return [(f"[{key}]", one, other) for key, one, other in zip(simple, wanted, found, strict=True)]
    return None


def _is_simple(name: str) -> bool:
    return _SIMPLE.fullmatch(name) is not None and is_printable(name)


def value_text(value: Json) -> str:
    """Write a value as JSON in one line that any office file keeps."""
    text = json.dumps(value, ensure_ascii=False, default=_number)
    if is_printable(text):
        return text
    return json.dumps(value, default=_number).replace("_x", "\\u005fx")


def read_value(text: str) -> Json:
    """Return a value of JSON text; raise ValueError."""
    try:
        return read_json(text)
    except ShapeError as error:
        raise ValueError(error.en) from error


def fingerprint(value: Json) -> str:
    """Return a short mark of a value, equal for equal values."""
    if value is None:
        return _ABSENT
    text = json.dumps(value, sort_keys=True, default=_number)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
