"""Who is told of what: the education bureau of a check that is shown to it, authors of waivers of their documents."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from zhiqiao.platform.governance.api import Actor, Membership, Role, notify
from zhiqiao.platform.rules.models import RuleCheck, RuleWaiver

__all__ = ["tell_authors", "tell_bureau"]


def tell_bureau(row: RuleCheck, *, acting: Actor, today: dt.date) -> int:
    """Send the officers of the bureau the news of a check; return how many got it."""
    people = Membership.objects.current(today).filter(role=Role.BUREAU_OFFICER, organisation__is_active=True)
    return notify(
        set(people.values_list("user_id", flat=True)) - {acting.user_id},
        "rules.check_shared",
        values={"who": acting.name, "title": row.title, "blocking": row.blocking},
        url=reverse("rules:check", args=[row.uuid]),
    )


def tell_authors(row: RuleWaiver, *, acting: Actor) -> int:
    """Send who wrote the document and who had it checked the news of a waiver or its end; return how many got it."""
    check = row.check_row
    kind = "rules.waiver_withdrawn" if row.withdrawn_on else "rules.waiver_given"
    return notify(
        {*check.authors, *([check.by_id] if check.by_id else [])} - {acting.user_id},
        kind,
        values={
            "who": acting.name,
            "title": check.title,
            "rule": row.rule,
            "expires": row.expires.isoformat(),
            "reason": row.withdrawal,
        },
        url=reverse("rules:waiver", args=[row.uuid]),
    )
