"""Django's entry for the package."""

from __future__ import annotations

from django.apps import AppConfig


class ManagementConfig(AppConfig):
    """The gap between programmes and demand, and change proposals."""

    name = "zhiqiao.apps.management"
    label = "management"
