"""Which units stand below which in an organisation's tree, and what keeps a unit from being closed.

The rules are packs/common/access/units.csv; packages that place things in units register what they keep there.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zhiqiao.packs import common_file

#: Given the ids of a unit and those below it: a sentence on what still stands there, or nothing.
Hold = Callable[[Sequence[int]], str]


@dataclass(frozen=True)
class UnitRule:
    """A kind of unit that an organisation of a kind may have, and the kinds of node it may stand below."""

    kind: str
    unit_kind: str
    parents: frozenset[str]


def _read() -> tuple[UnitRule, ...]:
    with common_file("access", "units.csv").open(encoding="utf-8", newline="") as source:
        return tuple(
            UnitRule(row["kind"], row["unit_kind"], frozenset(row["parents"].split("|")))
            for row in csv.DictReader(source)
        )


UNIT_RULES = _read()
_HOLDS: list[Hold] = []


def unit_kinds_below(kind: str, parent_unit_kind: str) -> tuple[str, ...]:
    """Return the kinds of unit that may stand directly below a node of an organisation of a kind."""
    return tuple(
        rule.unit_kind for rule in UNIT_RULES if rule.kind == kind and parent_unit_kind in rule.parents
    )


def register_unit_hold(hold: Hold) -> Hold:
    """Register, in a package's `unit_holds.py`, what keeps a unit open; usable as a decorator."""
    _HOLDS.append(hold)
    return hold


def held_by(unit_ids: Sequence[int]) -> list[str]:
    """Return a sentence for everything that packages still keep in these units."""
    return [sentence for hold in _HOLDS if (sentence := hold(unit_ids))]
