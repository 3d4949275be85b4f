"""The region's balance of demand and supply, the health of its programmes, and what people decided about them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.apps.management.models.gap import ReportState
from zhiqiao.infra.db import TenantModel, levels
from zhiqiao.platform.governance.api import ScopeFields


class LineLevel(models.TextChoices):
    """What a line of a balance speaks about."""

    INDUSTRY = "industry", _("产业")
    ROLE = "role", _("岗位")
    SKILL = "skill", _("技能")
    TOTAL = "total", _("产业合计的技能")
    KIND = "kind", _("缺口种类")


class BalanceReport(TenantModel):
    """The balance of a whole region, computed once from named inputs; it belongs to the bureau."""

    data_levels = levels("internal", personal=("computed_by",))
    scope_fields = ScopeFields()

    state = models.CharField(max_length=12, choices=ReportState, default=ReportState.CURRENT)
    stale_reason = models.CharField(max_length=300, blank=True, default="")
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(max_length=60)
    method_version = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    inputs = models.JSONField(default=dict, help_text="imports with counts, months, programmes, taxonomy")
    seed = models.BigIntegerField()
    postings = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_root_id"],
                condition=~models.Q(state="superseded"),
                name="one_balance_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org_root_id} {self.computed_at:%Y-%m-%d}"


class BalanceLine(TenantModel):
    """One figure of a balance: an industry, a post, a skill (of a post, of an industry), a kind of gap at a post."""

    data_levels = levels("internal")
    scope_fields = ScopeFields()

    report = models.ForeignKey(BalanceReport, on_delete=models.CASCADE, related_name="lines")
    level = models.CharField(max_length=10, choices=LineLevel)
    industry_key = models.CharField(max_length=64)
    role_key = models.CharField(max_length=64, blank=True, default="")
    skill_key = models.CharField(max_length=100, blank=True, default="")
    programme_uuid = models.UUIDField(null=True)
    kind = models.CharField(max_length=30, blank=True, default="")
    rank = models.PositiveIntegerField(help_text="among the lines of its level, 1 the most pressing")
    count = models.IntegerField(
        help_text="postings that name the skill; all of the post or industry otherwise"
    )
    total = models.IntegerField(help_text="postings of the post; of the report for posts and industries")
    intervals = models.JSONField(
        default=dict, help_text="name -> [value, low, high]; a missing one is unknown"
    )
    facts = models.JSONField(default=dict, help_text="covered, programmes, graduates, basis of a kind")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["report", "level", "rank"], name="balance_line_order")]

    def __str__(self) -> str:
        return f"{self.level} {self.role_key or self.industry_key} {self.skill_key}"


class ProgrammeHealth(TenantModel):
    """The health of one programme in a balance, with the advice drawn from it; it belongs to the school."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="programme_path")

    report = models.ForeignKey(BalanceReport, on_delete=models.CASCADE, related_name="health")
    programme_uuid = models.UUIDField(db_index=True)
    programme_path = models.CharField(max_length=200)
    figures = models.JSONField(
        default=dict, help_text="what the advice rests on; a missing figure is unknown"
    )
    advice = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)
    places = models.IntegerField(null=True)
    firmness = models.FloatField()
    flips = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "programme_uuid"], name="health_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme_uuid} {self.advice}"


class DecisionChoice(models.TextChoices):
    """What is to happen with a programme."""

    OPEN = "open", _("增设或扩招")
    KEEP = "keep", _("保持")
    ADJUST = "adjust", _("调整内容")
    REDUCE = "reduce", _("减少招生")
    STOP = "stop", _("停止招生")


class DecisionState(models.TextChoices):
    """Where a decision stands; only a proposed one can be approved or returned."""

    PROPOSED = "proposed", _("待审批")
    APPROVED = "approved", _("已批准")
    RETURNED = "returned", _("已退回")


class ProgrammeDecision(TenantModel):
    """What a person proposed for a programme and what the bureau made of it; nothing here acts by itself."""

    data_levels = levels("internal", personal=("proposed_by", "decided_by"))
    scope_fields = ScopeFields(path="programme_path")

    programme_uuid = models.UUIDField(db_index=True)
    programme_path = models.CharField(max_length=200)
    choice = models.CharField(max_length=10, choices=DecisionChoice)
    places = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=1000)
    seen_report = models.UUIDField(null=True, help_text="the balance whose figures the proposer saw")
    seen = models.JSONField(default=dict, help_text="advice and figures as they stood then")
    state = models.CharField(
        max_length=10, choices=DecisionState, default=DecisionState.PROPOSED, db_index=True
    )
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme_uuid"], condition=models.Q(state="proposed"), name="one_decision_waiting"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="nobody_approves_their_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_uuid} {self.choice} {self.state}"
