"""Weight studies: what is weighed, who is asked, in which rounds, and every judgement."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import TenantModel, levels
from zhiqiao.platform.governance.api import ScopeFields


class StudyKind(models.TextChoices):
    """How experts are asked."""

    AHP = "ahp", _("层次分析（两两比较）")
    DELPHI = "delphi", _("德尔菲（多轮评分）")


class StudyState(models.TextChoices):
    """A draft has had no round; a closed study has its last."""

    DRAFT = "draft", _("草稿")
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


class WeightStudy(TenantModel):
    """One question to experts: how much each of these items counts.

    `parameters` are the limits it is judged by, copied when it was made, so that its results stay what they were.
    `alternatives` is {"names", "items" (uuids), "values"}: examples whose ranking shows how sensitive weights are.
    """

    data_levels = levels("internal", personal=("created_by",))
    scope_fields = ScopeFields(shared="is_shared")

    title = models.CharField(max_length=150)
    purpose = models.CharField(max_length=1000, blank=True, default="")
    kind = models.CharField(max_length=10, choices=StudyKind)
    state = models.CharField(max_length=10, choices=StudyState, default=StudyState.DRAFT, db_index=True)
    highest = models.PositiveSmallIntegerField(default=5, help_text="highest rating of a Delphi study")
    framework_key = models.CharField(max_length=100, blank=True, default="")
    framework_uuid = models.UUIDField(null=True, blank=True, db_index=True)
    framework_version_uuid = models.UUIDField(
        null=True, blank=True, help_text="the version whose parts are asked about"
    )
    framework_part = models.CharField(
        max_length=100,
        blank=True,
        default="",
        help_text="dimension whose indicators are asked; empty: dimensions",
    )
    parameters = models.JSONField(default=dict)
    alternatives = models.JSONField(default=dict, blank=True)
    is_shared = models.BooleanField(default=False, help_text="results open to the region; set when closed")
    is_demo = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class StudyItem(TenantModel):
    """A dimension, or an indicator below one; `asked_until` is the last round of an item that was dropped."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(shared="study__is_shared")

    study = models.ForeignKey(WeightStudy, on_delete=models.CASCADE, related_name="items")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    position = models.PositiveIntegerField()
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150, blank=True, default="")
    asked_until = models.PositiveIntegerField(null=True, blank=True)
    part_key = models.CharField(max_length=100, blank=True, default="", help_text="key in the framework")

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "name_zh"], name="study_item_name_once")
        ]

    def __str__(self) -> str:
        return self.name_zh


class StudyExpert(TenantModel):
    """Somebody asked; others know the `code` only. The link's secret is kept as a hash."""

    data_levels = levels(
        "internal", personal=("user", "name", "affiliation", "email"), core_secret=("token_hash",)
    )
    # names are for those who run the study: no shared rows
    scope_fields = ScopeFields()

    study = models.ForeignKey(WeightStudy, on_delete=models.CASCADE, related_name="experts")
    code = models.CharField(max_length=8)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=100)
    affiliation = models.CharField(max_length=150, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    token_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - none, not an empty hash
    expires_at = models.DateTimeField(null=True)
    reminders = models.PositiveIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "code"], name="study_expert_code_once")
        ]

    def __str__(self) -> str:
        return self.code


class RoundState(models.TextChoices):
    """Only an open round takes answers."""

    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已结束")


class StudyRound(TenantModel):
    """One time of asking; `result` keeps the weights as they were worked out when it closed."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(shared="study__is_shared")

    study = models.ForeignKey(WeightStudy, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.OPEN)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True, help_text="{weights: {item uuid: weight}, reason}")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["study", "number"], name="study_round_once"),
            models.UniqueConstraint(
                fields=["study"], condition=models.Q(state="open"), name="one_open_round_a_study"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class AnswerSheet(TenantModel):
    """What one expert was asked in one round; only a submitted sheet counts."""

    data_levels = levels("personal")
    scope_fields = ScopeFields(shared="round__study__is_shared")

    round = models.ForeignKey(StudyRound, on_delete=models.CASCADE, related_name="sheets")
    expert = models.ForeignKey(StudyExpert, on_delete=models.CASCADE, related_name="sheets")
    version = models.PositiveIntegerField(
        default=1, help_text="Raised by every save; a save names the one it saw."
    )
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "expert"], name="one_sheet_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.expert_id}"


class Judgement(TenantModel):
    """One answer: a rating of `item`, or how many times `item` counts as much as `other`.

    `basis` (Ca) and `familiarity` (Cs) are within 0..1, None where not told.
    """

    data_levels = levels("personal")
    scope_fields = ScopeFields(shared="sheet__round__study__is_shared")

    sheet = models.ForeignKey(AnswerSheet, on_delete=models.CASCADE, related_name="judgements")
    item = models.ForeignKey(StudyItem, on_delete=models.PROTECT, related_name="judgements")
    other = models.ForeignKey(StudyItem, null=True, on_delete=models.PROTECT, related_name="+")
    value = models.FloatField()
    basis = models.FloatField(null=True)
    familiarity = models.FloatField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "item"], condition=models.Q(other=None), name="one_rating_an_item"
            ),
            models.UniqueConstraint(
                fields=["sheet", "item", "other"],
                condition=models.Q(other__isnull=False),
                name="one_judgement_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value:g}"
