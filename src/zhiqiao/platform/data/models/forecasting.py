"""Demand forecasts that were made, how good they turned out, and alerts of changed demand; figures lie in the lake."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, ScopeFields, TenantModel, levels
from zhiqiao.platform.data.models.industry import Industry
from zhiqiao.platform.data.models.skills import Skill


class ForecastState(models.TextChoices):
    """Where a forecast stands; published ones never change and are never removed."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")


class DemandForecast(TenantModel):
    """One forecast of the region's shared postings: its inputs, its files' digests and a summary."""

    data_levels = levels("internal", personal=("made_by", "published_by"))
    scope_fields = ScopeFields(owner="made_by_id", shared="is_published")

    state = models.CharField(max_length=10, choices=ForecastState, default=ForecastState.DRAFT, db_index=True)
    is_published = models.BooleanField(default=False, help_text="Opens the row to the whole region.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    first_month = models.CharField(max_length=7, help_text="yyyy-mm, first month of the history")
    last_month = models.CharField(max_length=7, help_text="yyyy-mm, last month of the history")
    horizon = models.PositiveSmallIntegerField(help_text="months")
    level = models.FloatField(help_text="per cent that the interval is to cover")
    method = models.CharField(max_length=60)
    method_version = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict, help_text="versions of the parameter files")
    inputs = models.JSONField(default=dict, help_text="imports with counts, months, what did not enter")
    summary = models.JSONField(default=dict, help_text="level -> series and verdicts")
    digests = models.JSONField(default=dict, help_text="file -> SHA-256")
    is_demo = models.BooleanField(default=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="draft", is_published=False, published_at__isnull=True)
                | models.Q(state="published", is_published=True, published_at__isnull=False),
                name="forecast_published_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.last_month} +{self.horizon}"


class DemandScenario(TenantModel):
    """What if: the years 2 and 3 of a published forecast under inputs that a person changed, with the reason.

    `inputs` are the inputs as they stood, `changes` {id: [per cent before, after]}. The forecast itself never changes.
    """

    data_levels = levels("internal", personal=("made_by", "withdrawn_by"))
    scope_fields = ScopeFields(owner="made_by_id", shared="is_shared")

    forecast = models.ForeignKey(DemandForecast, on_delete=models.PROTECT, related_name="scenarios")
    name = models.CharField(max_length=100)
    reason = models.CharField(max_length=1000)
    inputs = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    parameters_version = models.CharField(max_length=40)
    is_shared = models.BooleanField(default=False, help_text="Opens the row to the whole region.")
    is_demo = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_root_id", "forecast", "name"], name="scenario_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class DemandForecastScore(BaseModel):
    """How far off one level of a published forecast was over the months that have come, beside simple baselines."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(root="forecast__org_root_id", shared="forecast__is_published")

    forecast = models.ForeignKey(DemandForecast, on_delete=models.PROTECT, related_name="scores")
    level = models.CharField(max_length=20)
    measure = models.CharField(max_length=6, help_text="count or share")
    until = models.CharField(max_length=7, help_text="yyyy-mm, last month that was compared")
    months = models.PositiveSmallIntegerField()
    cells = models.PositiveIntegerField()
    unforeseen = models.PositiveIntegerField(help_text="series that appeared only after the forecast")
    mae = models.FloatField()
    rmse = models.FloatField()
    cover = models.FloatField(help_text="share of the cells within the interval, 0 to 1")
    width = models.FloatField()
    mase = models.FloatField(null=True)
    baselines = models.JSONField(default=dict, help_text="name -> MAE on the same cells")
    inputs = models.JSONField(default=dict, help_text="imports with counts")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["forecast", "level", "measure", "until"], name="forecast_score_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.forecast_id} {self.level} {self.until}"


class AlertState(models.TextChoices):
    """What became of an alert."""

    NEW = "new", _("未处理")
    SEEN = "seen", _("已看过")
    DISMISSED = "dismissed", _("已判为不重要")


class AlertDirection(models.TextChoices):
    """Where demand went."""

    RISE = "rise", _("上升")
    FALL = "fall", _("下降")


class DemandAlert(BaseModel):
    """A change in how often the region's shared postings name a skill, in one industry or in all."""

    data_levels = levels("internal", personal=("decided_by",))
    scope_fields = ScopeFields(owner="decided_by_id", root="")

    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    industry = models.ForeignKey(
        Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="None: all"
    )
    scope_key = models.CharField(
        max_length=64, blank=True, default="", help_text="industry's key; empty: all"
    )
    month = models.CharField(max_length=7, help_text="yyyy-mm, the month in which it became clear")
    direction = models.CharField(max_length=4, choices=AlertDirection)
    window = models.PositiveSmallIntegerField(help_text="newest months looked at together")
    count = models.IntegerField(help_text="postings of the window that name the skill")
    total = models.IntegerField(help_text="postings of the window")
    before_count = models.IntegerField()
    before_total = models.IntegerField()
    before_months = models.PositiveSmallIntegerField()
    before_first = models.CharField(max_length=7, help_text="yyyy-mm, first month of the reference")
    dispersion = models.FloatField(help_text="1: months swing as chance has it")
    p = models.FloatField(help_text="how often such a split would be seen without a change")
    roles = models.JSONField(default=list, help_text="keys of posts whose postings of the window name it")
    inputs = models.JSONField(default=dict, help_text="imports with counts, versions of parameters")
    is_demo = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=AlertState, default=AlertState.NEW, db_index=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["skill", "scope_key", "direction", "month"], name="demand_alert_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.skill_id} {self.scope_key} {self.month} {self.direction}"
