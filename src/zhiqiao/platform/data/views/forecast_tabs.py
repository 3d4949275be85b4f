"""The tabs of all forecast pages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiqiao.platform.governance.api import ActorRequest, can

__all__ = ["tabs_of"]


def tabs_of(request: ActorRequest, kind: str) -> dict[str, object]:
    """Return the tabs of all forecast pages, with the one that is open."""
    tabs = [
        (_("岗位"), reverse("data:forecast_overview")),
        (_("技能"), reverse("data:forecast_level", args=["skills"])),
        (_("产业"), reverse("data:forecast_level", args=["industries"])),
        (_("情景"), reverse("data:scenarios")),
        (_("变化提醒"), reverse("data:alerts")),
        (_("预测记录"), reverse("data:forecasts")),
    ]
    current = {"roles": 0, "skills": 1, "industries": 2, "scenarios": 3, "alerts": 4, "list": 5}[kind]
    return {"tabs": tabs, "tab": tabs[current][1], "may_make": can(request.actor, "forecasts.make")}
