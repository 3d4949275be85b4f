"""Django's entry for the package."""

from __future__ import annotations

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class GovernanceConfig(AppConfig):
    """People, organisations, permission, audit, notices."""

    name = "zhiqiao.platform.governance"
    label = "governance"

    def ready(self) -> None:
        """Load what packages register; guard the audit trail after each migration."""
        autodiscover_modules("notice_kinds", "unit_holds")
        post_migrate.connect(_guard_audit, sender=self)


def _guard_audit(using: str, **_: object) -> None:
    from zhiqiao.platform.governance.audit.triggers import TABLE, begin_trail, protect

    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        protect(connection)
        begin_trail()
