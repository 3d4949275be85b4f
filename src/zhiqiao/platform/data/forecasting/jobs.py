"""Background work of forecasts and alerts; takes ids and may be run again."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import get_language, gettext_noop

from zhiqiao.engines import demand as engine
from zhiqiao.infra.jobs.api import JobContext, JobFailed, job
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forecasting import actions
from zhiqiao.platform.governance.api import actor_of_membership

__all__ = ["run_forecast"]

_FORECASTING = gettext_noop("逐级预测需求")


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
