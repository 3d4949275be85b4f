"""Django's entry for the package."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ManagementConfig(AppConfig):
    """The gap between programmes and demand, proposals, the region's balance, decisions, editions of the report."""

    name = "zhiqiao.apps.management"
    label = "management"

    def ready(self) -> None:
        """Load what stands in folders, where it is not looked for by name; declare what is never changed."""
        import_module("zhiqiao.apps.management.balance.jobs")
        import_module("zhiqiao.apps.management.balance.resolvers")
        import_module("zhiqiao.apps.management.report.jobs")
        import_module("zhiqiao.apps.management.report.resolvers")
        import_module("zhiqiao.apps.management.report.figure_resolvers")
        import_module("zhiqiao.apps.management.report.rating_resolvers")
        frozen = import_module("zhiqiao.infra.db.frozen")
        frozen.freeze(*import_module("zhiqiao.apps.management.models.report").FROZEN)
