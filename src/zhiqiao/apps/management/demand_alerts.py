"""Hands alerts of changed demand to the heads of the programmes that train for the posts concerned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.api import DemandAlertRaised, ProgrammeView, alert, programmes, skills_by_key
from zhiqiao.platform.governance.api import Actor, Membership, Role, notify

__all__ = ["NOTICE", "heads_of", "tell_heads"]

NOTICE = "management.demand_alert"
_DIRECTIONS = {"rise": Name("上升", "rose"), "fall": Name("下降", "fell")}


def tell_heads(event: DemandAlertRaised, *, today: dt.date) -> int:
    """Send a notice to the heads of each programme with one of the alert's posts; return how many were sent."""
    concerned = [
        view
        for view in programmes(Actor.system())
        if set(event.role_keys) & {role.key for role in view.roles}
    ]
    skill = skills_by_key([event.skill_key]).get(event.skill_key)
    if not concerned or skill is None:
        return 0
    heads = list(_heads(today))
    return sum(
        notify(
            heads_of(view, heads),
            NOTICE,
            values={
                "skill": _both(skill.name),
                "direction": _both(_DIRECTIONS[event.direction]),
                "month": _when(event),
                "programme": _both(view.name),
            },
            url=reverse("data:alert", args=[UUID(event.alert_uuid)]),
        )
        for view in concerned
    )


def _when(event: DemandAlertRaised) -> str | dict[str, str]:
    """Return the month, and that the postings behind the alert are demo data where they are."""
    if not alert(Actor.system(), UUID(event.alert_uuid)).is_demo:
        return event.month
    return {"zh": f"{event.month}，演示数据", "en": f"{event.month}, demo data"}


def heads_of(view: ProgrammeView, heads: Sequence[tuple[int, str]]) -> set[int]:
    """Return the people among `heads` (person, path of their unit) whose unit holds the programme."""
    return {person for person, path in heads if view.path.startswith(path)}


def _heads(today: dt.date) -> Sequence[tuple[int, str]]:
    rows = Membership.objects.current(today).filter(role=Role.PROGRAMME_HEAD, organisation__is_active=True)
    return list(rows.values_list("user_id", "organisation__path"))


def _both(name: Name) -> dict[str, str]:
    return {"zh": name.zh, "en": name.en}
