"""The solver's view: variables for the movable courses, constraints by name, demand covered as the aim.

Amounts are whole multiples of 1/scale hour, shares are kept as fractions until both sides are whole, so nothing is
rounded in a constraint.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from itertools import product
from math import lcm

from ortools.sat.python import cp_model

from zhiqiao.engines.curriculum._fit_plan import (
    PARTS,
    FitPlan,
    Movable,
    Setting,
    Solved,
    keeps_ratio,
    locked_hours,
    taught_parts,
)
from zhiqiao.engines.curriculum._fit_rules import Required, Requirement
from zhiqiao.engines.curriculum._fit_values import Limit, Way

#: Points of the whole weighted demand; costs are told in parts of it.
_POINTS = 10**9


class _Course:
    """The variables of one movable course."""

    def __init__(self, model: FitModel, one: Movable) -> None:
        cp, scale, limits = model.cp, model.fit.scale, model.fit.parameters
        key = one.course.key
        self.one = one
        self.hours_now = int(one.now.total * scale)
        optional = one.offered or one.may_go
        self.present = cp.new_bool_var(f"in {key}") if optional else cp.new_constant(1)
        self.steps: list[cp_model.IntVar] = []
        self.parts: list[cp_model.LinearExpr] = []
        self.in_term: dict[int, cp_model.IntVar] = {}
        reach = 0
        for place, (hours, step) in enumerate(zip(one.now.hours, one.steps, strict=True)):
            most = min(limits.most_steps, int(Fraction(limits.most_share) * hours / step))
            most = most * 3 if model.apart else most
            least = -min(most, int(hours / step) - 1) if one.may_shrink or one.offered else 0
            moved = cp.new_int_var(least, most, f"steps {key} {place}")
            if optional:
                cp.add(moved <= most * self.present)
                cp.add(moved >= least * self.present)
            self.steps.append(moved)
            self.parts.append(int(hours * scale) * self.present + int(step * scale) * moved)
            reach += int(step * scale) * most
        self.hours = _sum(self.parts)
        whole = int(one.now.total * limits.most_practice_shift)
        room = whole + reach // scale + 1
        self.turned = cp.new_int_var(-room, room, f"practice {key}")
        self.practice = int(one.now.practice * scale) * self.present + scale * self.turned
        cp.add(self.practice >= 0)
        cp.add(self.practice <= self.hours)
        if optional:
            cp.add(self.turned <= room * self.present)
            cp.add(self.turned >= -room * self.present)
        self.drift = self._drift(cp, whole * scale)
        self.places = self._places(cp, reach)
        self._floor(model)

    def _drift(self, cp: cp_model.CpModel, most: int) -> cp_model.IntVar:
        """Return how far practice is from its present share of the hours, in parts of an hour, rounded up."""
        share = self.one.now.practice / self.one.now.total
        drift = cp.new_int_var(0, most + 1, f"drift {self.one.course.key}")
        off = share.denominator * self.practice - share.numerator * self.hours
        cp.add(share.denominator * drift >= off)
        cp.add(share.denominator * drift >= -off)
        return drift

    def _places(self, cp: cp_model.CpModel, reach: int) -> dict[int, cp_model.IntVar]:
        """Return the bool of each term that a course of one term may stand in; empty where its terms stay."""
        if self.one.places == self.one.now.terms and not self.one.offered:
            return {}
        key = self.one.course.key
        bools = {term: cp.new_bool_var(f"{key} in term {term}") for term in self.one.places}
        cp.add(_sum(bools.values()) == self.present)
        self.in_term = {
            term: cp.new_int_var(0, self.hours_now + reach, f"hours {key} {term}") for term in bools
        }
        for term, hours in self.in_term.items():
            cp.add(hours <= (self.hours_now + reach) * bools[term])
        cp.add(_sum(self.in_term.values()) == self.hours)
        return bools

    def _floor(self, model: FitModel) -> None:
        """Keep a course above a credit, above what its subjects ask for, and at lawful hours per credit."""
        course, scale = self.one.course, model.fit.scale
        floor = max(
            min(self.hours_now, model.fit.parameters.least_course_hours * scale),
            *(int(Fraction(hours) * scale) for hours in (course.tag_hours or {}).values()),
            0,
        )
        if set(course.tags or ()) & model.required.credited:
            floor = max(floor, self.hours_now)
        model.cp.add(self.hours >= floor * self.present)
        ways = [range(var.proto.domain[0], var.proto.domain[1] + 1) for var in self.steps]
        totals = {
            self.hours_now + sum(int(step * scale) * n for step, n in zip(self.one.steps, taken, strict=True))
            for taken in product(*ways)
        }
        kept = [t for t in totals if keeps_ratio(course, Fraction(t, scale), model.required.ratio)]
        if len(kept) < len(totals):
            total = model.cp.new_int_var_from_domain(
                cp_model.Domain.from_values([*kept, 0]), f"total {course.key}"
            )
            model.cp.add(total == self.hours)

    def term(self, number: int) -> cp_model.LinearExprT:
        """Return the hours of the course in a term."""
        if self.places:
            return self.in_term.get(number, 0)
        return _sum(part for part, term in zip(self.parts, self.one.now.terms, strict=True) if term == number)

    def edge(self, *, last: bool) -> cp_model.LinearExpr:
        """Return the number of the first or last term in which the course is taught."""
        if self.places:
            return _sum(term * chosen for term, chosen in self.places.items())
        return _sum([max(self.one.now.terms) if last else min(self.one.now.terms)])


class FitModel:
    """A plan as a constraint problem; with `apart`, every rule and limit can be lifted, to find what clashes."""

    def __init__(self, fit: FitPlan, required: Required, way: Way, on: date, *, apart: bool = False) -> None:
        self.fit, self.required, self.way, self.on, self.apart = fit, required, way, on, apart
        self.cp = cp_model.CpModel()
        self.lifts: dict[str, cp_model.IntVar] = {}
        self.courses = {key: _Course(self, one) for key, one in fit.movable.items()}
        self.changed = {key: self._changed(key, one) for key, one in self.courses.items()}
        for requirement in required.sums:
            self._require(requirement)
        self._total()
        self._load()
        self._order()
        self._room()
        if not apart:
            self._aim()

    def hold(self, name: str, condition: cp_model.BoundedLinearExpression | bool) -> None:
        """Ask for a condition under the name of a rule or limit, under which it can be lifted when `apart`."""
        held = self.cp.add(condition)
        if self.apart:
            lift = self.lifts.setdefault(name, self.cp.new_bool_var(f"hold {name}"))
            held.only_enforce_if(lift)

    def _changed(self, key: str, one: _Course) -> cp_model.IntVar:
        changed = self.cp.new_bool_var(f"changed {key}")
        limits = self.fit.parameters
        for moved, hours, step in zip(one.steps, one.one.now.hours, one.one.steps, strict=True):
            most = max(map(abs, moved.proto.domain))
            self.cp.add(moved <= most * changed)
            self.cp.add(moved >= -most * changed)
            if self.apart:  # outside of the search for clashes the domain holds it
                usual = min(limits.most_steps, int(Fraction(limits.most_share) * hours / step))
                self.hold(Limit.CHANGE, moved <= usual)
                self.hold(Limit.CHANGE, moved >= -usual)
        most = max(map(abs, one.turned.proto.domain))
        self.cp.add(one.turned <= most * changed)
        self.cp.add(one.turned >= -most * changed)
        if one.one.offered:
            self.cp.add(changed >= one.present)
        else:
            self.cp.add(changed >= 1 - one.present)
            for term, chosen in one.places.items():
                if term not in one.one.now.terms:
                    self.cp.add(changed >= chosen)
                    if not self.way.terms_move:
                        self.hold(Limit.ROOM, chosen == 0)
        return changed

    def _require(self, requirement: Requirement) -> None:
        """Ask that a rule's sum reaches its least: what is locked counts as it is, pools on their worst way."""
        settled = requirement.margin(self.fit.plan, self.on) - sum(
            requirement.of_course(one.course) for one in self.fit.movable.values() if not one.offered
        )
        weights = {key: requirement.weigh(one.course) for key, one in self.fit.movable.items()}
        whole = lcm(settled.denominator, *(part.denominator for pair in weights.values() for part in pair))
        terms = [
            int(hours * whole) * self.courses[key].hours + int(practice * whole) * self.courses[key].practice
            for key, (hours, practice) in weights.items()
        ]
        least = -settled * whole * self.fit.scale
        self.hold(requirement.rule, _sum(terms) >= int(least))

    def _total(self) -> None:
        """Keep all hours near what they were; a floor of the rules may ask for more."""
        now = sum(Fraction(course.hours or 0) for course in self.fit.courses.values())
        room = Fraction(self.fit.parameters.total_room) * now
        moved = _sum(one.hours - (0 if one.one.offered else one.hours_now) for one in self.courses.values())
        short = [
            -requirement.margin(self.fit.plan, self.on)
            for requirement in self.required.sums
            if requirement.counts_all
        ]
        more = max([room, *short])
        self.hold(Limit.TOTAL, moved <= int(more * self.fit.scale))
        self.hold(Limit.TOTAL, moved >= -int(room * self.fit.scale))

    def _load(self) -> None:
        """Keep each term's hours a week within the limit, or no higher than they are."""
        limit = self.required.weekly_limit
        limit = self.fit.parameters.weekly_limit if limit is None else limit
        for number in self.fit.numbers:
            term = self.fit.term(number)
            if term is None:
                continue
            weeks, told = Fraction(term.teaching_weeks or 0), Fraction(term.weekly_hours or 0)
            room = max(Fraction(limit) - told, Fraction(0)) * weeks
            held = sum(
                int(hours * self.fit.scale)
                for one in self.courses.values()
                if not one.one.offered
                for hours, place in zip(one.one.now.hours, one.one.now.terms, strict=True)
                if place == number
            )
            now = _sum(one.term(number) for one in self.courses.values())
            self.hold(Limit.LOAD, now <= held + int(room * self.fit.scale))

    def _order(self) -> None:
        for pair in self.fit.wishes.prerequisites:
            first, then = self._ends(pair.after, last=True), self._ends(pair.course, last=False)
            if first is None or then is None:
                continue
            far = max([*self.fit.numbers, 20]) + 1
            absent = _sum(
                1 - self.courses[key].present for key in (pair.after, pair.course) if key in self.courses
            )
            self.hold(Limit.PREREQUISITES, then + far * absent >= first + int(not pair.same_term))

    def _ends(self, key: str, *, last: bool) -> cp_model.LinearExpr | None:
        if key in self.courses:
            return self.courses[key].edge(last=last)
        entries = self.fit.courses[key].terms if key in self.fit.courses else ()
        numbers = [entry.term for entry in entries or ()]
        return cp_model.LinearExpr.sum([max(numbers) if last else min(numbers)]) if numbers else None

    def _room(self) -> None:
        if self.way.most_changed is not None:
            self.hold(Limit.ROOM, _sum(self.changed.values()) <= self.way.most_changed)

    def _aim(self) -> None:
        """Cover weighted demand, the first third of a skill's hours counting most, less what the changes cost."""
        wishes = [
            one for one in self.fit.wishes.skills if one.share * one.weight > 0 and one.target_hours > 0
        ]
        whole = sum(one.share * one.weight for one in wishes)
        parts = taught_parts(self.fit)
        aim: list[cp_model.LinearExprT] = []
        for wish in wishes:
            hours = _sum(
                part * self.courses[key].hours
                for (key, skill), part in parts.items()
                if skill == wish.key and key in self.courses
            )
            locked = locked_hours(self.fit, wish.key)
            third = int(wish.target_hours * PARTS * self.fit.scale / 3)
            if third == 0:
                continue
            worth = _POINTS * wish.share * wish.weight / whole / 3 / third
            covered = []
            for place, value in enumerate(self.fit.parameters.worth):
                piece = self.cp.new_int_var(0, third, f"covered {wish.key} {place}")
                covered.append(piece)
                aim.append(round(worth * value) * piece)
            self.cp.add(_sum(covered) <= hours + int(locked * PARTS * self.fit.scale))
        self.cp.maximize(_sum(aim) - _sum(self._costs()))

    def _costs(self) -> Iterable[cp_model.LinearExprT]:
        cost = {name: value * _POINTS for name, value in self.fit.parameters.cost.items()}
        for key, one in self.courses.items():
            yield round(cost["change"]) * self.changed[key]
            yield round(cost["practice_hour"] / self.fit.scale) * one.drift
            if one.one.offered:
                yield round(cost["add"]) * one.present
                continue
            moved = self.cp.new_int_var(0, 10**7, f"moved {key}")
            self.cp.add(moved >= one.hours - one.hours_now)
            self.cp.add(moved >= one.hours_now - one.hours)
            yield round(cost["hour"] / self.fit.scale) * moved
            if one.one.may_go:
                yield round(cost["remove"]) * (1 - one.present)
            for term, chosen in one.places.items():
                if term not in one.one.now.terms:
                    yield round(cost["term"]) * chosen

    def solve(self, seconds: float) -> Solved | None:
        """Return the best setting found in the time, None when there is none; one worker, so that runs repeat.

        The plan as it is serves as a hint. Raises TimeoutError when the time ends before anything is known.
        """
        solver = _solver(seconds)
        self._hint()
        status = solver.solve(self.cp)
        if status in {cp_model.INFEASIBLE, cp_model.MODEL_INVALID}:
            return None
        if status == cp_model.UNKNOWN:
            raise TimeoutError
        settings = {
            key: self._setting(solver, one) for key, one in self.courses.items() if solver.value(one.present)
        }
        left = (solver.best_objective_bound - solver.objective_value) / _POINTS
        return Solved(settings, left, status == cp_model.OPTIMAL)

    def _hint(self) -> None:
        for one in self.courses.values():
            if one.one.offered:
                continue
            for moved in (*one.steps, one.turned):
                self.cp.add_hint(moved, 0)
            for term, chosen in one.places.items():
                self.cp.add_hint(chosen, int(term in one.one.now.terms))

    def _setting(self, solver: cp_model.CpSolver, one: _Course) -> Setting:
        scale = self.fit.scale
        chosen = [term for term, held in one.places.items() if solver.value(held)]
        return Setting(
            tuple(Fraction(solver.value(part), scale) for part in one.parts),
            Fraction(solver.value(one.practice), scale),
            tuple(chosen) or one.one.now.terms,
        )

    def clash(self, seconds: float) -> tuple[str, ...]:
        """Return names that can not hold together, each of them needed for the clash; empty when all can."""
        names = sorted(self.lifts)
        if self._can_hold(names, seconds):
            return ()
        for name in list(names):
            fewer = [one for one in names if one != name]
            if not self._can_hold(fewer, seconds):
                names = fewer
        return tuple(names)

    def _can_hold(self, names: list[str], seconds: float) -> bool:
        model = self.cp.clone()
        for name in names:
            model.add(self.lifts[name] == 1)
        return _solver(seconds).solve(model) != cp_model.INFEASIBLE


def _sum(parts: Iterable[cp_model.LinearExprT]) -> cp_model.LinearExpr:
    """Return the sum as an expression, of nothing or of plain numbers too."""
    return cp_model.LinearExpr.sum(list(parts))


def _solver(seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = (
        2  # shares and floors are sums: their relaxation is what proves the best
    )
    solver.parameters.max_deterministic_time = seconds
    solver.parameters.max_time_in_seconds = seconds
    return solver
