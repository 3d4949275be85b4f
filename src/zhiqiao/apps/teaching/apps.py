"""Django's entry for the package."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class TeachingConfig(AppConfig):
    """Training plans: versions, rows, changes, rules while one writes."""

    name = "zhiqiao.apps.teaching"
    label = "teaching"

    def ready(self) -> None:
        """Declare what is never changed."""
        frozen = import_module("zhiqiao.infra.db.frozen")
        frozen.freeze(*import_module("zhiqiao.apps.teaching.models").FROZEN)
