"""Django's entry for the composition root."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell of all pages."""

    name = "zhiqiao.web"
    label = "web"
