"""Checks with all they rest on, and waivers. Nothing here is ever changed: the database refuses (see `FROZEN`).

Two doors are open: a check may be shown to the authority, and a waiver may be withdrawn with a reason.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, ScopeFields, TenantModel, levels
from zhiqiao.infra.db.frozen import Frozen


class KeptRules(BaseModel):
    """The texts and parameters of the rules of one or more checks, as they were in force; kept once per digest."""

    data_levels = levels("public")

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the text")
    content = models.BinaryField(help_text="JSON, deflated: entries as filed, rules as judged")

    def __str__(self) -> str:
        return self.digest[:12]


class RuleCheck(TenantModel):
    """One check of one document on the day of an act; `path` is the unit whose document it is."""

    data_levels = levels("internal", personal=("by", "authors"))
    scope_fields = ScopeFields(owner="by_id", path="path", shared="is_shared")

    kind = models.CharField(max_length=20, help_text="kind of document, such as plan")
    title = models.CharField(max_length=200)
    document_key = models.CharField(max_length=200)
    document_version = models.CharField(max_length=100, blank=True, default="")
    subject_uuid = models.UUIDField(null=True, db_index=True, help_text="the document in its own domain")
    specialty = models.CharField(max_length=20, blank=True, default="")
    path = models.CharField(max_length=200)
    sets = models.JSONField(help_text="names of the sets of rules")
    on = models.DateField(db_column="day", help_text="day of the act")
    region = models.CharField(max_length=6, blank=True, default="")
    rules = models.ForeignKey(KeptRules, on_delete=models.PROTECT, related_name="+")
    versions = models.JSONField(help_text="set (or set@region) -> version of its file; book: SHA-256 of all")
    document = models.BinaryField(help_text="the document as JSON, deflated")
    document_digest = models.CharField(max_length=64)
    tables = models.JSONField(help_text="what predicates looked up beside the document")
    floors = models.JSONField(help_text="waivers of floors that counted, in full")
    report = models.BinaryField(help_text="the findings without waivers as JSON, deflated")
    report_digest = models.CharField(max_length=64)
    blocking = models.PositiveIntegerField(help_text="findings that stop the act")
    failing = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    authors = models.JSONField(help_text="ids of the people who wrote the document")
    at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)
    is_shared = models.BooleanField(default=False, help_text="shown to the education authority")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_root_id", "-at"], name="rule_check_newest"),
            models.Index(fields=["org_root_id", "kind", "document_key"], name="rule_check_document"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.on}"


class RuleFinding(TenantModel):
    """One finding of a check as something evidence can lead to; its text stands in the report of the check."""

    data_levels = levels("internal")
    scope_fields = ScopeFields()

    check_row = models.ForeignKey(RuleCheck, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveIntegerField(help_text="place in the report, from 0")
    rule = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["check_row", "number"], name="rule_finding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.outcome}"


class WaiverScope(models.TextChoices):
    """For which documents of the organisation a waiver counts."""

    DOCUMENT = "document", _("只限这份文件（含以后的修改稿）")
    SPECIALTY = "specialty", _("本单位这个专业代码的文件")
    ORGANISATION = "organisation", _("本单位的全部同类文件")


class RuleWaiver(TenantModel):
    """The lifting of one rule for documents of an organisation, from a day to a day, both included."""

    data_levels = levels("internal", personal=("person", "by", "withdrawn_by", "file"))
    scope_fields = ScopeFields(owner="by_id", path="path", shared="check_row__is_shared")

    check_row = models.ForeignKey(RuleCheck, on_delete=models.PROTECT, related_name="waivers")
    rule = models.CharField(max_length=20)
    kind = models.CharField(max_length=40, help_text="kind of waiver, from the rule")
    office = models.CharField(max_length=60, help_text="office that decided, from the rule")
    person = models.CharField(max_length=100, help_text="who decided in that office")
    reason = models.CharField(max_length=1000)
    reference = models.CharField(max_length=300, help_text="number or name of the document")
    file_name = models.CharField(max_length=255, blank=True, default="")
    file_digest = models.CharField(max_length=64, blank=True, default="")
    file = models.BinaryField(null=True)
    scope = models.CharField(max_length=20, choices=WaiverScope, default=WaiverScope.DOCUMENT)
    document_kind = models.CharField(max_length=20)
    document_key = models.CharField(max_length=200)
    subject_uuid = models.UUIDField(null=True)
    specialty = models.CharField(max_length=20, blank=True, default="")
    path = models.CharField(max_length=200)
    seen = models.JSONField(help_text="the findings that the person saw, in both languages")
    granted = models.DateField()
    expires = models.DateField(help_text="its last day")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True, help_text="the first day on which it counts no more")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org_root_id", "rule"], name="rule_waiver_of_rule")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires__gte=F("granted")), name="rule_waiver_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.granted}–{self.expires}"


#: What may still happen: a check is shown to the authority, a waiver is withdrawn.
FROZEN = (
    Frozen(KeptRules, "rules of kept checks are never changed or removed"),
    Frozen(
        RuleCheck,
        "kept checks are never changed or removed",
        open=("is_shared", "updated_at"),
        door="NOT OLD.is_shared AND NEW.is_shared",
    ),
    Frozen(RuleFinding, "findings of kept checks are never changed or removed"),
    Frozen(
        RuleWaiver,
        "waivers are never changed or removed",
        open=("withdrawn_on", "withdrawn_by_id", "withdrawn_at", "withdrawal", "updated_at"),
        door="OLD.withdrawn_on IS NULL AND NEW.withdrawn_on IS NOT NULL AND NEW.withdrawal <> ''",
    ),
)
