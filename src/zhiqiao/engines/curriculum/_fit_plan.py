"""The plan that a solver may move: which courses, in which steps, and the plan that a setting of them gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import lcm

from zhiqiao.engines.curriculum._fit_values import FitParameters, Lock, Wishes
from zhiqiao.engines.kernel import Number
from zhiqiao.engines.plans import Activity, Category, Course, CourseTerm, GroupMode, Plan, Summary, Term

#: What counts as practice (13号, TP-13): by activity, not by the name of the course.
PRACTICE = (Activity.LAB, Activity.TRAINING, Activity.PROJECT, Activity.INTERNSHIP)
_MOVING = {Category.SPECIALTY_BASIC, Category.SPECIALTY_CORE, Category.SPECIALTY_EXTENSION}
#: Parts of a course that teach a skill are counted to the thousandth.
PARTS = 1000
#: Amounts of a plan have at most so many parts of an hour; finer ones are not moved.
_FINEST = 100


@dataclass(frozen=True)
class Setting:
    """What the solver decides of one course: hours by term in the order of its terms, and its hours of practice."""

    hours: tuple[Fraction, ...]
    practice: Fraction
    terms: tuple[int, ...]

    @property
    def total(self) -> Fraction:
        """Return all hours."""
        return sum(self.hours, Fraction(0))


@dataclass(frozen=True)
class Movable:
    """A course that may change: its present setting, the step of each term's hours, its freedoms."""

    course: Course
    now: Setting
    steps: tuple[Fraction, ...]
    may_shrink: bool
    may_go: bool
    offered: bool
    places: tuple[int, ...]


@dataclass(frozen=True)
class Solved:
    """A setting found, how much better one could at most be (1 is all demand), and whether this is the best."""

    settings: dict[str, Setting]
    left: float
    proven: bool


