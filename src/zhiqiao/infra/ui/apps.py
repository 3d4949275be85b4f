"""Django's entry for the package."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Components of all pages."""

    name = "zhiqiao.infra.ui"
    label = "ui"
