"""One-time links: joining an organisation in a role, and setting a new password; only the link's hash is stored."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.platform.governance.access import Actor, can
from zhiqiao.platform.governance.actions.grants import (
    check_grant,
    grantable_roles,
    may_manage_person,
    place_person,
)
from zhiqiao.platform.governance.actions.people import create_person
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.errors import InvalidLinkError, Refused
from zhiqiao.platform.governance.models import Invitation, Membership, Organisation, User
from zhiqiao.platform.governance.notices import notify
from zhiqiao.platform.governance.sessions import actor_for, current_memberships

VALID_FOR = dt.timedelta(days=7)


@transaction.atomic
def invite(
    actor: Actor,
    *,
    organisation: Organisation,
    role: str,
    display_name: str,
    email: str = "",
    now: dt.datetime,
) -> tuple[Invitation, str]:
    """Invite somebody into an organisation in a role; returns the invitation and the secret of its link."""
    check_grant(actor, role, organisation)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        token_hash=_hash(token),
        purpose=Invitation.Purpose.JOIN,
        organisation=organisation,
        org_root_id=organisation.org_root_id,
        role=role,
        display_name=display_name.strip(),
        email=email.strip().lower(),
        invited_by_id=actor.user_id,
        expires_at=now + VALID_FOR,
    )
    audit(actor, "people.invited", made, detail={"role": role, "organisation": organisation.key})
    return made, token


@transaction.atomic
def make_password_link(actor: Actor, user: User, *, now: dt.datetime) -> str:
    """Make a one-time link with which a person sets a new password; earlier ones end. Returns its secret."""
    if not may_manage_person(actor, user, on=timezone.localdate(now)):
        raise Refused(_("此人还在您管理范围之外任职，或就是您自己；请联系安全管理员"))
    user.invitations.filter(purpose=Invitation.Purpose.RESET, used_at__isnull=True).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        token_hash=_hash(token),
        purpose=Invitation.Purpose.RESET,
        user=user,
        org_root_id=actor.org_root_id or 0,
        invited_by_id=actor.user_id,
        expires_at=now + VALID_FOR,
    )
    audit(actor, "people.password_link_made", made, detail={"user": user.id})
    return token


@transaction.atomic
def revoke_invitation(actor: Actor, invitation: Invitation, *, now: dt.datetime) -> None:
    """End an unused link."""
    if not can(actor, "people.manage", invitation):
        raise Refused(_("您不能撤回这个邀请"))
    if _is_open(invitation, now):
        Invitation.objects.filter(id=invitation.id, used_at__isnull=True).update(expires_at=now)
        audit(actor, "people.invitation_revoked", invitation)


def find_invitation(token: str, *, now: dt.datetime) -> Invitation:
    """Return the open invitation of a link; raise InvalidLinkError when there is none."""
    rows = Invitation.objects.select_related("organisation", "user", "invited_by")
    found = rows.filter(token_hash=_hash(token)).first()
    if found is None or not _is_open(found, now):
        raise InvalidLinkError
    return found


@transaction.atomic
def join_as_new(
    token: str,
    *,
    username: str,
    password: str,
    display_name: str,
    language: str,
    address: str,
    now: dt.datetime,
) -> User:
    """Use a joining link to make an account with the invited role."""
    invitation = _take(token, Invitation.Purpose.JOIN, now=now)
    validate_password(password, User(username=username, display_name=display_name, email=invitation.email))
    newcomer = Actor(user_id=None, name=display_name, role="", address=address)
    user = create_person(
        newcomer,
        username=username,
        display_name=display_name,
        email=invitation.email,
        password=password,
        language=language,
    )
    _join(invitation, user, address=address, now=now)
    return user


@transaction.atomic
def join_as_existing(token: str, user: User, *, address: str, now: dt.datetime) -> Membership:
    """Use a joining link to add the invited role to the account of the person who is signed in."""
    invitation = _take(token, Invitation.Purpose.JOIN, now=now)
    return _join(invitation, user, address=address, now=now)


@transaction.atomic
def set_password_by_link(token: str, *, password: str, address: str, now: dt.datetime) -> User:
    """Use a password link; every session of the account ends."""
    invitation = _take(token, Invitation.Purpose.RESET, now=now)
    user = invitation.user
    if user is None or not user.is_active:
        raise InvalidLinkError
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    actor = Actor(user_id=user.id, name=user.display_name, role="", address=address)
    audit(actor, "account.password_set_by_link", user)
    return user


def _join(invitation: Invitation, user: User, *, address: str, now: dt.datetime) -> Membership:
    organisation = invitation.organisation
    if organisation is None:
        raise InvalidLinkError
    if user.id == invitation.invited_by_id:
        raise Refused(_("不能给自己授予角色"), field="role")
    actor = Actor(user_id=user.id, name=user.display_name, role="", address=address)
    membership = place_person(
        actor, user, role=invitation.role, organisation=organisation, starts=timezone.localdate(now)
    )
    Invitation.objects.filter(id=invitation.id).update(user=user)
    audit(
        actor, "people.joined", invitation, detail={"user": user.id, "invited_by": invitation.invited_by_id}
    )
    if invitation.invited_by_id is not None:
        names = {"zh": organisation.name_zh, "en": organisation.name_en}
        values: dict[str, object] = {"name": user.display_name, "organisation": names}
        notify([invitation.invited_by_id], "people.joined", values=values)
    return membership


def _take(token: str, purpose: str, *, now: dt.datetime) -> Invitation:
    """Mark the link as used; of two people who use it in the same moment the database lets one through."""
    invitation = find_invitation(token, now=now)
    if invitation.purpose != purpose or not _still_backed(invitation, now=now):
        raise InvalidLinkError
    unused = Invitation.objects.filter(id=invitation.id, used_at__isnull=True, expires_at__gt=now)
    if unused.update(used_at=now) != 1:
        raise InvalidLinkError
    return invitation


def _still_backed(invitation: Invitation, *, now: dt.datetime) -> bool:
    """Tell whether who made the link could make it today: a dismissed administrator leaves no way in behind."""
    inviter = invitation.invited_by
    if inviter is None:
        return True  # made from the command line
    if not inviter.is_active:
        return False
    today = timezone.localdate(now)
    acting = [actor_for(inviter, membership) for membership in current_memberships(inviter.id, on=today)]
    if invitation.user is not None:
        return any(may_manage_person(actor, invitation.user, on=today) for actor in acting)
    place = invitation.organisation
    return (
        place is not None
        and place.is_active
        and any(invitation.role in grantable_roles(actor, place) for actor in acting)
    )


def _is_open(invitation: Invitation, now: dt.datetime) -> bool:
    return invitation.used_at is None and invitation.expires_at > now


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
