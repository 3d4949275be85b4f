"""The three separate administrators of an installation (三员分立), made once from the command line."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.infra.config import config
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.actions.grants import grant_role
from zhiqiao.platform.governance.actions.invitations import make_password_link
from zhiqiao.platform.governance.actions.organisations import create_organisation
from zhiqiao.platform.governance.actions.people import create_person
from zhiqiao.platform.governance.errors import Refused
from zhiqiao.platform.governance.models import Membership, Organisation, OrganisationKind, Role
from zhiqiao.platform.governance.models.organisations import ADMINISTRATORS

OPERATOR_KEY = "operator"


class AdministratorLink(NamedTuple):
    """A new administrator and the address of the one-time link that sets the password."""

    role: str
    username: str
    link: str


@transaction.atomic
def create_administrators(
    *,
    system: str = "system-admin",
    security: str = "security-admin",
    audit: str = "audit-admin",
    now: dt.datetime | None = None,
) -> tuple[AdministratorLink, ...]:
    """Make the three administrators as three people with these user names; raise Refused when one exists."""
    actor, now = Actor.system("createadmin"), now or timezone.now()
    today = timezone.localdate(now)
    if Membership.objects.current(today).filter(role__in=ADMINISTRATORS, user__is_demo=False).exists():
        raise Refused(_("平台管理员已经存在；其他人由安全管理员邀请"))
    operator = Organisation.objects.filter(key=OPERATOR_KEY).first() or create_organisation(
        actor,
        key=OPERATOR_KEY,
        kind=OrganisationKind.OPERATOR,
        name_zh="平台运营",
        name_en="Platform operation",
    )
    links = []
    for role, username in zip(ADMINISTRATORS, (system, security, audit), strict=True):
        user = create_person(actor, username=username, display_name=str(Role(role).label))
        grant_role(actor, user, role=role, organisation=operator, starts=today)
        token = make_password_link(actor, user, now=now)
        links.append(AdministratorLink(str(role), user.username, _address(token)))
    return tuple(links)


def _address(token: str) -> str:
    path = reverse("governance:invitation", args=[token])
    return f"{'https' if config().tls else 'http'}://{config().host}:{config().port}{path}"