class FitPlan:
    """A plan with its wishes: what may move, what is locked and why; builds the plan of any setting."""

    def __init__(self, plan: Plan, wishes: Wishes, parameters: FitParameters) -> None:
        self.plan, self.wishes, self.parameters = plan, wishes, parameters
        self.courses = {course.key: course for course in plan.courses or ()}
        members = {key for group in plan.groups or () for key in group.members or ()}
        standing = {key for one in plan.substitutions or () for key in (one.course or "", *(one.by or ()))}
        self._grouped = members | standing
        self._order = {term.number: term for term in plan.terms or ()}
        self.locked: dict[str, Lock] = {}
        self.movable: dict[str, Movable] = {}
        for course in plan.courses or ():
            lock = self._lock(course)
            if lock is None:
                self.movable[course.key] = self._movable(course, offered=False)
            else:
                self.locked[course.key] = lock
        for course in wishes.offered:
            if _known(course) and len(course.terms or ()) == 1 and course.key not in self.courses:
                self.movable[course.key] = self._movable(course, offered=True)
        self.scale = lcm(*(part.denominator for one in self.movable.values() for part in _amounts(one)), 1)

    @property
    def now(self) -> dict[str, Setting]:
        """Return the settings of today: every movable course of the plan, no offered one."""
        return {key: one.now for key, one in self.movable.items() if not one.offered}

    def term(self, number: int) -> Term | None:
        """Return a term with known weeks and load, else None."""
        term = self._order.get(number)
        return term if term and term.teaching_weeks and term.weekly_hours is not None else None

    @property
    def numbers(self) -> list[int]:
        """Return the terms with known weeks and load."""
        return [number for number in sorted(self._order) if self.term(number)]

    def chance(self, key: str) -> float:
        """Return the share of students who take a course, as its pools leave it open; 1 outside of pools."""
        for group in self.plan.groups or ():
            members = group.members or ()
            if key in members:
                own = 1.0
                need = group.need
                if group.mode is GroupMode.CHOOSE and need is not None and members:
                    name = "credits" if need.credits is not None else "hours"
                    whole = sum(float(getattr(self.courses.get(one), name, None) or 0) for one in members)
                    wanted = need.courses if need.courses is not None else need.credits or need.hours or 0
                    whole = len(members) if need.courses is not None else whole
                    own = min(1.0, float(wanted) / whole) if whole else 0.0
                return own * self.chance(group.key)
        return 1.0

    def _lock(self, course: Course) -> Lock | None:
        if course.key in self.wishes.fixed:
            return Lock.ASKED
        if course.key in self._grouped:
            return Lock.GROUPED
        if course.week_type or course.category is Category.PRACTICE:
            return Lock.BY_WEEKS
        return None if _known(course) else Lock.UNKNOWN

    def _movable(self, course: Course, *, offered: bool) -> Movable:
        entries = course.terms or ()
        now = Setting(
            tuple(term_hours(entry) or Fraction(0) for entry in entries),
            _practice(course),
            tuple(entry.term for entry in entries),
        )
        step = Fraction(self.parameters.hours_step)
        steps = tuple(
            Fraction(entry.weeks) if entry.hours is None and entry.weeks else step for entry in entries
        )
        moving = course.category in _MOVING
        places = now.terms
        if len(entries) == 1 and (moving or offered):
            weeks = Fraction(entries[0].weeks or 0)
            roomy = [n for n in self.numbers if Fraction(self._order[n].teaching_weeks or 0) >= weeks]
            places = tuple(roomy) if offered else tuple(sorted({*roomy, *now.terms}))
        return Movable(
            course,
            now,
            steps,
            may_shrink=moving,
            may_go=moving and not offered and not course.tags and course.key in self.wishes.removable,
            offered=offered,
            places=places,
        )

    def plan_of(self, settings: Mapping[str, Setting], ratio: tuple[Number, Number] | None) -> Plan:
        """Return the plan in which the movable courses stand so; a course without a setting is not in it."""
        courses = [
            _set(course, self.movable[course.key].now, settings[course.key], ratio)
            if course.key in settings
            else course
            for course in self.plan.courses or ()
            if course.key in settings or course.key in self.locked
        ]
        courses += [
            _set(one.course, one.now, settings[key], ratio)
            for key, one in self.movable.items()
            if one.offered and key in settings
        ]
        gone = {key for key, one in self.movable.items() if not one.offered and key not in settings}
        plan = replace(self.plan, courses=tuple(courses), summary=self._summary(courses))
        return _without(replace(plan, terms=self._terms(settings)), gone)

    def _terms(self, settings: Mapping[str, Setting]) -> tuple[Term, ...] | None:
        """Return the terms with the load that the moves leave: hours gained or lost over the teaching weeks."""
        gained = hours_by_term(settings.values())
        for place, hours in hours_by_term(self.now.values()).items():
            gained[place] = gained.get(place, Fraction(0)) - hours
        if self.plan.terms is None:
            return None
        found = []
        for term in self.plan.terms:
            change = gained.get(term.number, Fraction(0))
            if change and self.term(term.number):
                load = Fraction(term.weekly_hours or 0) + change / Fraction(term.teaching_weeks or 1)
                term = replace(term, weekly_hours=number(load))  # noqa: PLW2901 - the changed row is the row
            found.append(term)
        return tuple(found)

    def _summary(self, courses: Iterable[Course]) -> Summary | None:
        """Return the plan's own summary, moved by what the courses gained: pools stay as they were told."""
        told = self.plan.summary
        if told is None:
            return None
        gain: dict[Category | None, Fraction] = {}
        points = Fraction(0)
        for sign, rows in ((1, courses), (-1, self.plan.courses or ())):
            for course in rows:
                gain[course.category] = gain.get(course.category, Fraction(0)) + sign * Fraction(
                    course.hours or 0
                )
                points += sign * Fraction(course.credits or 0)
        parts = None
        if told.by_category is not None:
            keys = [category for category in Category if category in told.by_category or gain.get(category)]
            parts = {
                category: number(
                    Fraction(told.by_category.get(category, 0)) + gain.get(category, Fraction(0))
                )
                for category in keys
            }
        return replace(
            told,
            hours=None if told.hours is None else number(Fraction(told.hours) + sum(gain.values())),
            credits=None if told.credits is None else number(Fraction(told.credits) + points),
            by_category=parts,
        )


def term_hours(entry: CourseTerm) -> Fraction | None:
    """Return the hours of a course in a term: as told, or weeks times weekly hours; None when neither is known."""
    if entry.hours is not None:
        return Fraction(entry.hours)
    if entry.weeks is None or entry.weekly_hours is None:
        return None
    return Fraction(entry.weeks) * Fraction(entry.weekly_hours)


def hours_by_term(settings: Iterable[Setting]) -> dict[int, Fraction]:
    """Return the hours that courses hold in each term."""
    found: dict[int, Fraction] = {}
    for one in settings:
        for term, hours in zip(one.terms, one.hours, strict=True):
            found[term] = found.get(term, Fraction(0)) + hours
    return found


def number(value: Fraction) -> Number:
    """Return a fraction as a plan writes it: whole, or with decimals (to the hundredth where it does not end)."""
    if value.denominator == 1:
        return int(value)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01")).normalize()


def _amounts(one: Movable) -> tuple[Fraction, ...]:
    return (*one.now.hours, one.now.practice, *one.steps)


def _known(course: Course) -> bool:
    """Say whether hours, activities and terms are known, agree, and are no finer than a hundredth."""
    if course.hours is None or course.activities is None or not course.terms:
        return False
    parts = [term_hours(entry) for entry in course.terms]
    total = Fraction(course.hours)
    if None in parts or sum((part for part in parts if part is not None), Fraction(0)) != total:
        return False
    if sum(map(Fraction, course.activities.values()), Fraction(0)) != total or total <= 0:
        return False
    fine = [*(part for part in parts if part is not None), *map(Fraction, course.activities.values())]
    return all(_FINEST % part.denominator == 0 for part in fine)


