"""The three separate administrators of an installation (三员分立), made once from the command line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.actions.grants import grant_role
from zhiqiao.platform.governance.actions.invitations import make_password_link
from zhiqiao.platform.governance.actions.organisations import create_organisation
from zhiqiao.platform.governance.actions.people import create_person
from zhiqiao.platform.governance.errors import Refused
from zhiqiao.platform.governance.models import Membership, Organisation, OrganisationKind, Role
from zhiqiao.platform.governance.models.organisations import ADMINISTRATORS

OPERATOR_KEY = "operator"


@dataclass(frozen=True)
class AdministratorLink:
    """A new administrator and the secret of the one-time link that sets the password."""

    role: str
    username: str
    token: str


@transaction.atomic
def create_administrators(actor: Actor, *, now: dt.datetime) -> tuple[AdministratorLink, ...]:
    """Make the system, security and audit administrator as three people; raise Refused when one exists."""
    today = timezone.localdate(now)
    if Membership.objects.current(today).filter(role__in=ADMINISTRATORS, user__is_demo=False).exists():
        raise Refused(_("平台管理员已经存在；其他人由安全管理员邀请"))
    operator = Organisation.objects.filter(key=OPERATOR_KEY).first() or create_organisation(
        actor, key=OPERATOR_KEY, kind=OrganisationKind.OPERATOR, name_zh="平台运营", name_en="Platform operation"
    )
    links = []
    for role in ADMINISTRATORS:
        username = str(role).replace("_", "-")
        user = create_person(actor, username=username, display_name=str(Role(role).label))
        grant_role(actor, user, role=role, organisation=operator, starts=today)
        links.append(AdministratorLink(str(role), username, make_password_link(actor, user, now=now)))
    return tuple(links)
