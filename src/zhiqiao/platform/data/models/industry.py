"""Industries, key links of their chains and normalised posts of the region."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhiqiao.infra.db import BaseModel, levels
from zhiqiao.platform.data.models.skills import Skill


class Industry(BaseModel):
    """An industry of the region (产业); the 1+3 lead industries are marked."""

    data_levels = levels("public")

    key = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    is_lead = models.BooleanField(default=False)
    sort = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name_zh


class ChainLink(BaseModel):
    """A key link of an industry's chain (产业链关键环节)."""

    data_levels = levels("public")

    key = models.CharField(max_length=64, unique=True)
    industry = models.ForeignKey(Industry, on_delete=models.PROTECT, related_name="links")
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name_zh


class JobRole(BaseModel):
    """A normalised post (岗位) that many postings share; `title_patterns` are what titles contain."""

    data_levels = levels("public")

    key = models.CharField(max_length=64, unique=True)
    link = models.ForeignKey(ChainLink, on_delete=models.PROTECT, related_name="roles")
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    title_patterns = models.JSONField(default=list)
    occupation_code = models.CharField(max_length=20, blank=True, default="")
    occupation_name = models.CharField(max_length=100, blank=True, default="")

    def __str__(self) -> str:
        return self.name_zh


class RoleSkill(BaseModel):
    """A skill typical for a post, as the region's pack states it (not measured)."""

    data_levels = levels("public")

    role = models.ForeignKey(JobRole, on_delete=models.CASCADE, related_name="role_skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    weight = models.FloatField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["role", "skill"], name="role_skill_once")]

    def __str__(self) -> str:
        return f"{self.role_id}:{self.skill_id}"


class Occupation(BaseModel):
    """An entry of the national classification of occupations (职业分类大典), loaded from a file, not shipped."""

    data_levels = levels("public")

    code = models.CharField(max_length=20, unique=True)
    level = models.PositiveSmallIntegerField(help_text="1 major group … 4 occupation")
    name = models.CharField(max_length=200)
    definition = models.TextField(blank=True, default="")
    tasks = models.TextField(blank=True, default="")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RoleSet(BaseModel):
    """A fixed set of posts that a stored figure was computed for, so that the figure keeps its meaning."""

    data_levels = levels("public")

    key = models.CharField(max_length=500, unique=True, help_text="Role ids in order, comma-separated.")

    def __str__(self) -> str:
        return self.key

    @property
    def role_ids(self) -> tuple[int, ...]:
        """Return the ids of the posts."""
        return tuple(int(part) for part in self.key.split(",") if part)
