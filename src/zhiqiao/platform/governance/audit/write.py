"""Adds entries to the audit trail; every action of every package calls it inside its own transaction."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.audit.seal import GENESIS, digest_of, head_seal, plain
from zhiqiao.platform.governance.models import AuditEvent, AuditHead

#: Entries stay at least this long (网络安全法: network logs six months); nothing deletes any yet.
RETENTION_DAYS = 183


class AuditBrokenError(RuntimeError):
    """Raised when the trail's head is lost or was set back, so that nothing can be chained to it."""


def audit(
    actor: Actor,
    action: str,
    obj: models.Model | tuple[str, object] | None = None,
    *,
    detail: Mapping[str, object] | None = None,
    succeeded: bool = True,
) -> AuditEvent:
    """Add an entry: who did what on what, chained to the entry before.

    `obj` is a row or `(kind, id)`; `detail` names what the event needs and no more (no personal data at length).
    """
    kind, identifier = _name(obj)
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().filter(id=1).first()
        if head is None:
            msg = "the audit trail has lost its head row; restore it from a backup"
            raise AuditBrokenError(msg)
        event = AuditEvent(
            sequence=head.sequence + 1,
            at=timezone.now(),
            action=action,
            actor_id=actor.user_id,
            actor_name=actor.name,
            role=actor.role,
            org_root_id=actor.org_root_id,
            object_kind=kind,
            object_id=identifier,
            succeeded=succeeded,
            address=actor.address,
            detail=plain(detail or {}),
            previous=head.digest or GENESIS,
        )
        event.digest = digest_of(event)
        _add(event)
        head.sequence, head.digest = event.sequence, event.digest
        head.seal = head_seal(head.sequence, head.digest)
        head.save()
    return event


def _add(event: AuditEvent) -> None:
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError as error:
        msg = f"the audit trail has an entry {event.sequence} that its head does not know; verify it"
        raise AuditBrokenError(msg) from error


def audit_head() -> tuple[int, str]:
    """Return the last sequence and digest; kept with a backup, it proves that nothing was cut off since."""
    head = AuditHead.objects.get(id=1)
    return head.sequence, head.digest


def _name(obj: models.Model | tuple[str, object] | None) -> tuple[str, str]:
    match obj:
        case None:
            return "", ""
        case models.Model():
            return obj._meta.label_lower, str(getattr(obj, "uuid", None) or obj.pk)
        case (kind, identifier):
            return kind, str(identifier)
