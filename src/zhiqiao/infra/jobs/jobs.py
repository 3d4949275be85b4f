"""Housekeeping of the queue itself."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from zhiqiao.infra.jobs.context import JobContext
from zhiqiao.infra.jobs.models import JobRun, JobState, OutboxEvent, Schedule, WorkerBeat
from zhiqiao.infra.jobs.registry import job, schedule

_KEEP = dt.timedelta(days=30)
#: Runs of each schedule that are kept besides the failed ones: a look each minute would fill the table.
_KEEP_RUNS = 100


@job("jobs.prune")
def prune(context: JobContext) -> dict[str, object]:
    """Remove delivered events after thirty days, beats of workers long gone, and what schedules did well long ago."""
    context.progress(0, 1)
    oldest = timezone.now() - _KEEP
    events, _ = OutboxEvent.objects.filter(delivered_at__lt=oldest).delete()
    beats, _ = WorkerBeat.objects.filter(beat_at__lt=timezone.now() - dt.timedelta(days=1)).delete()
    return {"events": events, "beats": beats, "runs": sum(map(_prune_runs, _plans()))}


def _plans() -> list[str]:
    return list(Schedule.objects.order_by("name").values_list("name", flat=True))


def _prune_runs(plan: str) -> int:
    """Remove the ended runs of a schedule but the newest; failures stay thirty days."""
    ended = JobRun.objects.filter(
        exclusive=f"schedule:{plan}", owner_id=None, finished_at__isnull=False
    ).order_by("-id")
    oldest = timezone.now() - _KEEP
    gone, _ = ended.filter(state=JobState.FAILED, finished_at__lt=oldest).delete()
    well = ended.exclude(state=JobState.FAILED)
    last = well.values_list("id", flat=True)[_KEEP_RUNS : _KEEP_RUNS + 1].first()
    if last is not None:
        gone += well.filter(id__lte=last).delete()[0]
    return gone


schedule("jobs.prune", every_seconds=3_600, kind="jobs.prune")
