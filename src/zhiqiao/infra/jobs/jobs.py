"""Housekeeping of the queue itself."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from zhiqiao.infra.jobs.context import JobContext
from zhiqiao.infra.jobs.models import OutboxEvent, WorkerBeat
from zhiqiao.infra.jobs.registry import job, schedule

_KEEP = dt.timedelta(days=30)


@job("jobs.prune")
def prune(context: JobContext) -> dict[str, object]:
    """Remove delivered events after thirty days and beats of workers long gone."""
    context.progress(0, 1)
    oldest = timezone.now() - _KEEP
    events, _ = OutboxEvent.objects.filter(delivered_at__lt=oldest).delete()
    beats, _ = WorkerBeat.objects.filter(beat_at__lt=timezone.now() - dt.timedelta(days=1)).delete()
    return {"events": events, "beats": beats}


schedule("jobs.prune", every_seconds=86_400, kind="jobs.prune")
