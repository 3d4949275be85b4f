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
from zhiqiao.platform.governance.actions.administrators import create_administrators
from zhiqiao.platform.governance.actions.grants import grant_role
from zhiqiao.platform.governance.actions.organisations import create_organisation
from zhiqiao.platform.governance.actions.people import create_person
from zhiqiao.platform.governance.audit import audit, audit_head, verify_audit
from zhiqiao.platform.governance.errors import GovernanceError, Refused
from zhiqiao.platform.governance.http import ActorRequest, api_actor
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
from zhiqiao.platform.governance.region import demo_actor, load_demo_people, load_organisations
from zhiqiao.platform.governance.sessions import (
    actor_for,
    actor_of_membership,
    actor_of_person,
    address_of,
    current_memberships,
)
from zhiqiao.platform.governance.units import register_unit_hold

__all__ = [
    "ACTIONS",
    "Action",
    "Actor",
    "ActorRequest",
    "AuditEvent",
    "GovernanceError",
    "Invitation",
    "Membership",
    "Notice",
    "Organisation",
    "OrganisationKind",
    "Refused",
    "Role",
    "Scope",
    "ScopeFields",
    "UnitKind",
    "User",
    "action",
    "actor_for",
    "actor_of_membership",
    "actor_of_person",
    "address_of",
    "api_actor",
    "audit",
    "audit_head",
    "can",
    "create_administrators",
    "create_organisation",
    "create_person",
    "current_memberships",
    "demo_actor",
    "get_visible",
    "grant_role",
    "load_demo_people",
    "load_organisations",
    "notify",
    "public",
    "register_notice_kind",
    "register_unit_hold",
    "require",
    "unread_count",
    "verify_audit",
    "visible",
]
