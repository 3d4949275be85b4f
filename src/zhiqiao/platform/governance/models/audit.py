"""Append-only, hash-chained audit entries; nothing here is ever changed or removed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zhiqiao.infra.db.levels import Levels, levels
from zhiqiao.platform.governance.access import ScopeFields


class UnchangeableError(TypeError):
    """Raised when code tries to change or remove an audit entry."""


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    """Entries that can be read and added, never changed."""

    def update(self, **values: object) -> int:  # noqa: ARG002
        """Refuse."""
        msg = "audit entries are never changed"
        raise UnchangeableError(msg)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        msg = "audit entries are never removed"
        raise UnchangeableError(msg)


class AuditEvent(models.Model):
    """One act: who, for which organisation, what, on what, with which result; `digest` seals it to the one before."""

    data_levels: ClassVar[Levels] = levels(
        "internal", personal=("actor_id", "actor_name", "address", "detail")
    )
    scope_fields = ScopeFields(owner="actor_id")

    id = models.BigAutoField(primary_key=True)
    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=80, db_index=True)
    actor_id = models.BigIntegerField(null=True, db_index=True)
    actor_name = models.CharField(max_length=150, blank=True, default="")
    role = models.CharField(max_length=32, blank=True, default="")
    org_root_id = models.BigIntegerField(null=True, db_index=True)
    object_kind = models.CharField(max_length=60, blank=True, default="")
    object_id = models.CharField(max_length=64, blank=True, default="")
    succeeded = models.BooleanField(default=True)
    address = models.CharField(max_length=60, blank=True, default="")
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = AuditQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        """Add the entry; refuse to change one that stands."""
        if not self._state.adding:
            msg = "audit entries are never changed"
            raise UnchangeableError(msg)
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> tuple[int, dict[str, int]]:  # Any: Django's own signature
        """Refuse."""
        msg = "audit entries are never removed"
        raise UnchangeableError(msg)


class AuditHead(models.Model):
    """The one row that holds the last sequence and digest; locked while an entry is added.

    `seal` signs both, so that cutting off the newest entries and setting the head back is noticed.
    """

    data_levels: ClassVar[Levels] = levels("internal")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    seal = models.CharField(max_length=64, default="")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head")]

    def __str__(self) -> str:
        return str(self.sequence)
