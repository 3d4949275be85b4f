"""Work that starts by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.integration.infra.jobs import sample_jobs  # noqa: F401
from zhiqiao.infra.jobs import schedules
from zhiqiao.infra.jobs.api import JobRun, JobState, run_waiting, schedule
from zhiqiao.infra.jobs.models import OutboxEvent, Schedule
from zhiqiao.infra.jobs.registry import PLANS

pytestmark = pytest.mark.django_db


@pytest.fixture
def hourly(monkeypatch: pytest.MonkeyPatch) -> Schedule:
    """Declare an hourly sum."""
    monkeypatch.setattr("zhiqiao.infra.jobs.registry.PLANS", PLANS)
    monkeypatch.setitem(PLANS, "sample.hourly", None)
    schedule("sample.hourly", every_seconds=3600, kind="sample.add", params={"left": 1, "right": 1})
    schedules.sync_schedules()
    return Schedule.objects.get(name="sample.hourly")


def due(plan: Schedule) -> None:
    """Let the plan's time come."""
    Schedule.objects.filter(pk=plan.pk).update(next_at=timezone.now() - dt.timedelta(seconds=1))


def test_nothing_starts_before_its_time(hourly: Schedule) -> None:
    assert hourly.next_at > timezone.now()
    assert schedules.start_due() == 0


def test_due_work_starts_once(hourly: Schedule) -> None:
    due(hourly)
    assert (schedules.start_due(), schedules.start_due()) == (1, 0)
    run_waiting()
    assert JobRun.objects.get(kind="sample.add").result == {"sum": 2}


def test_a_run_still_going_is_not_doubled(hourly: Schedule) -> None:
    due(hourly)
    schedules.start_due()
    due(hourly)
    assert schedules.start_due() == 0


def test_the_next_time_survives_a_restart(hourly: Schedule) -> None:
    before = hourly.next_at
    schedules.sync_schedules()
    hourly.refresh_from_db()
    assert hourly.next_at == before


def test_a_plan_no_longer_declared_goes(hourly: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PLANS, "sample.hourly")
    schedules.sync_schedules()
    assert not Schedule.objects.filter(name="sample.hourly").exists()


def ended(plan: str, state: JobState, *, days: int = 0, owner: int | None = None) -> JobRun:
    at = timezone.now() - dt.timedelta(days=days)
    key = f"schedule:{plan}" if owner is None else ""
    return JobRun.objects.create(
        kind="sample.add", title="x", exclusive=key, state=state, finished_at=at, owner_id=owner
    )


def test_of_what_a_schedule_did_the_newest_and_the_failures_stay(
    hourly: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiqiao.infra.jobs.jobs._KEEP_RUNS", 2)
    old_failure = ended(hourly.name, JobState.FAILED, days=40)
    failure = ended(hourly.name, JobState.FAILED, days=3)
    runs = [ended(hourly.name, JobState.SUCCEEDED) for _ in range(5)]
    waiting = JobRun.objects.create(kind="sample.add", title="x", exclusive=f"schedule:{hourly.name}")
    asked_for = ended(hourly.name, JobState.SUCCEEDED, days=400, owner=1)
    due(Schedule.objects.get(name="jobs.prune"))
    schedules.start_due()
    run_waiting()
    left = set(JobRun.objects.exclude(kind="jobs.prune").values_list("pk", flat=True))
    assert left == {failure.pk, runs[-1].pk, runs[-2].pk, waiting.pk, asked_for.pk}
    assert old_failure.pk not in left
    assert JobRun.objects.get(kind="jobs.prune").result["runs"] == 4


def test_old_delivered_events_are_pruned() -> None:
    now = timezone.now()
    for days in (1, 40):
        at = now - dt.timedelta(days=days)
        OutboxEvent.objects.create(kind="K", handler="h", next_at=at, delivered_at=at)
    schedules.sync_schedules()
    due(Schedule.objects.get(name="jobs.prune"))
    schedules.start_due()
    run_waiting()
    assert OutboxEvent.objects.count() == 1
