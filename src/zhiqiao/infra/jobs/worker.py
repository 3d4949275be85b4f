"""The worker process: claims tickets of django-tasks one by one, beats, keeps the queue tidy."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import connection, transaction
from django.db.utils import Error as DatabaseFault
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TicketWorker
from django_tasks_db.models import DBTaskResult

from zhiqiao.infra.jobs import liveness, outbox, queue, schedules
from zhiqiao.infra.jobs.models import JobRun, JobState
from zhiqiao.infra.jobs.tickets import STOPPING, start_run

#: Any: start_run takes a run and gives nothing back, which the base does not know.
Ticket = DBTaskResult[Any, Any]
logger = logging.getLogger(__name__)

#: Seconds between two looks into an empty queue: the pick-up latency.
_POLL_SECONDS = 0.5


class Worker(TicketWorker):
    """Runs queued work until it is told to stop; any number of them may run at once."""

    def __init__(self, *, name: str = "", stopping: threading.Event | None = None) -> None:
        super().__init__(
            queue_names=["default"],
            interval=_POLL_SECONDS,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name or f"worker-{os.getpid()}-{get_random_string(8)}",
            excluded_queue_names=[],
        )
        self.stopping = stopping or STOPPING
        logging.getLogger("django_tasks").setLevel(logging.WARNING)  # tickets are no news, runs are

    def shutdown(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Stop at the next safe point; a second signal stops at once."""
        if self.stopping.is_set():
            os._exit(1)
        logger.info("%s: stopping", signal.strsignal(signum))
        self.stopping.set()

    def run(self) -> None:
        """Work until stopped."""
        schedules.sync_schedules()
        liveness.beat(self.worker_id)
        every = max(0.5, queue.lease().total_seconds() / 3)
        threads = [
            _Periodic("heartbeat", self._heartbeat, seconds=every, stopping=self.stopping),
            _Periodic("errands", self._errands, seconds=1.0, stopping=self.stopping),
        ]
        for thread in threads:
            thread.start()
        logger.info("%s works", self.worker_id)
        try:
            while not self.stopping.is_set():
                if not self.run_next():
                    self.stopping.wait(self.interval)
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join(timeout=2)
            liveness.farewell(self.worker_id)

    def run_next(self) -> bool:
        """Claim and carry out one ticket; False when none is ready."""
        try:
            ticket = self._claim()
        except DatabaseFault:
            logger.exception("the database does not answer; trying again")
            connection.close()
            self.stopping.wait(1.0)
            return False
        if ticket is None:
            return False
        self.run_task(ticket)
        if ticket.task_path == start_run.module_path:
            DBTaskResult.objects.filter(pk=ticket.pk).delete()  # the run keeps all there is to know
        queue.release_waiting()
        return True

    def _claim(self) -> Ticket | None:
        ready = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not ready.exists():  # no write lock for an empty queue
            return None
        with transaction.atomic():
            ticket: Ticket | None = ready.get_locked()
            if ticket is not None:
                ticket.claim(self.worker_id)
            return ticket

    def _heartbeat(self) -> None:
        """Say that this worker and its runs live, and look for runs of dead ones."""
        liveness.beat(self.worker_id)
        mine = JobRun.objects.filter(worker=self.worker_id, state=JobState.RUNNING)
        mine.update(lease_until=timezone.now() + queue.lease())
        queue.recover()

    @staticmethod
    def _errands() -> None:
        """Deliver events, start what is due, let waiting runs go."""
        outbox.deliver_waiting()
        schedules.start_due()
        queue.release_waiting()


class _Periodic(threading.Thread):
    """Calls a function every so many seconds on a database connection of its own, kept open while it works."""

    def __init__(
        self, name: str, function: Callable[[], object], *, seconds: float, stopping: threading.Event
    ) -> None:
        super().__init__(name=name, daemon=True)
        self._function, self._seconds, self._stopping = function, seconds, stopping

    def run(self) -> None:
        while True:
            try:
                self._function()
            except Exception:
                logger.exception("%s failed; trying again", self.name)
                connection.close()
            if self._stopping.wait(self._seconds):
                break
        connection.close()


def run_waiting(*, limit: int = 1000, wait_seconds: float = 0.0) -> int:
    """Run queued work and deliver events in this process until nothing is ready; return how many runs.

    For tests and for seeding; where work is put off, `wait_seconds` is how long at most to wait for it.
    """
    worker = Worker(name=f"inline-{os.getpid()}-{get_random_string(8)}", stopping=threading.Event())
    put_off = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    done, until = 0, time.monotonic() + wait_seconds
    while done < limit:
        events = outbox.deliver_waiting()
        if worker.run_next():
            done += 1
        elif not events and not queue.release_waiting():
            if time.monotonic() >= until or not put_off.exists():
                break
            time.sleep(0.02)
    return done
