"""The verbs of forecasts: start the job that makes one, publish it, throw a draft away."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.infra.jobs.api import JobRun, enqueue
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forecasting import storing
from zhiqiao.platform.data.forecasting.computing import (
    HORIZON,
    LEVELS,
    METHOD,
    METHOD_VERSION,
    LevelForecast,
    forecast_level,
    mix_of,
)
from zhiqiao.platform.data.forecasting.inputs import Inputs
from zhiqiao.platform.data.forecasting.parameters import calendar, forecast_rules, scenario_rules
from zhiqiao.platform.data.forecasting.registered import registered_inputs
from zhiqiao.platform.data.forecasting.series import DemandSeries, demand_series, shared_live
from zhiqiao.platform.data.models import DemandForecast, ForecastState
from zhiqiao.platform.governance.api import Actor, audit, get_visible, require

__all__ = ["FORECAST", "discard", "make_forecast", "publish_forecast", "scenario_inputs", "start_forecast"]

FORECAST = "forecasting.forecast"
Report = Callable[[int, int], None]


def scenario_inputs(acting: Actor) -> Inputs:
    """Return announced projects, sums of hiring plans, industry plans and retirements that the person may see."""
    require(acting, "forecasts.read")
    return registered_inputs(acting)


def start_forecast(acting: Actor) -> JobRun:
    """Queue a forecast of the region's shared postings for the person who asks."""
    require(acting, "forecasts.make")
    run = enqueue(
        FORECAST,
        owner_id=acting.user_id,
        org_root_id=acting.org_root_id,
        title=gettext_noop("预测需求"),
        params={"membership_id": acting.membership_id},
        exclusive=f"forecast:{acting.org_root_id}",
    )
    audit(acting, "forecast.started", obj=("job", str(run.uuid)))
    return run


def make_forecast(
    acting: Actor, *, today: dt.date, report: Report = lambda _done, _total: None
) -> DemandForecast:
    """Forecast every level and keep series, rows, changes, bands and inputs as a draft.

    `report` is told the levels done and may raise to stop. Raises Refused when there is nothing to forecast, and the
    engine's errors (too few months …).
    """
    require(acting, "forecasts.make")
    among, inputs = shared_live(acting), scenario_inputs(acting)
    report(0, len(LEVELS))
    series = {level: demand_series(acting, by, today=today, among=among) for level, by in LEVELS.items()}
    if not all(one.months for one in series.values()):
        raise Refused(_("还没有带发布日期、已过完的月份的共享招聘信息，无法预测。"))
    mix, done = mix_of(series), list[LevelForecast]()
    for level, one in series.items():
        report(len(done), len(LEVELS))
        if one.keys:
            done.append(
                forecast_level(
                    level, one, inputs=inputs, mix=mix, check=lambda: report(len(done), len(LEVELS))
                )
            )
    if not done:
        raise Refused(_("共享的招聘信息还没有归入岗位或识别出技能，无法预测。"))
    report(len(LEVELS), len(LEVELS))
    return _keep(acting, done, inputs)


def _keep(acting: Actor, done: list[LevelForecast], inputs: Inputs) -> DemandForecast:
    uuid, series = uuid4(), done[0].series
    digests = storing.write(uuid, done)
    try:
        return _kept(acting, uuid, done, digests=digests, inputs=_inputs(series, inputs))
    except BaseException:
        storing.discard(uuid)  # a row that was not written must leave no files
        raise


@transaction.atomic
def _kept(
    acting: Actor,
    uuid: UUID,
    done: list[LevelForecast],
    *,
    digests: dict[str, str],
    inputs: dict[str, object],
) -> DemandForecast:
    series = done[0].series
    row = DemandForecast.objects.create(
        uuid=uuid,
        org_root_id=acting.org_root_id or 0,
        made_by_id=acting.user_id,
        first_month=series.months[0],
        last_month=series.months[-1],
        horizon=HORIZON,
        level=done[0].found["count"].level,
        method=METHOD,
        method_version=METHOD_VERSION,
        parameters={
            "forecast": forecast_rules().version,
            "calendar": calendar().version,
            "scenario": scenario_rules().version,
        },
        inputs=inputs,
        summary={one.level: _summary(one) for one in done},
        digests=digests,
        is_demo=series.is_demo,
    )
    audit(acting, "forecast.made", row, detail={"months": [row.first_month, row.last_month]})
    return row


def _inputs(series: DemandSeries, inputs: Inputs) -> dict[str, object]:
    counted = [item for item in series.imports if item.postings]
    return {
        "imports": [item.stored() for item in counted],
        "months": [series.months[0], series.months[-1]],
        "unknown_months": list(series.unknown_months),
        "undated": series.undated,
        "unfinished": series.unfinished,
        "unassigned": series.unassigned,
        "taxonomy_versions": sorted({item.taxonomy_version for item in counted if item.taxonomy_version}),
        "scenario": inputs.stored(),
    }


def _summary(one: LevelForecast) -> dict[str, object]:
    verdicts = {
        measure: dict(Counter(change.verdict for change in changes))
        for measure, changes in one.changes.items()
    }
    return {"series": len(one.series.keys), "verdicts": verdicts}


@transaction.atomic
def publish_forecast(acting: Actor, uuid: UUID, *, now: dt.datetime) -> DemandForecast:
    """Publish a draft to the whole region, for good; refused when its files are not those that were written."""
    row = get_visible(
        acting, "forecasts.publish", DemandForecast.objects.select_for_update(of=("self",)), uuid=uuid
    )
    if row.state != ForecastState.DRAFT:
        raise Refused(_("这份预测已经发布。"))
    if storing.changed_files(row.uuid, row.digests):
        raise Refused(_("这份预测的数据文件与生成时不一致，不能发布；请重新预测。"))
    row.state, row.is_published = ForecastState.PUBLISHED, True
    row.published_at, row.published_by_id = now, acting.user_id
    row.save(update_fields=["state", "is_published", "published_at", "published_by", "updated_at"])
    audit(acting, "forecast.published", row, detail={"digests": row.digests})
    return row


@transaction.atomic
def discard(acting: Actor, uuid: UUID) -> None:
    """Throw a draft away; what was published stays for ever."""
    rows = DemandForecast.objects.select_for_update(of=("self",))
    row = get_visible(acting, "forecasts.make", rows, uuid=uuid)
    if row.state != ForecastState.DRAFT:
        raise Refused(_("已发布的预测永久保留，不能删除。"))
    audit(acting, "forecast.discarded", row)
    row.delete()
    transaction.on_commit(lambda: storing.discard(uuid))
