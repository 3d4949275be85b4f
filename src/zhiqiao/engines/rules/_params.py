"""Turns the parameters of a file into exact values, and compares them where a floor may not be undercut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, cast

from zhiqiao.engines.rules._predicates import Kind, Predicate
from zhiqiao.engines.rules._values import Direction

_Problem: TypeAlias = tuple[str, str, str]
_WORDS = {
    Kind.NUMBER: ("数", "a number"),
    Kind.SHARE: ('0 到 1 的比例，如 0.25 或 "1/3"', 'a share of one such as 0.25 or "1/3"'),
    Kind.TEXT: ("文字", "text"),
    Kind.TEXTS: ("文字列表", "a list of texts"),
    Kind.NUMBERS: ("按名称列出的数", "a table of numbers"),
    Kind.SHARES: ("按名称列出的比例", "a table of shares"),
    Kind.ROWS: ("带 key 的行的列表", "a list of rows with a key"),
}


class _Unfit(Exception):  # noqa: N818 - never leaves this module
    """Raised when a value is not of the kind asked for."""


def typed_params(
    given: Mapping[str, object], predicate: Predicate[Any]
) -> tuple[dict[str, object], list[_Problem]]:
    """Return the parameters by kind and what is wrong with them; values already typed pass through."""
    found: dict[str, object] = {}
    problems: list[_Problem] = [
        (name, "判定没有这个参数", "the predicate has no such parameter")
        for name in given.keys() - predicate.params.keys()
    ]
    for name, param in predicate.params.items():
        if name not in given:
            problems.append((name, "必须填写", "must be given"))
            continue
        try:
            found[name] = _value(param.kind, given[name], param.columns)
        except _Unfit:
            zh, en = _WORDS[param.kind]
            columns = f"（{', '.join(param.columns)}）" if param.columns else ""
            problems.append((name, f"应为{zh}{columns}", f"must be {en} {columns}".strip()))
    return found, sorted(problems)


def looser(
    special: object, general: object, direction: Direction
) -> Iterator[tuple[str, Fraction | Decimal | int, Fraction | Decimal | int]]:
    """Yield (place, special value, general value) wherever the special one is looser; a value left out is looser."""
    one, other = _flat(special), _flat(general)
    for place, floor in other.items():
        value = one.get(place)
        if value is None or (value < floor if direction == "higher" else value > floor):
            yield place, value if value is not None else 0, floor


def with_floor(special: object, general: object, direction: Direction) -> object:
    """Return the special parameter with every looser value replaced by the general one."""
    if isinstance(special, Mapping) and isinstance(general, Mapping):
        return {
            name: with_floor(special[name], general[name], direction)
            if name in special and name in general
            else special.get(name, general.get(name))
            for name in sorted(special.keys() | general.keys())
        }
    if isinstance(special, tuple) and isinstance(general, tuple):
        own = {row["key"]: row for row in general}
        kept = [part for row in special for part in _row_with_floor(row, own.get(row["key"]), direction)]
        return tuple(kept + [row for key, row in own.items() if key not in {row["key"] for row in special}])
    return general if any(looser(special, general, direction)) else special


def _row_with_floor(
    special: Mapping[str, object], general: Mapping[str, object] | None, direction: Direction
) -> list[Mapping[str, object]]:
    """Return a special row held to its floor; one with other words (another notice, another level) stands beside it."""
    if general is None:
        return [special]
    if _words(special) != _words(general):
        return [general, special]
    numbers = {name: value for name, value in general.items() if not isinstance(value, str)}
    floored = {
        name: with_floor(special.get(name, value), value, direction) for name, value in numbers.items()
    }
    return [{**special, **floored}]


def _words(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if isinstance(value, str)}


def _flat(value: object, place: str = "") -> dict[str, Any]:  # Any: int, Decimal or Fraction, all comparable
    if isinstance(value, int | Decimal | Fraction):
        return {place: Fraction(value)}
    if isinstance(value, Mapping):
        parts = {name: part for name, part in value.items() if not isinstance(part, str)}
        return {k: v for name, part in parts.items() for k, v in _flat(part, f"{place}.{name}").items()}
    if isinstance(value, tuple) and all(isinstance(row, Mapping) for row in value):
        return {k: v for row in value for k, v in _flat(row, f"{place}.{row['key']}").items()}
    return {}


def _value(kind: Kind, value: object, columns: Mapping[str, Kind]) -> object:
    if kind is Kind.SHARE:
        return _share(value)
    if kind in {Kind.NUMBERS, Kind.SHARES}:
        part = Kind.NUMBER if kind is Kind.NUMBERS else Kind.SHARE
        return {name: _value(part, entry, {}) for name, entry in _mapping(value).items()}
    if kind is Kind.ROWS:
        return tuple(_row(row, columns) for row in _list(value))
    if kind is Kind.TEXTS:
        return tuple(cast("str", _value(Kind.TEXT, part, {})) for part in _list(value))
    wanted = str if kind is Kind.TEXT else (int, Decimal)
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise _Unfit
    return value


def _row(row: object, columns: Mapping[str, Kind]) -> Mapping[str, object]:
    given = _mapping(row)
    names = {name.rstrip("?"): kind for name, kind in columns.items()}
    needed = {name for name in columns if not name.endswith("?")}
    if not needed <= given.keys() <= names.keys():
        raise _Unfit
    return {name: _value(names[name], part, {}) for name, part in given.items()}


def _share(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | Fraction):
        raise _Unfit
    try:
        share = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise _Unfit from None
    if not 0 <= share <= 1:
        raise _Unfit
    return share


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _Unfit
    return value


def _list(value: object) -> list[object] | tuple[object, ...]:
    if not isinstance(value, list | tuple):
        raise _Unfit
    return value
