"""The life of a run: queued, begun, finished, tried again, taken over from a dead worker.

Every change is one short transaction and names the state it expects, so that two workers can not both win.
"""

from __future__ import annotations

import datetime as dt
import logging
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_noop
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zhiqiao.infra.config import config
from zhiqiao.infra.jobs import liveness
from zhiqiao.infra.jobs.models import JobRun, JobState
from zhiqiao.infra.jobs.registry import JOBS, find_job

logger = logging.getLogger(__name__)

LOST = gettext_noop("后台进程中断了 %(attempts)s 次，任务已停止。请稍后重试；若再次发生，请联系系统管理员。")


def lease() -> dt.timedelta:
    """Return how long a worker may be silent."""
    return dt.timedelta(seconds=config().job_lease_seconds)


def _issue_ticket(run_id: int, *, run_after: dt.datetime | None = None) -> UUID:
    from zhiqiao.infra.jobs.tickets import start_run

    return UUID(start_run.using(run_after=run_after).enqueue(run_id).id)


def _drop_ticket(ticket: UUID | None) -> None:
    if ticket:
        DBTaskResult.objects.filter(pk=ticket).delete()


def enqueue(
    kind: str,
    *,
    owner_id: int | None,
    org_root_id: int | None,
    title: str,
    params: dict[str, object],
    exclusive: str = "",
    title_values: dict[str, object] | None = None,
) -> JobRun:
    """Queue a run; it starts once the surrounding transaction has committed.

    Runs with the same non-empty `exclusive` key never run at the same time. `title` is a msgid, filled with
    `title_values`. Raises UnknownJob.
    """
    find_job(kind)
    with transaction.atomic():
        run = JobRun.objects.create(
            kind=kind,
            owner_id=owner_id,
            org_root_id=org_root_id,
            title=title,
            title_values=title_values or {},
            params=params,
            exclusive=exclusive,
        )
        run.ticket = _issue_ticket(run.pk)
        run.save(update_fields=["ticket"])
    return run


def begin(run_id: int, *, ticket: UUID, worker: str) -> JobRun | None:
    """Take a queued run for `worker`; None when it is gone, cancelled, or its key is busy."""
    try:
        with transaction.atomic():
            run = (
                JobRun.objects.select_for_update()
                .filter(pk=run_id, state=JobState.QUEUED, ticket=ticket)
                .first()
            )
            if run is None:
                return None
            if _must_wait(run):
                run.ticket = None
                run.save(update_fields=["ticket", "updated_at"])
                return None
            now = timezone.now()
            run.state, run.worker, run.lease_until = JobState.RUNNING, worker, now + lease()
            run.attempts += 1
            run.started_at = run.started_at or now
            run.save()
            return run
    except IntegrityError:  # another worker took a run with the same key in this very moment
        JobRun.objects.filter(pk=run_id, state=JobState.QUEUED, ticket=ticket).update(ticket=None)
        return None


def _must_wait(run: JobRun) -> bool:
    if not run.exclusive:
        return False
    same = JobRun.objects.filter(exclusive=run.exclusive)
    older = same.filter(state=JobState.QUEUED, ticket__isnull=True, pk__lt=run.pk)
    return same.filter(state=JobState.RUNNING).exists() or older.exists()


def release_waiting() -> int:
    """Give the oldest waiting run of each free key a ticket; return how many."""
    released = 0
    keys: set[str] = set()
    for run in JobRun.objects.filter(state=JobState.QUEUED, ticket__isnull=True).order_by("pk"):
        if run.exclusive in keys:
            continue
        keys.add(run.exclusive)
        if not JobRun.objects.filter(exclusive=run.exclusive, state=JobState.RUNNING).exists():
            released += _reissue(run)
    return released


def _reissue(run: JobRun) -> int:
    """Replace the ticket of a queued run, unless somebody else just did."""
    with transaction.atomic():
        current = JobRun.objects.select_for_update().filter(
            pk=run.pk, state=JobState.QUEUED, ticket=run.ticket
        )
        if not current.exists():
            return 0
        _drop_ticket(run.ticket)
        return current.update(ticket=_issue_ticket(run.pk), updated_at=timezone.now())


def mine(run: JobRun) -> dict[str, object]:
    """Return the filter that finds a run only while this very attempt of it is the living one."""
    return {"pk": run.pk, "state": JobState.RUNNING, "worker": run.worker, "attempts": run.attempts}


def settle(run: JobRun, state: JobState, **values: object) -> bool:
    """Close this attempt of a run for good; False when another worker has taken it over."""
    now = timezone.now()
    changed = JobRun.objects.filter(**mine(run)).update(
        state=state, finished_at=now, updated_at=now, lease_until=None, ticket=None, **values
    )
    if not changed:
        logger.warning("run %s was taken over by another worker; this one's outcome is dropped", run.uuid)
    return bool(changed)


def put_back(run: JobRun, *, delay_seconds: float = 0.0, counts: bool = True, **values: object) -> bool:
    """Queue this attempt's run again, after a delay; an attempt that does not count is taken back."""
    after = timezone.now() + dt.timedelta(seconds=delay_seconds) if delay_seconds else None
    with transaction.atomic():
        if not JobRun.objects.select_for_update().filter(**mine(run)).exists():
            return False
        values |= {"attempts": run.attempts if counts else run.attempts - 1}
        JobRun.objects.filter(pk=run.pk).update(
            state=JobState.QUEUED,
            worker="",
            lease_until=None,
            updated_at=timezone.now(),
            ticket=_issue_ticket(run.pk, run_after=after),
            **values,
        )
    return True


def request_cancel(run: JobRun) -> None:
    """Cancel a run: at once when it still waits, at its next safe point when it runs."""
    with transaction.atomic():
        now = timezone.now()
        waiting = JobRun.objects.select_for_update().filter(pk=run.pk, state=JobState.QUEUED)
        for ticket in waiting.values_list("ticket", flat=True):
            _drop_ticket(ticket)
        if not waiting.update(state=JobState.CANCELLED, finished_at=now, updated_at=now, ticket=None):
            JobRun.objects.filter(pk=run.pk, state=JobState.RUNNING).update(
                cancel_requested=True, updated_at=now
            )
    run.refresh_from_db()


def recover() -> int:
    """Start again what a dead worker left behind; return how many runs were touched."""
    touched = 0
    for run in JobRun.objects.filter(state=JobState.RUNNING).order_by("pk"):
        if liveness.is_lost(run, lease=lease(), now=timezone.now()):
            touched += _take_from_dead(run)
    claimed_only = (
        JobRun.objects.filter(
            state=JobState.QUEUED, ticket__isnull=False, updated_at__lt=timezone.now() - lease()
        )
        .annotate(
            ready=Exists(DBTaskResult.objects.filter(pk=OuterRef("ticket"), status=TaskResultStatus.READY))
        )
        .filter(ready=False)
    )
    return touched + sum(_reissue(run) for run in claimed_only.order_by("pk"))


def _take_from_dead(run: JobRun) -> bool:
    logger.warning("run %s (%s): worker %s is gone, attempt %s", run.uuid, run.kind, run.worker, run.attempts)
    _drop_ticket(run.ticket)
    if run.cancel_requested:
        return settle(run, JobState.CANCELLED)
    if run.kind not in JOBS or run.attempts >= JOBS[run.kind].attempts:
        return settle(run, JobState.FAILED, error=LOST, error_values={"attempts": run.attempts})
    return put_back(run)
