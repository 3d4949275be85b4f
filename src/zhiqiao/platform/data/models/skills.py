"""The skill catalogue in the database: loaded from the packs, one row per skill."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, levels


class SkillKind(models.TextChoices):
    """Kinds of skill."""

    TOOL = "tool", _("工具")
    KNOWLEDGE = "knowledge", _("知识")
    ABILITY = "ability", _("专业能力")
    SOFT = "soft", _("通用能力")
    CERTIFICATE = "certificate", _("证书")
    LANGUAGE = "language", _("语言")


class SkillCategory(BaseModel):
    """A field that groups skills."""

    data_levels = levels("public")

    key = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name_zh


class Skill(BaseModel):
    """A skill, knowledge or ability that postings ask for and modules teach; `key` is its taxonomy id."""

    data_levels = levels("public")

    key = models.CharField(max_length=100, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=SkillKind)
    category = models.ForeignKey(SkillCategory, on_delete=models.PROTECT, related_name="skills")
    broader = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="narrower"
    )
    aliases = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name_zh"]), models.Index(fields=["name_en"])]

    def __str__(self) -> str:
        return self.name_zh
