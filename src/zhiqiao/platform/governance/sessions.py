"""From a signed-in person and the chosen membership to the actor of a request."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils import timezone, translation

from zhiqiao.infra.config import config
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import Membership, User

CHOSEN = "zq_membership"
SEEN = "zq_seen"
_LONGEST_ADDRESS = 60
#: A session's last use is written at most this often, so that reading pages writes nothing.
SEEN_EVERY = dt.timedelta(minutes=1)


def current_memberships(user_id: int, *, on: dt.date | None = None) -> list[Membership]:
    """Return a person's memberships that hold on a day (today), the oldest first."""
    rows = Membership.objects.current(on or timezone.localdate()).filter(
        user_id=user_id, organisation__is_active=True
    )
    return list(rows.select_related("organisation").order_by("starts", "id"))


def choose(memberships: list[Membership], *, chosen: object, last: int | None) -> Membership | None:
    """Return the membership one acts for: the session's choice, else the last one used, else the first."""
    by_id = {membership.id: membership for membership in memberships}
    for wanted in (chosen, last):
        if isinstance(wanted, int) and wanted in by_id:
            return by_id[wanted]
    return memberships[0] if memberships else None


def actor_for(user: User, membership: Membership, *, language: str = "zh-hans", address: str = "") -> Actor:
    """Return the actor of a person under a membership."""
    organisation = membership.organisation
    return Actor(
        user_id=user.id,
        name=user.display_name or user.username,
        role=membership.role,
        membership_id=membership.id,
        org_id=organisation.id,
        org_path=organisation.path,
        org_root_id=organisation.org_root_id,
        org_kind=organisation.kind,
        language=language,
        address=address,
    )


def actor_of_membership(membership_id: int) -> Actor:
    """Return the actor of a membership, for work that goes on after the request; raises Membership.DoesNotExist."""
    membership = Membership.objects.select_related("user", "organisation").get(pk=membership_id)
    return actor_for(membership.user, membership)


def actor_of_person(person: User | None, *, org_root_id: int | None) -> Actor:
    """Return who asked for work that goes on after the request, as the audit trail names them; nobody is the system.

    Without a role, for what was asked for was permitted when it was asked.
    """
    if person is None:
        return Actor(user_id=None, name="system", role="", org_root_id=org_root_id)
    return Actor(user_id=person.pk, name=str(person), role="", org_root_id=org_root_id)


def actor_of_request(request: HttpRequest) -> Actor | None:
    """Return who acts in a request; None for a stranger and for a person without a current membership."""
    user = request.user
    if not isinstance(user, User):
        return None
    membership = choose(
        current_memberships(user.id), chosen=request.session.get(CHOSEN), last=user.last_membership_id
    )
    if membership is None:
        return None
    return actor_for(user, membership, language=translation.get_language(), address=address_of(request))


def person_of_request(request: HttpRequest, user: User | None = None) -> Actor:
    """Return who signs in or out, before or without a membership; a stranger has no id."""
    name = user.display_name if user else ""
    return Actor(user_id=user.id if user else None, name=name, role="", address=address_of(request))


def address_of(request: HttpRequest) -> str:
    """Return the network address a request came from; of forwarded ones, the one our own proxy saw."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    proxies = config().trusted_proxies
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return seen[-proxies][:_LONGEST_ADDRESS] if 0 < proxies <= len(seen) else direct


def keep_alive(request: HttpRequest, *, now: dt.datetime) -> None:
    """Slide the session's end; the session is written at most once a minute."""
    moment = int(now.timestamp())
    seen = request.session.get(SEEN)
    if not isinstance(seen, int) or moment - seen >= SEEN_EVERY.total_seconds():
        request.session[SEEN] = moment
