"""Runs the real command in a process of its own, on a data folder of its own."""

from __future__ import annotations

import json
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
    return _run("-m", "zhiqiao.cli", *arguments, data=data, **more)


def in_turn(*verbs: list[str], data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run verbs one after the other in one process, which loads the program once; the first that fails ends it."""
    return _run("-c", _IN_TURN, json.dumps(verbs), data=data, **more)


_IN_TURN = """
import json, sys
from zhiqiao.cli import main
for verb in json.loads(sys.argv[1]):
    if code := main(verb):
        sys.exit(f"zhiqiao {verb[0]}: {code}")
"""


def _run(*arguments: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
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
