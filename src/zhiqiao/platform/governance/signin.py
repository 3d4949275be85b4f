"""Sign-in rules on top of allauth: by invitation only, demo accounts only in demo mode, everything in the audit."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from zhiqiao.infra.config import config
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.models import User
from zhiqiao.platform.governance.sessions import person_of_request


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Knows a person by name or e-mail and password; refuses deactivated people and demo people outside demo mode."""

    def user_can_authenticate(self, user: User) -> bool:
        """Tell whether an account may be used at all; asked at sign-in and again with every request."""
        return user.is_active and (config().demo or not user.is_demo)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """People join by invitation only; sign-ins, failures and sign-outs are audited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Refuse open registration."""
        return False
