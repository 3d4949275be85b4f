"""`zhiqiao up` as a person meets it: ready, stopped, and the sentences when it can not start."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import migrated
from tests.integration.cli.commands import environment, free_port, zhiqiao
from tests.requirements import require_or_skip
from zhiqiao import __version__
from zhiqiao.cli._checks import assets_built


@pytest.fixture(autouse=True)
def _built() -> None:
    if not assets_built():
        require_or_skip("browser", "the front end is not built; run make install")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose region pack counts as loaded: loading it has tests of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    loaded = [{"region": "bazhong", "demo": False, "version": __version__}]
    (folder / "seeded.json").write_text(json.dumps(loaded), encoding="utf-8")
    return folder


@pytest.fixture
def migrated_data(data: Path, django_db_setup: None) -> Path:
    """The same folder with a database that has every migration: applying them is what the first start is tested for."""
    if not migrated.copy(data / "zhiqiao.sqlite3"):
        assert zhiqiao("migrate", data=data).returncode == 0
    return data


class Running:
    """A started product."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.log = data.parent / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "zhiqiao.cli", "up", "--port", str(self.port)],
                env=environment(data),
                cwd=data.parent,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def health(self) -> dict[str, object]:
        """Ask how it is; an empty answer while it does not listen."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return dict(json.load(answer))
        except OSError:
            return {}

    def wait_until_ready(self) -> dict[str, object]:
        """Wait until all parts are well."""
        end = time.monotonic() + 60
        while (health := self.health()).get("status") != "ok":
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.2)
        return health

    def wait_for_line(self, text: str, *, times: int = 1) -> None:
        """Wait until the log holds a text so many times."""
        end = time.monotonic() + 30
        while self.log.read_text().count(text) < times:
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.1)

    def family(self) -> list[int]:
        """Return the ids of all processes that descend from it."""
        rows = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        parents = {int(pid): int(parent) for pid, parent in (line.split() for line in rows.splitlines())}
        found = {self.process.pid}
        for _ in range(4):
            found |= {pid for pid, parent in parents.items() if parent in found}
        return sorted(found - {self.process.pid})


@pytest.fixture
def product(data: Path) -> Iterator[Running]:
    """The product, started for the first time; nothing of it is left after the test."""
    running = Running(data)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(timeout=40)


def alive(pid: int) -> bool:
    """Tell whether a process still runs (a zombie does not)."""
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_it_gets_ready_starts_a_killed_worker_again_and_leaves_nothing_behind_on_ctrl_c(
    product: Running,
) -> None:
    health = product.wait_until_ready()
    assert health["version"] == __version__
    assert health["database"] == {"state": "ok", "kind": "sqlite"}
    product.wait_for_line(f"http://127.0.0.1:{product.port}/")
    for pid in product.family():
        if Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[-2:-1] == [b"worker"]:
            os.kill(pid, signal.SIGKILL)
    product.wait_for_line(" works", times=2)
    assert product.wait_until_ready()["status"] == "ok"
    family = product.family()
    assert len(family) >= 2
    product.process.send_signal(signal.SIGINT)
    assert product.process.wait(timeout=40) == 0
    assert [pid for pid in family if alive(pid)] == []
    assert "Zhiqiao has stopped." in product.log.read_text()
    assert "Traceback" not in product.log.read_text()


def test_a_port_in_use_is_told_in_one_sentence(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = zhiqiao("up", "--port", str(port), data=data)
    assert result.returncode == 1
    assert f"端口 {port} 已被占用" in result.stderr
    assert f"make up PORT={port + 1}" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = zhiqiao("up", "--port", str(free_port()), data=tmp_path / "file" / "data")
    assert result.returncode == 1
    assert "数据目录不可写" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_damaged_database_is_told(data: Path) -> None:
    (data / "zhiqiao.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    result = zhiqiao("up", "--port", str(free_port()), data=data)
    assert result.returncode == 1
    assert "damaged" in result.stderr
    assert "zhiqiao restore" in result.stderr
    assert "Traceback" not in result.stderr


def test_data_of_a_newer_program_is_told(migrated_data: Path) -> None:
    data = migrated_data
    with sqlite3.connect(data / "zhiqiao.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '9999_later', '2030-01-01')"
        )
    database.close()
    result = zhiqiao("up", "--port", str(free_port()), data=data)
    assert result.returncode == 1
    assert "newer program (jobs.9999_later)" in result.stderr


def test_a_wrong_setting_names_itself(data: Path) -> None:
    result = zhiqiao("version", data=data, ZHIQIAO_PORT="abc")
    assert result.returncode == 2
    assert "ZHIQIAO_PORT" in result.stderr


def test_doctor_names_the_step_behind(data: Path) -> None:
    (data / "zhiqiao.sqlite3").touch()
    behind = zhiqiao("doctor", data=data)
    assert behind.returncode == 1
    assert "zhiqiao migrate" in behind.stdout


def test_doctor_finds_nothing_where_every_migration_is_applied(migrated_data: Path) -> None:
    sound = zhiqiao("doctor", "--json", data=migrated_data)
    told = json.loads(sound.stdout)
    assert told["数据库 database"] is None
    assert told["数据目录 data folder"] is None
