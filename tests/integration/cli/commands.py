"""Runs the real command in a process of its own, on a data folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path


def environment(data: Path, **more: str) -> dict[str, str]:
    """Return an environment in which only the given settings are set."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ZHIQIAO_")}
    plain.pop("DJANGO_SETTINGS_MODULE", None)
    return {**plain, "ZHIQIAO_DATA": str(data), **more}


def zhiqiao(*arguments: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one verb to its end."""
    return subprocess.run(
        [sys.executable, "-m", "zhiqiao.cli", *arguments],
        env=environment(data, **more),
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
