"""Django's entry for the package."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ManagementConfig(AppConfig):
    """The gap between programmes and demand, change proposals, the balance of the region, programme decisions."""

    name = "zhiqiao.apps.management"
    label = "management"

    def ready(self) -> None:
        """Load what stands in folders, where it is not looked for by name."""
        import_module("zhiqiao.apps.management.balance.jobs")
        import_module("zhiqiao.apps.management.balance.resolvers")
