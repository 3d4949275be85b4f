"""The table of actions and roles, read from packs/common/access/actions.csv."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhiqiao.packs import common_file, read_rows


class Scope(StrEnum):
    """How far an action reaches for a role."""

    NONE = "-"
    SELF = "self"
    UNIT = "unit"
    ORG = "org"
    REGION = "region"
    ALL = "all"


@dataclass(frozen=True)
class Action:
    """One thing a person can do: its key, a sentence in both languages, and its scope per role."""

    key: str
    zh: str
    en: str
    scopes: dict[str, Scope]

    def scope_of(self, role: str) -> Scope:
        """Return the scope a role has; a role not named has none (default deny)."""
        return Scope.ALL if role == "system" else self.scopes.get(role, Scope.NONE)


def _read() -> dict[str, Action]:
    rows = read_rows(common_file("access", "actions.csv"))
    actions = {}
    for row in rows:
        key, zh, en = row.pop("key"), row.pop("zh"), row.pop("en")
        actions[key] = Action(key, zh, en, {role: Scope(word or "-") for role, word in row.items()})
    return actions


ACTIONS = _read()
