"""Roles: granting, ending, and the rules on who may hold and who may give them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from zhiqiao.platform.governance.access import Actor, can
from zhiqiao.platform.governance.access.grants import ROLE_RULES, roles_granted_by
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.errors import Refused
from zhiqiao.platform.governance.models import Membership, Organisation, Role, User
from zhiqiao.platform.governance.models.organisations import ADMINISTRATORS
from zhiqiao.platform.governance.notices import notify


def standing(user: User, *, on: dt.date) -> list[Membership]:
    """Return the memberships of a person that hold on a day or will hold later."""
    rows = user.memberships.filter(Q(ends__isnull=True) | Q(ends__gte=on))
    return list(rows.select_related("organisation").order_by("id"))


def grantable_roles(actor: Actor, organisation: Organisation) -> tuple[str, ...]:
    """Return the roles an actor may grant in an organisation."""
    if not can(actor, "people.manage", organisation):
        return ()
    return roles_granted_by(actor.role, organisation.kind)


def check_grant(actor: Actor, role: str, organisation: Organisation) -> None:
    """Raise Refused unless the actor may grant the role there and the role exists there."""
    rule = ROLE_RULES.get(role)
    if rule is None:
        raise Refused(_("没有这个角色：%(role)s") % {"role": role}, field="role")
    if organisation.kind not in rule.kinds:
        raise Refused(_("“%(role)s”不能设在这类机构中") % {"role": Role(role).label}, field="role")
    if not organisation.is_active:
        raise Refused(_("“%(name)s”已停用") % {"name": organisation.name}, field="organisation")
    if role not in grantable_roles(actor, organisation):
        raise Refused(_("您不能在该机构授予“%(role)s”") % {"role": Role(role).label}, field="role")


def check_separation(role: str, others: Iterable[str]) -> None:
    """Raise Refused when the three administrators would meet each other or a business role (三员分立)."""
    held = set(others)
    if role in ADMINISTRATORS and held - {role}:
        raise Refused(_("系统、安全、审计管理员须由不同的人担任，也不能兼任业务角色"), field="role")
    if held & set(ADMINISTRATORS) - {role}:
        raise Refused(_("此人是平台管理员，不能再担任其他角色"), field="role")


def may_manage_person(actor: Actor, user: User, *, on: dt.date) -> bool:
    """Tell whether the actor may act on a person's account: only over every role the person holds."""
    if user.id == actor.user_id:
        return False
    held = standing(user, on=on)
    if not held:
        return actor.is_system or actor.role == Role.SECURITY_ADMIN
    return all(membership.role in grantable_roles(actor, membership.organisation) for membership in held)


@transaction.atomic
def grant_role(
    actor: Actor,
    user: User,
    *,
    role: str,
    organisation: Organisation,
    starts: dt.date,
    ends: dt.date | None = None,
) -> Membership:
    """Give a person a role in an organisation; nobody gives one to themselves."""
    if user.id == actor.user_id:
        raise Refused(_("不能给自己授予角色"), field="role")
    check_grant(actor, role, organisation)
    return place_person(actor, user, role=role, organisation=organisation, starts=starts, ends=ends)


@transaction.atomic
def place_person(
    actor: Actor,
    user: User,
    *,
    role: str,
    organisation: Organisation,
    starts: dt.date,
    ends: dt.date | None = None,
) -> Membership:
    """Write a membership whose grant was checked before (by `grant_role`, or when its invitation was made)."""
    if ends is not None and ends < starts:
        raise Refused(_("结束日期早于起始日期"), field="ends")
    locked = User.objects.select_for_update().get(id=user.id)  # two grants at once must see each other
    place = Organisation.objects.select_for_update(no_key=True).get(id=organisation.id)
    if not place.is_active:  # locked, so that nobody closes it meanwhile
        raise Refused(_("“%(name)s”已停用") % {"name": place.name}, field="organisation")
    check_separation(role, (membership.role for membership in standing(locked, on=starts)))
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user,
                organisation=organisation,
                org_root_id=organisation.org_root_id,
                role=role,
                starts=starts,
                ends=ends,
            )
    except IntegrityError as error:
        raise Refused(_("此人已有这个角色"), field="role") from error
    audit(
        actor,
        "people.role_granted",
        membership,
        detail={"user": user.id, "role": role, "organisation": organisation.key, "ends": ends},
    )
    if user.id != actor.user_id:
        names = {"zh": organisation.name_zh, "en": organisation.name_en}
        notify([user.id], "people.role_granted", values={"organisation": names})
    return membership


@transaction.atomic
def end_membership(actor: Actor, membership: Membership, *, on: dt.date) -> None:
    """End a role after `on`; one that begins later than that ends before it began and never holds again."""
    if membership.user_id == actor.user_id:
        raise Refused(_("不能结束自己的角色"))
    if membership.role not in grantable_roles(actor, membership.organisation):
        raise Refused(_("您不能结束这个角色"))
    membership.ends = on
    membership.save(update_fields=["ends", "updated_at"])
    detail = {"user": membership.user_id, "role": membership.role, "ends": membership.ends}
    audit(actor, "people.role_ended", membership, detail=detail)
