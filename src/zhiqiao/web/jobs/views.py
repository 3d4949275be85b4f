"""The list of background work, the page of one run, its progress fragment, its JSON, its cancel button."""

from __future__ import annotations

import datetime as dt
import json
import re
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhiqiao.infra.jobs.api import JobRun, JobState, request_cancel, runs
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can, get_visible, visible

_SHOWN = 100


@action("jobs.read")
@require_safe
def index(request: ActorRequest) -> HttpResponse:
    """List the newest runs one may see."""
    rows = visible(request.actor, "jobs.read", runs()).order_by("-created_at")[:_SHOWN]
    return render(request, "jobs/index.html", {"runs": list(rows), "shown": _SHOWN})


@action("jobs.read")
@require_safe
@never_cache
def run(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one run, live while it goes on."""
    return render(request, "jobs/run.html", _values(request, uuid))


@action("jobs.read")
@require_safe
@never_cache
def progress(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Return the live part of the page; it asks again each second until the run has ended."""
    return render(request, "jobs/_progress.html", _values(request, uuid))


@action("jobs.read")
@require_safe
@never_cache
def run_json(request: ActorRequest, uuid: UUID) -> JsonResponse:
    """Return the state of one run for machines."""
    row = _get(request, uuid)
    names = ("kind", "state", "stage", "done", "total", "attempts", "result", "started_at", "finished_at")
    values = {name: getattr(row, name) for name in names}
    return JsonResponse({"uuid": str(row.uuid), "title": row.title_text, "error": row.error_text, **values})


@action("jobs.cancel")
@require_POST
def cancel(request: ActorRequest, uuid: UUID) -> HttpResponseRedirect:
    """Cancel a run that has not ended."""
    row = get_visible(request.actor, "jobs.cancel", runs(), uuid=uuid)
    if not row.is_finished:
        request_cancel(row)
        audit(request.actor, "jobs.cancelled", obj=("job", row.uuid), detail={"kind": row.kind})
    return redirect("jobs:run", uuid=uuid)


def _get(request: ActorRequest, uuid: UUID) -> JobRun:
    return get_visible(request.actor, "jobs.read", runs(), uuid=uuid)


def _values(request: ActorRequest, uuid: UUID) -> dict[str, object]:
    """Return what the page and its live part show, as plain values."""
    row = _get(request, uuid)
    url = row.result.get("url", "")
    return {
        "run": row,
        "result_url": url if isinstance(url, str) and re.match(r"/(?!/)", url) else "",
        "seconds": _seconds(row, timezone.now()),
        "may_cancel": not row.is_finished and can(request.actor, "jobs.cancel", row),
        "waits_for_key": row.state == JobState.QUEUED and row.ticket is None,
        "result_text": json.dumps(row.result, ensure_ascii=False, indent=2) if row.result else "",
    }


def _seconds(row: JobRun, now: dt.datetime) -> int | None:
    """Return how long the run has taken so far, None before it started."""
    return round(((row.finished_at or now) - row.started_at).total_seconds()) if row.started_at else None
