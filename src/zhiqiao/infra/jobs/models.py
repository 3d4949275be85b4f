"""Rows of background work: runs, schedules, events waiting for delivery, workers alive."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, Levels, ScopeFields, levels


class JobState(models.TextChoices):
    """Where a run stands."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("运行中")
    SUCCEEDED = "succeeded", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


def _worded(text: str, values: dict[str, object]) -> str:
    """Translate a stored msgid and fill its named values; any other text stays as it is."""
    translated = gettext(text) if text else ""  # gettext("") would give the catalogue's header
    return translated % values if values else translated


class JobRun(BaseModel):
    """One piece of background work from request to result, over all its attempts.

    `title`, `stage` and `error` hold Chinese msgids and are worded in the reader's language. `ticket` is the
    queue entry of django-tasks that will start the run; a queued run without one waits for its exclusive key.
    """

    data_levels: ClassVar[Levels] = levels("internal", personal=("owner_id", "title_values", "params"))
    scope_fields: ClassVar[ScopeFields] = ScopeFields(owner="owner_id")

    kind = models.CharField(max_length=80, db_index=True)
    title = models.CharField(max_length=300)
    title_values = models.JSONField(default=dict, blank=True)
    params = models.JSONField(default=dict, blank=True)
    owner_id = models.BigIntegerField(null=True, blank=True)
    org_root_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    exclusive = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    stage = models.CharField(max_length=200, blank=True, default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True, default="")
    error_values = models.JSONField(default=dict, blank=True)
    log = models.TextField(blank=True, default="")
    ticket = models.UUIDField(null=True, blank=True)
    worker = models.CharField(max_length=64, blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["exclusive"],
                condition=models.Q(state="running") & ~models.Q(exclusive=""),
                name="job_run_exclusive",
            ),
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_run_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner_id", "-created_at"], name="job_run_of_owner"),
            models.Index(
                fields=["id"], condition=models.Q(state__in=["queued", "running"]), name="job_run_unfinished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_finished(self) -> bool:
        """Tell whether nothing more will happen to the run."""
        return self.state in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}

    @property
    def title_text(self) -> str:
        """Return the title in the reader's language."""
        return _worded(self.title, self.title_values)

    @property
    def stage_text(self) -> str:
        """Return what the run is doing, in the reader's language."""
        return _worded(self.stage, {})

    @property
    def error_text(self) -> str:
        """Return why the run failed, in the reader's language."""
        return _worded(self.error, self.error_values)

    @property
    def percent(self) -> int | None:
        """Return the share done in whole per cent, None while the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None


class Schedule(BaseModel):
    """Work that starts by itself again and again; declared in code, its next time kept here."""

    data_levels: ClassVar[Levels] = levels("internal")

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=80)
    params = models.JSONField(default=dict, blank=True)
    every_seconds = models.PositiveIntegerField()
    next_at = models.DateTimeField(db_index=True)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class OutboxEvent(BaseModel):
    """An event on its way to one subscriber, written with the change it tells of."""

    data_levels: ClassVar[Levels] = levels("internal", personal=("payload",))

    kind = models.CharField(max_length=120)
    handler = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    given_up = models.BooleanField(default=False)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["handler", "id"],
                condition=models.Q(delivered_at__isnull=True, given_up=False),
                name="outbox_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} -> {self.handler}"


class WorkerBeat(BaseModel):
    """A worker process that lives; a silent one is taken for dead after the lease."""

    data_levels: ClassVar[Levels] = levels("internal")

    name = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=200)
    pid = models.PositiveIntegerField()
    version = models.CharField(max_length=40)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
