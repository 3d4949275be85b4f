"""How fast the queue takes jobs in and works them off, on an empty database of its own."""

from __future__ import annotations

import os
import tempfile
import time


def measure() -> dict[str, object]:
    """Queue and run 500 empty jobs with one worker in this process."""
    jobs = 500
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"ZHIQIAO_DATA": folder, "ZHIQIAO_DATABASE_URL": "", "ZHIQIAO_LOG_LEVEL": "ERROR"}
        from zhiqiao.cli import _django
        from zhiqiao.infra.config import config

        config.cache_clear()
        _django.start()
        _django.migrate()
        from zhiqiao.infra.jobs.api import JobContext, enqueue, job, run_waiting

        @job("bench.nothing")
        def nothing(_context: JobContext) -> dict[str, object]:
            return {}

        begun = time.perf_counter()
        for _ in range(jobs):
            enqueue("bench.nothing", owner_id=None, org_root_id=None, title="bench", params={})
        queued = time.perf_counter()
        run_waiting()
        done = time.perf_counter()
    return {
        "jobs": jobs,
        "enqueued_per_second": round(jobs / (queued - begun)),
        "run_per_second": round(jobs / (done - queued)),
    }
