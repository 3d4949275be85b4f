"""Django's entry for the package."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """Background jobs, their progress, schedule and the outbox of events."""

    name = "zhiqiao.infra.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Load the `jobs.py` of every package, where jobs, subscribers and schedules are declared."""
        autodiscover_modules("jobs")
