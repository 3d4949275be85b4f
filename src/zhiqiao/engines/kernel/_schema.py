"""JSON Schema (2020-12) of a frozen dataclass, as `from_json` reads it; that keys are unique it can not say."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from zhiqiao.engines.kernel._shapes import Filled, Least

_Schema = dict[str, object]
_PLAIN: dict[object, _Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "number"},
    date: {"type": "string", "format": "date"},
    object: {},
}


def json_schema(kind: type[object]) -> dict[str, object]:
    """Return the schema of a dataclass; each dataclass in it stands once under `$defs`."""
    found: dict[str, _Schema] = {}
    top = _of(kind, found)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **top, "$defs": found}


def _of(kind: Any, found: dict[str, _Schema]) -> _Schema:  # Any: a type as written in an annotation
    if dataclasses.is_dataclass(kind):
        return _object(cast("type[object]", kind), found)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"enum": [member.value for member in kind]}
    return _PLAIN.get(kind) or _compound(get_origin(kind), get_args(kind), found)


def _compound(origin: Any, parts: tuple[Any, ...], found: dict[str, _Schema]) -> _Schema:  # Any: as above
    if origin is Annotated:
        limits = {name: limit for part in parts[1:] for name, limit in _limit(part)}
        return {**_of(parts[0], found), **limits}
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in {Union, types.UnionType}:
        known = [part for part in parts if part is not types.NoneType]
        # whole or decimal is one kind of number in JSON; what is unknown is left out or null
        own: _Schema = {"type": "number"} if set(known) == {int, Decimal} else _of(known[0], found)
        return own if len(known) == len(parts) else {"anyOf": [own, {"type": "null"}]}
    if origin is tuple:
        return {"type": "array", "items": _of(parts[0], found)}
    if issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(parts[1], found)}
    msg = f"{origin} has no schema"
    raise TypeError(msg)


def _limit(part: object) -> list[tuple[str, object]]:
    if isinstance(part, Least):
        return [("minimum", part.value)]
    return [("pattern", "\\S")] if isinstance(part, Filled) else []


def _object(kind: type[object], found: dict[str, _Schema]) -> _Schema:
    name = kind.__name__
    if name not in found:
        found[name] = {}  # stands first, so that a kind that holds itself ends
        hints = get_type_hints(kind, include_extras=True)
        fields = dataclasses.fields(cast("Any", kind))  # Any: a dataclass, checked by the caller
        bare = [
            field.name
            for field in fields
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        ]
        found[name] |= {
            "type": "object",
            "properties": {field.name: _of(hints[field.name], found) for field in fields},
            "required": [one for one in bare if types.NoneType not in get_args(hints[one])],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}
