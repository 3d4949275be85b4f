"""What other packages may use of governance: permission, audit, notices, people and organisations."""

from __future__ import annotations

from zhiqiao.platform.governance.access import (
    ACTIONS,
    Action,
    Actor,
    Scope,
    ScopeFields,
    action,
    can,
    get_visible,
    public,
    require,
    visible,
)
from zhiqiao.platform.governance.audit import audit, audit_head, verify_audit
from zhiqiao.platform.governance.http import ActorRequest
from zhiqiao.platform.governance.models import (
    AuditEvent,
    Invitation,
    Membership,
    Notice,
    Organisation,
    OrganisationKind,
    Role,
    UnitKind,
    User,
)
from zhiqiao.platform.governance.notices import notify, register_notice_kind, unread_count
from zhiqiao.platform.governance.sessions import actor_for, current_memberships

__all__ = [
    "ACTIONS",
    "Action",
    "Actor",
    "ActorRequest",
    "AuditEvent",
    "Invitation",
    "Membership",
    "Notice",
    "Organisation",
    "OrganisationKind",
    "Role",
    "Scope",
    "ScopeFields",
    "UnitKind",
    "User",
    "action",
    "actor_for",
    "audit",
    "audit_head",
    "can",
    "current_memberships",
    "get_visible",
    "notify",
    "public",
    "register_notice_kind",
    "require",
    "unread_count",
    "verify_audit",
    "visible",
]
