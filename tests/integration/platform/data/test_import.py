"""Importing a file of postings: counts add up, doing it twice adds nothing, breaking it off leaves nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import Http404

from tests.integration.platform.data.conftest import CSV, HEADER, ROWS, Upload
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import Cancelled, JobRun, JobState, run_waiting, subscribe
from zhiqiao.infra.jobs.models import OutboxEvent
from zhiqiao.platform.data import actions, importing, jobs, loading, uploads
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.events import PostingsImported, PostingsWithdrawn
from zhiqiao.platform.data.models import (
    ColumnMapping,
    ImportState,
    JobPosting,
    PostingImport,
    PostingSkill,
    RoleCount,
    SkillCount,
)
from zhiqiao.platform.governance.api import Actor, AuditEvent, Notice, User

ActorOf = Callable[[User], Actor]


def rows_of(posting_import: PostingImport) -> list[tuple[object, ...]]:
    """Return everything an import left in the database, comparable between two imports of one file."""
    postings = JobPosting.objects.filter(posting_import=posting_import)
    skills = PostingSkill.objects.filter(posting__in=postings)
    counts = SkillCount.objects.filter(posting_import=posting_import)
    return sorted([
        *postings.values_list("key", "row", "title", "role__key", "city", "salary_min", "month", "mention_count"),
        *skills.values_list("posting__key", "skill__key"),
        *counts.values_list("role__key", "skill__key", "month", "postings"),
        *RoleCount.objects.filter(posting_import=posting_import).values_list("role__key", "month", "postings"),
    ], key=repr)  # fmt: skip


def test_every_row_is_kept_duplicate_or_quarantined(alice: User, import_file: Upload) -> None:
    done = import_file(alice)
    assert done.state == ImportState.LIVE
    assert (done.rows_in, done.kept, done.duplicates, done.quarantined) == (5, 3, 1, 1)
    assert JobPosting.objects.filter(posting_import=done).count() == done.kept


def test_rows_carry_post_city_month_and_skills(alice: User, import_file: Upload) -> None:
    import_file(alice)
    posting = JobPosting.objects.get(title="Python开发工程师")
    assert (posting.role.key, posting.city, posting.month) == ("developer", "成都市", "2026-01")  # type: ignore[union-attr]
    assert set(posting.skills.values_list("skill__key", flat=True)) == {"python", "docker", "teamwork"}


def test_counts_are_those_of_the_single_postings(alice: User, import_file: Upload) -> None:
    done = import_file(alice)
    for count in SkillCount.objects.filter(posting_import=done):
        rows = JobPosting.objects.filter(posting_import=done, role=count.role, month=count.month)
        assert rows.filter(skills__skill=count.skill).count() == count.postings
    assert sum(RoleCount.objects.values_list("postings", flat=True)) == done.kept


def test_contact_data_is_nowhere_in_the_lake(alice: User, import_file: Upload) -> None:
    done = import_file(alice)
    import pyarrow.parquet as pq

    texts = pq.read_table(storage.import_folder(done.uuid) / "postings.parquet").column("text").to_pylist()
    assert not any("13800138000" in text for text in texts)


def test_the_uploaded_file_goes_once_the_import_is_live(alice: User, import_file: Upload) -> None:
    assert not uploads.present(import_file(alice).uuid)


def test_the_mapping_is_kept_for_the_next_file_of_the_source(alice: User, import_file: Upload) -> None:
    done = import_file(alice)
    assert ColumnMapping.objects.get(source=done.source).columns["text"] == "岗位描述"


def test_trace_notice_and_event_are_left(alice: User, import_file: Upload) -> None:
    seen: list[PostingsImported] = []
    subscribe(PostingsImported)(seen.append)
    done = import_file(alice)
    run_waiting()
    assert AuditEvent.objects.filter(
        action="postings.imported", object_id=str(done.uuid), actor_id=alice.pk
    ).exists()
    assert Notice.objects.filter(user=alice, kind="postings.imported").exists()
    kinds = set(OutboxEvent.objects.values_list("kind", flat=True))
    assert "PostingsImported" in kinds


def test_the_same_file_again_adds_nothing(alice: User, import_file: Upload) -> None:
    first, second = import_file(alice), import_file(alice)
    assert (second.rows_in, second.kept, second.duplicates, second.quarantined) == (5, 0, 4, 1)
    assert JobPosting.objects.count() == first.kept
    assert second.summary["same_as"] == str(first.uuid)


def test_the_same_rows_under_another_digest_add_nothing(alice: User, import_file: Upload) -> None:
    import_file(alice)
    again = import_file(alice, HEADER + "".join(reversed(ROWS)), name="other.csv")
    assert (again.kept, again.duplicates) == (0, 4)


def test_a_stranger_with_the_same_file_keeps_own_rows(
    alice: User, charlie: User, import_file: Upload
) -> None:
    import_file(alice)
    assert import_file(charlie).kept == 3


def test_a_shared_file_is_known_to_the_whole_region(alice: User, charlie: User, import_file: Upload) -> None:
    import_file(alice, shared=True)
    assert import_file(charlie).kept == 0


def test_doing_a_finished_import_again_changes_nothing(
    alice: User, import_file: Upload, last_run: Callable[[], JobRun]
) -> None:
    done = import_file(alice)
    before = rows_of(done)
    JobRun.objects.filter(pk=last_run().pk).update(state=JobState.RUNNING)

    from zhiqiao.infra.jobs.api import JobContext

    result = importing.run_import(JobContext(last_run()), done.uuid, actor=Actor.system())
    assert result["kept"] == 3
    assert rows_of(done) == before


@pytest.mark.parametrize("chunks_before", [0, 1, 2])
def test_breaking_off_and_starting_again_ends_with_the_same_rows(
    alice: User, charlie: User, import_file: Upload, monkeypatch: pytest.MonkeyPatch, chunks_before: int
) -> None:
    undisturbed = rows_of(import_file(charlie))
    monkeypatch.setattr(loading, "CHUNK", 1)
    write, written = loading._write_chunk, []

    def breaks(*args: object) -> None:
        if len(written) == chunks_before:
            written.append(0)
            raise SystemError  # what a crash in the middle looks like to the queue
        written.append(1)
        write(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "_write_chunk", breaks)
    broken = import_file(alice)
    assert broken.state == ImportState.RUNNING
    assert JobPosting.objects.filter(posting_import=broken).count() == chunks_before
    assert JobPosting.objects.live().filter(posting_import=broken).count() == 0
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.update(run_after=broken.created_at)  # the next try need not wait in a test
    run_waiting()
    broken.refresh_from_db()
    assert broken.state == ImportState.LIVE
    assert rows_of(broken) == undisturbed


def test_cancelling_in_the_middle_leaves_nothing(
    alice: User, import_file: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_args: object, **_kwargs: object) -> None:
        raise Cancelled

    monkeypatch.setattr(importing, "_go_live", stop)
    done = import_file(alice)
    assert done.state == ImportState.CANCELLED
    assert not JobPosting.objects.exists()
    assert not SkillCount.objects.exists()
    assert not storage.import_folder(done.uuid).exists()
    assert not uploads.present(done.uuid)


def test_cancelling_a_waiting_import_stops_it_at_once(alice: User, upload: Upload, actor_of: ActorOf) -> None:
    waiting = upload(alice)
    actions.start_import(actor_of(alice), waiting)
    actions.cancel_import(actor_of(alice), waiting)
    run_waiting()
    waiting.refresh_from_db()
    assert waiting.state == ImportState.CANCELLED
    assert not JobPosting.objects.exists()


def test_a_run_cancelled_elsewhere_is_closed_by_the_sweep(
    alice: User, upload: Upload, actor_of: ActorOf
) -> None:
    from zhiqiao.infra.jobs.api import JobContext, request_cancel

    waiting = upload(alice)
    run = actions.start_import(actor_of(alice), waiting)
    request_cancel(run)
    JobRun.objects.filter(pk=run.pk).update(state=JobState.CANCELLED)
    other = JobRun.objects.create(kind="postings.sweep", title="x", state=JobState.RUNNING)
    assert jobs.sweep(JobContext(other)) == {"closed": 1}
    waiting.refresh_from_db()
    assert waiting.state == ImportState.CANCELLED


def test_a_file_that_breaks_off_fails_with_its_reason_and_can_be_tried_again(
    alice: User, upload: Upload, actor_of: ActorOf
) -> None:
    broken = upload(alice)
    storage.upload_path(broken.uuid).write_bytes(b"\x00" * 5000)
    actions.start_import(actor_of(alice), broken)
    run_waiting()
    broken.refresh_from_db()
    assert broken.state == ImportState.FAILED
    assert "表格" in broken.error["zh"]
    assert broken.error["en"].isascii()
    storage.upload_path(broken.uuid).write_text(CSV, encoding="utf-8")
    actions.start_import(actor_of(alice), broken)
    run_waiting()
    broken.refresh_from_db()
    assert (broken.state, broken.kept) == (ImportState.LIVE, 3)


def test_withdrawing_hides_at_once_and_removes_in_the_background(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    subscribe(PostingsWithdrawn)(lambda event: None)
    done = import_file(alice)
    actions.withdraw_import(actor_of(alice), done, reason="来源方要求删除")
    assert done.state == ImportState.WITHDRAWING
    assert not JobPosting.objects.live().exists()
    assert JobPosting.objects.exists()
    run_waiting()
    done.refresh_from_db()
    assert done.state == ImportState.WITHDRAWN
    assert not JobPosting.objects.exists()
    assert not PostingSkill.objects.exists()
    assert not SkillCount.objects.exists()
    assert not storage.import_folder(done.uuid).exists()
    entry = AuditEvent.objects.get(action="postings.withdrawn")
    assert entry.detail["reason"] == "来源方要求删除"
    assert OutboxEvent.objects.filter(kind="PostingsWithdrawn").exists()


def test_a_withdrawn_file_can_be_imported_anew(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    first = import_file(alice)
    actions.withdraw_import(actor_of(alice), first, reason="重来")
    run_waiting()
    assert import_file(alice).kept == 3


def test_withdrawing_needs_a_reason(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    with pytest.raises(Refused):
        actions.withdraw_import(actor_of(alice), import_file(alice), reason="  ")


def test_an_import_can_not_be_withdrawn_twice(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    done = import_file(alice)
    actions.withdraw_import(actor_of(alice), done, reason="一")
    with pytest.raises(Refused):
        actions.withdraw_import(actor_of(alice), done, reason="二")


def test_a_started_import_can_not_be_started_again(alice: User, upload: Upload, actor_of: ActorOf) -> None:
    waiting = upload(alice)
    actions.start_import(actor_of(alice), waiting)
    with pytest.raises(Refused):
        actions.start_import(actor_of(alice), waiting)


@pytest.mark.parametrize(
    "columns",
    [{"title": "职位名称"}, {"text": "岗位描述", "title": "岗位描述"}],
    ids=["no text", "one column twice"],
)
def test_a_mapping_that_can_not_work_is_refused(
    alice: User, upload: Upload, actor_of: ActorOf, columns: dict[str, str]
) -> None:
    with pytest.raises(Refused):
        actions.save_columns(actor_of(alice), upload(alice), columns)


@pytest.mark.parametrize("who", ["bob", "charlie", "student", "mentor", "sysadmin"])
def test_others_can_neither_start_nor_cancel_nor_withdraw(
    request: pytest.FixtureRequest,
    who: str,
    alice: User,
    upload: Upload,
    import_file: Upload,
    actor_of: ActorOf,
) -> None:
    actor = actor_of(request.getfixturevalue(who))
    waiting = upload(alice)
    for verb in (actions.start_import, actions.cancel_import):
        with pytest.raises(Http404):
            verb(actor, waiting)
    with pytest.raises(Http404):
        actions.withdraw_import(actor, import_file(alice, HEADER + ROWS[0]), reason="不许")


@pytest.mark.parametrize("who", ["bob", "student", "auditor"])
def test_who_may_not_import_can_not_bring_a_file(
    request: pytest.FixtureRequest, who: str, skills: object, tmp_path: object, actor_of: ActorOf
) -> None:
    sent = uploads.Upload(storage.upload_path(__import__("uuid").uuid4()), "x.csv", 1, "0")
    with pytest.raises(Http404):
        actions.receive_file(
            actor_of(request.getfixturevalue(who)),
            source=actions.NewSource("a", "b", is_shared=False),
            upload=sent,
        )
