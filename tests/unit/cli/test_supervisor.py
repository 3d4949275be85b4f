"""A child that ends is started again, ever more slowly; a stopped one leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import pairwise

import pytest

from zhiqiao.cli import _supervisor
from zhiqiao.cli._supervisor import Child, Supervisor


class FakeProcess:
    """A process that has ended, or not."""

    def __init__(self, code: int | None) -> None:
        self.code, self.pid = code, 2**22 - 1

    def poll(self) -> int | None:
        """Return the exit code."""
        return self.code


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record when a child is started; every started process ends at once."""
    moments: list[float] = []

    def start(child: Child, now: float) -> None:
        moments.append(now)
        child.process, child.started = FakeProcess(1), now  # type: ignore[assignment]

    monkeypatch.setattr(Child, "_start", start)
    return moments


def test_a_child_that_keeps_ending_is_started_ever_more_slowly(started: list[float]) -> None:
    child = Child("worker")
    for second in range(200):
        child.tend(float(second))
    gaps = [later - earlier for earlier, later in pairwise(started)]
    assert gaps == sorted(gaps)
    assert gaps[0] <= 5
    assert max(gaps) <= _supervisor._LONGEST_BACKOFF + 2


def test_a_child_that_ran_long_comes_back_quickly(started: list[float]) -> None:
    child = Child("worker", delay=16.0)
    child.tend(0.0)
    child.tend(500.0)
    child.tend(501.5)
    assert started == [0.0, 501.5]


def test_a_running_child_is_left_alone(started: list[float]) -> None:
    child = Child("worker", process=FakeProcess(None))  # type: ignore[arg-type]
    child.tend(1000.0)
    assert started == []


def test_stopping_ends_a_child_that_does_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_supervisor, "_GRACE_SECONDS", 0.3)
    deaf = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(); sys.stdout.flush()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", f"{deaf}; time.sleep(60)"], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    with process.stdout as ready:
        ready.readline()
        supervisor = Supervisor("worker")
        supervisor.children[0].process = process
        supervisor.stop()
    assert process.returncode == -signal.SIGKILL


def test_a_child_without_supervisor_does_not_bind_its_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZHIQIAO_SUPERVISED", raising=False)
    monkeypatch.setattr(_supervisor.ctypes, "CDLL", lambda _name: pytest.fail("it did"))
    _supervisor.die_with_parent()
    assert "ZHIQIAO_SUPERVISED" not in os.environ
