"""What stays on the disk: no roster nobody committed, no part of an upload, and nothing others may read."""

from __future__ import annotations

import os
import stat
import sys
import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from zhiqiao import cli
from zhiqiao.infra.config import config
from zhiqiao.infra.jobs.api import enqueue, run_waiting
from zhiqiao.platform.governance.jobs import KEEP_PARTS, KEEP_ROSTERS, SWEEP


def _file(*parts: str, age: float):
    path = config().data.joinpath("tmp", *parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("张三,13800138000", encoding="utf-8")
    moment = time.time() - age
    os.utime(path, (moment, moment))
    return path


@pytest.mark.django_db(transaction=True)
def test_rosters_and_parts_nobody_came_back_for_are_removed():
    old = [
        _file("rosters", "old", age=KEEP_ROSTERS.total_seconds() + 60),
        _file("tmpabc.upload.csv", age=KEEP_PARTS.total_seconds() + 60),
    ]
    fresh = [_file("rosters", "fresh", age=60), _file("tmpdef.upload.csv", age=60)]
    enqueue(SWEEP, owner_id=None, org_root_id=None, title="", params={})
    run_waiting()
    assert [path.exists() for path in old + fresh] == [False, False, True, True]
    for path in fresh:
        path.unlink()


@pytest.mark.django_db(transaction=True)
def test_ended_sessions_are_removed():
    for seconds in (-1, 600):
        session = SessionStore()
        session.set_expiry(seconds)
        session.save()
    enqueue(SWEEP, owner_id=None, org_root_id=None, title="", params={})
    run_waiting()
    assert Session.objects.count() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="file modes of POSIX")
def test_what_a_verb_writes_into_the_data_folder_is_for_its_owner(tmp_path, monkeypatch):
    made = tmp_path / "made"
    monkeypatch.setattr("zhiqiao.cli.backup.run_backup", lambda _arguments: made.write_text("x") and 0)
    monkeypatch.setenv("ZHIQIAO_DATA", str(tmp_path))
    before = os.umask(0o022)
    try:
        cli.main(["backup", "file", "--data", str(tmp_path)])
    finally:
        os.umask(before)
        config.cache_clear()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
