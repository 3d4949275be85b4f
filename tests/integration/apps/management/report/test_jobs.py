"""The report in the background: progress, cancel, killed and tried again; files as bytes; who hears of it."""

from __future__ import annotations

import hashlib
from io import BytesIO

import docx
import openpyxl
import pytest

from tests.integration.apps.management.report.conftest import NOW, YEAR, ActorOf, Facts
from zhiqiao.apps.management.errors import NothingToReport
from zhiqiao.apps.management.models import EditionPart, EditionState, EditionStep, ReportEdition
from zhiqiao.apps.management.report import gathering, publishing
from zhiqiao.apps.management.report.jobs import enqueue_draft, enqueue_publication
from zhiqiao.apps.management.report.parts import open_part
from zhiqiao.apps.management.report.signing import sign, submit, withdraw
from zhiqiao.infra.jobs.api import Cancelled, JobRun, JobState, request_cancel, run_waiting
from zhiqiao.platform.governance.models import Notice, User

pytestmark = pytest.mark.django_db(transaction=True)


def finished(run: JobRun) -> JobRun:
    run_waiting()
    run.refresh_from_db()
    return run


@pytest.fixture
def ready(edition: ReportEdition, officer: User, chief: User, actor_of: ActorOf) -> ReportEdition:
    """A signed edition."""
    row = submit(edition.uuid, acting=actor_of(officer), version=edition.version, now=NOW)
    return sign(row.uuid, acting=actor_of(chief), version=row.version, now=NOW)


def test_a_queued_draft_acts_as_the_officer_and_leads_to_the_page(
    facts: Facts, officer: User, actor_of: ActorOf
) -> None:
    run = finished(enqueue_draft(YEAR, acting=actor_of(officer), correction=""))
    row = ReportEdition.objects.get()
    assert (run.state, run.done == run.total, row.made_by) == (JobState.SUCCEEDED, True, officer)
    assert run.result["url"] == f"/programmes/reports/{row.uuid}/"


def test_a_cancelled_draft_leaves_nothing(facts: Facts, officer: User, actor_of: ActorOf) -> None:
    run = enqueue_draft(YEAR, acting=actor_of(officer), correction="")
    request_cancel(run)
    assert finished(run).state == JobState.CANCELLED
    assert not ReportEdition.objects.exists()


def test_without_data_the_run_fails_in_words(
    facts: Facts, officer: User, actor_of: ActorOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise NothingToReport("没有可用于编制的招聘信息。")

    monkeypatch.setattr(gathering, "gather_facts", nothing)
    run = finished(enqueue_draft(YEAR, acting=actor_of(officer), correction=""))
    assert (run.state, run.error) == (JobState.FAILED, "没有可用于编制的招聘信息。")


def test_publication_writes_six_files_that_stay_the_same_bytes(
    ready: ReportEdition, chief: User, actor_of: ActorOf
) -> None:
    run = finished(enqueue_publication(ready.uuid, acting=actor_of(chief), version=ready.version))
    assert run.state == JobState.SUCCEEDED, run.log
    row = ReportEdition.objects.get()
    assert (row.state, row.is_published, row.published_by) == (EditionState.PUBLISHED, True, chief)
    files = EditionPart.objects.filter(kind__in=["docx", "pdf", "xlsx"])
    assert {(part.language, part.kind) for part in files} == {
        (language, kind) for language in ("zh", "en") for kind in ("docx", "pdf", "xlsx")
    }
    for part in files:
        content = open_part(part)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (part.sha256, part.size)
    word = docx.Document(BytesIO(open_part(files.get(kind="docx", language="zh"))))
    said = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "草稿" not in said
    assert openpyxl.load_workbook(BytesIO(open_part(files.get(kind="xlsx", language="en")))).sheetnames
    assert open_part(files.get(kind="pdf", language="zh")).startswith(b"%PDF")


def test_a_cancel_while_files_are_written_leaves_the_edition_signed(
    ready: ReportEdition, chief: User, actor_of: ActorOf, quick_files: None
) -> None:
    asked = []

    def step(done: int, _stage: str) -> None:
        asked.append(done)
        if done == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        publishing.publish_edition(
            ready.uuid, acting=actor_of(chief), version=ready.version, clock=lambda: NOW, step=step
        )
    ready.refresh_from_db()
    assert (ready.state, asked) == (EditionState.SIGNED, [0, 1, 2, 3])
    assert not EditionPart.objects.filter(kind__in=["docx", "pdf", "xlsx"]).exists()


def test_a_killed_publication_is_tried_again_and_publishes_once(
    ready: ReportEdition,
    chief: User,
    actor_of: ActorOf,
    quick_files: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = publishing.keep
    times = []

    def dying(*args: object, **named: object) -> str:
        times.append(1)
        if len(times) == 4:
            raise OSError("the worker dies in the middle of closing")
        return kept(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "keep", dying)
    run = enqueue_publication(ready.uuid, acting=actor_of(chief), version=ready.version)
    run_waiting()
    ready.refresh_from_db()
    assert ready.state == EditionState.SIGNED
    assert not EditionPart.objects.filter(kind="pdf").exists()
    JobRun.objects.filter(pk=run.pk).update(updated_at=NOW)
    publishing.publish_edition(
        ready.uuid,
        acting=actor_of(chief),
        version=ready.version,
        clock=lambda: NOW,
        step=lambda _done, _stage: None,
    )
    assert EditionPart.objects.filter(kind="pdf").count() == 2
    assert EditionStep.objects.filter(verb="published").count() == 1


def test_schools_and_associations_hear_of_publication_and_withdrawal(
    ready: ReportEdition,
    chief: User,
    alice: User,
    charlie: User,
    school_admin: User,
    student: User,
    mentor: User,
    actor_of: ActorOf,
    quick_files: None,
) -> None:
    finished(enqueue_publication(ready.uuid, acting=actor_of(chief), version=ready.version))
    run_waiting()
    told = {notice.user for notice in Notice.objects.filter(kind="management.report_published")}
    assert told == {alice, charlie, school_admin}
    ready.refresh_from_db()
    withdraw(ready.uuid, acting=actor_of(chief), version=ready.version, reason="数据有误", now=NOW)
    run_waiting()
    told = {notice.user for notice in Notice.objects.filter(kind="management.report_withdrawn")}
    assert told == {alice, charlie, school_admin}
