"""Django's entry for the composition root."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell of all pages."""

    name = "zhiqiao.web"
    label = "web"

    def ready(self) -> None:
        """Register the work of demo mode."""
        import_module("zhiqiao.web.demo_turn")
