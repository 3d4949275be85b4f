"""JSON in and out of frozen dataclasses, with every problem named by its place; no field is ever guessed.

A field that may be None is unknown when it is absent or null and is left out when written, so what is read and
written again is equal. Numbers are whole or decimal and stay exact.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import (
    Annotated,
    Any,
    Literal,
    TypeAlias,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from zhiqiao.engines.kernel._errors import EngineError

T = TypeVar("T")
Number: TypeAlias = int | Decimal
_SHOWN = 8
#: Numbers are written as JSON numbers; with at most so many digits a double keeps them exactly.
_DIGITS = 15


@dataclass(frozen=True)
class Least:
    """The least number a field may hold."""

    value: int


@dataclass(frozen=True)
class Filled:
    """A text that may not be blank."""


Key: TypeAlias = Annotated[str, Filled()]
Amount: TypeAlias = Annotated[int | Decimal, Least(0)]
Count: TypeAlias = Annotated[int, Least(0)]


@dataclass(frozen=True)
class ShapeProblem:
    """One thing wrong with a file: its place as a path, the reason and the remedy."""

    path: str
    zh: str
    en: str


class ShapeError(EngineError):
    """Raised when JSON does not have the shape asked for; `problems` holds all that is wrong."""

    def __init__(self, *problems: ShapeProblem) -> None:
        shown = problems[:_SHOWN]
        more = len(problems) - len(shown)
        self.zh = "；".join(f"{one.path or '文件'}：{one.zh}" for one in shown)
        self.en = "; ".join(f"{one.path or 'file'}: {one.en}" for one in shown)
        if more > 0:
            self.zh += f"；另有 {more} 处问题"
            self.en += f"; and {more} more"
        super().__init__(f"{self.zh}\n{self.en}")
        self.problems = problems


def read_json(text: str) -> object:
    """Return the value of a JSON text; decimals are exact; a name given twice or NaN raises ShapeError."""
    try:
        return json.loads(
            text, parse_float=_decimal, parse_constant=_constant, object_pairs_hook=_no_name_twice
        )
    except json.JSONDecodeError as error:
        raise ShapeError(
            ShapeProblem(
                f"第 {error.lineno} 行 line {error.lineno}",
                f"不是有效的 JSON（第 {error.colno} 列）：{error.msg}",
                f"not valid JSON (column {error.colno}): {error.msg}",
            )
        ) from error
    except RecursionError as error:
        raise ShapeError(ShapeProblem("", "嵌套过深", "nested too deeply")) from error


def write_json(value: object) -> str:
    """Return a value made of dataclasses as JSON text with two spaces of indentation."""
    return json.dumps(to_json(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def from_json(kind: type[T], value: object, path: str = "") -> T:
    """Return `value` as the dataclass `kind`; raises ShapeError with all problems."""
    problems: list[ShapeProblem] = []
    found = _reader(cast("Any", kind))(value, path, problems)  # Any: a type is hashable
    if problems:
        raise ShapeError(*problems)
    return cast("T", found)


def to_json(value: object) -> object:
    """Return dataclasses, enumerations, dates and exact numbers as what `json` can write; unknowns are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: to_json(part) for name, part in fields if part is not None}
    if isinstance(value, Mapping):
        return {str(name): to_json(part) for name, part in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [to_json(part) for part in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


_Problems: TypeAlias = list[ShapeProblem]
_Reader: TypeAlias = Callable[[object, str, _Problems], object]


def _decimal(text: str) -> Number:
    value = Decimal(text)
    if len(value.as_tuple().digits) > _DIGITS or value.adjusted() > _DIGITS:
        raise ShapeError(
            ShapeProblem(
                "", f"数字 {text} 位数过多，请四舍五入", f"the number {text} has too many digits; round it"
            )
        )
    return int(value) if value == value.to_integral_value() else value.normalize()


def _constant(text: str) -> object:
    raise ShapeError(
        ShapeProblem("", f"{text} 不是数；未知的值请省略", f"{text} is no number; leave out what is unknown")
    )


def _no_name_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = "、".join(sorted({name for name in names if names.count(name) > 1}))
        raise ShapeError(
            ShapeProblem(
                "", f"同一对象中“{twice}”出现两次", f"“{twice}” stands twice in one object; keep one"
            )
        )
    return found


@cache
def _reader(kind: Any) -> _Reader:  # Any: a type as written in an annotation, such as `int | None`
    if dataclasses.is_dataclass(kind):
        return _fields(cast("type[object]", kind))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word({member.value: member for member in kind})
    return _PLAIN.get(kind) or _compound(get_origin(kind), get_args(kind))


def _compound(origin: object, parts: tuple[Any, ...]) -> _Reader:  # Any: as above
    if origin is Annotated:
        return _limited(_reader(parts[0]), parts[1:])
    if origin is Literal:
        return _word({word: word for word in parts})
    if origin in {Union, types.UnionType}:
        return _one_of(parts)
    return _several(_reader(parts[0])) if origin is tuple else _by_name(_reader(parts[1]))


def _limited(read: _Reader, limits: tuple[object, ...]) -> _Reader:
    def limited(value: object, path: str, problems: _Problems) -> object:
        before = len(problems)
        found = read(value, path, problems)
        if len(problems) > before or found is None:
            return found
        for limit in limits:
            if isinstance(limit, Least) and cast("Number", found) < limit.value:
                problems.append(
                    ShapeProblem(path, f"{found} 小于 {limit.value}", f"{found} is less than {limit.value}")
                )
            if isinstance(limit, Filled) and not str(found).strip():
                problems.append(ShapeProblem(path, "不能为空", "may not be blank"))
        return found

    return limited


def _one_of(kinds: tuple[object, ...]) -> _Reader:
    """Read a value that may be unknown, or a number (whole or decimal)."""
    rest = tuple(kind for kind in kinds if kind is not types.NoneType)
    read = _number if set(rest) == {int, Decimal} else _reader(rest[0])
    if len(rest) == len(kinds):
        return read
    return lambda value, path, problems: None if value is None else read(value, path, problems)


def _several(read: _Reader) -> _Reader:
    def several(value: object, path: str, problems: _Problems) -> object:
        if not isinstance(value, list):
            problems.append(_wrong(path, value, "列表", "a list"))
            return ()
        places = [_place(path, number, part) for number, part in enumerate(value)]
        for place in sorted({place for place in places if places.count(place) > 1}):
            problems.append(
                ShapeProblem(
                    place, "同一个 key 出现两次，请改成不同的", "this key stands twice; give each its own"
                )
            )
        return tuple(read(part, place, problems) for place, part in zip(places, value, strict=True))

    return several


def _place(path: str, number: int, value: object) -> str:
    """Name a row by its key (or its own number), so that the order of rows does not matter; else by its place."""
    own = value if isinstance(value, dict) else {}
    key = own.get("key", own.get("number"))
    named = isinstance(key, int) or (isinstance(key, str) and key.strip())
    return f"{path}[{key if named else number}]"


def _by_name(read: _Reader) -> _Reader:
    def by_name(value: object, path: str, problems: _Problems) -> object:
        if not isinstance(value, dict):
            problems.append(_wrong(path, value, "对象", "an object"))
            return {}
        return {name: read(part, f"{path}[{name}]", problems) for name, part in value.items()}

    return by_name


def _fields(kind: type[object]) -> _Reader:
    hints = get_type_hints(kind, include_extras=True)
    fields = {field.name: field for field in dataclasses.fields(cast("Any", kind))}  # Any: checked before
    readers = {name: _reader(hints[name]) for name in fields}
    bare = [
        name
        for name, field in fields.items()
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    unknown = dict.fromkeys(name for name in bare if types.NoneType in get_args(hints[name]))
    needed = [name for name in bare if name not in unknown]

    def read(value: object, path: str, problems: _Problems) -> object:
        if not isinstance(value, dict):
            problems.append(_wrong(path, value, "对象", "an object"))
            return None
        start = f"{path}." if path else ""
        problems.extend(_unknown(f"{start}{name}", fields) for name in value if name not in fields)
        lacking = [name for name in needed if value.get(name) is None]
        problems.extend(ShapeProblem(f"{start}{name}", "必须填写", "must be given") for name in lacking)
        before = len(problems)
        found = {
            name: readers[name](part, f"{start}{name}", problems)
            for name, part in value.items()
            if name in fields and part is not None
        }
        return None if lacking or len(problems) > before else kind(**{**unknown, **found})

    return read


def _unknown(path: str, fields: Mapping[str, object]) -> ShapeProblem:
    near = difflib.get_close_matches(path.rpartition(".")[2], fields, n=1)
    names = near or list(fields)
    zh, en = ("是不是", "did you mean") if near else ("可用：", "there are:")
    return ShapeProblem(
        path, f"没有这个字段；{zh}{'、'.join(names)}", f"no such field; {en} {', '.join(names)}"
    )


def _word(words: Mapping[str, object]) -> _Reader:
    def read(value: object, path: str, problems: _Problems) -> object:
        if not isinstance(value, str) or value not in words:
            listed = ", ".join(words)
            problems.append(
                ShapeProblem(path, f"“{value}”不是其中之一：{listed}", f"“{value}” is none of: {listed}")
            )
            return None
        return words[value]

    return read


def _text(value: object, path: str, problems: _Problems) -> object:
    if not isinstance(value, str):
        problems.append(_wrong(path, value, "文字", "text"))
    return value


def _truth(value: object, path: str, problems: _Problems) -> object:
    if not isinstance(value, bool):
        problems.append(_wrong(path, value, "true 或 false", "true or false"))
    return value


def _number(value: object, path: str, problems: _Problems) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        problems.append(_wrong(path, value, "数", "a number"))
        return 0
    return value


def _whole(value: object, path: str, problems: _Problems) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        problems.append(_wrong(path, value, "整数", "a whole number"))
        return 0
    return value


def _day(value: object, path: str, problems: _Problems) -> object:
    text = str(value)
    try:
        if len(text) == len("2026-09-01"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    problems.append(
        ShapeProblem(
            path, f"“{text}”不是日期，请写成 2026-09-01", f"“{text}” is no date; write it like 2026-09-01"
        )
    )
    return None


def _anything(value: object, _path: str, _problems: _Problems) -> object:
    return value


_PLAIN: dict[object, _Reader] = {
    object: _anything,
    str: _text,
    bool: _truth,
    int: _whole,
    Decimal: _number,
    date: _day,
}


def _wrong(path: str, value: object, zh: str, en: str) -> ShapeProblem:
    shown = str(value)[:40]
    return ShapeProblem(path, f"应为{zh}，不是“{shown}”", f"must be {en}, not “{shown}”")
