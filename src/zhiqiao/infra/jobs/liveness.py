"""Who is alive: the beats of worker processes, and whether the worker of a run still lives."""

from __future__ import annotations

import datetime as dt
import os
import socket
from pathlib import Path

from django.utils import timezone

from zhiqiao import __version__
from zhiqiao.infra.config import config
from zhiqiao.infra.jobs.models import JobRun, WorkerBeat

#: Leases after which a process that exists but can not write (a long transaction elsewhere) counts as dead.
_PATIENCE = 10


def host() -> str:
    """Return a name of the set of processes that can see each other by number."""
    namespace = Path("/proc/self/ns/pid")
    suffix = namespace.stat().st_ino if namespace.exists() else 0
    return f"{socket.gethostname()}/{suffix}"


def beat(name: str) -> None:
    """Write that the worker called `name` lives."""
    values = {"host": host(), "pid": os.getpid(), "version": __version__, "beat_at": timezone.now()}
    WorkerBeat.objects.update_or_create(name=name, defaults=values)


def farewell(name: str) -> None:
    """Take back the beat of a worker that stops in order."""
    WorkerBeat.objects.filter(name=name).delete()


def workers_alive(now: dt.datetime) -> int:
    """Return how many workers wrote a beat within the lease."""
    oldest = now - dt.timedelta(seconds=config().job_lease_seconds)
    return WorkerBeat.objects.filter(beat_at__gte=oldest).count()


def is_lost(run: JobRun, *, lease: dt.timedelta, now: dt.datetime) -> bool:
    """Tell whether the worker of a running run is gone: known dead on this machine, or silent too long."""
    beats = WorkerBeat.objects.filter(name=run.worker, host=host())
    pid = beats.values_list("pid", flat=True).first()
    until = run.lease_until or now
    if pid is None:
        return until < now
    return not _process_lives(pid) or until + lease * _PATIENCE < now


def _process_lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
