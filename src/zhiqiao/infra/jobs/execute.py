"""Carries one attempt of a run out and writes down how it ended."""

from __future__ import annotations

import logging
import threading
import traceback
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_noop

from zhiqiao.infra.jobs import queue
from zhiqiao.infra.jobs.context import JobContext
from zhiqiao.infra.jobs.errors import Cancelled, Interrupted, JobFailed, Superseded
from zhiqiao.infra.jobs.models import JobRun, JobState
from zhiqiao.infra.jobs.registry import JOBS, Job

logger = logging.getLogger(__name__)

UNEXPECTED = gettext_noop("发生了意外错误（%(kind)s），已尝试 %(attempts)s 次。请把任务编号告诉系统管理员。")
UNKNOWN = gettext_noop("程序已不再支持这类任务（%(kind)s）。")
_LONGEST_BACKOFF = 300.0


def execute(
    run_id: int, *, ticket: UUID, worker: str, stopping: threading.Event | None = None
) -> JobRun | None:
    """Carry out one attempt of a queued run; None when there was nothing to do."""
    run = queue.begin(run_id, ticket=ticket, worker=worker)
    if run is None:
        return None
    logger.info("run %s (%s) starts, attempt %s", run.uuid, run.kind, run.attempts)
    job = JOBS.get(run.kind)
    if job is None:
        queue.settle(run, JobState.FAILED, error=UNKNOWN, error_values={"kind": run.kind})
        return run
    try:
        result = job.call(JobContext(run, stopping=stopping), run.params) or {}
        DjangoJSONEncoder().encode(result)
    except Cancelled:
        queue.settle(run, JobState.CANCELLED)
    except Interrupted:
        queue.put_back(run, counts=False)
    except Superseded:
        logger.warning("run %s was taken over by another worker; this attempt leaves", run.uuid)
    except JobFailed as error:
        queue.settle(run, JobState.FAILED, error=error.text, error_values=error.values)
    except Exception as error:  # whatever a job raises ends only that job
        _failed_unexpectedly(run, job=job, error=error)
    else:
        queue.settle(run, JobState.SUCCEEDED, result=result, error="", error_values={})
    run.refresh_from_db()
    logger.info("run %s (%s) is %s", run.uuid, run.kind, run.state)
    return run


def _failed_unexpectedly(run: JobRun, *, job: Job, error: Exception) -> None:
    """Try again with a growing delay, or give up; the log keeps code places, never the values of the data."""
    places = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    log = f"{run.log}#{run.attempts} {type(error).__module__}.{type(error).__qualname__}\n{places}\n"
    values = {"kind": type(error).__qualname__, "attempts": run.attempts}
    logger.error("run %s (%s) raised %s\n%s", run.uuid, run.kind, type(error).__qualname__, places)
    if run.attempts < job.attempts:
        delay = min(_LONGEST_BACKOFF, job.backoff_seconds * 2 ** (run.attempts - 1))
        queue.put_back(run, delay_seconds=delay, log=log, error=UNEXPECTED, error_values=values)
    else:
        queue.settle(run, JobState.FAILED, log=log, error=UNEXPECTED, error_values=values)
