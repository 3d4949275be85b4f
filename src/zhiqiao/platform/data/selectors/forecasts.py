"""Reads of demand forecasts as plain values, always through `visible`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.forecasting import storing
from zhiqiao.platform.data.forecasting.computing import Level, Measure
from zhiqiao.platform.data.forecasting.identifiers import FigurePlace, forecast_figure
from zhiqiao.platform.data.forecasting.parameters import alert_rules
from zhiqiao.platform.data.forecasting.words import MEASURES
from zhiqiao.platform.data.models import (
    DemandForecast,
    DemandForecastScore,
    ForecastState,
    Industry,
    JobRole,
    Skill,
)
from zhiqiao.platform.governance.api import Actor, get_visible, visible

__all__ = [
    "ForecastLine",
    "ForecastPage",
    "ForecastView",
    "ScoreLine",
    "chosen_forecast",
    "forecast",
    "forecast_in_force",
    "forecast_line",
    "forecast_page",
    "forecast_rows",
    "forecast_view",
    "forecasts",
    "scores_of",
    "uuid_or_404",
    "with_scores",
]


@dataclass(frozen=True)
class ForecastView:
    """A forecast without its figures."""

    id: int
    uuid: UUID
    org_root_id: int
    state: str
    state_label: str
    first_month: str
    last_month: str
    horizon: int
    level: float
    method: str
    made_by: str
    made_at: dt.datetime
    published_at: dt.datetime | None
    parameters: Mapping[str, str]
    inputs: Mapping[str, object]
    summary: Mapping[str, object]
    is_demo: bool

    @property
    def is_draft(self) -> bool:
        """Tell whether it can still be published or thrown away."""
        return self.state == ForecastState.DRAFT


@dataclass(frozen=True)
class ForecastLine:
    """A series with the change it expects, its names and the uuid of its figure.

    `last`, `next`, `low` and `high` are postings of twelve months, or means of monthly shares; None is unknown.
    """

    uuid: UUID
    forecast_uuid: UUID
    level: Level
    at: int
    measure: Measure
    industry: str
    role: str
    skill: str
    name: Name
    industry_name: Name | None
    last: float | None
    next: float | None
    low: float | None
    high: float | None
    verdict: str
    method: str
    postings: float | None

    @property
    def change(self) -> float | None:
        """Return the expected change as a share of the last twelve months; None without any posting in them."""
        return self._against(self.next)

    @property
    def change_low(self) -> float | None:
        """Return the lower bound of the change."""
        return self._against(self.low)

    @property
    def change_high(self) -> float | None:
        """Return the upper bound of the change."""
        return self._against(self.high)

    @property
    def is_small(self) -> bool:
        """Tell whether so few postings lie behind it that the forecast is only a hint."""
        return self.postings is not None and self.postings < alert_rules().few_postings

    def _against(self, value: float | None) -> float | None:
        return value / self.last - 1 if value is not None and self.last else None


@dataclass(frozen=True)
class ForecastPage:
    """One series: history and forecast by month, and scenario bands of years 2 and 3 (by count only)."""

    line: ForecastLine
    months: tuple[str, ...]
    history: tuple[float | None, ...]
    rows: tuple[storing.StoredRow, ...]
    bands: tuple[Mapping[str, object], ...]


def forecasts(acting: Actor) -> QuerySet[DemandForecast]:
    """Return the forecasts the person may see, the newest first."""
    return visible(acting, "forecasts.read", DemandForecast.objects.select_related("made_by")).order_by("-id")


def forecast(acting: Actor, uuid: UUID) -> ForecastView:
    """Return one forecast; 404 when it may not be seen."""
    rows = DemandForecast.objects.select_related("made_by")
    return forecast_view(get_visible(acting, "forecasts.read", rows, uuid=uuid))


def forecast_in_force(acting: Actor) -> ForecastView | None:
    """Return the forecast that was published last, None before the first."""
    row = forecasts(acting).filter(state=ForecastState.PUBLISHED).order_by("-published_at", "-id").first()
    return forecast_view(row) if row else None


def uuid_or_404(text: str) -> UUID | None:
    """Return the uuid an address names, None where it names none; 404 for what is no uuid."""
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


def chosen_forecast(acting: Actor, uuid: UUID | None) -> ForecastView | None:
    """Return the forecast asked for, else the one in force, else the newest draft one may see."""
    if uuid is not None:
        return forecast(acting, uuid)
    found = forecast_in_force(acting)
    newest = None if found else forecasts(acting).first()
    return found or (forecast_view(newest) if newest else None)


def forecast_rows(
    acting: Actor, forecast_uuid: UUID, level: Level = "role", *, measure: Measure = "count"
) -> list[ForecastLine]:
    """Return the series of a level with their changes, the largest expected first; 404 when it may not be seen."""
    view = forecast(acting, forecast_uuid)
    names = _Names.all()
    found = [names.line(view, item) for item in storing.series_of(view.uuid, level, measure=measure)]
    return sorted(found, key=lambda line: (-(line.next or 0), line.at))


def forecast_line(
    view: ForecastView, level: Level, wanted: Mapping[str, str], *, measure: Measure = "count"
) -> ForecastLine:
    """Return the series of a level whose keys are `wanted`; 404 when the forecast has none."""
    for item in storing.series_of(view.uuid, level, measure=measure):
        if all(getattr(item, name) == value for name, value in wanted.items()):
            return _Names.all().line(view, item)
    raise Http404


def forecast_page(line: ForecastLine) -> ForecastPage:
    """Return history, forecast and scenario of a series that the person was given."""
    past = storing.history(line.forecast_uuid, line.level, at=line.at)
    counts, totals = past.counts[0], past.totals[0]
    values = [
        _figure(count, total, line.measure)
        for count, total in zip(counts.tolist(), totals.tolist(), strict=True)
    ]
    found = storing.rows(line.forecast_uuid, line.level, at=line.at)
    bands = storing.bands(line.forecast_uuid, line.level, at=line.at) if line.measure == "count" else []
    return ForecastPage(
        line,
        past.months,
        tuple(values),
        tuple(row for row in found if row.measure == line.measure),
        tuple(bands),
    )


def _figure(count: float, total: float, measure: Measure) -> float | None:
    if count != count or (measure == "share" and not total > 0):  # noqa: PLR0124 - NaN is not itself
        return None
    return count if measure == "count" else count / total


def forecast_view(row: DemandForecast) -> ForecastView:
    """Return a forecast's row (with its maker) as a value."""
    return ForecastView(
        id=row.pk,
        uuid=row.uuid,
        org_root_id=row.org_root_id,
        state=row.state,
        state_label=str(row.get_state_display()),
        first_month=row.first_month,
        last_month=row.last_month,
        horizon=row.horizon,
        level=row.level,
        method=f"{row.method} {row.method_version}",
        made_by=str(row.made_by) if row.made_by else "",
        made_at=row.created_at,
        published_at=row.published_at,
        parameters=row.parameters,
        inputs=row.inputs,
        summary=row.summary,
        is_demo=row.is_demo,
    )


