"""The editor's page and the addresses that its script talks to: operations, undo and redo, what others changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.apps.teaching import page, selectors
from zhiqiao.apps.teaching.editing import Edited, Editing, changes_since, edit, redo, undo
from zhiqiao.apps.teaching.errors import TeachingError
from zhiqiao.apps.teaching.models import PlanVersion, VersionState
from zhiqiao.apps.teaching.operations import Operation
from zhiqiao.apps.teaching.storing import load
from zhiqiao.engines.kernel import ShapeError, from_json, read_json
from zhiqiao.platform.governance.api import ActorRequest, action, get_visible

__all__ = ["changes", "editor", "operations", "turn"]


@dataclass(frozen=True)
class _Asked:
    """A request of the page: upon what, its token, what is to be done, whether sums and findings are wanted."""

    base: int
    token: str
    operations: tuple[Operation, ...] = ()
    kind: str = ""
    rail: bool = True


@require_GET
@never_cache
@ensure_csrf_cookie
@action("training_plans.edit")
def editor(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show the editor of a draft; a version that is no draft is only read."""
    rows = PlanVersion.objects.select_related("plan", "made_by", "based_on")
    row = get_visible(request.actor, "training_plans.edit", rows, uuid=uuid)
    if row.state != VersionState.DRAFT:
        return redirect("teaching:version", uuid=uuid)
    document = load(row).document
    context = {
        "version": selectors.version(request.actor, row),
        "parts": page.parts_of(document),
        "start": page.start_values(request, row, document),
        "rail": page.rail(request, row, document),
        "points": [one for one in selectors.points(row) if one.done_at is None],
    }
    return render(request, "teaching/editor.html", context)


@require_POST
@action("training_plans.edit")
def operations(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take operations; 409 where one of them met a change of somebody else, with both values."""
    asked = _asked(request)
    if asked is None:
        return JsonResponse({"detail": _("这个请求读不懂；请重新打开页面。")}, status=400)
    try:
        edited = edit(_editing(request, uuid, asked), asked.operations)
    except TeachingError as error:
        return JsonResponse({"detail": str(error)}, status=409)
    return _answer(request, edited, asked)


@require_POST
@action("training_plans.edit")
def turn(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take back the person's last change, or make it again."""
    asked = _asked(request)
    if asked is None or asked.kind not in {"undo", "redo"}:
        return JsonResponse({"detail": _("这个请求读不懂；请重新打开页面。")}, status=400)
    on = _editing(request, uuid, asked)
    try:
        edited = undo(on) if asked.kind == "undo" else redo(on)
    except TeachingError as error:
        return JsonResponse({"detail": str(error)}, status=409)
    return _answer(request, edited, asked)


@require_GET
@never_cache
@action("training_plans.read")
def changes(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Tell what was changed since the page last heard; 204 when nothing was."""
    rows = PlanVersion.objects.select_related("plan")
    row = get_visible(request.actor, "training_plans.read", rows, uuid=uuid)
    since = request.GET.get("since", "")
    if not (since.isascii() and since.isdecimal()):
        raise Http404
    found = changes_since(row, int(since))
    if not found:
        return HttpResponse(status=204)
    edited = Edited(row, load(row).document, (), tuple(found))
    return JsonResponse(page.answer(request, edited, with_rail=True))


def _asked(request: ActorRequest) -> _Asked | None:
    """Read a request; operations one by one, for many of them may name the same row."""
    try:
        body = read_json(request.body.decode())
        wanted = body.pop("operations", []) if isinstance(body, dict) else []
        asked = from_json(_Asked, body)
        UUID(asked.token)
        return replace(asked, operations=tuple(from_json(Operation, one) for one in wanted))
    except (ShapeError, ValueError, TypeError):
        return None


def _editing(request: ActorRequest, uuid: UUID, asked: _Asked) -> Editing:
    return Editing(uuid, request.actor, asked.base, UUID(asked.token), timezone.now())


def _answer(request: ActorRequest, edited: Edited, asked: _Asked) -> HttpResponse:
    status = 409 if any(one.conflict is not None for one in edited.outcomes) else 200
    return JsonResponse(page.answer(request, edited, with_rail=asked.rail), status=status)
