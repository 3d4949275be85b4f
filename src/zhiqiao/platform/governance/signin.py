"""Sign-in rules on top of allauth: by invitation only, demo accounts only in demo mode, everything in the audit."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.config import config
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.models import User
from zhiqiao.platform.governance.sessions import person_of_request


def may_sign_in(user: User) -> bool:
    """Tell whether an account may be used: not deactivated, and a demo account only in demo mode."""
    return user.is_active and (config().demo or not user.is_demo)


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Knows a person by name or e-mail and password; asked again with every request."""

    def user_can_authenticate(self, user: User) -> bool:
        """Tell whether an account may be used at all."""
        return may_sign_in(user)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """People join by invitation only; sign-ins, failures and sign-outs are audited."""

    error_messages: ClassVar[dict[str, object]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("这个账号已停用。"),
        "email_password_mismatch": _("用户名、邮箱或密码不正确。"),
        "username_password_mismatch": _("用户名、邮箱或密码不正确。"),
        "enter_current_password": _("当前密码不正确。"),
        "incorrect_password": _("密码不正确。"),
        "incorrect_code": _("验证码不正确。"),
        "invalid_login": _("用户名、邮箱或密码不正确。"),
        "invalid_password_reset": _("这个重设密码的链接无效或已过期。"),
        "too_many_login_attempts": _("失败次数过多，账号已锁定，请十五分钟后再试。"),
        "unknown_email": _("没有使用这个邮箱的账号。"),
        "rate_limited": _("操作过于频繁，请稍后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Refuse open registration."""
        return False

    def _get_login_attempts_cache_key(
        self, request: HttpRequest, **credentials: Any
    ) -> str:  # Any: see above
        """Count failures per person, whether they typed the name or the e-mail."""
        known = _named(credentials)
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"person:{known.id}" if known else key

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # Any: allauth's signature
        """Count the attempt; a locked account leaves a trace."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            audit(person_of_request(request), "account.sign_in_locked", _named(credentials), succeeded=False)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # Any: see above
        """Record a wrong password; what was typed is not kept, people type passwords into the wrong box."""
        audit(person_of_request(request), "account.signed_in", _named(credentials), succeeded=False)

    def pre_login(
        self, request: HttpRequest, user: User, **kwargs: Any
    ) -> HttpResponse | None:  # Any: see above
        """Stop people who may not sign in although the password is right."""
        if not may_sign_in(user):
            audit(person_of_request(request, user), "account.signed_in", user, succeeded=False)
            return redirect("account_inactive")
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in and record it."""
        super().login(request, user)
        audit(person_of_request(request, user), "account.signed_in", user)

    def logout(self, request: HttpRequest) -> None:
        """Record the sign-out and sign out."""
        if isinstance(request.user, User):
            audit(person_of_request(request, request.user), "account.signed_out", request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """Set a password and record that it changed."""
        super().set_password(user, password)
        audit(person_of_request(context.request, user), "account.password_changed", user)

    def send_notification_mail(
        self, template_prefix: str, user: User, *_: Any, **__: Any
    ) -> None:  # Any: see above
        """Record a change of one-time codes in the audit in place of a mail; the rest has its entry already."""
        if not template_prefix.startswith("mfa/"):
            return
        audit(person_of_request(self.request, user), f"account.{template_prefix.rsplit('/', 1)[-1]}", user)

    def add_message(
        self, request: HttpRequest, level: int, *args: Any, **kwargs: Any
    ) -> None:  # Any: see above
        """Stay silent: our pages say themselves what happened, in our words."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Wording of one-time codes; switching them on and off is audited by the account adapter."""

    error_messages: ClassVar[dict[str, object]] = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("不能停用一次性验证码。"),
        "cannot_generate_recovery_codes": _("请先启用一次性验证码，再生成恢复码。"),
        "incorrect_code": _("验证码不正确。"),
        "rate_limited": _("操作过于频繁，请稍后再试。"),
    }


def _named(credentials: dict[str, Any]) -> User | None:  # Any: allauth's signature
    name = str(credentials.get("username") or credentials.get("email") or "")
    if not name:
        return None
    return User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name)).order_by("id").first()
