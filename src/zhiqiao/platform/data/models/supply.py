"""What schools can supply, what enterprises plan, and facts of the region; an empty figure is unknown, never zero."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, ScopeFields, TenantModel, levels
from zhiqiao.platform.data.models.curriculum import Programme
from zhiqiao.platform.data.models.industry import ChainLink, Industry, JobRole

#: Years that can be meant; a constraint, for a typing error would stretch every chart.
YEARS = (1990, 2100)
_YEAR_RANGE = Q(year__gte=YEARS[0], year__lte=YEARS[1])


class ProgrammeYear(TenantModel):
    """A programme in one year: places taken, students, graduates, and what became of them; None is unknown."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="programme__organisation__path")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="supply_years")
    year = models.PositiveSmallIntegerField()
    enrolled = models.PositiveIntegerField(null=True, blank=True, help_text="New places taken in the year.")
    students = models.PositiveIntegerField(null=True, blank=True)
    graduates = models.PositiveIntegerField(null=True, blank=True)
    placed = models.PositiveIntegerField(null=True, blank=True, help_text="Graduates in work (就业).")
    placed_locally = models.PositiveIntegerField(null=True, blank=True)
    placed_matching = models.PositiveIntegerField(
        null=True, blank=True, help_text="In work that matches (对口)."
    )
    cost_per_student = models.PositiveIntegerField(
        null=True, blank=True, help_text="RMB per student and year."
    )
    source = models.CharField(max_length=300)
    definition = models.CharField(max_length=500, blank=True, default="")
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "year"], name="programme_year_once"),
            models.CheckConstraint(condition=_YEAR_RANGE, name="programme_year_range"),
            # a comparison with an unknown figure is unknown, and an unknown check holds
            models.CheckConstraint(
                condition=Q(placed__lte=F("graduates")), name="programme_year_placed_of_graduates"
            ),
            models.CheckConstraint(
                condition=Q(placed_locally__lte=F("placed")), name="programme_year_locally_of_placed"
            ),
            models.CheckConstraint(
                condition=Q(placed_matching__lte=F("placed")), name="programme_year_matching_of_placed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.year}"


class TrainingCondition(TenantModel):
    """Equipment, rooms or licences a programme needs (实训条件): how much a norm asks for and how much is there."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="programme__organisation__path")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="conditions")
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150, blank=True, default="")
    unit = models.CharField(max_length=20)
    required = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    present = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    norm = models.CharField(max_length=300, blank=True, default="", help_text="What the norm asks for.")
    norm_source = models.CharField(max_length=300, blank=True, default="")
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "name"], name="training_condition_once"),
            models.CheckConstraint(condition=Q(required__gte=0), name="training_condition_required"),
            models.CheckConstraint(condition=Q(present__gte=0), name="training_condition_present"),
        ]

    def __str__(self) -> str:
        return self.name


class EnterprisePlan(TenantModel):
    """How many people an enterprise means to hire for a post in a year; others see sums of several enterprises only."""

    data_levels = levels("trade_secret")
    scope_fields = ScopeFields()

    role = models.ForeignKey(JobRole, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    headcount = models.PositiveIntegerField()
    note = models.CharField(max_length=500, blank=True, default="")
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_root_id", "role", "year"], name="enterprise_plan_once"),
            models.CheckConstraint(condition=_YEAR_RANGE, name="enterprise_plan_year"),
        ]

    def __str__(self) -> str:
        return f"{self.role_id} {self.year}"


class IndicatorUse(models.TextChoices):
    """What an indicator is an input of; each speaks of one industry."""

    GROWTH = "growth", _("产业规划：需求年增长（%）")
    STAFF = "staff", _("从业人数（人或万人）")
    RETIRING = "retiring", _("每年退休的比例（%）")


class RegionalIndicator(BaseModel):
    """A statistic of the region, e.g. GDP; what exactly is counted stands in its definitions.

    `used_as` names it as an input of the scenario bands of an industry; most are only shown and cited.
    """

    data_levels = levels("public")

    key = models.SlugField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150)
    unit_zh = models.CharField(max_length=30)
    unit_en = models.CharField(max_length=50, blank=True, default="")
    used_as = models.CharField(max_length=10, choices=IndicatorUse, blank=True, default="")
    industry = models.ForeignKey(Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sort = models.PositiveIntegerField(default=0)
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(used_as="", industry__isnull=True) | (~Q(used_as="") & Q(industry__isnull=False)),
                name="regional_indicator_used_for_an_industry",
            )
        ]

    def __str__(self) -> str:
        return self.name_zh


class RegionalDefinition(BaseModel):
    """What an indicator counts from a moment on; values before and after another definition are not one series."""

    data_levels = levels("public")

    indicator = models.ForeignKey(RegionalIndicator, on_delete=models.CASCADE, related_name="definitions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000)
    source = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["indicator", "number"], name="regional_definition_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} v{self.number}"


class ValueState(models.TextChoices):
    """Who stands behind a regional value."""

    OFFICIAL = "official", _("官方公布")
    QUOTED = "quoted", _("转引，未核对")
    ESTIMATED = "estimated", _("估计")


class RegionalValue(BaseModel):
    """The value of an indicator in a year under one definition, with the place where it is written."""

    data_levels = levels("public")

    indicator = models.ForeignKey(RegionalIndicator, on_delete=models.CASCADE, related_name="values")
    definition = models.ForeignKey(RegionalDefinition, on_delete=models.PROTECT, related_name="values")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    state = models.CharField(max_length=10, choices=ValueState)
    source = models.CharField(max_length=300)
    page = models.CharField(max_length=200, blank=True, default="", help_text="Page, table or address.")
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "definition", "year", "state"], name="regional_value_once"
            ),
            models.CheckConstraint(condition=_YEAR_RANGE, name="regional_value_year"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.year}"


class ProjectState(models.TextChoices):
    """How far an investment project is."""

    ANNOUNCED = "announced", _("已公布")
    BUILDING = "building", _("在建")
    PRODUCING = "producing", _("已投产")
    CANCELLED = "cancelled", _("已取消")


class InvestmentProject(TenantModel):
    """An announced project (招商引资项目); it moves scenario bands only, never the forecast from data."""

    data_levels = levels("internal")
    scope_fields = ScopeFields()

    key = models.CharField(max_length=64, blank=True, default="", help_text="Key in a region pack.")
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150, blank=True, default="")
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(ChainLink, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(max_length=100, blank=True, default="")
    start = models.CharField(
        max_length=7, validators=[RegexValidator(r"^\d{4}-(0[1-9]|1[0-2])$")], help_text="yyyy-mm"
    )
    probability = models.FloatField(help_text="0..1, as the bureau judges it.")
    state = models.CharField(max_length=10, choices=ProjectState, default=ProjectState.ANNOUNCED)
    source = models.CharField(max_length=300)
    announced = models.DateField(null=True, blank=True, help_text="Day of the source.")
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_root_id", "name"], name="project_name_once"),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="project_probability"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectStaff(TenantModel):
    """How many people a project says it will need for a post in a year."""

    data_levels = levels("internal")
    scope_fields = ScopeFields()

    project = models.ForeignKey(InvestmentProject, on_delete=models.CASCADE, related_name="staff")
    role = models.ForeignKey(JobRole, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    headcount = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "role", "year"], name="project_staff_once"),
            models.CheckConstraint(condition=_YEAR_RANGE, name="project_staff_year"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}:{self.role_id} {self.year}"
