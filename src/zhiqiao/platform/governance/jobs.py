"""Background work of governance: clearing what people left behind half-way."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhiqiao.infra.config import config
from zhiqiao.infra.jobs.api import JobContext, job, schedule

SWEEP = "people.sweep"
#: A roster is checked and committed in one sitting.
KEEP_ROSTERS = dt.timedelta(hours=2)
#: No upload takes a day; what is older was left by a server that was stopped in the middle of one.
KEEP_PARTS = dt.timedelta(days=1)


@job(SWEEP)
def sweep(context: JobContext) -> dict[str, object]:
    """Remove rosters nobody committed, parts of uploads, and sessions that have ended: they hold personal data."""
    context.progress(0, 1)
    now = timezone.now()
    folder = config().data / "tmp"
    removed = _remove_older(folder / "rosters", "*", than=now - KEEP_ROSTERS)
    removed += _remove_older(folder, "*.upload*", than=now - KEEP_PARTS)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {"removed": removed}


def _remove_older(folder: Path, pattern: str, *, than: dt.datetime) -> int:
    removed = 0
    for path in folder.glob(pattern):
        if path.is_file() and path.stat().st_mtime < than.timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


schedule(SWEEP, every_seconds=1800, kind=SWEEP)
