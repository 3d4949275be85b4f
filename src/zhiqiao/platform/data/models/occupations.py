"""Versions of the fitted coder of job titles, its stored answers, and what people corrected."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, levels


class CoderState(models.TextChoices):
    """Where a version stands; the newest that is ready answers."""

    QUEUED = "queued", _("排队中")
    READY = "ready", _("可用")
    FAILED = "failed", _("失败")


class OccupationCoder(BaseModel):
    """One fit of the coder; the model itself lies in storage under the row's uuid."""

    data_levels = levels("internal", personal=("fitted_by",))

    state = models.CharField(max_length=10, choices=CoderState.choices, default=CoderState.QUEUED)
    job_uuid = models.UUIDField(null=True)
    version = models.CharField(max_length=12, blank=True, default="", help_text="digest of the fitted model")
    classification_name = models.CharField(max_length=255, blank=True, default="")
    titles_name = models.CharField(max_length=255, blank=True, default="")
    classification_upload = models.UUIDField(null=True)
    titles_upload = models.UUIDField(null=True)
    entries = models.PositiveIntegerField(default=0)
    titles = models.PositiveIntegerField(default=0)
    corrections = models.PositiveIntegerField(default=0)
    rejected = models.JSONField(default=dict, help_text="reason -> rows left out")
    error = models.JSONField(default=dict, help_text="zh and en of what went wrong")
    fitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.version or str(self.uuid)


class OccupationAnswer(models.Model):
    """What one version answers for a folded title, so that a page need not load the model."""

    data_levels = levels("public")

    id = models.BigAutoField(primary_key=True)
    coder = models.ForeignKey(OccupationCoder, on_delete=models.CASCADE, related_name="answers")
    folded = models.CharField(max_length=300)
    codes = models.JSONField(help_text="[code, probability], the likeliest first")
    nearest = models.JSONField(help_text="[known title, code, similarity]")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["coder", "folded"], name="occupation_answer_once")
        ]

    def __str__(self) -> str:
        return self.folded


class OccupationCorrection(BaseModel):
    """A person's word on the occupation of a title; the newest counts, older ones stay as history."""

    data_levels = levels("internal", personal=("corrected_by",))

    title = models.CharField(max_length=300)
    folded = models.CharField(max_length=300, db_index=True)
    code = models.CharField(max_length=20)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.title}: {self.code}"
