"""Small changes of a plan's rows: what each does, what takes it back, and when two people stand in each other's way.

Every change tells what its author saw. It is made when that still stands, also after others changed other rows or
fields; where it does not, the change is a conflict that carries both values, and nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from zhiqiao.apps.teaching.document import HEAD, TABLES, Content, Document, row_shape
from zhiqiao.engines.kernel import Key, ShapeError, ShapeProblem, from_json
from zhiqiao.engines.plans import Plan
from zhiqiao.infra.text import is_plain

__all__ = ["Conflict", "Kind", "Operation", "Outcome", "Refused", "apply", "followed", "inverse", "take"]

MAX_ROWS = 500
MAX_TEXT, MAX_SECTION = 2_000, 60_000
MAX_KEY = 64


class Kind(StrEnum):
    """What a change does."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"
    RENAME = "rename"


@dataclass(frozen=True)
class Operation:
    """One change of one row.

    `before` is what the author saw: a value (set) or a whole row (remove). `after` is the new value, the row to add or
    the new key. `place` is the key of the row that it comes to stand after (add, move), None the first place;
    `left` the key of the one it stood after (remove, move).
    """

    kind: Kind
    table: str
    key: Key
    path: tuple[str, ...] = ()
    before: object = None
    after: object = None
    place: str | None = None
    left: str | None = None


class Conflict(Exception):  # noqa: N818 - the state is the message
    """Raised when somebody changed the same thing; `current` is what stands now, None when it is gone."""

    def __init__(self, current: object, *, is_gone: bool = False) -> None:
        super().__init__("conflict")
        self.current = current
        self.is_gone = is_gone


