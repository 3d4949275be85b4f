"""Programmes, courses and modules with the skills they teach."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import ScopeFields, TenantModel, levels
from zhiqiao.platform.data.models.industry import JobRole
from zhiqiao.platform.data.models.skills import Skill


class Programme(TenantModel):
    """A programme (专业) of a school; `organisation` is its unit in the tree."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="organisation__path")

    organisation = models.OneToOneField(
        "governance.Organisation", on_delete=models.PROTECT, related_name="programme"
    )
    key = models.CharField(max_length=64, unique=True)
    code = models.CharField(max_length=12, help_text="Code of the national programme directory (专业目录).")
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    level = models.CharField(max_length=20, choices=[("secondary", _("中职")), ("higher", _("高职"))])
    years = models.PositiveSmallIntegerField(default=3)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name_zh


class ProgrammeRole(TenantModel):
    """A post the programme trains for (职业面向)."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="programme__organisation__path")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="target_roles")
    role = models.ForeignKey(JobRole, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "role"], name="programme_role_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}:{self.role_id}"


class Course(TenantModel):
    """A course of a programme's table."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="programme__organisation__path")

    class Category(models.TextChoices):
        """Legal categories of courses (教职成司函〔2019〕61号)."""

        PUBLIC_BASIC = "public_basic", _("公共基础课")
        SPECIALTY_BASIC = "specialty_basic", _("专业基础课")
        SPECIALTY_CORE = "specialty_core", _("专业核心课")
        PRACTICE = "practice", _("实践教学")
        PLACEMENT = "placement", _("岗位实习")
        ELECTIVE = "elective", _("选修课")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="courses")
    key = models.CharField(max_length=80, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150)
    category = models.CharField(max_length=20, choices=Category)
    term = models.PositiveSmallIntegerField(help_text="Term in which it starts, 1..6")
    sort = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name_zh


class Module(TenantModel):
    """The smallest unit with hours and skills (模块/项目)."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="course__programme__organisation__path")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="modules")
    key = models.CharField(max_length=100, unique=True)
    name_zh = models.CharField(max_length=150)
    name_en = models.CharField(max_length=200)
    theory_hours = models.PositiveSmallIntegerField(default=0)
    practice_hours = models.PositiveSmallIntegerField(default=0)
    sort = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name_zh

    @property
    def hours(self) -> int:
        """Return all hours of the module."""
        return self.theory_hours + self.practice_hours


class ModuleSkill(TenantModel):
    """A module teaches a skill up to a level, with its share of the module's hours."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(path="module__course__programme__organisation__path")

    class Level(models.IntegerChoices):
        """Levels of mastery used in training plans (了解、理解、掌握、熟练)."""

        AWARE = 1, _("了解")
        UNDERSTAND = 2, _("理解")
        MASTER = 3, _("掌握")
        PROFICIENT = 4, _("熟练")

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.UNDERSTAND)
    hours = models.DecimalField(max_digits=6, decimal_places=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["module", "skill"], name="module_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.module_id}:{self.skill_id}"


class ModuleRevision(TenantModel):
    """What a module was after each change, who changed it, and the proposal behind it."""

    data_levels = levels("internal", personal=("changed_by",))
    scope_fields = ScopeFields(path="module__course__programme__organisation__path")

    module = models.ForeignKey(Module, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    proposal_uuid = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    changed_by = models.ForeignKey("governance.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["module", "revision"], name="module_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.module_id} r{self.revision}"
