"""The style guide: every component with made-up values, labelled as such."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhiqiao.platform.governance.api import ActorRequest, action


@require_safe
@action("styleguide.read")
def page(request: ActorRequest) -> HttpResponse:
    """Show every component."""
    return render(request, "web/styleguide.html", {})
