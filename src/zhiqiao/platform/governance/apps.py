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
        """Load what packages register; guard after each migration what is never changed, here and above."""
        from zhiqiao.infra.db import frozen
        from zhiqiao.platform.governance.audit.trail import FROZEN

        autodiscover_modules("notice_kinds", "unit_holds")
        frozen.freeze(FROZEN)
        post_migrate.connect(_guard, sender=self)


def _guard(using: str, **_: object) -> None:
    """Set up the triggers of all packages: tables of all are there when the first is told of a migration."""
    from zhiqiao.infra.db import frozen
    from zhiqiao.platform.governance.audit.trail import FROZEN, begin_trail

    frozen.protect(using)
    if FROZEN.model._meta.db_table in connections[using].introspection.table_names():
        begin_trail()
