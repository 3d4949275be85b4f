"""Fits hours, terms and modules of a training plan to demand within all hard rules, and explains every move."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from zhiqiao.engines.curriculum._fit_plan import (
    PARTS,
    FitPlan,
    Setting,
    Solved,
    hours_by_term,
    locked_hours,
    number,
    taught_parts,
)
from zhiqiao.engines.curriculum._fit_rules import Required, required
from zhiqiao.engines.curriculum._fit_values import (
    Clash,
    Fit,
    FitParameters,
    Limit,
    Move,
    MoveKind,
    Proposal,
    SkillEffect,
    Way,
    Wishes,
)
from zhiqiao.engines.kernel import EngineError, Number
from zhiqiao.engines.plans import Directory, Plan, check_plan
from zhiqiao.engines.rules import Outcome, Report, RuleBook, Severity

#: Changes of hours taught that are not worth a word.
_NOTHING = 1e-6


def fit_plan(
    plan: Plan,
    wishes: Wishes,
    book: RuleBook,
    parameters: FitParameters,
    *,
    on: date,
    region: str | None = None,
    directory: Directory | None = None,
    seconds: float = 9.0,
) -> Fit:
    """Propose changes of hours, terms and modules that cover more demand, one proposal for each way that differs.

    `seconds` is shared by the ways. Hard rules the plan breaks today are mended; where that can not be, or where the
    limits leave no room, the result names what clashes. A rule that can not be judged for want of data is named too.
    Raises EngineError if a finished plan broke a hard rule that the former kept: that is a fault of this engine.
    """
    from zhiqiao.engines.curriculum._fit_model import FitModel  # the solver takes two seconds to load

    region = (plan.region or "") if region is None else region
    fit = FitPlan(plan, wishes, parameters)
    report = check_plan(plan, book, on=on, region=region, directory=directory)
    asked = required(plan, book, report, on=on, region=region)
    proposals: list[Proposal] = []
    clashes: list[Clash] = []
    ends = time.monotonic() + seconds
    for place, way in enumerate(parameters.ways):
        share = max(0.0, ends - time.monotonic()) / (len(parameters.ways) - place + 1)
        solved = FitModel(fit, asked, way, on).solve(share)
        if solved is None:
            apart = FitModel(fit, asked, way, on, apart=True)
            clashes.append(Clash(way.key, apart.clash(share / 4)))
            continue
        made = _proposal(fit, asked, way, solved, on)
        mended, warned = _judged(made.plan, report, book, on=on, region=region, directory=directory)
        made = replace(made, rules_mended=mended, rules_newly_warned=warned)
        if all(_worth(made) != _worth(other) for other in proposals):
            proposals.append(made)
    return Fit(tuple(proposals), tuple(clashes), fit.locked, asked.unchecked)


def _proposal(fit: FitPlan, asked: Required, way: Way, solved: Solved, on: date) -> Proposal:
    now, new = fit.now, solved.settings
    plan = fit.plan_of(new, asked.ratio)
    explained = _Explained(fit, asked, on, new)
    return Proposal(
        way=way.key,
        plan=plan,
        moves=tuple(explained.moves()),
        coverage=(explained.coverage(now), explained.coverage(new)),
        left=max(0.0, solved.left),
        proven=solved.proven,
        total_hours=(_whole(fit.plan), _whole(plan)),
        practice_hours=(_done(fit.plan), _done(plan)),
        rules_mended=(),
        rules_newly_warned=(),
    )


def _worth(made: Proposal) -> tuple[float, int]:
    """Return what tells proposals apart: a way that covers as much with as many moves is no alternative."""
    return round(made.coverage[1], 4), len(made.moves)


def _judged(
    plan: Plan, before: Report, book: RuleBook, *, on: date, region: str, directory: Directory | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the rules that hold now and did not, and those that newly warn; the rule engine has the last word."""
    after = check_plan(plan, book, on=on, region=region, directory=directory)
    failing = {
        name: {one.rule for one in report.findings if one.outcome is Outcome.FAIL}
        for name, report in (("before", before), ("after", after))
    }
    hard = {one.rule for one in after.findings if one.target is Severity.BLOCK}
    broken = (failing["after"] - failing["before"]) & hard
    if broken:
        msg = f"a fitted plan breaks {', '.join(sorted(broken))}"
        raise EngineError(msg)
    return tuple(sorted(failing["before"] - failing["after"])), tuple(
        sorted(failing["after"] - failing["before"])
    )


