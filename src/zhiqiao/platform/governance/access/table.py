"""The table of actions and roles, read from packs/common/access/actions.csv."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """One thing a person can do: its key, a sentence in both languages, and its scope per role.

    A role that exists in several kinds of organisation may reach further in some of them: `by_kind`.
    """

    key: str
    zh: str
    en: str
    scopes: dict[str, Scope]
    by_kind: dict[tuple[str, str], Scope] = field(default_factory=dict)

    def scope_of(self, role: str, kind: str = "") -> Scope:
        """Return the scope a role has in a kind of organisation; a role not named has none (default deny)."""
        if role == "system":
            return Scope.ALL
        return self.by_kind.get((role, kind)) or self.scopes.get(role, Scope.NONE)


def _read() -> dict[str, Action]:
    rows = read_rows(common_file("access", "actions.csv"))
    actions = {}
    for row in rows:
        key, zh, en = row.pop("key"), row.pop("zh"), row.pop("en")
        scopes: dict[str, Scope] = {}
        by_kind: dict[tuple[str, str], Scope] = {}
        for role, cell in row.items():
            word, *others = cell.split("|")
            scopes[role] = Scope(word or "-")
            for kind, _equals, other in (item.partition("=") for item in others):
                by_kind[role, kind] = Scope(other)
        actions[key] = Action(key, zh, en, scopes, by_kind)
    return actions


ACTIONS = _read()
