"""Which roles exist in which kind of organisation and who may grant them, read from packs/common/access/roles.csv."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from zhiqiao.packs import common_file


@dataclass(frozen=True)
class RoleRule:
    """The kinds of organisation a role exists in and the roles that may grant it."""

    role: str
    kinds: frozenset[str]
    granted_by: frozenset[str]


def _read() -> dict[str, RoleRule]:
    with common_file("access", "roles.csv").open(encoding="utf-8", newline="") as source:
        return {
            row["role"]: RoleRule(
                row["role"], frozenset(row["kinds"].split("|")), frozenset(row["granted_by"].split("|"))
            )
            for row in csv.DictReader(source)
        }


ROLE_RULES = _read()


def administrator_role(kind: str) -> str:
    """Return the role that runs an organisation of a kind: the one there that its own holders pass on."""
    return next(
        rule.role for rule in ROLE_RULES.values() if kind in rule.kinds and rule.role in rule.granted_by
    )


def roles_granted_by(granter: str, kind: str) -> tuple[str, ...]:
    """Return the roles that a role may grant in an organisation of a kind; the system may grant all that fit."""
    return tuple(
        rule.role
        for rule in ROLE_RULES.values()
        if kind in rule.kinds and (granter == "system" or granter in rule.granted_by)
    )
