"""What every page's shell needs: navigation of the acting role, unread notices, languages, demo mark."""

from __future__ import annotations

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the shell's values; filled by the shell's own package."""
    return {"actor": getattr(request, "actor", None)}
