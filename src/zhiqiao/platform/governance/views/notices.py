"""The inbox of notices."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from zhiqiao.platform.governance import selectors
from zhiqiao.platform.governance.access import action, get_visible
from zhiqiao.platform.governance.actions.account import read_notices
from zhiqiao.platform.governance.http import ActorRequest
from zhiqiao.platform.governance.models import Notice
from zhiqiao.platform.governance.notices import render_notice, unread_count
from zhiqiao.platform.governance.views.paging import page_of


@action("notices.read")
@require_safe
def inbox(request: ActorRequest) -> HttpResponse:
    """List one's notices, the newest first."""
    only_unread = request.GET.get("show") == "unread"
    rows, query = page_of(request, selectors.inbox(request.actor, only_unread=only_unread))
    page = {
        "rows": rows,
        "query": query,
        "notices": [render_notice(row) for row in rows],
        "only_unread": only_unread,
        "unread": unread_count(request.user.id),
    }
    return render(request, "governance/notices.html", page)


@action("notices.read")
@require_POST
def read_all(request: ActorRequest) -> HttpResponse:
    """Mark all notices as read."""
    read_notices(request.actor, now=timezone.now())
    return redirect("governance:notices")


@action("notices.read")
@require_POST
def open_notice(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    notice = get_visible(request.actor, "notices.read", Notice.objects.all(), uuid=uuid)
    read_notices(request.actor, now=timezone.now(), uuid=str(uuid))
    # only addresses of this product were written; a leading double slash would leave it
    leads_inside = notice.url.startswith("/") and not notice.url.startswith("//")
    return redirect(notice.url if leads_inside else "governance:notices")
