"""Abstract rows: three identifiers decided once (internal id, stable uuid, human key where there is one)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from zhiqiao.infra.db.levels import Levels


class BaseModel(models.Model):
    """A row with a stable uuid and its times; subclasses declare `data_levels`."""

    data_levels: ClassVar[Levels]

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class TenantModel(BaseModel):
    """A row that belongs to one root organisation; the column is the shard key of a large installation."""

    org_root_id = models.BigIntegerField(db_index=True, help_text="Root organisation that owns the row.")

    class Meta:
        abstract = True