class _Explained:
    """Says of each change what it brings alone and what would break without it."""

    def __init__(self, fit: FitPlan, asked: Required, on: date, new: Mapping[str, Setting]) -> None:
        self._fit, self._asked, self._on, self._new = fit, asked, on, new
        self._parts = taught_parts(fit)
        self._locked = {wish.key: locked_hours(fit, wish.key) for wish in fit.wishes.skills}
        self._taught = self.taught(new)

    def taught(self, settings: Mapping[str, Setting]) -> dict[str, float]:
        """Return the hours in which each wanted skill is taught."""
        found = dict(self._locked)
        for (key, skill), part in self._parts.items():
            if skill in found and key in settings:
                found[skill] += part / PARTS * float(settings[key].total)
        return found

    def coverage(self, settings: Mapping[str, Setting]) -> float:
        """Return the share of weighted demand whose hours are taught, 0..1; 0 where nothing is wanted."""
        taught = self.taught(settings)
        wishes = [one for one in self._fit.wishes.skills if one.target_hours > 0]
        whole = sum(one.share * one.weight for one in wishes)
        if not whole:
            return 0.0
        return (
            sum(one.share * one.weight * min(1.0, taught[one.key] / one.target_hours) for one in wishes)
            / whole
        )

    def moves(self) -> Iterator[Move]:
        """Yield the moves, courses in the order of the plan, offered modules last."""
        now = self._fit.now
        for key, one in self._fit.movable.items():
            old, new = now.get(key), self._new.get(key)
            if old == new:
                continue
            if old is None or new is None:
                kind = MoveKind.ADDED if old is None else MoveKind.REMOVED
                yield self._move(kind, key, (old, new), old)
                continue
            if old.terms != new.terms:
                same = replace(old, terms=new.terms)
                yield self._move(MoveKind.TERM, key, (old, same), replace(new, terms=old.terms))
            if (old.hours, old.practice) != (new.hours, new.practice):
                kind = MoveKind.PRACTICE
                if old.total != new.total:
                    kind = MoveKind.MORE if new.total > old.total else MoveKind.LESS
                yield self._move(kind, key, (old, new), replace(old, terms=new.terms), one.now.terms)

    def _move(
        self,
        kind: MoveKind,
        key: str,
        change: tuple[Setting | None, Setting | None],
        undone: Setting | None,
        terms: tuple[int, ...] | None = None,
    ) -> Move:
        """Describe a change; `undone` is the course without it, all others as proposed."""
        without = dict(self._new)
        without.pop(key, None)
        if undone is not None:
            without[key] = undone
        less = self.taught(without)
        effects = [
            SkillEffect(
                wish.key,
                round(less[wish.key], 2),
                round(self._taught[wish.key], 2),
                wish.target_hours,
                wish.share,
            )
            for wish in self._fit.wishes.skills
            if abs(less[wish.key] - self._taught[wish.key]) > _NOTHING
        ]
        effects.sort(key=lambda one: (-one.share, one.skill))
        before, after = (one or Setting((), Fraction(0), ()) for one in change)
        shown = (before.terms, after.terms) if terms is None else (terms, terms)
        return Move(
            kind,
            key,
            (number(before.total), number(after.total)),
            (number(before.practice), number(after.practice)),
            shown,
            tuple(effects),
            round(self.coverage(self._new) - self.coverage(without), 6),
            tuple(self._broken(without)),
        )

    def _broken(self, settings: Mapping[str, Setting]) -> Iterator[str]:
        """Yield the rules and limits that settings break."""
        plan = self._fit.plan_of(settings, self._asked.ratio)
        for rule in dict.fromkeys(one.rule for one in self._asked.sums):
            if any(one.margin(plan, self._on) < 0 for one in self._asked.sums if one.rule == rule):
                yield rule
        parameters = self._fit.parameters
        room = Fraction(parameters.total_room) * Fraction(_whole(self._fit.plan))
        if abs(Fraction(_whole(plan)) - Fraction(_whole(self._fit.plan))) > room:
            yield Limit.TOTAL
        if any(self._overloaded(settings)):
            yield Limit.LOAD
        if any(self._disordered(settings)):
            yield Limit.PREREQUISITES

    def _overloaded(self, settings: Mapping[str, Setting]) -> Iterator[bool]:
        limit = self._asked.weekly_limit
        limit = self._fit.parameters.weekly_limit if limit is None else limit
        held, found = hours_by_term(self._fit.now.values()), hours_by_term(settings.values())
        for one in self._fit.numbers:
            term = self._fit.term(one)
            told, weeks = (
                (Fraction(term.weekly_hours or 0), Fraction(term.teaching_weeks or 0)) if term else (0, 0)
            )
            room = max(Fraction(limit) - told, Fraction(0)) * weeks
            yield found.get(one, Fraction(0)) > held.get(one, Fraction(0)) + room

    def _disordered(self, settings: Mapping[str, Setting]) -> Iterator[bool]:
        def terms(key: str) -> tuple[int, ...]:
            if key in self._fit.movable:
                return settings[key].terms if key in settings else ()
            course = self._fit.courses.get(key)
            return tuple(entry.term for entry in (course.terms or ())) if course else ()

        for pair in self._fit.wishes.prerequisites:
            first, then = terms(pair.after), terms(pair.course)
            if first and then:
                yield min(then) < max(first) + int(not pair.same_term)


def _whole(plan: Plan) -> Number:
    return number(sum((Fraction(course.hours or 0) for course in plan.courses or ()), Fraction(0)))


def _done(plan: Plan) -> Number:
    return number(sum((Fraction(course.practice or 0) for course in plan.courses or ()), Fraction(0)))
