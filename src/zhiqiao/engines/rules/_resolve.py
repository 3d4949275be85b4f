"""Which entry of a rule holds for a subject in a region on a day, and with which parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import groupby

from zhiqiao.engines.rules._params import looser, with_floor
from zhiqiao.engines.rules._values import Rule, State, Text

#: Properties of a subject by which rules choose; None is unknown.
Scope = Mapping[str, str | None]


@dataclass(frozen=True)
class Resolved:
    """A rule as it holds: the most special entry, its parameters kept above the floors of the more general ones.

    `unknown` names the properties without which nobody can say whether it applies; `general` is a confirmed entry
    that stands behind: an unconfirmed special one, or one with another test, does not put it out of force.
    """

    rule: Rule
    applies: bool = True
    unknown: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    general: Rule | None = None


def resolve(
    rules: Iterable[Rule],
    *,
    on: date,
    region: str,
    scope: Scope,
    floor_lifted: Callable[[Rule], bool] = lambda _rule: False,
) -> Iterator[Resolved]:
    """Yield each rule in force on the day in the region once, in order.

    `floor_lifted` says whether a waiver on record lets a special rule stay below the floor of its general one.
    """
    held = [rule for rule in rules if rule.in_force(on) and rule.covers(region)]
    for _, entries in groupby(sorted(held, key=lambda rule: (rule.order, rule.rank)), lambda rule: rule.id):
        yield _one(list(entries), scope, floor_lifted)


def _one(entries: list[Rule], scope: Scope, floor_lifted: Callable[[Rule], bool]) -> Resolved:
    applying = [rule for rule in entries if _applies(rule, scope) is not False]
    if not applying:
        return Resolved(entries[-1], applies=False)
    chosen = applying[-1]
    if unknown := _unknown(applying, scope):
        return Resolved(chosen, unknown=unknown)
    notes: list[Text] = []
    for general in applying[-2::-1]:
        if not floor_lifted(general) and general.predicate == chosen.predicate:
            chosen = _kept_above(chosen, general, notes)
    confirmed = [rule for rule in applying[:-1] if rule.state is State.CONFIRMED]
    behind = [
        rule
        for rule in confirmed
        if chosen.state is not State.CONFIRMED or (rule.floors and rule.predicate != chosen.predicate)
    ]
    return Resolved(chosen, notes=tuple(notes), general=behind[-1] if behind else None)


def _applies(rule: Rule, scope: Scope) -> bool | None:
    """Say whether a rule is about such a subject; None when that is unknown."""
    answers = [
        None if scope.get(name) is None else scope[name] in values for name, values in rule.applies_to.items()
    ]
    return False if False in answers else None if None in answers else True


def _unknown(rules: Iterable[Rule], scope: Scope) -> tuple[str, ...]:
    names = (name for rule in rules for name in rule.applies_to if scope.get(name) is None)
    return tuple(dict.fromkeys(names))


def _kept_above(special: Rule, general: Rule, notes: list[Text]) -> Rule:
    """Return the special rule with no parameter looser than the general one's floors, and no lighter in severity."""
    params = dict(special.params)
    for name, direction in general.floors.items():
        for place, value, floor in looser(params.get(name), general.params[name], direction):
            notes.append(_kept(special, f"{name}{place}", value, floor))
        params[name] = with_floor(params.get(name), general.params[name], direction)
    severity = max(special.severity, general.severity, key=lambda one: one.weight)
    return replace(special, params=params, severity=severity)


def _kept(special: Rule, name: str, value: object, floor: object) -> Text:
    shown, kept = _written(value), _written(floor)
    return Text(
        f"{special.region or special.file} 的规定 {name} = {shown} 松于上位底线 {kept}，未登记豁免，按底线执行。",
        f"The rule of {special.region or special.file} sets {name} = {shown}, looser than the floor {kept}; "
        "without a waiver on record the floor holds.",
    )


def _written(value: object) -> str:
    if isinstance(value, Fraction) and value.denominator not in {1, 2, 4, 5, 8, 10, 20, 25, 50, 100}:
        return str(value)
    return f"{float(value):g}" if isinstance(value, Fraction) else str(value)
