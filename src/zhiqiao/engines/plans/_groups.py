"""Pools, tracks and substitutes counted as groups: what every student's way through the plan is sure to hold.

A floor must hold on the least favourable way through the pools. Totals, shares and counts are all sums over courses,
so that way is found exactly: of a pool with `n` members to choose the n least favourable, of one with credits or
hours to reach the least favourable set that reaches them and holds nothing to spare.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans._values import Choice, Course, Group, GroupMode, Need, Plan, Substitution
from zhiqiao.engines.rules import Context

#: What one course counts: first what decides which way is least favourable, then figures to show.
Counted: TypeAlias = tuple[Number, ...]
_Weight: TypeAlias = Callable[[Course], Counted]


@dataclass(frozen=True)
class GroupFault:
    """Something wrong with a group or a substitution: which message, where, which member."""

    message: str
    at: str
    name: str
    other: str = ""


class Ways:
    """The ways through a plan's courses on a day; built once for a check."""

    def __init__(self, plan: Plan, on: date) -> None:
        self.courses = {course.key: course for course in plan.courses or ()}
        self.groups = {group.key: group for group in plan.groups or ()}
        self.substitutions = plan.substitutions or ()
        grouped = {member for group in self.groups.values() for member in group.members or ()}
        standing_in = {key for one in self.substitutions for key in one.by or ()}
        self._in_force = {one.course: one for one in self.substitutions if _in_force(one, on)}
        loose = [key for key in self.courses if key not in grouped | standing_in]
        self._plain = [self.courses[key] for key in loose if key not in self._in_force]
        self._structured = [key for key in loose if key in self._in_force]
        self._structured += [key for key in self.groups if key not in grouped]

    @property
    def top(self) -> list[str]:
        """Return the courses and groups that stand in no group."""
        return [course.key for course in self._plain] + self._structured

    def least(self, weigh: _Weight) -> Counted:
        """Return the sums along the least favourable way, by the first figure of each course."""
        parts = list(map(weigh, self._plain))
        return _sum(parts + [self._value(key, weigh, ()) for key in self._structured])

    def _value(self, key: str, weigh: _Weight, above: tuple[str, ...]) -> Counted:
        if key in above:
            return ()
        if key in self.groups:
            return self._of_group(self.groups[key], weigh, (*above, key))
        stand_in = self._in_force.get(key)
        if stand_in is not None and stand_in.by:
            values = [self._value(by, weigh, (*above, key)) for by in stand_in.by]
            return min(values, default=()) if stand_in.mode is GroupMode.CHOOSE else _sum(values)
        return weigh(self.courses[key]) if key in self.courses else ()

    def _of_group(self, group: Group, weigh: _Weight, above: tuple[str, ...]) -> Counted:
        members = group.members or ()
        values = [self._value(key, weigh, above) for key in members]
        need = group.need or Need()
        if group.mode is not GroupMode.CHOOSE:
            return _sum(values)
        if need.courses is not None:
            return _sum(sorted(values)[: need.courses])
        sizes = [self._size(key, need, above) for key in members]
        return _least_cover(list(zip(sizes, values, strict=True)), need.credits or need.hours or 0)

    def _size(self, key: str, need: Need, above: tuple[str, ...]) -> Number:
        def size(course: Course) -> Counted:
            return ((course.credits if need.credits is not None else course.hours) or 0,)

        return next(iter(self._value(key, size, above)), 0)

    def faults(self) -> Iterator[GroupFault]:
        """Yield what is wrong with groups and substitutions, so that they could not be counted."""
        seen: dict[str, str] = {}
        for group in sorted(self.groups.values(), key=lambda one: one.key):
            yield from self._faults_of(group)
            for member in group.members or ():
                if member in seen:
                    yield GroupFault("in_two_groups", f"groups[{group.key}].members", member, seen[member])
                seen.setdefault(member, group.key)
        for one in self.substitutions:
            yield from self._faults_of_substitution(one)

    def _faults_of(self, group: Group) -> Iterator[GroupFault]:
        at = f"groups[{group.key}]"
        known = self.courses.keys() | self.groups.keys()
        for member in group.members or ():
            if member not in known:
                yield GroupFault("unknown_member", f"{at}.members", group.key, member)
        if group.key in _within(group.key, self.groups):
            yield GroupFault("circle", f"{at}.members", group.key)
        if group.mode is GroupMode.CHOOSE and group.need is not None and not self._can_be_met(group):
            yield GroupFault("need_too_great", f"{at}.need", group.key)

    def _can_be_met(self, group: Group) -> bool:
        need, members = group.need or Need(), group.members or ()
        given = [part for part in (need.courses, need.credits, need.hours) if part is not None]
        if len(given) != 1 or given[0] == 0:
            return False
        if need.courses is not None:
            return need.courses <= len(members)
        return sum(self._size(key, need, (group.key,)) for key in members) >= given[0]

    def _faults_of_substitution(self, one: Substitution) -> Iterator[GroupFault]:
        at = f"substitutions[{one.key}]"
        for key in (one.course, *(one.by or ())):
            if key is not None and key not in self.courses:
                yield GroupFault("unknown_member", at, one.key, key)
        if one.course in (one.by or ()):
            yield GroupFault("circle", f"{at}.by", one.key)
        if one.valid_from and one.valid_to and one.valid_to < one.valid_from:
            yield GroupFault("days_reversed", f"{at}.valid_to", one.key)


