"""Frozen values as text and back: what was computed once is read again years later as the same value.

Every value class is written with its name, so that reading needs no guess between classes with the same fields. Lists
are read as tuples; what is not a finite number is unknown and written as null.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from numbers import Integral, Real
from typing import Any

from zhiqiao.engines.kernel._errors import EngineError

Plain = Any  # what JSON holds
_TAG = "@"


class NotKept(EngineError):  # noqa: N818 - the state is the message
    """Raised when a text does not hold values of the wanted classes, or a value can not be written."""


def to_text(value: object) -> str:
    """Return a value as JSON; the same value gives the same text. Raise NotKept for what no class describes."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_text(text: str, classes: Iterable[type]) -> Plain:
    """Return the value that `to_text` wrote; raise NotKept for a text of other classes or an older shape."""
    known = {one.__name__: one for one in (*classes, *_BUILT_IN)}
    try:
        return _built(json.loads(text), known)
    except (TypeError, ValueError, KeyError) as error:
        raise NotKept(f"not a text of {', '.join(sorted(known))}: {error}") from error


def _plain(value: object) -> Plain:  # noqa: PLR0911  one answer per kind of value
    match value:
        case None | bool() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return {_TAG: type(value).__name__, "value": value.value}
        case dt.date() if not isinstance(value, dt.datetime):
            return {_TAG: "date", "value": value.isoformat()}
        case Decimal():
            return {_TAG: "Decimal", "value": str(value)}
        case Integral():
            return int(value)
        case Real():
            number = float(value)
            return number if math.isfinite(number) else None
        case Mapping():
            return {_TAG: "map", "value": {str(key): _plain(one) for key, one in value.items()}}
        case list() | tuple():
            return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {_TAG: type(value).__name__} | {
            field.name: _plain(getattr(value, field.name)) for field in fields(value)
        }
    raise NotKept(f"a {type(value).__name__} can not be written")


def _built(plain: Plain, known: Mapping[str, type]) -> Plain:
    if isinstance(plain, list):
        return tuple(_built(one, known) for one in plain)
    if not isinstance(plain, dict):
        return plain
    name = plain[_TAG]
    if name == "map":
        return {key: _built(one, known) for key, one in plain["value"].items()}
    if name == "date":
        return dt.date.fromisoformat(plain["value"])
    found = known[name]
    if issubclass(found, (Enum, Decimal)):
        return found(plain["value"])
    return found(**{key: _built(one, known) for key, one in plain.items() if key != _TAG})


_BUILT_IN = (Decimal,)
