"""A run that is killed leaves neither workers behind nor files that look complete."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


def group(leader: int) -> list[str]:
    """Return the processes of a group."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[2] == str(leader) and fields[0] != "Z":
            found.append(folder.name)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_a_killed_run_takes_its_workers_with_it_and_leaves_no_result(tmp_path: Path) -> None:
    source, out = tmp_path / "jobs.csv", tmp_path / "out"
    rows = [f"{number},开发,熟悉Java和Python；负责第{number}个项目" for number in range(60_000)]
    source.write_text("\n".join(["id,title,text", *rows]), encoding="utf-8")
    command = [sys.executable, "-m", "zhiqiao.cli", "mine", str(source), "--out", str(out), "--workers", "2"]
    run = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while len(group(run.pid)) < 3 and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert run.poll() is None
        run.kill()
        run.wait()
        while group(run.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert group(run.pid) == []
        assert not (out / "summary.json").exists()
        assert all(path.name.startswith(".partial-") for path in out.iterdir())
    finally:
        for process in group(run.pid):
            os.kill(int(process), signal.SIGKILL)