def ungrouped(plan: Plan) -> tuple[str, ...]:
    """Return what is lacking to know which courses count: the groups, unless all courses are known compulsory."""
    if plan.courses is None:
        return ("courses",)
    optional = any(course.choice is not Choice.COMPULSORY for course in plan.courses)
    lacking = ["groups"] if plan.groups is None and optional else []
    lacking += ["substitutions"] if plan.substitutions is None else []
    for group in sorted(plan.groups or (), key=lambda one: one.key):
        names = ["mode"] if group.mode is None else []
        names += ["members"] if group.members is None else []
        names += ["need"] if group.mode is GroupMode.CHOOSE and group.need in {None, Need()} else []
        lacking += [f"groups[{group.key}].{name}" for name in names]
    for one in sorted(plan.substitutions or (), key=lambda one: one.key):
        names = [name for name in ("course", "by", "mode", "valid_from") if getattr(one, name) is None]
        lacking += [f"substitutions[{one.key}].{name}" for name in names]
    return tuple(lacking)


def unsized(plan: Plan) -> tuple[str, ...]:
    """Return the credits or hours that are lacking in pools which are counted by them."""
    courses = {course.key: course for course in plan.courses or ()}
    groups = {group.key: group for group in plan.groups or ()}
    lacking: dict[str, None] = {}
    for group in groups.values():
        if group.mode is GroupMode.CHOOSE and group.need is not None and group.need.courses is None:
            name = "credits" if group.need.credits is not None else "hours"
            within = sorted(_within(group.key, groups) & courses.keys())
            lacking |= {
                f"courses[{key}].{name}": None for key in within if getattr(courses[key], name) is None
            }
    return tuple(lacking)


def _within(key: str, groups: Mapping[str, Group]) -> set[str]:
    """Return the members of a group and of the groups in it."""
    found: set[str] = set()
    left = list(groups[key].members or ())
    while left:
        member = left.pop()
        if member not in found:
            found.add(member)
            left.extend((groups[member].members or ()) if member in groups else ())
    return found


def ways_of(plan: Plan, context: Context) -> Ways:
    """Return the ways through a plan on the day of a check, found once for all its predicates."""
    return context.keep("ways", lambda: Ways(plan, context.on))


def lacking_ways(plan: Plan, context: Context) -> tuple[str, ...]:
    """Return what is lacking to count along the ways, found once for all predicates of a check."""
    return context.keep("lacking_ways", lambda: (*ungrouped(plan), *unsized(plan)))


@dataclass(frozen=True)
class Audit:
    """What a student's passed courses leave open: courses not passed and groups not filled."""

    open_courses: tuple[str, ...] = ()
    open_groups: tuple[str, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Say whether nothing is open."""
        return not self.open_courses and not self.open_groups


def audit(plan: Plan, passed: Collection[str], *, on: date) -> Audit:
    """Say what of a plan is open for a student who passed these courses; substitutions count as of the day."""
    ways = Ways(plan, on)

    def met(key: str, above: tuple[str, ...] = ()) -> bool:
        if key in above:
            return False
        if key in ways.groups:
            return _group_met(ways.groups[key], (*above, key))
        stand_in = ways._in_force.get(key)
        if key in passed or stand_in is None or not stand_in.by:
            return key in passed
        done = [by in passed for by in stand_in.by]
        return any(done) if stand_in.mode is GroupMode.CHOOSE else all(done)

    def _group_met(group: Group, above: tuple[str, ...]) -> bool:
        members = group.members or ()
        done = [key for key in members if met(key, above)]
        if group.mode is not GroupMode.CHOOSE:
            return len(done) == len(members)
        need = group.need or Need()
        if need.courses is not None:
            return len(done) >= need.courses
        total = sum(ways._size(key, need, above) for key in done)
        return total >= (need.credits or need.hours or 0)

    missing = [key for key in ways.top if not met(key)]
    return Audit(
        tuple(sorted(key for key in missing if key in ways.courses)),
        tuple(sorted(key for key in missing if key in ways.groups)),
    )


def _in_force(one: Substitution, on: date) -> bool:
    return (
        one.valid_from is not None and one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)
    )


def _sum(values: Iterable[Counted]) -> Counted:
    return tuple(map(sum, zip(*filter(None, values), strict=True)))


def _least_cover(members: Sequence[tuple[Number, Counted]], need: Number) -> Counted:
    """Return the least sum over sets that reach `need` and would not without any one of their members.

    Members are taken from the greatest on: a set is without spare when all but its last member do not reach `need`.
    """
    best: dict[Number, Counted] = {0: ()}
    found: list[Counted] = []
    for size, value in sorted(members, key=lambda member: (-member[0], member[1])):
        for reached, sums in list(best.items()):
            if size <= 0:
                continue
            total, longer = reached + size, _sum([sums, value])
            if total >= need:
                found.append(longer)
            elif total not in best or longer < best[total]:
                best[total] = longer
    return min(found, default=_sum([value for _, value in members]))
