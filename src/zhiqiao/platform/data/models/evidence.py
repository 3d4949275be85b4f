"""Evidence edges: what a derived thing was computed from, walked in both directions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhiqiao.infra.db import TenantModel, levels


class EvidenceEdge(TenantModel):
    """`derived` (kind, uuid) rests on `basis` (kind, uuid), by a method in a version, with counts in `detail`."""

    data_levels = levels("internal")

    derived_kind = models.CharField(max_length=40)
    derived_uuid = models.UUIDField()
    basis_kind = models.CharField(max_length=40)
    basis_uuid = models.UUIDField()
    relation = models.CharField(max_length=40)
    method = models.CharField(max_length=60)
    method_version = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["derived_kind", "derived_uuid", "basis_kind", "basis_uuid", "relation"],
                name="evidence_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["derived_kind", "derived_uuid"], name="evidence_down"),
            models.Index(fields=["basis_kind", "basis_uuid"], name="evidence_up"),
        ]

    def __str__(self) -> str:
        return f"{self.derived_kind}->{self.basis_kind}"
