"""What the database itself refuses of the audit trail, and the first head row of a new one."""

from __future__ import annotations

from zhiqiao.infra.db.frozen import Frozen
from zhiqiao.platform.governance.audit.seal import head_seal
from zhiqiao.platform.governance.models import AuditEvent, AuditHead, User

FROZEN = Frozen(AuditEvent, "audit entries are never changed or removed")


def begin_trail() -> None:
    """Write the head row of a new database.

    Where there are people, somebody removed the trail: a new head would make that look whole.
    """
    if not AuditHead.objects.exists() and not AuditEvent.objects.exists() and not User.objects.exists():
        AuditHead.objects.create(id=1, sequence=0, digest="", seal=head_seal(0, ""))