class Refused(Exception):  # noqa: N818 - the state is the message
    """Raised when a change can not be made by anybody: a wrong value, a key that is taken."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Outcome:
    """What came of one change: what was done (nothing where it stood already), or what stands in its way."""

    asked: Operation
    done: tuple[Operation, ...] = ()
    conflict: Conflict | None = None
    refused: Refused | None = None
    #: What stands where a refused change was to be made.
    current: object = None


def take(document: Document, wanted: Iterable[Operation]) -> list[Outcome]:
    """Make changes one by one in a document; one that can not be made does not stop the others."""
    found = []
    for one in wanted:
        try:
            found.append(Outcome(one, tuple(apply(document, one))))
        except Conflict as conflict:
            found.append(Outcome(one, conflict=conflict))
        except Refused as refused:
            row = document.tables.get(one.table, {}).get(one.key, {})
            found.append(Outcome(one, refused=refused, current=value_at(row, one.path)))
    return found


def apply(document: Document, operation: Operation) -> list[Operation]:
    """Make one change and return what was done, in order; empty where it stood already. Raises Conflict, Refused."""
    if operation.table != HEAD and operation.table not in TABLES:
        raise Refused(f"没有表 {operation.table}", f"there is no table {operation.table}")
    if operation.table == HEAD and operation.kind is not Kind.SET:
        raise Refused("方案本身只能改字段", "the plan's own row can only be set")
    return list(_DOES[operation.kind](document, operation))


def inverse(done: Sequence[Operation]) -> list[Operation]:
    """Return what takes changes back, in order."""
    return [_BACK[one.kind](one) for one in reversed(done)]


def followed(operation: Operation, since: Iterable[Operation]) -> Operation:
    """Return a change under the names that its row took since it was made."""
    for one in since:
        if one.kind is Kind.RENAME and one.table == operation.table:
            new = str(one.after)
            operation = replace(
                operation,
                key=new if operation.key == one.key else operation.key,
                place=new if operation.place == one.key else operation.place,
            )
    return operation


def _set(document: Document, operation: Operation) -> Iterator[Operation]:
    row = _row(document, operation)
    current, after = value_at(row, operation.path), _plain(operation.after)
    if current == after:
        return
    if current != _plain(operation.before):
        raise Conflict(current)
    changed = put(row, operation.path, after)
    _check(operation.table, operation.key, changed)
    document.rows(operation.table)[operation.key] = changed
    yield replace(operation, before=current, after=after, place=None, left=None)


def _add(document: Document, operation: Operation) -> Iterator[Operation]:
    rows = document.rows(operation.table)
    content = cast("Content", _plain(operation.after if operation.after is not None else {}))
    if operation.key in rows:
        if rows[operation.key] == content:
            return
        raise Conflict(rows[operation.key])
    if len(rows) >= MAX_ROWS:
        raise Refused(f"一张表最多 {MAX_ROWS} 行", f"a table holds {MAX_ROWS} rows at most")
    _check_key(operation.key)
    _check(operation.table, operation.key, content)
    place = operation.place if operation.place is None or operation.place in rows else _last(rows)
    _insert(rows, operation.key, content, after=place)
    yield replace(operation, before=None, after=content, place=place, left=None)


def _remove(document: Document, operation: Operation) -> Iterator[Operation]:
    rows = document.rows(operation.table)
    if operation.key not in rows:
        return
    content = rows[operation.key]
    if operation.before is not None and content != _plain(operation.before):
        raise Conflict(content)
    left = _before(rows, operation.key)
    del rows[operation.key]
    yield replace(operation, before=content, after=None, place=None, left=left)


def _move(document: Document, operation: Operation) -> Iterator[Operation]:
    _row(document, operation)
    rows = document.rows(operation.table)
    left = _before(rows, operation.key)
    known = operation.place is None or operation.place in rows
    place = operation.place if known and operation.place != operation.key else left
    if place == left:
        return
    _insert(rows, operation.key, rows.pop(operation.key), after=place)
    yield replace(operation, before=None, after=None, place=place, left=left)


def _rename(document: Document, operation: Operation) -> Iterator[Operation]:
    """Give a row another key; what names it takes the new one too."""
    _row(document, operation)
    rows, new = document.rows(operation.table), str(operation.after).strip()
    if new == operation.key:
        return
    _check_key(new)
    if new in rows:
        raise Refused(f"“{new}”已被使用", f"“{new}” is taken")
    if operation.table == "courses" and new in document.rows("groups"):
        raise Refused(f"“{new}”是一个组的代码", f"“{new}” is the key of a group")
    _check(operation.table, new, rows[operation.key])
    document.tables[operation.table] = {
        new if key == operation.key else key: row for key, row in rows.items()
    }
    yield replace(operation, before=None, after=new, place=None, left=None)
    for table, path in _NAMED_IN.get(operation.table, ()):
        for key, row in list(document.rows(table).items()):
            held = value_at(row, path)
            told = _told_anew(held, operation.key, new)
            if told != held:
                document.rows(table)[key] = put(row, path, told)
                yield Operation(Kind.SET, table, key, path, held, told)


_DOES: Mapping[Kind, Callable[[Document, Operation], Iterator[Operation]]] = {
    Kind.SET: _set,
    Kind.ADD: _add,
    Kind.REMOVE: _remove,
    Kind.MOVE: _move,
    Kind.RENAME: _rename,
}
_BACK: Mapping[Kind, Callable[[Operation], Operation]] = {
    Kind.SET: lambda one: replace(one, before=one.after, after=one.before),
    Kind.ADD: lambda one: Operation(Kind.REMOVE, one.table, one.key, before=one.after, left=one.place),
    Kind.REMOVE: lambda one: Operation(Kind.ADD, one.table, one.key, after=one.before, place=one.left),
    Kind.MOVE: lambda one: replace(one, place=one.left, left=one.place),
    Kind.RENAME: lambda one: replace(one, key=str(one.after), after=one.key),
}
#: Where the rows of a table are named by their keys.
_NAMED_IN: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "courses": (
        ("specification", ("courses",)),
        ("groups", ("members",)),
        ("substitutions", ("course",)),
        ("substitutions", ("by",)),
        ("conversions", ("courses",)),
    ),
    "groups": (("groups", ("members",)),),
    "posts": (("goals", ("posts",)), ("placements", ("post",))),
    "tasks": (("courses", ("tasks",)),),
    "layers": (("courses", ("layer",)),),
    "certificates": (
        (HEAD, ("orientation", "certificates")),
        ("courses", ("certificate_units",)),
        ("placements", ("licence",)),
        ("conversions", ("certificate",)),
    ),
}


def _told_anew(held: object, old: str, new: str) -> object:
    if isinstance(held, list):
        return [_told_anew(part, old, new) for part in held]
    if isinstance(held, dict):
        return {**held, "certificate": _told_anew(held.get("certificate"), old, new)}
    return new if held == old else held


def value_at(content: Content, path: Sequence[str]) -> object:
    """Return what stands at a path, None where nothing does; of a course's terms all entries of a term."""
    held: object = content
    for name in path:
        if isinstance(held, list):
            own = [_without_term(entry) for entry in held if str(entry.get("term")) == name]
            return own or None
        held = held.get(name) if isinstance(held, dict) else None
    return held


