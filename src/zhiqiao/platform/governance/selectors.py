"""Reads of governance, always through `visible`; pages and the API get plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhiqiao.infra.config import config
from zhiqiao.platform.governance.access import Actor, can, get_visible, visible
from zhiqiao.platform.governance.actions.grants import may_manage_person
from zhiqiao.platform.governance.directory import in_tree_order
from zhiqiao.platform.governance.models import (
    AuditEvent,
    Invitation,
    Membership,
    Notice,
    Organisation,
    Role,
    User,
)


@dataclass(frozen=True)
class DemoAccount:
    """A demo account as the sign-in page offers it."""

    username: str
    name: str
    role: str
    unit: str


@dataclass(frozen=True)
class DemoGroup:
    """The demo accounts of one organisation."""

    organisation: str
    kind: str
    accounts: list[DemoAccount] = field(default_factory=list)


@dataclass(frozen=True)
class RoleLine:
    """A role a person holds or held, as the person's page shows it."""

    membership_uuid: str
    role: str
    unit: str
    starts: dt.date
    ends: dt.date | None
    is_current: bool
    may_end: bool


@dataclass(frozen=True)
class PersonPage:
    """A person as far as the reader may see them."""

    uuid: str
    name: str
    username: str
    email: str
    is_active: bool
    last_login: dt.datetime | None
    roles: list[RoleLine]
    may_manage: bool


def demo_accounts() -> list[DemoGroup]:
    """Return the demo accounts by organisation; none outside demo mode."""
    if not config().demo:
        return []
    rows = Membership.objects.current(timezone.localdate()).filter(user__is_demo=True, user__is_active=True)
    roots = {unit.id: unit for unit in Organisation.objects.filter(parent=None)}
    groups: dict[int, DemoGroup] = {}
    for row in rows.select_related("user", "organisation").order_by("org_root_id", "id"):
        root = roots[row.org_root_id]
        group = groups.setdefault(root.id, DemoGroup(root.name, root.get_kind_display()))
        label = str(Role(row.role).label)
        group.accounts.append(
            DemoAccount(row.user.username, row.user.display_name, label, row.organisation.name)
        )
    return list(groups.values())


def people(actor: Actor, *, query: str = "", past: bool = False) -> QuerySet[Membership]:
    """Return the roles of the people the actor may see; with `past` also the ended ones."""
    rows = visible(actor, "people.read", Membership.objects.all())
    if not past:
        rows = rows.filter(Q(ends__isnull=True) | Q(ends__gte=timezone.localdate()), user__is_active=True)
    if query:
        rows = rows.filter(
            Q(user__display_name__icontains=query)
            | Q(user__username__icontains=query)
            | Q(organisation__name_zh__icontains=query)
            | Q(organisation__name_en__icontains=query)
        )
    return rows.select_related("user", "organisation").order_by(
        "organisation__path", "role", "user__display_name", "id"
    )


def find_person(actor: Actor, uuid: str, *, action: str = "people.read") -> User:
    """Return a person of whom the actor may see at least one role, else 404."""
    return get_visible(actor, action, Membership.objects.select_related("user"), user__uuid=uuid).user


def person_page(actor: Actor, user: User) -> PersonPage:
    """Return a person with the roles the actor may see; the e-mail only for those who manage the account."""
    today = timezone.localdate()
    may_manage = can(actor, "people.manage") and may_manage_person(actor, user, on=today)
    rows = visible(actor, "people.read", user.memberships.all())
    lines = [
        RoleLine(
            membership_uuid=str(row.uuid),
            role=str(Role(row.role).label),
            unit=row.organisation.name,
            starts=row.starts,
            ends=row.ends,
            is_current=row.ends is None or row.ends >= today,
            may_end=can(actor, "people.manage", row) and row.user_id != actor.user_id,
        )
        for row in rows.select_related("organisation").order_by("-starts", "id")
    ]
    return PersonPage(
        uuid=str(user.uuid),
        name=user.display_name,
        username=user.username,
        email=user.email if may_manage else "",
        is_active=user.is_active,
        last_login=user.last_login if may_manage else None,
        roles=lines,
        may_manage=may_manage,
    )


def open_invitations(actor: Actor) -> list[Invitation]:
    """Return unused joining links that the actor may revoke, the newest first."""
    rows = visible(actor, "people.manage", Invitation.objects.all())
    rows = rows.filter(purpose=Invitation.Purpose.JOIN, used_at__isnull=True, expires_at__gt=timezone.now())
    return list(rows.select_related("organisation").order_by("-created_at"))


def organisations(actor: Actor) -> list[Organisation]:
    """Return the organisations and units the actor may see, in tree order."""
    rows = visible(actor, "organisations.read", Organisation.objects.filter(is_active=True))
    return in_tree_order(list(rows.select_related("parent")))


def units_managed(actor: Actor) -> list[Organisation]:
    """Return the units in which the actor may place people, in tree order."""
    rows = visible(actor, "people.manage", Organisation.objects.filter(is_active=True))
    return in_tree_order(list(rows))


def audit_events(
    actor: Actor,
    *,
    action: str = "",
    person: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
    failed: bool = False,
) -> QuerySet[AuditEvent]:
    """Return audit entries, the newest first; days are whole days of the installation's time zone."""
    rows = visible(actor, "audit.read", AuditEvent.objects.all())
    if action:
        rows = rows.filter(action__startswith=action)
    if person:
        rows = rows.filter(actor_name__icontains=person)
    if since:
        rows = rows.filter(at__date__gte=since)
    if until:
        rows = rows.filter(at__date__lte=until)
    if failed:
        rows = rows.filter(succeeded=False)
    return rows.order_by("-sequence")


def inbox(actor: Actor, *, only_unread: bool = False) -> QuerySet[Notice]:
    """Return the actor's notices, the newest first."""
    rows = visible(actor, "notices.read", Notice.objects.all())
    return (rows.filter(read_at__isnull=True) if only_unread else rows).order_by("-created_at", "-id")
