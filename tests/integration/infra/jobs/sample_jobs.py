"""Jobs, events and subscribers that only the tests know."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from zhiqiao.infra.jobs.api import JobContext, JobFailed, job, subscribe


@job("sample.add")
def add(context: JobContext, *, left: int, right: int) -> dict[str, object]:
    """Add two numbers."""
    context.progress(1, 1, "计算")
    return {"sum": left + right}


@job("sample.count", attempts=2)
def count(context: JobContext, *, path: str, steps: int, seconds: float) -> dict[str, object]:
    """Write one line per step and leave when asked to; each attempt starts a new line block."""
    with Path(path).open("a", encoding="utf-8") as out:
        print("begin", file=out, flush=True)
        for step in range(steps):
            context.check_cancelled()
            context.progress(step, steps, "计数")
            print(step, file=out, flush=True)
            time.sleep(seconds)
        print("end", file=out, flush=True)
    return {"steps": steps}


@job("sample.flaky", attempts=3, backoff_seconds=0.01)
def flaky(context: JobContext, *, fails: int) -> dict[str, object]:
    """Fail the first attempts."""
    if context.run.attempts <= fails:
        msg = "the secret of Zhang San"
        raise RuntimeError(msg)
    return {"attempts": context.run.attempts}


@job("sample.refuses")
def refuses(context: JobContext) -> dict[str, object]:
    """Say why it can not be done."""
    context.progress(0, 1)
    raise JobFailed("第 %(row)s 行无法读取", row=7)


@dataclass(frozen=True)
class Happened:
    """Something happened."""

    number: int
    at: dt.datetime
    what: uuid.UUID


RECEIVED: list[Happened] = []
TROUBLE: set[int] = set()


@subscribe(Happened)
def on_happened(event: Happened) -> None:
    """Remember the event, unless the test wants trouble."""
    if event.number in TROUBLE:
        msg = "not now"
        raise RuntimeError(msg)
    RECEIVED.append(event)
