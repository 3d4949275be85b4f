"""Starts declared work when it is due."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao.infra.jobs.models import JobRun, JobState, Schedule
from zhiqiao.infra.jobs.queue import enqueue
from zhiqiao.infra.jobs.registry import PLANS

TITLE = gettext_noop("定时任务 %(name)s")


def sync_schedules() -> None:
    """Write declared plans into the table; plans no longer declared go."""
    Schedule.objects.exclude(name__in=PLANS).delete()
    for plan in PLANS.values():
        values = {"kind": plan.kind, "params": plan.params, "every_seconds": plan.every_seconds}
        first = {**values, "next_at": timezone.now() + dt.timedelta(seconds=plan.every_seconds)}
        Schedule.objects.update_or_create(name=plan.name, defaults=values, create_defaults=first)


def start_due() -> int:
    """Enqueue every plan that is due and not already on its way; return how many."""
    now = timezone.now()
    return sum(
        _start(plan, now) for plan in Schedule.objects.filter(next_at__lte=now, is_active=True).order_by("pk")
    )


def _start(plan: Schedule, now: dt.datetime) -> bool:
    key = f"schedule:{plan.name}"
    with transaction.atomic():
        due = Schedule.objects.filter(pk=plan.pk, next_at=plan.next_at)
        if not due.update(next_at=now + dt.timedelta(seconds=plan.every_seconds)):
            return False  # another worker was quicker
        if JobRun.objects.filter(exclusive=key, state__in=[JobState.QUEUED, JobState.RUNNING]).exists():
            return False
        enqueue(
            plan.kind,
            owner_id=None,
            org_root_id=None,
            title=TITLE,
            title_values={"name": plan.name},
            params=plan.params,
            exclusive=key,
        )
    return True
