"""Who may do what: one table of actions and roles, one predicate for `can` and `visible`."""

from __future__ import annotations

from zhiqiao.platform.governance.access.actor import Actor
from zhiqiao.platform.governance.access.check import can, get_visible, require, visible
from zhiqiao.platform.governance.access.marks import (
    action,
    declare_api,
    declared_action,
    is_api,
    is_public,
    public,
)
from zhiqiao.platform.governance.access.predicates import Predicate
from zhiqiao.platform.governance.access.redact import redact
from zhiqiao.platform.governance.access.scopes import ScopeFields
from zhiqiao.platform.governance.access.table import ACTIONS, Action, Scope

__all__ = [
    "ACTIONS",
    "Action",
    "Actor",
    "Predicate",
    "Scope",
    "ScopeFields",
    "action",
    "can",
    "declare_api",
    "declared_action",
    "get_visible",
    "is_api",
    "is_public",
    "public",
    "redact",
    "require",
    "visible",
]
