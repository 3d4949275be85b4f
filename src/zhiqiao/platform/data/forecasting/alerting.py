"""The verbs on alerts: start the watch by hand, note one as seen, dismiss one with a reason."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.infra.jobs.api import JobRun, JobState, enqueue, runs
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import AlertState, DemandAlert
from zhiqiao.platform.governance.api import Actor, audit, get_visible, require

__all__ = ["SCORE", "WATCH", "dismiss", "mark_seen", "queue", "start_watch"]

WATCH, SCORE = "forecasting.watch", "forecasting.score"
_TITLES = {WATCH: gettext_noop("查看需求变化"), SCORE: gettext_noop("对照已发布的预测")}


def start_watch(acting: Actor) -> JobRun:
    """Queue the watch and the scoring of published forecasts for the person who asks; return the run of the watch."""
    require(acting, "alerts.decide")
    audit(acting, "alerts.watch_started")
    for kind in (SCORE, WATCH):
        run = _enqueue(kind, acting)
    return run


def queue() -> None:
    """Queue watch and scoring after an import, once for imports that come in together."""
    waiting = set(
        runs().filter(kind__in=_TITLES, state=JobState.QUEUED, owner_id=None).values_list("kind", flat=True)
    )
    for kind in _TITLES:
        if kind not in waiting:
            _enqueue(kind, Actor.system())


def _enqueue(kind: str, acting: Actor) -> JobRun:
    return enqueue(
        kind,
        owner_id=acting.user_id,
        org_root_id=acting.org_root_id,
        title=_TITLES[kind],
        params={},
        exclusive=kind,
    )


@transaction.atomic
def mark_seen(acting: Actor, uuid: UUID, *, now: dt.datetime) -> DemandAlert:
    """Note that somebody looked at an alert that nobody had decided about."""
    return _decide(acting, uuid, AlertState.SEEN, reason="", now=now)


@transaction.atomic
def dismiss(acting: Actor, uuid: UUID, *, reason: str, now: dt.datetime) -> DemandAlert:
    """Judge an alert as unimportant; a reason is required, and the change is not raised again."""
    if not reason.strip():
        raise Refused(_("请写明理由，它会留在记录里。"))
    return _decide(acting, uuid, AlertState.DISMISSED, reason=reason.strip()[:300], now=now)


def _decide(acting: Actor, uuid: UUID, state: AlertState, *, reason: str, now: dt.datetime) -> DemandAlert:
    rows = DemandAlert.objects.select_for_update(of=("self",))
    row = get_visible(acting, "alerts.decide", rows, uuid=uuid)
    if row.state in {AlertState.DISMISSED, state}:
        raise Refused(_("这条提醒已有人处理。"))
    row.state, row.reason, row.decided_by_id, row.decided_at = state, reason, acting.user_id, now
    row.save(update_fields=["state", "reason", "decided_by", "decided_at", "updated_at"])
    audit(acting, f"alert.{state}", row, detail={"reason": reason})
    return row