def _practice(course: Course) -> Fraction:
    return sum(
        (Fraction(hours) for kind, hours in (course.activities or {}).items() if kind in PRACTICE),
        Fraction(0),
    )


def _set(course: Course, now: Setting, new: Setting, ratio: tuple[Number, Number] | None) -> Course:
    """Return the course as the setting has it: term entries, theory and practice, activities, credits."""
    if new == now:
        return course
    entries = []
    for entry, term, hours in zip(course.terms or (), new.terms, new.hours, strict=True):
        if entry.hours is None and entry.weeks:
            entries.append(replace(entry, term=term, weekly_hours=number(hours / Fraction(entry.weeks))))
        else:
            entries.append(replace(entry, term=term, hours=number(hours)))
    practice, total = new.practice, new.total
    theory = total - practice
    activities = _split(course.activities or {}, theory, practice)
    return replace(
        course,
        hours=number(total),
        theory=None if course.theory is None else number(theory),
        practice=None if course.practice is None else number(practice),
        terms=tuple(entries),
        activities=activities,
        credits=_credits(course, total, ratio),
    )


def _split(
    activities: Mapping[Activity, Number], theory: Fraction, practice: Fraction
) -> dict[Activity, Number]:
    """Share theory and practice out over the activities as they were; what had none becomes lecture or training."""
    found: dict[Activity, Number] = {}
    for wanted, kinds, usual in (
        (theory, [kind for kind in activities if kind not in PRACTICE], Activity.LECTURE),
        (practice, [kind for kind in activities if kind in PRACTICE], Activity.TRAINING),
    ):
        whole = sum((Fraction(activities[kind]) for kind in kinds), Fraction(0))
        if not whole:
            found |= dict.fromkeys(kinds, 0)
            if wanted:
                found[usual] = number(Fraction(found.get(usual, 0)) + wanted)
            continue
        left = wanted
        for kind in kinds[1:]:
            part = Fraction(int(wanted * Fraction(activities[kind]) / whole))
            found[kind] = number(part)
            left -= part
        found[kinds[0]] = number(left)
    return {kind: found[kind] for kind in Activity if kind in found}


def _credits(course: Course, total: Fraction, ratio: tuple[Number, Number] | None) -> Number | None:
    """Return credits nearest to the old hours per credit, in halves, within the rule's bounds where they were."""
    if course.credits is None or course.week_type or not course.credits:
        return course.credits
    old = Fraction(course.hours or 0) / Fraction(course.credits)
    halves = allowed_halves(total, ratio) if ratio and _within(course, ratio) else []
    near = 2 * total / old
    return number(Fraction(min(halves, key=lambda half: (abs(half - near), half), default=round(near)), 2))


def _within(course: Course, ratio: tuple[Number, Number]) -> bool:
    points = Fraction(course.credits or 0)
    return Fraction(ratio[0]) * points <= Fraction(course.hours or 0) <= Fraction(ratio[1]) * points


def allowed_halves(total: Fraction, ratio: tuple[Number, Number]) -> list[int]:
    """Return the half credits that so many hours may count as, e.g. 64 hours at 16 to 18 an hour: 8 halves."""
    least, most = 2 * total / Fraction(ratio[1]), 2 * total / Fraction(ratio[0])
    return [half for half in range(int(least), int(most) + 2) if least <= half <= most and half]


def keeps_ratio(course: Course, total: Fraction, ratio: tuple[Number, Number] | None) -> bool:
    """Say whether a course that kept the rule of hours per credit can keep it with so many hours."""
    if ratio is None or course.credits is None or not _within(course, ratio):
        return True
    return bool(allowed_halves(total, ratio))


def _without(plan: Plan, gone: set[str]) -> Plan:
    """Return the plan whose specification no longer names courses that are not in it."""
    if not gone or plan.specification is None:
        return plan
    items = tuple(
        replace(
            item, courses=None if item.courses is None else tuple(k for k in item.courses if k not in gone)
        )
        for item in plan.specification
    )
    return replace(plan, specification=items)


def taught_parts(fit: FitPlan) -> Mapping[tuple[str, str], int]:
    """Return how much of an hour of a movable course teaches a skill, in thousandths."""
    found: dict[tuple[str, str], int] = {}
    for row in fit.wishes.taught:
        one = fit.movable.get(row.course)
        if one is not None:
            part = round(PARTS * min(1.0, row.hours / float(one.now.total)))
            found[row.course, row.skill] = min(PARTS, found.get((row.course, row.skill), 0) + part)
    return found


def locked_hours(fit: FitPlan, skill: str) -> float:
    """Return the hours in which locked courses teach a skill; those of pools by the chance to be taken."""
    return sum(
        row.hours * fit.chance(row.course)
        for row in fit.wishes.taught
        if row.skill == skill and row.course in fit.locked
    )
