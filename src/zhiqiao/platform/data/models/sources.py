"""The source register: what a source is, covers and allows, and how its rows come in by connectors."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import ScopeFields, TenantModel, levels


class SourceKind(models.TextChoices):
    """What a source is."""

    JOB_SITE = "job_site", _("招聘网站导出")
    ENTERPRISE = "enterprise", _("企业自有岗位")
    PLAN = "plan", _("政府规划与报告")
    WAGE_GUIDELINE = "wage_guideline", _("工资指导价位")
    SURVEY = "survey", _("协会调查")
    STANDARD = "standard", _("标准")
    OTHER = "other", _("其他")


class CollectionTerms(models.TextChoices):
    """What the terms of a source say about collecting it by machine."""

    UNKNOWN = "unknown", _("未查明")
    PERMITTED = "permitted", _("允许自动接入")
    MANUAL = "manual", _("只允许人工导出")
    FORBIDDEN = "forbidden", _("条款禁止采集")


class TrustGrade(models.TextChoices):
    """How far a source is trusted; what each grade means stands in packs/common/sources/trust_grades.csv."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class Source(TenantModel):
    """A source of demand data with who brought it, how far it is trusted, what it covers and allows."""

    data_levels = levels("internal", personal=("brought_by", "graded_by", "steward"))
    scope_fields = ScopeFields(owner="brought_by_id", shared="is_shared")

    key = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=SourceKind, default=SourceKind.OTHER, db_index=True)
    licence_note = models.TextField(blank=True, default="")
    collection_terms = models.CharField(
        max_length=12, choices=CollectionTerms, default=CollectionTerms.UNKNOWN
    )
    terms_note = models.TextField(
        blank=True, default="", help_text="What the terms say and where they stand."
    )
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    trust = models.CharField(max_length=1, choices=TrustGrade, blank=True, default="")
    trust_reason = models.CharField(max_length=300, blank=True, default="")
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    graded_at = models.DateTimeField(null=True, blank=True)
    places = models.JSONField(default=list, help_text="Names of the places it claims to cover.")
    industries = models.JSONField(default=list, help_text="GB/T 4754 sections it claims to cover.")
    covers_from = models.DateField(null=True, blank=True)
    covers_to = models.DateField(null=True, blank=True)
    refresh_days = models.PositiveIntegerField(null=True, blank=True, help_text="Days between two refreshes.")
    refreshed_on = models.DateField(null=True, blank=True)
    is_shared = models.BooleanField(default=False, help_text="Open to the whole region.")
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_root_id", "key"], name="source_key_once"),
            models.CheckConstraint(
                condition=models.Q(is_shared=False) | ~models.Q(licence_note=""),
                name="shared_source_has_licence",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def next_refresh(self) -> dt.date | None:
        """Return the day by which new rows are due, None when nothing is promised or nothing came yet."""
        if self.refresh_days is None or self.refreshed_on is None:
            return None
        return self.refreshed_on + dt.timedelta(days=self.refresh_days)


class ColumnMapping(TenantModel):
    """Which column of a source's files holds what; kept so that the next file needs no correction."""

    data_levels = levels("internal")

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="mapping")
    columns = models.JSONField(default=dict, help_text="target field -> column of the file")

    def __str__(self) -> str:
        return str(self.source_id)


class Connector(TenantModel):
    """A way by which rows of a source come in; `kind` is the name of a folder below `connectors`."""

    data_levels = levels("internal", personal=("made_by",))
    scope_fields = ScopeFields(owner="made_by_id")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="connectors")
    kind = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    options = models.JSONField(default=dict, help_text="Settings of its kind; no secrets.")
    memory = models.JSONField(default=dict, help_text="What it saw at its last look.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.JSONField(default=dict, help_text="zh, en: why the last look failed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind"], name="connector_kind_once_per_source")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    TAKEN = "taken", _("已接收")
    STARTED = "started", _("处理中")
    DONE = "done", _("已入库")
    FAILED = "failed", _("失败")
    REFUSED = "refused", _("已拒收")


class Delivery(TenantModel):
    """One thing a connector brought, once: a file, an attachment, a batch, a version of a form."""

    data_levels = levels("internal", personal=("origin",))

    connector = models.ForeignKey(Connector, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=200, help_text="What makes it the same thing when it comes again.")
    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, blank=True, default="")
    batch = models.CharField(max_length=300, blank=True, default="", help_text="File or message it came in.")
    origin = models.JSONField(default=dict, help_text="Provenance: path, message id, sender, version.")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.TAKEN, db_index=True)
    reason = models.JSONField(default=dict, help_text="zh, en: why it failed or was refused")
    rows = models.IntegerField(default=0)
    posting_import = models.ForeignKey(
        "data.PostingImport", null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    wage_table = models.ForeignKey(
        "data.WageTable", null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries"
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["connector", "key"], name="delivery_once")]

    def __str__(self) -> str:
        return self.name


class SourceToken(TenantModel):
    """A key with which a system delivers to one source; only its digest is kept."""

    data_levels = levels("internal", core_secret=("digest",), personal=("made_by",))

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, help_text="First characters, to tell tokens apart.")
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_on = models.DateField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    window_start = models.DateTimeField(null=True, blank=True)
    window_requests = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class VacancyState(models.TextChoices):
    """Where an enterprise's own posting stands."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    CLOSED = "closed", _("已关闭")


class Vacancy(TenantModel):
    """A posting that an enterprise writes itself; each published version becomes an import of its own source."""

    data_levels = levels("internal", personal=("made_by",))
    scope_fields = ScopeFields(owner="made_by_id")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="vacancies")
    title = models.CharField(max_length=200)
    text = models.TextField()
    city = models.CharField(max_length=60, blank=True, default="")
    salary_min = models.PositiveIntegerField(null=True, blank=True, help_text="RMB a month")
    salary_max = models.PositiveIntegerField(null=True, blank=True, help_text="RMB a month")
    diploma = models.CharField(max_length=30, blank=True, default="")
    experience = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=10, choices=VacancyState, default=VacancyState.DRAFT)
    version = models.PositiveIntegerField(default=0, help_text="Last published version; 0 before the first.")
    is_changed = models.BooleanField(default=True, help_text="Edited since the last published version.")
    published_on = models.DateField(null=True, blank=True)
    posting_import = models.ForeignKey(
        "data.PostingImport", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.title
