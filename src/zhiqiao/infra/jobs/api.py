"""Front door of background work: declare jobs, queue them, publish events."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiqiao.infra.jobs.context import JobContext
from zhiqiao.infra.jobs.errors import Cancelled, JobError, JobFailed, UnknownJob
from zhiqiao.infra.jobs.liveness import workers_alive
from zhiqiao.infra.jobs.models import JobRun, JobState
from zhiqiao.infra.jobs.outbox import publish
from zhiqiao.infra.jobs.queue import enqueue, request_cancel
from zhiqiao.infra.jobs.registry import job, schedule, subscribe
from zhiqiao.infra.jobs.worker import run_waiting

__all__ = [
    "Cancelled",
    "JobContext",
    "JobError",
    "JobFailed",
    "JobRun",
    "JobState",
    "UnknownJob",
    "enqueue",
    "job",
    "publish",
    "request_cancel",
    "run_waiting",
    "runs",
    "schedule",
    "subscribe",
    "workers_alive",
]


def runs() -> QuerySet[JobRun]:
    """Return all runs, for the caller to narrow by permission."""
    return JobRun.objects.all()
