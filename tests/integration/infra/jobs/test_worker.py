"""Real worker processes: killed, stopped, two at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.integration.infra.jobs import sample_jobs  # noqa: F401
from zhiqiao.infra.jobs.api import JobRun, enqueue, request_cancel
from zhiqiao.infra.jobs.models import WorkerBeat

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[4]
Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start worker processes on the test's database; all are gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def one() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.infra.jobs.worker_process"],
            cwd=ROOT,
            env={**os.environ, "ZHIQIAO_TEST_CHILD_DATABASE": str(connection.settings_dict["NAME"])},
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield one
    for process in started:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for a condition; fail when it never comes."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def counting(path: Path, *, steps: int, seconds: float = 0.02) -> JobRun:
    """Queue the slow sample job."""
    params: dict[str, object] = {"path": str(path), "steps": steps, "seconds": seconds}
    return enqueue("sample.count", owner_id=1, org_root_id=None, title="计数", params=params)


def state(run: JobRun) -> str:
    """Read the state of a run."""
    return JobRun.objects.get(pk=run.pk).state


def test_a_job_whose_worker_was_killed_is_done_by_the_next(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "lines"
    run = counting(path, steps=40)
    first = start()
    until(lambda: path.exists() and "5\n" in path.read_text())
    first.kill()
    first.wait()
    assert state(run) == "running"
    start()
    until(lambda: state(run) == "succeeded")
    lines = path.read_text().split()
    assert lines.count("begin") == 2
    assert lines[-41:] == [*map(str, range(40)), "end"]
    assert JobRun.objects.get(pk=run.pk).attempts == 2


def test_a_worker_leaves_a_cancelled_job_and_when_stopped_loses_nothing(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "cancelled"
    run = counting(path, steps=2000)
    worker = start()
    until(lambda: path.exists() and "5\n" in path.read_text())
    request_cancel(run)
    until(lambda: state(run) == "cancelled")
    assert "end" not in path.read_text()

    path = tmp_path / "stopped"
    run = counting(path, steps=2000)
    until(lambda: path.exists() and "5\n" in path.read_text())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=10) == 0
    assert state(run) == "queued"
    assert JobRun.objects.get(pk=run.pk).attempts == 0
    assert not WorkerBeat.objects.exists()


def test_two_workers_do_two_hundred_jobs_without_a_locked_database_and_no_exclusive_ones_at_once(
    start: Start, tmp_path: Path
) -> None:
    workers = [start(), start()]
    runs = [
        enqueue("sample.add", owner_id=1, org_root_id=None, title="加法", params={"left": number, "right": 1})
        for number in range(200)
    ]
    until(lambda: JobRun.objects.filter(state="succeeded").count() == 200, seconds=60)
    results = {run.pk: run.result["sum"] for run in JobRun.objects.all()}
    assert results == {run.pk: number + 1 for number, run in enumerate(runs)}
    assert set(JobRun.objects.values_list("attempts", flat=True)) == {1}

    path = tmp_path / "lines"
    params: dict[str, object] = {"path": str(path), "steps": 3, "seconds": 0.02}
    for _ in range(6):
        enqueue("sample.count", owner_id=1, org_root_id=None, title="计数", params=params, exclusive="one")
    until(lambda: JobRun.objects.filter(state="succeeded").count() == 206, seconds=60)
    assert path.read_text().split() == ["begin", "0", "1", "2", "end"] * 6
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
        assert "locked" not in worker.communicate(timeout=10)[1]
