"""Puts the acting person on the request and refuses every view that declares no action."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from zhiqiao.infra.config import config
from zhiqiao.platform.governance.access import Actor, can, declared_action, is_api, is_public
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.models.organisations import ADMINISTRATORS
from zhiqiao.platform.governance.sessions import actor_of_request, keep_alive

log = logging.getLogger(__name__)


class ActorMiddleware:
    """Default deny: a view runs when it is public, or when the actor's role may do the action it declares."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request on behalf of `request.actor`."""
        if request.user.is_authenticated:
            keep_alive(request, now=timezone.now())
        elif SESSION_KEY in request.session:
            # the account was deactivated, or is a demo account and demo mode was switched off
            request.session.flush()
        request.actor = actor_of_request(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.user.is_authenticated:
            # schools share computers: no page of a person stays in a browser's or proxy's store
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponse | None:  # Any: a view of any kind
        """Let the view run, or answer in its place."""
        if is_public(view):
            return None
        action = declared_action(view, request.method or "GET")
        if action is None:
            log.error(
                "refused: the view %s of %s declares no action", getattr(view, "__name__", view), request.path
            )
            raise Http404
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is None:
            return _without_membership(request, view)
        if not can(actor, action):
            detail = {"action": action, "path": request.path[:200]}
            audit(actor, "access.refused", detail=detail, succeeded=False)
            return _not_there(view)
        if action != "account.manage" and needs_totp(request, actor):
            return _ask_for_totp(request, view)
        return None


def needs_totp(request: HttpRequest, actor: Actor) -> bool:
    """Tell whether the person must set up one-time codes first (GB/T 22239-2019 8.1.4.1 d)."""
    required = config().require_admin_totp and not config().demo and actor.role in ADMINISTRATORS
    return required and not is_mfa_enabled(request.user)


def _not_there(view: object) -> HttpResponse:
    if is_api(view):
        return JsonResponse({"detail": "Not Found"}, status=404)
    raise Http404


def _ask_for_totp(request: HttpRequest, view: object) -> HttpResponse:
    if is_api(view):
        return JsonResponse({"detail": "one-time codes must be set up first"}, status=403)
    messages.warning(request, gettext("平台管理员要先启用一次性验证码，才能打开其他页面。"))
    return redirect("mfa_index")


def _without_membership(request: HttpRequest, view: object) -> HttpResponse | None:
    if is_api(view):
        return None  # the API answers 401 by itself
    if not request.user.is_authenticated:
        raise Http404  # LoginRequiredMiddleware has sent strangers to the sign-in page; this is the second lock
    return render(request, "governance/no_membership.html", status=403)
