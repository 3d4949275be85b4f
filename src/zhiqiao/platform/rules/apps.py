"""Django's entry for the package."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RulesConfig(AppConfig):
    """The rule book, checks that are kept, waivers."""

    name = "zhiqiao.platform.rules"
    label = "rules"

    def ready(self) -> None:
        """Load what is registered elsewhere; declare what is never changed."""
        import_module("zhiqiao.platform.rules.resolvers")
        frozen = import_module("zhiqiao.infra.db.frozen")
        frozen.freeze(*import_module("zhiqiao.platform.rules.models").FROZEN)
