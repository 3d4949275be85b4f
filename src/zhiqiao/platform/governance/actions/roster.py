"""Writing a checked roster: all of its people in one transaction, or none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.actions.grants import grant_role
from zhiqiao.platform.governance.actions.invitations import make_password_link
from zhiqiao.platform.governance.actions.people import create_person
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.errors import Refused
from zhiqiao.platform.governance.roster import Roster, check_roster


@dataclass(frozen=True)
class NewAccount:
    """A person who came in by a roster; `token` sets the password, empty for one who had an account."""

    username: str
    display_name: str
    token: str


@transaction.atomic
def import_roster(actor: Actor, path: Path, *, name: str, now: dt.datetime) -> tuple[NewAccount, ...]:
    """Check the file again and write its people; raise Refused when a row fails, and write nothing then."""
    roster = check_roster(actor, path, name=name, today=timezone.localdate(now))
    if roster.errors or not roster.rows:
        raise Refused(_("名单里还有错误，或没有可导入的人；没有写入任何数据"))
    accounts = _write(actor, roster, now=now)
    audit(actor, "people.imported", detail={"rows": len(accounts)})
    return accounts


def _write(actor: Actor, roster: Roster, *, now: dt.datetime) -> tuple[NewAccount, ...]:
    accounts = []
    for row in roster.rows:
        user = row.known or create_person(
            actor, username=row.username, display_name=row.display_name, email=row.email
        )
        grant_role(
            actor, user, role=row.role, organisation=row.organisation, starts=row.starts, ends=row.ends
        )
        token = "" if row.known else make_password_link(actor, user, now=now)
        accounts.append(NewAccount(user.username, user.display_name, token))
    return tuple(accounts)
