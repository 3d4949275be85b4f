"""Django's entry for the package."""

from __future__ import annotations

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """Studies in which experts compare or rate indicators."""

    name = "zhiqiao.apps.evaluation"
    label = "evaluation"
