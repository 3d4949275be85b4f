"""Django's entry for the package."""

from __future__ import annotations

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Shared nouns of the loop, imports, the lake and evidence."""

    name = "zhiqiao.platform.data"
    label = "data"
