"""Rows of governance; other packages use `zhiqiao.platform.governance.api`, never these."""

from __future__ import annotations

from zhiqiao.platform.governance.models.audit import AuditEvent, AuditHead
from zhiqiao.platform.governance.models.notices import Notice, NoticeChoice
from zhiqiao.platform.governance.models.organisations import (
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    UnitKind,
)
from zhiqiao.platform.governance.models.people import Invitation, User

__all__ = [
    "AuditEvent",
    "AuditHead",
    "Invitation",
    "Membership",
    "Notice",
    "NoticeChoice",
    "Organisation",
    "OrganisationKind",
    "Role",
    "UnitKind",
    "User",
]
