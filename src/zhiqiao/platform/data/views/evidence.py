"""The evidence drawer: one hop, as a fragment in the drawer or as a page of its own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhiqiao.platform.data.evidence import label_of, resolve
from zhiqiao.platform.governance.api import ActorRequest, action


@require_GET
@action("evidence.read")
def evidence(request: ActorRequest, kind: str, uuid: UUID) -> HttpResponse:
    """Show what a figure or thing rests on; `?recompute=1` computes a stored figure anew and compares."""
    hop = resolve(request.actor, kind, uuid)
    # a template would call `hop.recompute` only to ask whether it is there
    can_recompute = hop.recompute is not None
    context: dict[str, object] = {"hop": hop, "kind_label": label_of(kind), "can_recompute": can_recompute}
    if hop.recompute is not None and "recompute" in request.GET:
        found = hop.recompute()
        context |= {"recomputed": found, "agrees": found == hop.value}
    part = request.headers.get("HX-Request") == "true"
    return render(request, "data/_evidence.html" if part else "data/evidence.html", context)
