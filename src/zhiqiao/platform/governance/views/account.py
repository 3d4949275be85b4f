"""One's own account: profile, roles, notices."""

from __future__ import annotations

import re

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhiqiao.platform.governance.access import action, get_visible
from zhiqiao.platform.governance.actions.account import act_as as act_as_membership
from zhiqiao.platform.governance.actions.account import choose_notices
from zhiqiao.platform.governance.actions.people import change_profile
from zhiqiao.platform.governance.errors import GovernanceError
from zhiqiao.platform.governance.http import ActorRequest
from zhiqiao.platform.governance.models import Membership, NoticeChoice, Role
from zhiqiao.platform.governance.notices import notice_kinds
from zhiqiao.platform.governance.sessions import CHOSEN, current_memberships


class ProfileForm(forms.Form):
    """Name, e-mail and language of the account."""

    display_name = forms.CharField(label=_("姓名"), max_length=100)
    email = forms.EmailField(
        label=_("邮箱"), required=False, help_text=_("可用来登录；配置了邮件服务器时也用来重设密码。")
    )
    language = forms.ChoiceField(label=_("通知语言"), choices=settings.LANGUAGES)


@action("account.manage")
def account(request: ActorRequest) -> HttpResponse:
    """Show and change one's own account."""
    user = request.user
    initial = {"display_name": user.display_name, "email": user.email, "language": user.language}
    form = ProfileForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            change_profile(request.actor, user, **form.cleaned_data)
        except GovernanceError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, gettext("已保存。"))
            return redirect("governance:account")
    page = {
        "form": form,
        "username": user.username,
        "has_totp": is_mfa_enabled(user),
        "has_password": user.has_usable_password(),
        "memberships": _memberships(request),
        "kinds": _choices(request),
        "has_mail": bool(settings.EMAIL_HOST),
    }
    return render(request, "governance/account.html", page)


@action("account.manage")
@require_POST
def act_as(request: ActorRequest) -> HttpResponse:
    """Switch to another of one's own current memberships."""
    number = re.fullmatch(r"[0-9]{1,18}", request.POST.get("membership", ""))
    own = Membership.objects.current(timezone.localdate()).filter(organisation__is_active=True)
    chosen = get_visible(request.actor, "account.manage", own, id=int(number[0]) if number else 0)
    act_as_membership(request.actor, chosen)
    request.session[CHOSEN] = chosen.id
    return redirect(_safe_next(request))


@action("account.manage")
@require_POST
def notice_choices(request: ActorRequest) -> HttpResponse:
    """Choose how kinds of notices reach one."""
    choose_notices(
        request.actor, in_app=request.POST.getlist("in_app"), by_mail=request.POST.getlist("by_mail")
    )
    messages.success(request, gettext("已保存。"))
    return redirect("governance:account")


def _safe_next(request: ActorRequest) -> str:
    # another role may not see the page one came from, so the way leads home unless a page asks otherwise
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else "home"


def _memberships(request: ActorRequest) -> list[dict[str, object]]:
    return [
        {
            "id": row.id,
            "organisation": row.organisation.name,
            "role": Role(row.role).label,
            "starts": row.starts,
            "ends": row.ends,
            "is_current": row.id == request.actor.membership_id,
        }
        for row in current_memberships(request.user.id)
    ]


def _choices(request: ActorRequest) -> list[dict[str, object]]:
    chosen = {row.kind: row for row in NoticeChoice.objects.filter(user_id=request.user.id)}
    return [
        {
            "key": kind.key,
            "label": kind.label,
            "in_app": kind.key not in chosen or chosen[kind.key].in_app,
            "by_mail": kind.key in chosen and chosen[kind.key].by_mail,
        }
        for kind in notice_kinds()
    ]
