"""The directory of organisations."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhiqiao.platform.governance import selectors
from zhiqiao.platform.governance.access import action
from zhiqiao.platform.governance.http import ActorRequest


@action("organisations.read")
@require_safe
def directory(request: ActorRequest) -> HttpResponse:
    """Show the organisations by kind, each with its units."""
    return render(request, "governance/organisations.html", {"groups": selectors.directory(request.actor)})
