"""Wage guideline tables (工资指导价位) and what parts of the imports cover; sums over live imports make the figures."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import ScopeFields, TenantModel, levels
from zhiqiao.platform.data.models.industry import JobRole
from zhiqiao.platform.data.models.postings import PostingImport
from zhiqiao.platform.data.models.sources import Source


class WageUnit(models.TextChoices):
    """What period a wage is paid for."""

    MONTH = "month", _("元/月")
    YEAR = "year", _("元/年")


class WageTable(TenantModel):
    """One file of guideline wages: rows_in = kept + rejected."""

    data_levels = levels("internal", personal=("imported_by",))
    scope_fields = ScopeFields(owner="imported_by_id", shared="source__is_shared")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="wage_tables")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64, blank=True, default="")
    rows_in = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    rejected = models.JSONField(default=list, help_text="row, field, reason (zh, en), cells of each bad row")

    def __str__(self) -> str:
        return self.file_name


class GuidelineWage(TenantModel):
    """Low, median and high pay of one occupation in one place and year, as published."""

    data_levels = levels("public")
    scope_fields = ScopeFields(shared="table__source__is_shared")

    table = models.ForeignKey(WageTable, on_delete=models.CASCADE, related_name="wages")
    row = models.IntegerField()
    title = models.CharField(max_length=200)
    code = models.CharField(max_length=20, blank=True, default="", help_text="Occupation code as published.")
    role = models.ForeignKey(JobRole, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    place = models.CharField(max_length=60, blank=True, default="")
    year = models.PositiveSmallIntegerField()
    low = models.PositiveIntegerField(null=True, blank=True)
    median = models.PositiveIntegerField(null=True, blank=True)
    high = models.PositiveIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=5, choices=WageUnit)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "title", "code", "place", "year"], name="wage_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.place} {self.year}"


class Facet(models.TextChoices):
    """What a count of postings is about."""

    CITY = "city", _("城市")
    INDUSTRY = "industry", _("行业门类")
    TEXT_KIND = "text_kind", _("文本类型")
    PAY = "pay", _("月薪")


class FacetCount(models.Model):
    """How many postings of one import and post have a value, and the first and last month they are of.

    `value` is empty where the posting does not tell; a pay is the middle of the stated range in RMB a month.
    """

    data_levels = levels("public")

    id = models.BigAutoField(primary_key=True)
    posting_import = models.ForeignKey(PostingImport, on_delete=models.CASCADE, related_name="facets")
    role = models.ForeignKey(JobRole, null=True, on_delete=models.SET_NULL, related_name="+")
    facet = models.CharField(max_length=10, choices=Facet)
    value = models.CharField(max_length=60, blank=True, default="")
    earliest = models.CharField(max_length=7, blank=True, default="", help_text="yyyy-mm; empty when unknown")
    latest = models.CharField(max_length=7, blank=True, default="", help_text="yyyy-mm; empty when unknown")
    postings = models.IntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["posting_import", "facet"], name="facet_by_import")]

    def __str__(self) -> str:
        return f"{self.facet} {self.value}: {self.postings}"
