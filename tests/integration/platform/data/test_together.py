"""Two people importing at once, a worker killed in the middle: the rows are those of undisturbed imports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from tests.integration.platform.data.conftest import HEADER, Upload
from tests.integration.platform.data.test_import import rows_of
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobRun, JobState, run_waiting
from zhiqiao.infra.jobs.context import JobContext
from zhiqiao.platform.data import actions, importing, loading
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import ImportState, JobPosting, PostingImport, PostingSkill
from zhiqiao.platform.governance.api import Actor, User

ActorOf = Callable[[User], Actor]
REPEATS = 60


def many(company: str) -> str:
    """Return a file of distinct postings that share titles and skills."""
    return HEADER + "".join(
        f"Python开发工程师,{company}{n},任职要求：掌握Python，参与第{n}号产线与{company}{n * 7}项目的建设。"
        ",成都,8-12K,2026-01-05\n"
        for n in range(REPEATS)
    )


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_do_not_disturb_each_other(
    alice: User, charlie: User, upload: Upload, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CHUNK", 5)
    waiting = [upload(alice, many("甲")), upload(charlie, many("乙"))]
    started = [
        (posting_import, actions.start_import(actor_of(user), posting_import))
        for user, posting_import in zip((alice, charlie), waiting, strict=True)
    ]
    faults: list[BaseException] = []

    def work(posting_import: PostingImport, run: JobRun) -> None:
        try:
            JobRun.objects.filter(pk=run.pk).update(state=JobState.RUNNING, worker=f"w{run.pk}", attempts=1)
            run.refresh_from_db()
            importing.run_import(JobContext(run), posting_import.uuid, actor=Actor.system())
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=pair) for pair in started]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    for posting_import in waiting:
        posting_import.refresh_from_db()
        rows = JobPosting.objects.filter(posting_import=posting_import)
        assert (posting_import.state, posting_import.kept, rows.count()) == (
            ImportState.LIVE,
            REPEATS,
            REPEATS,
        )
        assert PostingSkill.objects.filter(posting__in=rows).count() == REPEATS


_WORKER = """
import os, sys, time
sys.path[:0] = [{root!r}, {root!r} + "/src"]
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings_of_worker"
import types
from pathlib import Path
module = types.ModuleType("tests.settings_of_worker")
os.environ.update({environment!r})
import zhiqiao.web.settings as base
module.__dict__.update({{name: getattr(base, name) for name in dir(base) if name.isupper()}})
module.DATABASES = {databases!r}
sys.modules["tests.settings_of_worker"] = module
import django
django.setup()
from uuid import UUID
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobRun
from zhiqiao.infra.jobs.context import JobContext
from zhiqiao.platform.data import importing, loading
from zhiqiao.platform.governance.api import Actor
importing.skills_folder = lambda: Path({skills!r})
loading.CHUNK = 1
loading._BREATH = 0.2
importing.run_import(JobContext(JobRun.objects.get(pk={run})), UUID({import_uuid!r}), actor=Actor.system())
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows_before", [1, 4])
def test_a_killed_worker_leaves_no_trace_in_the_result(
    alice: User,
    charlie: User,
    upload: Upload,
    import_file: Upload,
    actor_of: ActorOf,
    pack: Path,
    tmp_path: Path,
    rows_before: int,
) -> None:
    undisturbed = rows_of(import_file(charlie, many("甲")))
    waiting = upload(alice, many("甲"))
    run = actions.start_import(actor_of(alice), waiting)
    JobRun.objects.filter(pk=run.pk).update(state=JobState.RUNNING, worker="doomed", attempts=1)
    options = {
        key: str(value) if isinstance(value, Path) else value
        for key, value in connection.settings_dict.items()
    }
    script = _WORKER.format(
        root=str(Path(__file__).parents[4]),
        environment={name: value for name, value in os.environ.items() if name.startswith("ZHIQIAO_")},
        databases={"default": options},
        skills=str(pack / "skills"),
        run=run.pk,
        import_uuid=str(waiting.uuid),
    )
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, "-c", script], stdout=log, stderr=log)
        try:
            _wait_for(
                lambda: JobPosting.objects.filter(posting_import=waiting).count() >= rows_before,
                worker,
                tmp_path,
            )
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    left = JobPosting.objects.filter(posting_import=waiting)
    assert rows_before <= left.count() < REPEATS
    assert not JobPosting.objects.live().filter(posting_import=waiting).exists()
    JobRun.objects.filter(pk=run.pk).update(state=JobState.QUEUED, worker="")
    run_waiting()
    waiting.refresh_from_db()
    assert waiting.state == ImportState.LIVE
    assert rows_of(waiting) == undisturbed


def _wait_for(happened: Callable[[], bool], worker: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert worker.poll() is None, (folder / "worker.log").read_text()
        assert time.monotonic() < deadline, "the worker wrote nothing"
        time.sleep(0.05)


def test_the_worker_uses_the_data_folder_of_the_tests() -> None:
    assert str(settings.CONFIG.data) == os.environ["ZHIQIAO_DATA"]


def test_cancelling_what_has_just_gone_live_removes_nothing(
    alice: User, upload: Upload, actor_of: ActorOf
) -> None:
    """The page was loaded while the import ran; the button is pressed when it is done."""
    started = upload(alice)
    actions.start_import(actor_of(alice), started)
    stale = PostingImport.objects.get(pk=started.pk)
    run_waiting()
    before = JobPosting.objects.count()
    with pytest.raises(Refused):
        actions.cancel_import(actor_of(alice), stale)
    row = PostingImport.objects.get()
    assert (row.state, JobPosting.objects.count()) == (ImportState.LIVE, before)
    assert before
    assert storage.import_folder(row.uuid).exists()
