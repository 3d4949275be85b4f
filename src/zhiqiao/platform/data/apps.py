"""Django's entry for the package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DataConfig(AppConfig):
    """Shared nouns of the loop, imports, the lake and evidence."""

    name = "zhiqiao.platform.data"
    label = "data"

    def ready(self) -> None:
        """Load every package's resolvers of evidence."""
        autodiscover_modules(
            "resolvers",
            "source_resolvers",
            "supply.resolvers",
            "forecasting.resolvers",
            "forecasting.alert_resolvers",
            "forecasting.scenario_resolvers",
        )
