"""The one task of django-tasks: start a run. The queue entry is only a ticket; the run is the truth."""

from __future__ import annotations

import threading
from uuid import UUID

from django_tasks import TaskContext, task

from zhiqiao.infra.jobs.execute import execute

#: Set when this process shuts down; running jobs leave at their next safe point.
STOPPING = threading.Event()


@task(takes_context=True)
def start_run(context: TaskContext, run_id: int) -> None:
    """Carry out one attempt of the run in the worker that claimed the ticket."""
    result = context.task_result
    execute(run_id, ticket=UUID(result.id), worker=result.worker_ids[-1], stopping=STOPPING)
