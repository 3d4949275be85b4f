"""Each import of postings and the rows that pages need; full texts stay in the lake."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import ScopeFields, TenantModel, levels
from zhiqiao.platform.data.models.industry import JobRole
from zhiqiao.platform.data.models.skills import Skill
from zhiqiao.platform.data.models.sources import Source


class ImportState(models.TextChoices):
    """Where an import stands; its postings count only while it is `live`."""

    UPLOADED = "uploaded", _("已上传")
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("处理中")
    LIVE = "live", _("已入库")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")
    WITHDRAWING = "withdrawing", _("撤回中")
    WITHDRAWN = "withdrawn", _("已撤回")


class PostingImport(TenantModel):
    """One file of postings on its way in: rows_in = kept + duplicates + quarantined."""

    data_levels = levels("internal", personal=("imported_by",))
    scope_fields = ScopeFields(owner="imported_by_id", shared="source__is_shared")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField(max_length=255)
    file_size = models.BigIntegerField(default=0)
    file_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    state = models.CharField(max_length=20, choices=ImportState, default=ImportState.UPLOADED, db_index=True)
    columns = models.JSONField(default=dict, help_text="target field -> column of the file")
    job_uuid = models.UUIDField(null=True, blank=True)
    rows_in = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    duplicates = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)
    mentions = models.IntegerField(default=0)
    taxonomy_version = models.CharField(max_length=64, blank=True, default="")
    summary = models.JSONField(default=dict)
    error = models.JSONField(default=dict, help_text="message_zh, message_en of a failure")
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=300, blank=True, default="")
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.file_name


class JobPostingQuerySet(models.QuerySet["JobPosting"]):
    """Postings by the state of their import."""

    def live(self) -> JobPostingQuerySet:
        """Keep postings that count: those of imports that are live."""
        return self.filter(posting_import__state=ImportState.LIVE)

    def counted(self) -> JobPostingQuerySet:
        """Keep live postings that no person excluded from the figures."""
        return self.live().filter(is_excluded=False)


class WorkForm(models.TextChoices):
    """Forms of work a posting may offer."""

    FULL_TIME = "full_time", _("全职")
    PART_TIME = "part_time", _("兼职")
    INTERNSHIP = "internship", _("实习")
    FLEXIBLE = "flexible", _("灵活用工")


class JobPosting(TenantModel):
    """One posting as pages list it; its text and mentions lie in the lake under the import's folder."""

    data_levels = levels("public")
    scope_fields = ScopeFields(shared="posting_import__source__is_shared")

    posting_import = models.ForeignKey(PostingImport, on_delete=models.CASCADE, related_name="postings")
    key = models.CharField(max_length=128, help_text="posting_id of the lake")
    row = models.IntegerField(default=0)
    mention_start = models.IntegerField(default=0, help_text="first of its rows in mentions.parquet")
    mention_count = models.IntegerField(default=0, help_text="number of its rows in mentions.parquet")
    title = models.CharField(max_length=300)
    folded_title = models.CharField(max_length=300, blank=True, default="", help_text="Folded for comparing.")
    company = models.CharField(max_length=300, blank=True, default="")
    role = models.ForeignKey(
        JobRole, null=True, blank=True, on_delete=models.SET_NULL, related_name="postings"
    )
    role_confidence = models.FloatField(null=True, blank=True, help_text="0 to 1; 1 when a person decided")
    industry_code = models.CharField(max_length=1, blank=True, default="", help_text="section of GB/T 4754")
    work_form = models.CharField(max_length=12, blank=True, default="", choices=WorkForm)
    legitimacy = models.CharField(
        max_length=200, blank=True, default="", help_text="codes of signals as |code|code|; empty when none"
    )
    is_coded = models.BooleanField(default=False, help_text="False: imported before these codes existed.")
    is_excluded = models.BooleanField(default=False, help_text="A person took it out of the figures.")
    city = models.CharField(max_length=60, blank=True, default="")
    city_code = models.CharField(max_length=6, blank=True, default="")
    salary_min = models.IntegerField(null=True, blank=True, help_text="RMB a month")
    salary_max = models.IntegerField(null=True, blank=True, help_text="RMB a month")
    diploma = models.CharField(max_length=30, blank=True, default="")
    experience_min = models.FloatField(null=True, blank=True, help_text="years")
    published = models.DateField(null=True, blank=True)
    month = models.CharField(max_length=7, blank=True, default="")

    objects = JobPostingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["posting_import", "key"], name="posting_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["role", "posting_import"], name="posting_by_role"),
            models.Index(fields=["posting_import", "city", "month"], name="posting_by_place"),
            models.Index(fields=["folded_title", "posting_import"], name="posting_by_title"),
            models.Index(fields=["posting_import", "legitimacy"], name="posting_by_signal"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def signals(self) -> tuple[str, ...]:
        """Return the codes of the signals found at import."""
        return tuple(code for code in self.legitimacy.split("|") if code)


class PostingSkill(models.Model):
    """A posting asks for a skill (any number of mentions); the mentions with spans lie in the lake."""

    data_levels = levels("public")

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(JobPosting, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["skill", "posting"], name="posting_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.posting_id}:{self.skill_id}"


class SkillCount(models.Model):
    """How many postings of one import, post and month ask for a skill; figures are sums over live imports."""

    data_levels = levels("public")

    id = models.BigAutoField(primary_key=True)
    posting_import = models.ForeignKey(PostingImport, on_delete=models.CASCADE, related_name="skill_counts")
    role = models.ForeignKey(JobRole, null=True, on_delete=models.SET_NULL, related_name="+")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7, blank=True, default="", help_text="yyyy-mm; empty when unknown")
    postings = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.skill_id}: {self.postings}"


class RoleCount(models.Model):
    """How many postings one import holds of a post in a month: what the shares of `SkillCount` divide by."""

    data_levels = levels("public")

    id = models.BigAutoField(primary_key=True)
    posting_import = models.ForeignKey(PostingImport, on_delete=models.CASCADE, related_name="role_counts")
    role = models.ForeignKey(JobRole, null=True, on_delete=models.SET_NULL, related_name="+")
    month = models.CharField(max_length=7, blank=True, default="", help_text="yyyy-mm; empty when unknown")
    postings = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.role_id}: {self.postings}"
