"""What becomes of a queued run."""

from __future__ import annotations

import datetime as dt
import os
import threading
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from tests.integration.infra.jobs import sample_jobs  # noqa: F401
from zhiqiao.infra.jobs import liveness, queue
from zhiqiao.infra.jobs.api import JobRun, JobState, UnknownJob, enqueue, request_cancel, run_waiting
from zhiqiao.infra.jobs.context import JobContext
from zhiqiao.infra.jobs.errors import Cancelled, Interrupted, Superseded
from zhiqiao.infra.jobs.models import WorkerBeat

pytestmark = pytest.mark.django_db


def queued(kind: str = "sample.add", *, exclusive: str = "", **params: object) -> JobRun:
    """Queue a run of a sample job."""
    values = params or {"left": 2, "right": 3}
    return enqueue(kind, owner_id=1, org_root_id=None, title="加法", params=values, exclusive=exclusive)


def begun(run: JobRun, *, worker: str = "w1") -> JobRun:
    """Take a queued run as a worker would."""
    assert run.ticket is not None
    taken = queue.begin(run.pk, ticket=run.ticket, worker=worker)
    assert taken is not None
    return taken


def fresh(run: JobRun) -> JobRun:
    """Read a run again."""
    return JobRun.objects.get(pk=run.pk)


def test_a_run_goes_from_queued_to_its_result() -> None:
    run = queued()
    assert run.state == JobState.QUEUED
    assert run_waiting() == 1
    done = fresh(run)
    assert (done.state, done.result, done.attempts, done.percent) == ("succeeded", {"sum": 5}, 1, 100)
    assert done.finished_at is not None
    assert done.finished_at >= done.started_at  # type: ignore[operator]


def test_no_queue_entry_is_left_behind() -> None:
    queued()
    run_waiting()
    assert not DBTaskResult.objects.exists()


def test_an_unknown_kind_is_refused_when_queued() -> None:
    with pytest.raises(UnknownJob):
        queued("sample.unheard_of")


def test_a_kind_no_longer_known_fails_in_words() -> None:
    run = queued()
    JobRun.objects.filter(pk=run.pk).update(kind="sample.gone")
    run_waiting()
    assert fresh(run).state == "failed"
    assert "sample.gone" in fresh(run).error_text


def test_a_rolled_back_transaction_queues_nothing() -> None:
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)
    assert run_waiting() == 0
    assert not JobRun.objects.exists()


def test_an_error_is_tried_again_until_it_works() -> None:
    run = queued("sample.flaky", fails=2)
    run_waiting(wait_seconds=2)
    assert (fresh(run).state, fresh(run).result) == ("succeeded", {"attempts": 3})
    assert fresh(run).error_text == ""


def test_an_error_that_stays_ends_the_run_after_its_attempts() -> None:
    run = queued("sample.flaky", fails=9)
    run_waiting(wait_seconds=2)
    done = fresh(run)
    assert (done.state, done.attempts) == ("failed", 3)
    assert "RuntimeError" in done.error_text
    assert [line for line in done.log.splitlines() if line.startswith("#")] == [
        f"#{attempt} builtins.RuntimeError" for attempt in (1, 2, 3)
    ]


def test_a_log_holds_no_values_of_the_data() -> None:
    run = queued("sample.flaky", fails=9)
    run_waiting(wait_seconds=2)
    assert "Zhang San" not in fresh(run).log + fresh(run).error_text


def test_a_refusal_is_final_and_worded() -> None:
    run = queued("sample.refuses")
    JobRun.objects.filter(pk=run.pk).update(params={})
    run_waiting()
    assert (fresh(run).state, fresh(run).attempts, fresh(run).error_text) == ("failed", 1, "第 7 行无法读取")


def test_states_are_worded_in_the_readers_language() -> None:
    run = queued()
    with translation.override("zh-hans"):
        assert run.get_state_display() == "排队中"
    assert run.stage_text == ""


class TestCancel:
    def test_a_waiting_run_is_cancelled_at_once(self) -> None:
        run = queued()
        request_cancel(run)
        assert run.state == "cancelled"
        assert run_waiting() == 0

    def test_a_running_one_is_asked_to_leave(self) -> None:
        run = begun(queued())
        request_cancel(run)
        assert (run.state, run.cancel_requested) == ("running", True)
        with pytest.raises(Cancelled):
            JobContext(run).check_cancelled()

    def test_a_finished_one_stays_as_it_is(self) -> None:
        run = queued()
        run_waiting()
        request_cancel(run)
        assert (run.state, run.cancel_requested) == ("succeeded", False)


