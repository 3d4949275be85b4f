"""Work that starts by itself."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.integration.infra.jobs import sample_jobs  # noqa: F401
from zhiqiao.infra.jobs import schedules
from zhiqiao.infra.jobs.api import JobRun, run_waiting, schedule
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
