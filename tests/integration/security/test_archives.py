"""Backups somebody made by hand: refused with a sentence, nothing written, whatever they hold."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from zhiqiao.cli._archive import unpack
from zhiqiao.cli._say import Fault

WHOLE = {
    "version": "1", "made_at": "", "database": "sqlite", "rows": {}, "audit_head": {}, "migrations": [],
    "files": {}, "format": 1,
}  # fmt: skip


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as out:
        for name, body in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            out.addfile(member, io.BytesIO(body))
    return path


def manifest(**changes: object) -> dict[str, bytes]:
    return {"manifest.json": json.dumps({**WHOLE, **changes}).encode()}


@pytest.mark.parametrize(
    "members",
    [
        {".": b"x"},
        {"": b"x"},
        {"files": b"x", "files/a": b"x"},
        {"files/a": b"x"},
        {"manifest.json": b"[]"},
        {"manifest.json": b"{}"},
        {"manifest.json": b"\xff"},
        manifest(),
        manifest(files=[]),
        manifest(files={"files/a": "0"}),
        manifest(format=2),
        {**manifest(), "manifest.json/x": b"x"},
    ],
)
def test_an_archive_of_odd_members_is_damaged(tmp_path: Path, members: dict[str, bytes]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with pytest.raises(Fault, match="damaged"):
        unpack(archive(tmp_path / "odd.tar.gz", members), data=data)
    assert list(data.iterdir()) == []
