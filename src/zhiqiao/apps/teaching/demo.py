"""In demo mode the course tables of the demo programmes become drafts of this year's plans; all of it is synthetic."""

from __future__ import annotations

import datetime as dt

from zhiqiao.apps.teaching.models import Origin, TrainingPlan
from zhiqiao.apps.teaching.starting import Wish, start
from zhiqiao.platform.data.api import programmes
from zhiqiao.platform.governance.api import Actor

__all__ = ["load_demo_plans"]


def load_demo_plans(*, now: dt.datetime) -> int:
    """Begin a plan for each demo programme that has none; return how many were begun."""
    acting = Actor.system("demo")
    known = set(TrainingPlan.objects.values_list("programme_uuid", flat=True))
    wanted = [view for view in programmes(acting) if view.is_demo and view.uuid not in known]
    for view in wanted:
        start(Wish(view.uuid, now.year, Origin.COURSES), acting=acting, now=now)
    return len(wanted)