def put(content: Content, path: Sequence[str], value: object) -> Content:
    """Return the content with a value at a path; None takes it out, with what is left empty above it."""
    if not path:
        raise Refused("没有写明字段", "no field is named")
    name, rest = path[0], path[1:]
    if rest:
        held = content.get(name)
        if isinstance(held, list) or (name == "terms" and held is None):
            value = _with_term(cast("list[Content]", held or []), rest[0], value)
        else:
            value = put(held if isinstance(held, dict) else {}, rest, value) or None
    found = {**content, name: value}
    if value is None:
        del found[name]
    return found


def _without_term(entry: Content) -> Content:
    return {name: part for name, part in entry.items() if name != "term"}


def _with_term(entries: list[Content], term: str, value: object) -> list[Content] | None:
    if not term.isdecimal() or not isinstance(value, list | None) or not all(map(_is_content, value or ())):
        raise Refused(f"不是学期：{term}", f"not a term: {term}")
    number = int(term)
    added: list[Content] = [{"term": number, **entry} for entry in cast("list[Content]", value or [])]
    at = next(
        (place for place, entry in enumerate(entries) if _number(entry) == number),
        next((place for place, entry in enumerate(entries) if _number(entry) > number), len(entries)),
    )
    before = [entry for entry in entries[:at] if _number(entry) != number]
    return before + added + [entry for entry in entries[at:] if _number(entry) != number] or None


def _is_content(value: object) -> bool:
    return isinstance(value, dict)


def _number(entry: Content) -> int:
    return cast("int", entry["term"])


def _row(document: Document, operation: Operation) -> Content:
    if operation.table == HEAD:
        return document.head
    try:
        return document.rows(operation.table)[operation.key]
    except KeyError:
        raise Conflict(None, is_gone=True) from None


def _before(rows: Mapping[str, Content], key: str) -> str | None:
    keys = list(rows)
    at = keys.index(key)
    return keys[at - 1] if at else None


def _last(rows: Mapping[str, Content]) -> str | None:
    return list(rows)[-1] if rows else None


def _insert(rows: dict[str, Content], key: str, content: Content, *, after: str | None) -> None:
    """Put a row after another in place: a dictionary keeps the order in which it was filled."""
    old = list(rows.items())
    rows.clear()
    if after is None:
        rows[key] = content
    for name, row in old:
        rows[name] = row
        if name == after:
            rows[key] = content


def _check_key(key: str) -> None:
    if len(key) > MAX_KEY or key != key.strip() or not key:
        raise Refused(
            f"代码须为 1–{MAX_KEY} 个字，首尾没有空格",
            f"a key has 1 to {MAX_KEY} signs and no space at its ends",
        )


def _check(table: str, key: str, content: Content) -> None:
    """Refuse what the file of a plan could not hold."""
    try:
        if table == HEAD:
            known = content.get("known", {})
            if not isinstance(known, dict) or not all(name in TABLES for name in known):
                raise Refused("没有这张表", "there is no such table")
            from_json(Plan, {name: part for name, part in content.items() if name != "known"})
        elif (kind := TABLES[table].row) is not None:
            from_json(kind, row_shape(TABLES[table], key, content))
        elif content.keys() - {"text"} or not isinstance(content.get("text", ""), str):
            raise Refused("这里只有文字", "there is only text here")
    except ShapeError as error:
        raise _refused(error.problems[0]) from error
    if not all(map(is_plain, _texts(content))):
        raise Refused("文字中有看不见的控制字符", "the text holds control characters that nobody sees")
    most = MAX_SECTION if table == "sections" else MAX_TEXT
    if any(len(text) > most for text in _texts(content)):
        raise Refused(f"文字最多 {most} 字", f"a text has {most} signs at most")


def _refused(problem: ShapeProblem) -> Refused:
    return Refused(problem.zh, problem.en)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _plain(value: object) -> object:
    """Return a value as rows hold it: an object without the parts that are unknown."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if part is not None}
    return [_plain(part) for part in value] if isinstance(value, list) else value
