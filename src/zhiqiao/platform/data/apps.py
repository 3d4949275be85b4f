"""Django's entry for the package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DataConfig(AppConfig):
    """Shared nouns of the loop, imports, the lake and evidence."""

    name = "zhiqiao.platform.data"
    label = "data"

    def ready(self) -> None:
        """Load every package's resolvers of evidence; what surveys have given out stays as it was."""
        from zhiqiao.infra.db import frozen
        from zhiqiao.platform.data.models.surveys import FROZEN

        frozen.freeze(*FROZEN)
        autodiscover_modules(
            "resolvers",
            "source_resolvers",
            "supply.resolvers",
            "survey.resolvers",
            "forecasting.resolvers",
            "forecasting.alert_resolvers",
            "forecasting.scenario_resolvers",
        )
