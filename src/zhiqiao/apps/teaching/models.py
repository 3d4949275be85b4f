"""Training plans: their versions, the rows of each, the log of changes, the steps, open points and remarks.

A version holds its plan as rows of JSON (see `document.py` and docs/adr/0017): what the engine can read it can hold.
Once it is no draft, the database refuses every change of its rows.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import TenantModel, levels
from zhiqiao.infra.db.frozen import Frozen
from zhiqiao.platform.governance.api import ScopeFields


class ExactDecoder(json.JSONDecoder):
    """Reads decimals exactly, as the engines take them."""

    def __init__(self, **options: Any) -> None:  # Any: options of the standard library's own decoder
        super().__init__(**{**options, "parse_float": _exact})


def _exact(text: str) -> int | Decimal:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value.normalize()


class ExactEncoder(DjangoJSONEncoder):
    """Writes decimals as JSON numbers; the engines let none pass that a double does not keep."""

    def default(self, o: object) -> object:
        """Write one value that JSON has no kind for."""
        return float(o) if isinstance(o, Decimal) else super().default(o)


class VersionState(models.TextChoices):
    """Where a version stands; its rows change in a draft only."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    APPROVED = "approved", _("已审定")
    IN_FORCE = "in_force", _("执行中")
    SUPERSEDED = "superseded", _("已被取代")
    WITHDRAWN = "withdrawn", _("已撤回")


#: At most one version of a plan is under way.
OPEN_STATES = (VersionState.DRAFT, VersionState.SUBMITTED, VersionState.APPROVED)


class Origin(models.TextChoices):
    """What a version was begun from."""

    NOTHING = "nothing", _("空白")
    COURSES = "courses", _("本专业课程表")
    LAST_YEAR = "last_year", _("上一年的方案")
    VERSION = "version", _("上一个版本")
    FILE = "file", _("文件")


class TrainingPlan(TenantModel):
    """The training plan (人才培养方案) of a programme for an entry year."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="programme_path")

    programme_uuid = models.UUIDField(db_index=True)
    programme_path = models.CharField(max_length=200)
    entry_year = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=20, choices=[("secondary", _("中职")), ("higher", _("高职"))])
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme_uuid", "entry_year"], name="training_plan_once"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_uuid} {self.entry_year}"


class PlanVersion(TenantModel):
    """A version of a plan; `sequence` counts the changes made to it."""

    data_levels = levels("internal", personal=("made_by",))
    scope_fields = ScopeFields(path="plan__programme_path")

    plan = models.ForeignKey(TrainingPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=VersionState, default=VersionState.DRAFT)
    sequence = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=12, choices=Origin)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once"),
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(state="in_force"), name="one_plan_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(state__in=["draft", "submitted", "approved"]),
                name="one_plan_version_under_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number} {self.state}"


class PlanRow(TenantModel):
    """A row of a table of a version; `place` orders the rows of a table."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="version__plan__programme_path")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="rows")
    table = models.CharField(max_length=20, db_column="table_name")
    key = models.CharField(max_length=64)
    place = models.IntegerField()
    content = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "table", "key"], name="plan_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table}[{self.key}]"


class PlanChange(TenantModel):
    """What one person did at once: one or more operations, as they were done."""

    data_levels = levels("internal", personal=("by",))
    scope_fields = ScopeFields(path="version__plan__programme_path")

    class Kind(models.TextChoices):
        """Whether it is a person's own change or takes one back."""

        EDIT = "edit", _("修改")
        UNDO = "undo", _("撤销")
        REDO = "redo", _("重做")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="changes")
    sequence = models.PositiveIntegerField()
    token = models.UUIDField(help_text="made by the page, so that a repeated request changes nothing")
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.EDIT)
    target = models.PositiveIntegerField(
        null=True, help_text="sequence of the change taken back or done again"
    )
    operations = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "sequence"], name="plan_change_sequence_once"),
            models.UniqueConstraint(fields=["version", "token"], name="plan_change_token_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} #{self.sequence} {self.kind}"


class PlanStep(TenantModel):
    """Something a person did with a version as a whole."""

    data_levels = levels("internal", personal=("by",))
    scope_fields = ScopeFields(path="version__plan__programme_path")

    class Verb(models.TextChoices):
        """What was done."""

        MADE = "made", _("建立")
        SUBMITTED = "submitted", _("提交")
        RETURNED = "returned", _("退回")
        APPROVED = "approved", _("审定")
        IN_FORCE = "in_force", _("开始执行")
        SUPERSEDED = "superseded", _("被取代")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=12, choices=Verb)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["version", "at"], name="plan_step_order")]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"


class PlanPoint(TenantModel):
    """An open point of a version that was copied: what has to be looked at before it is submitted."""

    data_levels = levels("internal", personal=("done_by",))
    scope_fields = ScopeFields(path="version__plan__programme_path")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=30)
    detail = models.JSONField(default=dict)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {'done' if self.done_at else 'open'}"


class PlanRemark(TenantModel):
    """What a reader says about a row, or about the version (no table)."""

    data_levels = levels("internal", personal=("by", "done_by"))
    scope_fields = ScopeFields(path="version__plan__programme_path")

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="remarks")
    table = models.CharField(max_length=20, blank=True, default="", db_column="table_name")
    key = models.CharField(max_length=64, blank=True, default="")
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.table}[{self.key}] {self.at:%Y-%m-%d}"


def _closed(row: str) -> str:
    version = PlanVersion._meta.db_table
    return (
        f"EXISTS (SELECT 1 FROM {version} v "  # noqa: S608 - no input
        f"WHERE v.id = {row}.version_id AND v.state <> 'draft')"
    )


FROZEN = (
    Frozen(PlanRow, "a plan that is no draft is never changed", rows=_closed("OLD"), into=_closed("NEW")),
    Frozen(PlanChange, "changes of a plan are never changed or removed"),
    Frozen(PlanStep, "steps of a plan are never changed or removed"),
)
