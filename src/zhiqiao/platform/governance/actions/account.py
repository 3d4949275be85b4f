"""What people settle for themselves: the role they act in, their notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from zhiqiao.platform.governance.access import Actor, visible
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.models import Membership, Notice, NoticeChoice, User
from zhiqiao.platform.governance.notices import notice_kinds


@transaction.atomic
def act_as(actor: Actor, membership: Membership) -> None:
    """Act for another of one's own current memberships from now on."""
    User.objects.filter(id=membership.user_id).update(last_membership=membership)
    detail = {"from": actor.membership_id, "to": membership.id, "role": membership.role}
    audit(actor, "account.role_switched", membership, detail=detail)


@transaction.atomic
def choose_notices(actor: Actor, *, in_app: Iterable[str], by_mail: Iterable[str]) -> None:
    """Set which kinds of notices come in the app and by mail."""
    if actor.user_id is None:
        return
    shown, mailed = set(in_app), set(by_mail)
    for kind in notice_kinds():
        NoticeChoice.objects.update_or_create(
            user_id=actor.user_id,
            kind=kind.key,
            defaults={"in_app": kind.key in shown, "by_mail": kind.key in mailed},
        )


def read_notices(actor: Actor, *, now: dt.datetime, uuid: str | None = None) -> int:
    """Mark one's notices as read, or one of them; returns how many."""
    rows = visible(actor, "notices.read", Notice.objects.filter(read_at__isnull=True))
    return (rows.filter(uuid=uuid) if uuid else rows).update(read_at=now)
