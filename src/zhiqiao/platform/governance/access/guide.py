"""The table of actions and roles as a page of the manual; a test keeps docs/guide/permissions.md equal to it."""

from __future__ import annotations

from django.utils import translation

from zhiqiao.platform.governance.access.grants import ROLE_RULES
from zhiqiao.platform.governance.access.table import ACTIONS, Scope
from zhiqiao.platform.governance.models import OrganisationKind, Role

_SCOPES = {
    Scope.NONE: "–",
    Scope.SELF: "own",
    Scope.UNIT: "unit",
    Scope.ORG: "organisation",
    Scope.REGION: "region",
    Scope.ALL: "all",
}


def permissions_page() -> str:
    """Return the page as Markdown."""
    with translation.override("zh-hans"):
        return "\n".join([*_head(), *_actions(), *_roles()]) + "\n"


def _head() -> list[str]:
    return [
        "# Who may do what",
        "",
        "Written by `permissions_page()` from `packs/common/access/actions.csv` and `roles.csv`;",
        "a test keeps it current.",
        "What the table does not grant is refused, and what one may not see answers 404.",
        "",
        "- own: rows that name the person",
        "- unit: the unit one acts for and the units below it (the organisation where rows have no unit)",
        "- organisation: rows of one's root organisation",
        "- region: rows of one's organisation, and those shared with the region",
        "- all: every row",
        "- a role with a kind of organisation behind it reaches that far in such organisations only",
        "",
    ]


def _actions() -> list[str]:
    lines = ["## Actions", ""]
    for action in ACTIONS.values():
        granted: dict[str, list[str]] = {}
        for role, scope in action.scopes.items():
            if scope is not Scope.NONE:
                granted.setdefault(_SCOPES[scope], []).append(str(Role(role).label))
        for (role, kind), scope in action.by_kind.items():
            told = f"{Role(role).label}（{OrganisationKind(kind).label}）"
            granted.setdefault(_SCOPES[scope], []).append(told)
        lines += [f"### `{action.key}`", "", f"{action.zh} · {action.en}", ""]
        lines += [f"- {scope}: {'、'.join(roles)}" for scope, roles in granted.items()] or ["- nobody"]
        lines.append("")
    return lines


def _roles() -> list[str]:
    lines = ["## Roles", "", "| role | name | exists in | granted by |", "|---|---|---|---|"]
    for rule in ROLE_RULES.values():
        kinds = "、".join(str(OrganisationKind(kind).label) for kind in sorted(rule.kinds))
        granters = "、".join(str(Role(role).label) for role in sorted(rule.granted_by))
        lines.append(f"| `{rule.role}` | {Role(rule.role).label} | {kinds} | {granters} |")
    lines += [
        "",
        "System, security and audit administrator are three different people and hold no other role",
        "(GB/T 22239-2019 8.1.4.2, 三员分立). Nobody grants a role to themselves.",
    ]
    return lines
