"""A plan against a standard, row by row: by links that a person set, else by name or alias, never by likeness."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans import Course, Plan
from zhiqiao.engines.standards._reading import StandardError
from zhiqiao.engines.standards._values import Comparison, Item, Outcome, Part, Reason, Standard
from zhiqiao.engines.tabular import fold_name


class _Row(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


class _PlanRow(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str | None: ...


@dataclass(frozen=True)
class _Pairs:
    """Rows of the standard by key with the plan's rows that stand for each, and the plan's rows beside them."""

    matched: Mapping[str, tuple[str, ...]]
    beside: tuple[_PlanRow, ...]


def compare(
    plan: Plan,
    standard: Standard,
    *,
    links: Mapping[str, str] | None = None,
    reasons: Sequence[Reason] = (),
) -> Comparison:
    """Compare posts, tasks, courses and hours.

    `links` names rows of the standard by rows of the plan, both as `course:key`; several rows of the plan may stand
    for one of the standard, their hours then count together. What either side does not know is listed as unknown and
    makes no deviation. Raise StandardError for a link to or from a row that is not there, and for an item with two
    reasons.
    """
    posts = plan.orientation.posts if plan.orientation else None
    parts: list[tuple[Part, str, Sequence[_PlanRow] | None, str, Sequence[_Row] | None]] = [
        (Part.POST, "orientation.posts", posts, "posts", standard.posts),
        (Part.TASK, "tasks", plan.tasks, "tasks", standard.tasks),
        (Part.COURSE, "courses", plan.courses, "courses", standard.courses),
    ]
    links = dict(links or {})
    _check_links(links, parts)
    items: list[Item] = []
    unknown: list[str] = []
    for part, path, own, name, told in parts:
        unknown += [f"plan.{path}"] if own is None else []
        unknown += [f"standard.{name}"] if told is None else []
        if own is None or told is None:
            continue
        pairs = _pairs(part, own, told, links)
        items += _items(part, path, told, pairs)
        if part is Part.COURSE:
            items += _hours(plan.courses or (), standard, pairs, unknown)
    by_item = _by_item(reasons)
    items = [replace(item, reason=by_item.get(item.id)) for item in items]
    used = {item.id for item in items if item.is_deviation}
    unused = tuple(reason for reason in reasons if reason.item not in used)
    return Comparison(plan.key, standard.key, standard.edition, tuple(items), tuple(unknown), unused)


def _check_links(
    links: Mapping[str, str],
    parts: Iterable[tuple[Part, str, Sequence[_PlanRow] | None, str, Sequence[_Row] | None]],
) -> None:
    ours: set[str] = set()
    theirs: set[str] = set()
    for part, _, own, _, told in parts:
        ours |= {f"{part}:{row.key}" for row in own or ()}
        theirs |= {f"{part}:{row.key}" for row in told or ()}
    wrong = [one for one in links if one not in ours]
    wrong += [other for one, other in links.items() if other not in theirs or _part(one) != _part(other)]
    if wrong:
        listed = "、".join(wrong)
        raise StandardError(
            f"对应关系所指的行不存在：{listed}", f"links name rows that are not there: {listed}"
        )


def _part(link: str) -> str:
    return link.partition(":")[0]


def _pairs(part: Part, own: Sequence[_PlanRow], told: Sequence[_Row], links: Mapping[str, str]) -> _Pairs:
    by_name = {fold_name(name): row.key for row in reversed(told) for name in (*row.aliases, row.name)}
    matched: dict[str, tuple[str, ...]] = {row.key: () for row in told}
    beside: list[_PlanRow] = []
    for row in own:
        linked = links.get(f"{part}:{row.key}")
        key = linked.partition(":")[2] if linked else by_name.get(fold_name(row.name or ""))
        if key is None:
            beside.append(row)
        else:
            matched[key] = (*matched[key], row.key)
    return _Pairs(matched, tuple(beside))


def _items(part: Part, path: str, told: Sequence[_Row], pairs: _Pairs) -> Iterator[Item]:
    for row in told:
        keys = pairs.matched[row.key]
        outcome = Outcome.KEPT if keys else Outcome.DROPPED
        yield Item(part, outcome, row.key, row.name, tuple(f"{path}[{key}]" for key in keys))
    for own in pairs.beside:
        yield Item(part, Outcome.ADDED, own.key, own.name or own.key, (f"{path}[{own.key}]",))


def _hours(
    courses: Sequence[Course], standard: Standard, pairs: _Pairs, unknown: list[str]
) -> Iterator[Item]:
    """Yield the hours of each course that is kept; what is not known on either side is listed."""
    by_key = {course.key: course for course in courses}
    for row in standard.courses or ():
        own = [by_key[key] for key in pairs.matched[row.key]]
        if not own:
            continue
        lacking = [f"plan.courses[{course.key}].hours" for course in own if course.hours is None]
        lacking += [f"standard.courses[{row.key}].hours"] if row.hours is None else []
        if lacking or row.hours is None:
            unknown += lacking
            continue
        found: Number = sum((course.hours for course in own if course.hours is not None), 0)
        outcome = Outcome.KEPT if found == row.hours else Outcome.CHANGED
        paths = tuple(f"courses[{course.key}].hours" for course in own)
        yield Item(Part.HOURS, outcome, row.key, row.name, paths, told=row.hours, found=found)


def _by_item(reasons: Sequence[Reason]) -> dict[str, Reason]:
    found = {reason.item: reason for reason in reasons}
    if len(found) < len(reasons):
        names = [reason.item for reason in reasons]
        twice = "、".join(sorted({name for name in names if names.count(name) > 1}))
        raise StandardError(f"同一处偏离有两个理由：{twice}", f"one deviation has two reasons: {twice}")
    return found
