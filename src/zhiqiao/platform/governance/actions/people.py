"""Accounts: making, deactivating, reactivating; a person is never deleted while records name them."""

from __future__ import annotations

import datetime as dt
import re

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.infra.config import config
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.actions.grants import may_manage_person
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.errors import Refused
from zhiqiao.platform.governance.models import User

_USERNAME = re.compile(r"[\w.@+-]{2,150}")


def check_username(username: str) -> str:
    """Return a sign-in name as it is stored (lower case); raise Refused for one that can not be."""
    name = User.normalize_username(username.strip()).lower()
    if not _USERNAME.fullmatch(name):
        raise Refused(_("用户名须为 2 至 150 个字母、数字或 . @ + - _"), field="username")
    return name


def check_free(*, username: str = "", email: str = "", besides: int | None = None) -> None:
    """Raise Refused when somebody else has the sign-in name or the e-mail (also as the other of the two)."""
    others = User.objects.exclude(id=besides) if besides else User.objects.all()
    if username and (
        others.filter(username__iexact=username).exists() or others.filter(email__iexact=username).exists()
    ):
        raise Refused(_("用户名已被使用"), field="username")
    if email and (
        others.filter(email__iexact=email).exists() or others.filter(username__iexact=email).exists()
    ):
        raise Refused(_("邮箱已被使用"), field="email")


@transaction.atomic
def create_person(
    actor: Actor,
    *,
    username: str,
    display_name: str,
    email: str = "",
    password: str | None = None,
    language: str = "zh-hans",
    is_demo: bool = False,
) -> User:
    """Make an account; without a password only a one-time link opens it. Demo accounts exist in demo mode only."""
    if is_demo and not config().demo:
        raise Refused(_("演示账号只能在演示模式下建立"))
    name = check_username(username)
    check_free(username=name, email=email)
    if not display_name.strip():
        raise Refused(_("请填写姓名"), field="display_name")
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                name,
                password=password,
                display_name=display_name.strip(),
                email=email.strip().lower(),
                language=language,
                is_demo=is_demo,
            )
    except IntegrityError as error:
        raise Refused(_("用户名或邮箱已被使用"), field="username") from error
    audit(actor, "people.created", user, detail={"user": user.id})
    return user


@transaction.atomic
def deactivate(actor: Actor, user: User, *, now: dt.datetime) -> None:
    """Close an account: its sessions end with their next request, its records stay."""
    _check_manages(actor, user, now=now)
    user.is_active, user.deactivated_at = False, now
    user.save(update_fields=["is_active", "deactivated_at", "updated_at"])
    user.invitations.filter(used_at__isnull=True).update(expires_at=now)
    audit(actor, "people.deactivated", user, detail={"user": user.id})


@transaction.atomic
def reactivate(actor: Actor, user: User, *, now: dt.datetime) -> None:
    """Open a closed account again."""
    _check_manages(actor, user, now=now)
    user.is_active, user.deactivated_at = True, None
    user.save(update_fields=["is_active", "deactivated_at", "updated_at"])
    audit(actor, "people.reactivated", user, detail={"user": user.id})


@transaction.atomic
def change_profile(actor: Actor, user: User, *, display_name: str, email: str, language: str) -> None:
    """Change one's own name, e-mail and language."""
    if user.id != actor.user_id:
        raise Refused(_("只能修改自己的资料"))
    if not display_name.strip():
        raise Refused(_("请填写姓名"), field="display_name")
    check_free(email=email.strip(), besides=user.id)
    new = {"display_name": display_name.strip(), "email": email.strip().lower(), "language": language}
    changed = [name for name, value in new.items() if getattr(user, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(user, name, new[name])
    user.save(update_fields=[*changed, "updated_at"])
    audit(actor, "account.changed", user, detail={"fields": changed})


def _check_manages(actor: Actor, user: User, *, now: dt.datetime) -> None:
    if not may_manage_person(actor, user, on=timezone.localdate(now)):
        raise Refused(_("此人还在您管理范围之外任职，或就是您自己；请联系安全管理员"))
