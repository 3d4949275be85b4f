"""Keeps child processes alive and stops them together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from zhiqiao.cli._say import say

_LONGEST_BACKOFF = 30.0
_STEADY_SECONDS = 60.0
_GRACE_SECONDS = 6.0
_SUPERVISED = "ZHIQIAO_SUPERVISED"


def die_with_parent() -> None:
    """Let the system end this process when its supervisor is killed; called by the child itself (Linux)."""
    if os.environ.get(_SUPERVISED) and sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@dataclass
class Child:
    """One process that runs a verb of this command, started again with a growing delay when it ends."""

    verb: str
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    delay: float = 1.0
    due: float = field(default=0.0)

    def tend(self, now: float) -> None:
        """Start the process when it is due; notice when it has ended."""
        if self.process is None:
            if now >= self.due:
                self._start(now)
            return
        code = self.process.poll()
        if code is None:
            return
        self.delay = 1.0 if now - self.started > _STEADY_SECONDS else min(_LONGEST_BACKOFF, self.delay * 2)
        say(
            f"{self.verb} 意外退出（{code}），{self.delay:.0f} 秒后重新启动。",
            f"{self.verb} ended unexpectedly ({code}); it starts again in {self.delay:.0f} s.",
        )
        self._kill_group()  # what it may have left behind
        self.process, self.due = None, now + self.delay

    def _start(self, now: float) -> None:
        # a session of its own: Ctrl-C reaches only the supervisor, which then stops all in order
        self.process = subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-m", "zhiqiao.cli", self.verb],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            env={**os.environ, _SUPERVISED: "1"},
        )
        self.started = now

    def terminate(self) -> None:
        """Ask the process to stop."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def reap(self, until: float) -> None:
        """Wait for the end until a moment, then end it and all it started."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.1, until - time.monotonic()))
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing is left of it
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Runs several verbs as child processes until told to stop."""

    def __init__(self, *verbs: str) -> None:
        self.children = [Child(verb) for verb in verbs]
        self.stopping = False

    def listen(self) -> None:
        """Stop on Ctrl-C and on the system's request."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def tend(self) -> None:
        """Look after the children once."""
        now = time.monotonic()
        for child in self.children:
            child.tend(now)

    def stop(self) -> None:
        """Stop all children; none is left when this returns."""
        for child in self.children:
            child.terminate()
        until = time.monotonic() + _GRACE_SECONDS
        for child in self.children:
            child.reap(until)
