"""Gap reports of programmes, their lines, and the change proposals drawn from them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import TenantModel, levels
from zhiqiao.platform.governance.api import ScopeFields


class ReportState(models.TextChoices):
    """Whether a report still says what its inputs say."""

    CURRENT = "current", _("最新")
    STALE = "stale", _("已过期")
    SUPERSEDED = "superseded", _("已被新报告取代")


class ProposalState(models.TextChoices):
    """Where a proposal stands; only open ones can be decided."""

    OPEN = "open", _("待处理")
    ACCEPTED = "accepted", _("已采纳")
    EDITED = "edited", _("修改后采纳")
    REJECTED = "rejected", _("已驳回")
    STALE = "stale", _("依据已变化")


class GapReport(TenantModel):
    """The gap between one programme and demand, computed once from named inputs."""

    data_levels = levels("internal", personal=("computed_by",))
    scope_fields = ScopeFields(path="programme_path")

    programme_uuid = models.UUIDField(db_index=True)
    programme_path = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=ReportState, default=ReportState.CURRENT)
    stale_reason = models.CharField(max_length=300, blank=True, default="")
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(max_length=60)
    method_version = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    inputs = models.JSONField(default=dict, help_text="roles, imports with counts, months, taxonomy version")
    postings = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme_uuid"], condition=~models.Q(state="superseded"), name="one_report_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme_uuid} {self.computed_at:%Y-%m-%d}"


class GapLine(TenantModel):
    """One skill of a report: demand, hours taught and wanted, status, rank."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="report__programme_path")

    class Status(models.TextChoices):
        """What the line says."""

        MISSING = "missing", _("未开设")
        THIN = "thin", _("学时不足")
        COVERED = "covered", _("已覆盖")
        UNASKED = "unasked", _("岗位未提及")

    report = models.ForeignKey(GapReport, on_delete=models.CASCADE, related_name="lines")
    skill_uuid = models.UUIDField()
    skill_key = models.CharField(max_length=100)
    status = models.CharField(max_length=10, choices=Status)
    rank = models.PositiveIntegerField()
    score = models.FloatField()
    count = models.IntegerField()
    total = models.IntegerField()
    share_low = models.FloatField()
    share_high = models.FloatField()
    taught_hours = models.FloatField()
    target_hours = models.FloatField()
    trend = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "skill_key"], name="gap_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.skill_key}"

    @property
    def share(self) -> float | None:
        """Return the share of postings that ask for the skill; None when none were counted."""
        return self.count / self.total if self.total else None


class Proposal(TenantModel):
    """A change to a module that the programme head accepts, edits or rejects with a reason."""

    data_levels = levels("internal", personal=("decided_by",))
    scope_fields = ScopeFields(path="programme_path")

    class Change(models.TextChoices):
        """What the proposal does to the course table."""

        ADD = "add", _("新增模块")
        EXTEND = "extend", _("增加学时")
        UPDATE = "update", _("更新模块")
        RETIRE = "retire", _("停开模块")

    report = models.ForeignKey(GapReport, on_delete=models.CASCADE, related_name="proposals")
    programme_uuid = models.UUIDField(db_index=True)
    programme_path = models.CharField(max_length=200)
    change = models.CharField(max_length=10, choices=Change)
    course_uuid = models.UUIDField()
    module_uuid = models.UUIDField(null=True, blank=True)
    skills = models.JSONField(default=list, help_text="[{key, hours, level}] as computed")
    hours = models.FloatField()
    affinity = models.FloatField(default=0)
    score = models.FloatField(default=0)
    rank = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN, db_index=True)
    version = models.PositiveIntegerField(
        default=1, help_text="Raised by every change; a decision names the one it saw."
    )
    decided_skills = models.JSONField(default=list, help_text="what was accepted, when edited")
    decided_module_uuid = models.UUIDField(null=True, blank=True, help_text="module changed or made")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=500, blank=True, default="")
    stale_reason = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.change} {self.module_uuid or self.course_uuid}"