@dataclass(frozen=True)
class _Names:
    """Names of industries, posts and skills by key; what is gone from the catalogue keeps its key."""

    industries: Mapping[str, Name]
    roles: Mapping[str, tuple[Name, str]]
    skills: Mapping[str, Name]

    @classmethod
    def all(cls) -> _Names:
        columns = ("key", "name_zh", "name_en")
        roles = JobRole.objects.values_list(*columns, "link__industry__key")
        return cls(
            {key: Name(zh, en) for key, zh, en in Industry.objects.values_list(*columns)},
            {key: (Name(zh, en), industry) for key, zh, en, industry in roles},
            {key: Name(zh, en) for key, zh, en in Skill.objects.values_list(*columns)},
        )

    def line(self, view: ForecastView, item: storing.StoredSeries) -> ForecastLine:
        role, home = self.roles.get(item.role, (Name(item.role, item.role), ""))
        industry = item.industry or home
        skill = self.skills.get(item.skill, Name(item.skill, item.skill))
        industry_name = self.industries.get(industry, Name(industry, industry)) if industry else None
        name = skill if item.skill else role if item.role else industry_name
        return ForecastLine(
            uuid=forecast_figure(FigurePlace(view.id, item.level, item.measure, item.at)),
            forecast_uuid=view.uuid,
            level=item.level,
            at=item.at,
            measure=item.measure,
            industry=industry,
            role=item.role,
            skill=item.skill,
            name=name or Name("", ""),
            industry_name=industry_name,
            last=item.last,
            next=item.next,
            low=item.low,
            high=item.high,
            verdict=item.verdict,
            method=item.method,
            postings=item.postings,
        )


@dataclass(frozen=True)
class ScoreLine:
    """How one level of a forecast turned out, beside the best simple baseline."""

    level: str
    measure: str
    label: str
    until: str
    cells: int
    mae: float
    best: float | None
    best_name: str
    cover: float
    unforeseen: int

    @property
    def mae_text(self) -> str:
        """Return the mean absolute error in its unit."""
        return _error(self.mae, self.measure)

    @property
    def best_text(self) -> str:
        """Return the error of the best baseline, empty when none could be computed."""
        return _error(self.best, self.measure) if self.best is not None else ""


def _error(value: float, measure: str) -> str:
    return formats.percent(value, places=2) if measure == "share" else formats.number(value, places=2)


_LEVEL_WORDS = {
    "industry": _("产业"),
    "role": _("岗位"),
    "skill": _("技能"),
    "industry_skill": _("产业 × 技能"),
    "role_skill": _("岗位 × 技能"),
}


def scores_of(acting: Actor, uuid: UUID) -> list[ScoreLine]:
    """Return the newest score of each level and measure of a forecast that the person may see."""
    rows = visible(acting, "forecasts.read", DemandForecastScore.objects.filter(forecast__uuid=uuid))
    newest: dict[tuple[str, str], DemandForecastScore] = {}
    for row in rows.order_by("level", "measure", "until"):
        newest[row.level, row.measure] = row
    return [_score_line(row) for row in newest.values()]


def _score_line(row: DemandForecastScore) -> ScoreLine:
    best = min(row.baselines, key=lambda name: row.baselines[name], default="")
    return ScoreLine(
        level=row.level,
        measure=row.measure,
        label=f"{_LEVEL_WORDS.get(row.level, row.level)} · {MEASURES[row.measure]}",
        until=row.until,
        cells=row.cells,
        mae=row.mae,
        best=row.baselines.get(best),
        best_name=best,
        cover=row.cover,
        unforeseen=row.unforeseen,
    )


def with_scores(rows: QuerySet[DemandForecast]) -> QuerySet[DemandForecast]:
    """Add `error` and `cover` of the newest score of the skills by count; None before the months come."""
    newest = DemandForecastScore.objects.filter(
        forecast=OuterRef("pk"), level="skill", measure="count"
    ).order_by("-until")
    return rows.annotate(error=Subquery(newest.values("mae")[:1]), cover=Subquery(newest.values("cover")[:1]))
