"""Signing in: the page with the demo accounts, the way in by a demo account, one-time links."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from allauth.account.views import password_reset as mailed_reset
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhiqiao.infra.config import config
from zhiqiao.platform.governance.access import public
from zhiqiao.platform.governance.actions.invitations import (
    find_invitation,
    join_as_existing,
    join_as_new,
    set_password_by_link,
)
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.errors import GovernanceError, InvalidLinkError
from zhiqiao.platform.governance.models import Invitation, Role, User
from zhiqiao.platform.governance.selectors import demo_accounts
from zhiqiao.platform.governance.sessions import CHOSEN, address_of, person_of_request

BACKEND = "zhiqiao.platform.governance.signin.SignInBackend"


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth ships no types
    """allauth's form with bounds: databases refuse to compare names of many thousand characters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        for name, most in (("login", 254), ("password", 1024)):
            self.fields[name].validators.append(MaxLengthValidator(most))


class SignIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    """allauth's page, with the demo accounts when there are any to use."""

    def get_context_data(self, **values: Any) -> dict[str, Any]:  # Any: Django's own signature
        """Add the demo accounts."""
        return {**super().get_context_data(**values), "demo_groups": demo_accounts()}


@public
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Enter by a demo account; outside demo mode this page does not exist."""
    if not config().demo:
        raise Http404
    name = request.POST.get("username", "").replace("\x00", "")
    user = User.objects.filter(username=name, is_demo=True, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    request.session.pop(CHOSEN, None)
    audit(person_of_request(request, user), "account.signed_in", user, detail={"demo": True})
    return redirect("home")


@public
def password_reset(request: HttpRequest) -> HttpResponseBase:
    """Reset by mail where a mail server is configured, else say who can hand over a link."""
    if settings.EMAIL_HOST:
        response: HttpResponseBase = mailed_reset(request)
        return response
    return render(request, "account/password_reset_by_hand.html")


@public
def absent(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Be absent."""
    raise Http404


class PasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label=_("新密码"),
        help_text=_("至少 10 个字符，不要太常见，也不要只用数字。"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any] | None:  # Any: Django's own signature
        """Compare the two."""
        values = super().clean() or {}
        if values.get("password") != values.get("again"):
            self.add_error("again", _("两次输入的密码不一样。"))
        return values


class JoinForm(PasswordForm):
    """A new account's name and password."""

    username = forms.CharField(
        label=_("用户名"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    display_name = forms.CharField(label=_("姓名"), max_length=100)
    field_order = ("display_name", "username", "password", "again")


@public
@never_cache
@sensitive_post_parameters("password", "again")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Use a one-time link: join with a new account or the one signed in, or set a new password."""
    try:
        found = find_invitation(token, now=timezone.now())
        if found.purpose == Invitation.Purpose.RESET:
            return _set_password(request, token, found)
        return _join(request, token, found)
    except InvalidLinkError as error:
        return render(request, "account/link_invalid.html", {"reason": str(error)}, status=410)


def _set_password(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            set_password_by_link(
                token, password=form.cleaned_data["password"], address=address_of(request), now=timezone.now()
            )
        except ValidationError as error:
            form.add_error("password", error)
        else:
            return render(request, "account/password_set_done.html")
    username = found.user.username if found.user else ""
    return render(request, "account/link_password.html", {"form": form, "username": username})


def _join(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    user = request.user if isinstance(request.user, User) else None
    form = JoinForm(None if user else request.POST or None, initial={"display_name": found.display_name})
    reason = ""
    if request.method == "POST" and (user or form.is_valid()):
        try:
            if user:
                membership = join_as_existing(token, user, address=address_of(request), now=timezone.now())
                request.session[CHOSEN] = membership.id
            else:
                login(request, _newcomer(request, token, form), backend=BACKEND)
            return redirect("home")
        except ValidationError as error:
            form.add_error("password", error)
        except InvalidLinkError:
            raise
        except GovernanceError as error:
            reason = "" if error.field in form.fields else str(error)
            if not reason:
                form.add_error(error.field, str(error))
    page = {
        "form": form,
        "reason": reason,
        "organisation": found.organisation,
        "role": Role(found.role).label,
        "person": user,
        "login_next": request.path,
    }
    return render(request, "account/link_join.html", page)


def _newcomer(request: HttpRequest, token: str, form: JoinForm) -> User:
    values = form.cleaned_data
    user = join_as_new(
        token,
        username=values["username"],
        password=values["password"],
        display_name=values["display_name"],
        language=translation.get_language(),
        address=address_of(request),
        now=timezone.now(),
    )
    audit(person_of_request(request, user), "account.signed_in", user, detail={"by": "invitation"})
    return user
