"""What a running job is given: progress, and the news that it has to stop."""

from __future__ import annotations

import threading
import time

from django.utils import timezone

from zhiqiao.infra.jobs.errors import Cancelled, Interrupted, Superseded
from zhiqiao.infra.jobs.models import JobRun
from zhiqiao.infra.jobs.queue import mine

#: Seconds between two writes of progress; the page asks once a second.
_THROTTLE = 0.5


class JobContext:
    """The running job's line to the person who waits for it."""

    def __init__(self, run: JobRun, *, stopping: threading.Event | None = None) -> None:
        self.run = run
        self._stopping = stopping or threading.Event()
        self._written = self._asked = float("-inf")
        self._cancelled = False

    def progress(self, done: int, total: int, stage: str = "") -> None:
        """Say how far the job is; `stage` is a msgid. Raises Superseded when another worker has the run."""
        now, news = time.monotonic(), stage not in {"", self.run.stage}
        self.run.done, self.run.total, self.run.stage = done, total, stage or self.run.stage
        if not news and done < total and now - self._written < _THROTTLE:
            return
        self._written = now
        changed = JobRun.objects.filter(**mine(self.run)).update(
            done=done, total=total, stage=self.run.stage, updated_at=timezone.now()
        )
        if not changed:
            raise Superseded(str(self.run.uuid))

    def cancelled(self) -> bool:
        """Tell whether the job was cancelled; asks the database at most every half second."""
        now = time.monotonic()
        if not self._cancelled and now - self._asked >= _THROTTLE:
            self._asked = now
            living = (
                JobRun.objects.filter(**mine(self.run)).values_list("cancel_requested", flat=True).first()
            )
            if living is None:
                raise Superseded(str(self.run.uuid))
            self._cancelled = living
        return self._cancelled

    def check_cancelled(self) -> None:
        """Leave the job if it was cancelled, taken over, or the worker shuts down; call it at safe points."""
        if self._stopping.is_set():
            raise Interrupted
        if self.cancelled():
            raise Cancelled
