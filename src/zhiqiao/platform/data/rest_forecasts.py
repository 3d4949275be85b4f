"""The JSON API of demand forecasts and alerts: series with intervals, how they turned out; nobody is named."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Path, Router, Schema

from zhiqiao.infra.rest import READS, NameOut, Number, PageOut, Size, level_of, named, part
from zhiqiao.platform.data.forecasting.computing import Level, Measure
from zhiqiao.platform.data.models import DemandAlert, DemandForecast
from zhiqiao.platform.data.selectors import alerts, forecasts
from zhiqiao.platform.governance.api import action, api_actor

router = Router(tags=["forecasts"])


class ForecastOut(Schema):
    """A forecast; `level` is the chance that a month lies within its interval."""

    uuid: UUID
    state: str
    first_month: str
    last_month: str
    horizon: int
    level: float
    method: str
    made_at: dt.datetime
    published_at: dt.datetime | None
    parameters: dict[str, str]
    is_demo: bool


class ForecastsOut(PageOut):
    """A page of forecasts."""

    items: list[ForecastOut]


class SeriesOut(Schema):
    """A series: `last` and `next` are postings of twelve months, or means of monthly shares; null is unknown."""

    uuid: UUID
    at: int
    level: str
    measure: str
    industry: str
    role: str
    skill: str
    name: NameOut
    last: float | None
    next: float | None
    low: float | None
    high: float | None
    change: float | None
    verdict: str
    method: str
    postings: float | None
    is_small: bool


class SeriesPageOut(PageOut):
    """A page of series, the largest expected first."""

    items: list[SeriesOut]


class MonthOut(Schema):
    """A month of the past; null where no counted import holds any posting of it."""

    month: str
    value: float | None


class ForecastMonthOut(Schema):
    """A month to come with its interval."""

    month: str
    mean: float | None
    lo: float | None
    hi: float | None


class ScenarioOut(Schema):
    """A band of year 2 or 3: a scenario from stated assumptions, which no past month can test."""

    year: int
    first_month: str
    last_month: str
    low: float | None
    base: float | None
    high: float | None


class OneSeriesOut(Schema):
    """A series month by month."""

    series: SeriesOut
    history: list[MonthOut]
    forecast: list[ForecastMonthOut]
    scenarios: list[ScenarioOut]


class ScoreOut(Schema):
    """How a level turned out: mean absolute error beside the best simple baseline, share of months inside."""

    level: str
    measure: str
    until: str
    cells: int
    mae: float
    best_baseline: str
    best_baseline_mae: float | None
    cover: float
    unforeseen: int


class ScoresOut(Schema):
    """The newest score of each level and measure; empty until the months arrive."""

    items: list[ScoreOut]


class AlertOut(Schema):
    """A change of demand: `count` of `total` postings since `first_month`, against those before."""

    uuid: UUID
    skill: str
    skill_name: NameOut
    industry: str
    month: str
    first_month: str
    direction: str
    count: int
    total: int
    before_count: int
    before_total: int
    before_first: str
    before_months: int
    p: float
    roles: list[str]
    state: str
    reason: str
    decided_at: dt.datetime | None
    is_demo: bool


class AlertsOut(PageOut):
    """A page of alerts."""

    items: list[AlertOut]


@router.get(
    "/forecasts",
    response={200: ForecastsOut, **READS},
    summary="Demand forecasts one may see, the newest first",
    openapi_extra=level_of(DemandForecast),
)
@action("forecasts.read")
def forecast_list(request: HttpRequest, state: str = "", page: Number = 1, size: Size = 50) -> ForecastsOut:
    """Return forecasts: drafts for those who make them, published ones for all who may read."""
    rows = forecasts.forecasts(api_actor(request))
    rows = rows.filter(state=state) if state else rows
    views = [forecasts.forecast_view(row) for row in rows[(page - 1) * size : page * size]]
    return ForecastsOut(total=rows.count(), page=page, size=size, items=[_forecast(view) for view in views])


@router.get(
    "/forecasts/{uuid}",
    response={200: ForecastOut, **READS},
    summary="One demand forecast",
    openapi_extra=level_of(DemandForecast),
)
@action("forecasts.read")
def forecast_one(request: HttpRequest, uuid: UUID) -> ForecastOut:
    """Return one forecast without its figures."""
    return _forecast(forecasts.forecast(api_actor(request), uuid))


@router.get(
    "/forecasts/{uuid}/series",
    response={200: SeriesPageOut, **READS},
    summary="Series of a level of a forecast with the change they expect",
    openapi_extra=level_of(DemandForecast),
)
@action("forecasts.read")
def series_list(  # noqa: PLR0917 - the parameters of the address
    request: HttpRequest,
    uuid: UUID,
    level: Level = "role",
    measure: Measure = "count",
    industry: str = "",
    role: str = "",
    skill: str = "",
    page: Number = 1,
    size: Size = 50,
) -> SeriesPageOut:
    """Return series, narrowed by the keys of an industry, post or skill."""
    wanted = {"industry": industry, "role": role, "skill": skill}
    rows = [
        row
        for row in forecasts.forecast_rows(api_actor(request), uuid, level, measure=measure)
        if all(value in {"", getattr(row, name)} for name, value in wanted.items())
    ]
    items = [_series(row) for row in part(rows, page=page, size=size)]
    return SeriesPageOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/forecasts/{uuid}/series/{level}/{at}",
    response={200: OneSeriesOut, **READS},
    summary="One series month by month, with intervals and scenario bands",
    openapi_extra=level_of(DemandForecast),
)
@action("forecasts.read")
def series_one(
    request: HttpRequest,
    uuid: UUID,
    level: Level,
    at: Annotated[int, Path(ge=0, le=2**31 - 1)],
    measure: Measure = "count",
) -> OneSeriesOut:
    """Return what a series was, is expected to be, and may be in years 2 and 3."""
    rows = forecasts.forecast_rows(api_actor(request), uuid, level, measure=measure)
    line = next((row for row in rows if row.at == at), None)
    if line is None:
        raise Http404
    found = forecasts.forecast_page(line)
    return OneSeriesOut(
        series=_series(line),
        history=[
            MonthOut(month=month, value=value)
            for month, value in zip(found.months, found.history, strict=True)
        ],
        forecast=[
            ForecastMonthOut(month=row.month, mean=row.mean, lo=row.lo, hi=row.hi) for row in found.rows
        ],
        scenarios=[
            ScenarioOut.model_validate({name: band[name] for name in ScenarioOut.model_fields})
            for band in found.bands
        ],
    )


@router.get(
    "/forecasts/{uuid}/scores",
    response={200: ScoresOut, **READS},
    summary="How a forecast turned out",
    openapi_extra=level_of(DemandForecast),
)
@action("forecasts.read")
def score_list(request: HttpRequest, uuid: UUID) -> ScoresOut:
    """Return the newest scores of a forecast."""
    actor = api_actor(request)
    view = forecasts.forecast(actor, uuid)
    items = [
        ScoreOut(
            level=row.level,
            measure=row.measure,
            until=row.until,
            cells=row.cells,
            mae=row.mae,
            best_baseline=row.best_name,
            best_baseline_mae=row.best,
            cover=row.cover,
            unforeseen=row.unforeseen,
        )
        for row in forecasts.scores_of(actor, view.uuid)
    ]
    return ScoresOut(items=items)


@router.get(
    "/alerts",
    response={200: AlertsOut, **READS},
    summary="Alerts of changed demand, the newest first",
    openapi_extra=level_of(DemandAlert),
)
@action("alerts.read")
def alert_list(  # noqa: PLR0917 - the parameters of the address
    request: HttpRequest,
    state: str = "",
    industry: str = "",
    skill: str = "",
    page: Number = 1,
    size: Size = 50,
) -> AlertsOut:
    """Return alerts, narrowed by state or by the keys of an industry or skill."""
    given = {"state": state, "industry__key": industry, "skill__key": skill}
    rows = alerts.alert_rows(api_actor(request)).filter(
        **{name: value for name, value in given.items() if value}
    )
    items = [_alert(alerts.alert_view(row)) for row in rows[(page - 1) * size : page * size]]
    return AlertsOut(total=rows.count(), page=page, size=size, items=items)


@router.get(
    "/alerts/{uuid}",
    response={200: AlertOut, **READS},
    summary="One alert",
    openapi_extra=level_of(DemandAlert),
)
@action("alerts.read")
def alert_one(request: HttpRequest, uuid: UUID) -> AlertOut:
    """Return one alert."""
    return _alert(alerts.alert(api_actor(request), uuid))


def _forecast(view: forecasts.ForecastView) -> ForecastOut:
    return ForecastOut(**{name: getattr(view, name) for name in ForecastOut.model_fields})


def _series(row: forecasts.ForecastLine) -> SeriesOut:
    plain = {name: getattr(row, name) for name in SeriesOut.model_fields if name != "name"}
    return SeriesOut(**plain, name=named(row.name))


def _alert(view: alerts.AlertView) -> AlertOut:
    renamed = {"skill", "skill_name", "industry", "roles"}
    plain = {name: getattr(view, name) for name in AlertOut.model_fields if name not in renamed}
    return AlertOut(
        **plain,
        skill=view.skill_key,
        skill_name=named(view.skill),
        industry=view.industry_key,
        roles=list(view.role_keys),
    )
