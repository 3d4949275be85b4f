"""Background work of forecasts and alerts; takes ids and may be run again."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import get_language, gettext_noop

from zhiqiao.engines import demand as engine
from zhiqiao.infra.jobs.api import JobContext, JobFailed, job, subscribe
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.events import PostingsImported
from zhiqiao.platform.data.forecasting import actions, alerting, scoring, watching
from zhiqiao.platform.governance.api import actor_of_membership

__all__ = ["run_forecast", "run_scoring", "run_watch", "watch_after_import"]

_FORECASTING = gettext_noop("逐级预测需求")
_WATCHING = gettext_noop("逐项技能比较")
_SCORING = gettext_noop("与实际数对照")


@job(actions.FORECAST, attempts=2)
def run_forecast(context: JobContext, *, membership_id: int) -> dict[str, object]:
    """Make a forecast as the person who asked."""
    acting = actor_of_membership(membership_id)

    def report(done: int, total: int) -> None:
        context.check_cancelled()
        context.progress(done, total, _FORECASTING)

    try:
        row = actions.make_forecast(acting, today=timezone.localdate(), report=report)
    except Refused as error:
        raise JobFailed(str(error)) from error
    except engine.DemandError as error:
        raise JobFailed(error.zh if (get_language() or "zh").startswith("zh") else error.en) from error
    return {"forecast_uuid": str(row.uuid), "months": [row.first_month, row.last_month]}


@job(alerting.WATCH, attempts=3)
def run_watch(context: JobContext) -> dict[str, object]:
    """Look for changes of demand and raise those not known yet."""
    context.progress(0, 1, _WATCHING)
    raised = watching.raise_alerts(today=timezone.localdate())
    context.progress(1, 1, _WATCHING)
    return {"alerts": len(raised)}


@job(alerting.SCORE, attempts=3)
def run_scoring(context: JobContext) -> dict[str, object]:
    """Compare published forecasts with the months that have come."""
    context.progress(0, 1, _SCORING)
    written = scoring.score_all(today=timezone.localdate(), check=context.check_cancelled)
    context.progress(1, 1, _SCORING)
    return {"scores": written}


@subscribe(PostingsImported)
def watch_after_import(event: PostingsImported) -> None:
    """New shared postings may show a change, and are what published forecasts are compared with."""
    if event.is_shared:
        alerting.queue()
