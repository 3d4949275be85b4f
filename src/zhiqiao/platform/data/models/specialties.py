"""The national specialty directory (专业目录) as far as it was loaded, by edition; a code not here is unknown."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, ScopeFields, levels


class SpecialtyLevel(models.TextChoices):
    """Level of a specialty, as the file of a plan writes it."""

    SECONDARY = "secondary", _("中职")
    HIGHER = "higher", _("高职")


class SpecialtyState(models.TextChoices):
    """How far an entry was compared with the published directory; what is not confirmed warns at most."""

    CONFIRMED = "confirmed", _("已核对原文")
    PART = "part", _("部分核对")
    VERIFY = "verify", _("尚未核对")


class Specialty(BaseModel):
    """An entry of an edition; `retired_from` is the first entry year that may no longer use the code."""

    data_levels = levels("public")
    scope_fields = ScopeFields(root="")

    edition = models.CharField(max_length=20)
    code = models.CharField(max_length=6, validators=[RegexValidator(r"^\d{6}$")])
    name = models.CharField(max_length=100)
    level = models.CharField(max_length=10, choices=SpecialtyLevel)
    class_name = models.CharField(max_length=100, blank=True, default="")
    retired_from = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=SpecialtyState, default=SpecialtyState.VERIFY)
    source = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "code"], name="specialty_once_in_edition"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name} ({self.edition})"