class TestExclusive:
    def test_the_second_of_a_key_waits_for_the_first(self) -> None:
        first, second = queued(exclusive="k"), queued(exclusive="k")
        running = begun(first)
        assert second.ticket is not None
        assert queue.begin(second.pk, ticket=second.ticket, worker="w2") is None
        assert fresh(second).ticket is None
        assert queue.release_waiting() == 0
        queue.settle(running, JobState.SUCCEEDED)
        assert queue.release_waiting() == 1
        run_waiting()
        assert fresh(second).state == "succeeded"

    def test_other_keys_do_not_wait(self) -> None:
        begun(queued(exclusive="k"))
        other = queued(exclusive="l")
        run_waiting()
        assert fresh(other).state == "succeeded"

    def test_the_database_itself_refuses_two(self) -> None:
        begun(queued(exclusive="k"))
        second = queued(exclusive="k")
        with pytest.raises(IntegrityError), transaction.atomic():
            JobRun.objects.filter(pk=second.pk).update(state="running")

    def test_a_later_one_does_not_overtake_a_waiting_one(self) -> None:
        running = begun(queued(exclusive="k"))
        waiting, late = queued(exclusive="k"), queued(exclusive="k")
        assert queue.begin(waiting.pk, ticket=waiting.ticket or UUID(int=0), worker="w") is None
        queue.settle(running, JobState.SUCCEEDED)
        assert queue.begin(late.pk, ticket=late.ticket or UUID(int=0), worker="w") is None


class TestDeadWorker:
    def dead(self, run: JobRun) -> JobRun:
        """Let the lease of a running run lie in the past."""
        JobRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - dt.timedelta(seconds=1))
        return fresh(run)

    def test_its_run_starts_again_and_counts(self) -> None:
        run = self.dead(begun(queued()))
        assert queue.recover() == 1
        run_waiting()
        assert (fresh(run).state, fresh(run).attempts) == ("succeeded", 2)

    def test_a_run_within_its_lease_is_left_alone(self) -> None:
        begun(queued())
        assert queue.recover() == 0

    def test_after_all_attempts_the_run_fails_with_a_sentence(self) -> None:
        run = queued("sample.count", path="/nowhere", steps=1, seconds=0)
        for _ in range(2):
            begun(fresh(run))
            self.dead(run)
            queue.recover()
        assert fresh(run).state == "failed"
        assert "2" in fresh(run).error_text

    def test_a_cancelled_run_is_not_started_again(self) -> None:
        run = begun(queued())
        request_cancel(run)
        self.dead(run)
        queue.recover()
        assert fresh(run).state == "cancelled"

    def test_what_the_old_worker_still_says_is_dropped(self) -> None:
        old = begun(queued())
        self.dead(old)
        queue.recover()
        begun(fresh(old), worker="w2")
        with pytest.raises(Superseded):
            JobContext(old).progress(1, 2, "旧")
        assert not queue.settle(old, JobState.SUCCEEDED, result={"wrong": 1})
        assert (fresh(old).state, fresh(old).result) == ("running", {})

    def test_a_claimed_ticket_whose_worker_died_before_the_start_is_issued_again(self) -> None:
        run = queued()
        DBTaskResult.objects.filter(pk=run.ticket).update(status="RUNNING")
        long_ago = timezone.now() - dt.timedelta(hours=1)
        JobRun.objects.filter(pk=run.pk).update(updated_at=long_ago)
        assert queue.recover() == 1
        assert run_waiting() == 1
        assert fresh(run).state == "succeeded"

    def test_a_process_seen_to_be_gone_does_not_wait_for_the_lease(self) -> None:
        run = begun(queued())
        gone = os.spawnlp(os.P_WAIT, "true", "true") or 2**22 - 1  # a number that no process has
        now = timezone.now()
        WorkerBeat.objects.create(name="w1", host=liveness.host(), pid=gone, version="0", beat_at=now)
        assert liveness.is_lost(run, lease=queue.lease(), now=now)

    def test_a_process_that_lives_but_can_not_write_gets_patience(self) -> None:
        run = self.dead(begun(queued()))
        liveness.beat("w1")
        assert not liveness.is_lost(run, lease=queue.lease(), now=timezone.now())


def test_a_shutdown_puts_the_run_back_without_counting_the_attempt() -> None:
    run = queued("sample.count", path=os.devnull, steps=3, seconds=0)
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(Interrupted):
        JobContext(begun(run), stopping=stopping).check_cancelled()
    queue.put_back(fresh(run), counts=False)
    assert (fresh(run).state, fresh(run).attempts) == ("queued", 0)
    run_waiting()
    assert fresh(run).state == "succeeded"


def test_a_stale_ticket_starts_nothing() -> None:
    run = queued()
    assert queue.begin(run.pk, ticket=uuid4(), worker="w") is None
    assert fresh(run).state == "queued"
