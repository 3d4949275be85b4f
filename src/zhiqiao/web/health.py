"""`/healthz`: whether the parts are well, for the start command and for monitors; needs no sign-in."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhiqiao.infra.jobs.api import workers_alive
from zhiqiao.platform.governance.api import public


@public
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Tell version, database, worker and assets; 503 when the database does not answer."""
    database, workers = _database()
    assets = "ok" if Path(str(settings.DJANGO_VITE["default"]["manifest_path"])).exists() else "missing"
    state = {
        "status": "ok" if database == "ok" and workers and assets == "ok" else "degraded",
        "version": settings.VERSION,
        "database": {"state": database, "kind": connection.vendor},
        "worker": {"state": "ok" if workers else "silent", "alive": workers},
        "assets": {"state": assets},
    }
    if database != "ok":
        state["status"] = "down"
    return JsonResponse(state, status=200 if database == "ok" else 503)


def _database() -> tuple[str, int]:
    try:
        return "ok", workers_alive(timezone.now())
    except DatabaseError:
        return "down", 0
