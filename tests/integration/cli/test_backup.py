"""A backup goes into an empty folder and nothing is lost; anything else is refused and leaves the folder empty."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import migrated
from tests.integration.cli.commands import environment, in_turn, zhiqiao

SERVER = os.environ.get("ZHIQIAO_TEST_DATABASE_URL", "")
FILL = """
import django; django.setup()
from zhiqiao.platform.governance.api import Actor, audit
from zhiqiao.infra.jobs.api import enqueue
for number in range(25):
    audit(Actor.system(), "test.entry", detail={"number": number, "text": "中文\\t\\\\N\\n"})
enqueue("jobs.prune", owner_id=None, org_root_id=None, title="清理", params={})
"""


def databases(count: int) -> Iterator[list[dict[str, str]]]:
    """Return settings of empty databases on the server under test (none needed for SQLite)."""
    if not SERVER:
        yield [{}] * count
        return
    names = [f"zhiqiao_backup_{os.getpid()}_{number}" for number in range(count)]
    with psycopg.connect(SERVER, autocommit=True) as server:
        for name in names:
            server.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        yield [{"ZHIQIAO_DATABASE_URL": re.sub(r"/[^/]*$", f"/{name}", SERVER)} for name in names]
        for name in names:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def places() -> Iterator[list[dict[str, str]]]:
    """Two databases: the backed-up one and the restored one."""
    yield from databases(2)


@pytest.fixture(scope="module")
def original(
    tmp_path_factory: pytest.TempPathFactory, places: list[dict[str, str]], django_db_setup: None
) -> Path:
    """A data folder with rows, files and an audit trail."""
    data = tmp_path_factory.mktemp("original") / "data"
    data.mkdir()
    if SERVER or not migrated.copy(data / "zhiqiao.sqlite3"):
        made = zhiqiao("migrate", data=data, **places[0])
        assert made.returncode == 0, made.stderr
    settings = {"DJANGO_SETTINGS_MODULE": "zhiqiao.web.settings", **places[0]}
    subprocess.run([sys.executable, "-c", FILL], env=environment(data, **settings), check=True, timeout=60)
    (data / "lake" / "imports" / "a").mkdir(parents=True)
    (data / "lake" / "imports" / "a" / "rows.parquet").write_bytes(b"PAR1" * 1000)
    (data / "uploads").mkdir(exist_ok=True)
    (data / "uploads" / "文件").write_bytes(b"upload")
    return data


@pytest.fixture(scope="module")
def archive(original: Path, places: list[dict[str, str]]) -> Path:
    """The backup of that folder."""
    path = original.parent / "backup.tar.gz"
    made = zhiqiao("backup", str(path), data=original, **places[0])
    assert made.returncode == 0, made.stdout + made.stderr
    return path


def manifest_of(archive: Path) -> dict[str, object]:
    """Read the manifest of an archive."""
    with tarfile.open(archive) as source:
        content = source.extractfile("manifest.json")
        assert content is not None
        return dict(json.load(content))


def rewritten(archive: Path, target: Path, *, replace: dict[str, bytes], add: dict[str, bytes]) -> Path:
    """Copy an archive with some members changed or added."""
    with tarfile.open(archive) as source, tarfile.open(target, "w:gz") as out:
        for member in source:
            content = source.extractfile(member)
            assert content is not None
            body = replace.get(member.name, content.read())
            member.size = len(body)
            out.addfile(member, io.BytesIO(body))
        for name, body in add.items():
            extra = tarfile.TarInfo(name)
            extra.size = len(body)
            out.addfile(extra, io.BytesIO(body))
    return target


def test_the_restored_folder_is_equal(
    archive: Path, original: Path, tmp_path: Path, places: list[dict[str, str]]
) -> None:
    data = tmp_path / "restored"
    restored = zhiqiao("restore", str(archive), data=data, **places[1])
    assert restored.returncode == 0, restored.stdout + restored.stderr
    for name in ("secret.key", "lake/imports/a/rows.parquet", "uploads/文件"):
        assert (data / name).read_bytes() == (original / name).read_bytes()
    assert (data / "secret.key").stat().st_mode & 0o077 == 0
    assert not list(data.glob(".restore*"))
    again = tmp_path / "again.tar.gz"
    used = in_turn(["migrate"], ["audit", "verify"], ["backup", str(again)], data=data, **places[1])
    assert used.returncode == 0, used.stdout + used.stderr
    first, second = manifest_of(archive), manifest_of(again)
    assert first["rows"] == second["rows"]
    assert first["audit_head"] == second["audit_head"]
    assert first["audit_head"]["sequence"] >= 25  # type: ignore[index]


def test_a_backup_is_readable_only_by_its_owner(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(bool(SERVER), reason="says nothing about the database server")
class TestRefused:
    def refused(self, archive: Path, tmp_path: Path) -> str:
        """Restore what can not be restored; the folder stays empty."""
        data = tmp_path / "restored"
        result = zhiqiao("restore", str(archive), data=data)
        assert result.returncode == 1
        assert "Traceback" not in result.stderr
        assert list(data.iterdir()) == []
        return result.stderr

    def test_a_folder_that_is_not_empty(self, archive: Path, tmp_path: Path) -> None:
        data = tmp_path / "data"
        data.mkdir()
        (data / "mine.txt").write_text("mine")
        result = zhiqiao("restore", str(archive), data=data)
        assert result.returncode == 1
        assert "not empty" in result.stderr
        assert [path.name for path in data.iterdir()] == ["mine.txt"]

    def test_an_archive_cut_off(self, archive: Path, tmp_path: Path) -> None:
        short = tmp_path / "short.tar.gz"
        short.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
        assert "damaged" in self.refused(short, tmp_path)

    def test_a_file_that_is_no_archive(self, tmp_path: Path) -> None:
        other = tmp_path / "other.tar.gz"
        other.write_text("hello")
        assert "damaged" in self.refused(other, tmp_path)

    def test_a_changed_file_in_it(self, archive: Path, tmp_path: Path) -> None:
        changed = rewritten(archive, tmp_path / "c.tar.gz", replace={"files/secret.key": b"mine"}, add={})
        assert "files/secret.key" in self.refused(changed, tmp_path)

    @pytest.mark.parametrize("name", ["../outside", "/outside", "files/../../outside"])
    def test_a_path_that_leads_out(self, archive: Path, tmp_path: Path, name: str) -> None:
        evil = rewritten(archive, tmp_path / "e.tar.gz", replace={}, add={name: b"x"})
        assert "unsafe path" in self.refused(evil, tmp_path)
        assert not (tmp_path / "outside").exists()

    def test_a_link_in_it(self, archive: Path, tmp_path: Path) -> None:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        target = tmp_path / "l.tar.gz"
        with tarfile.open(target, "w:gz") as out:
            out.addfile(link)
        assert "unsafe path" in self.refused(target, tmp_path)

    def test_rows_that_do_not_match_the_manifest(self, archive: Path, tmp_path: Path) -> None:
        manifest = manifest_of(archive)
        manifest["rows"]["governance_auditevent"] = 7  # type: ignore[index]
        lying = {"manifest.json": json.dumps(manifest).encode()}
        assert "governance_auditevent" in self.refused(
            rewritten(archive, tmp_path / "m.tar.gz", replace=lying, add={}), tmp_path
        )

    def test_a_missing_file(self, tmp_path: Path) -> None:
        assert "no such backup" in self.refused(tmp_path / "none.tar.gz", tmp_path)

    def test_nothing_to_back_up(self, tmp_path: Path) -> None:
        result = zhiqiao("backup", str(tmp_path / "b.tar.gz"), data=tmp_path / "none")
        assert result.returncode == 1
        assert not (tmp_path / "b.tar.gz").exists()

    def test_a_target_that_can_not_be_written(self, original: Path, tmp_path: Path) -> None:
        result = zhiqiao("backup", str(tmp_path / "no" / "such" / "b.tar.gz"), data=original)
        assert result.returncode == 1
        assert "can not be written" in result.stderr
        assert not list(original.glob(".backup*"))


def test_a_backup_of_the_other_kind_of_database_is_refused(archive: Path, tmp_path: Path) -> None:
    manifest = manifest_of(archive)
    manifest["database"] = "oracle"
    other = rewritten(
        archive, tmp_path / "o.tar.gz", replace={"manifest.json": json.dumps(manifest).encode()}, add={}
    )
    result = zhiqiao("restore", str(other), data=tmp_path / "data")
    assert result.returncode == 1
    assert "oracle" in result.stderr
