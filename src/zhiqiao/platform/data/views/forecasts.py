"""Pages of the demand forecast: overview, one series, the record of forecasts, making and publishing one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forecasting import actions, charts, tables
from zhiqiao.platform.data.forecasting.computing import Level, Measure
from zhiqiao.platform.data.forecasting.parameters import alert_rules, scenario_rules
from zhiqiao.platform.data.forecasting.words import MEASURES, VERDICTS, method_words
from zhiqiao.platform.data.models import DemandForecast, Industry, JobRole
from zhiqiao.platform.data.selectors import forecasts as selectors
from zhiqiao.platform.data.views import scenarios
from zhiqiao.platform.data.views.forecast_tabs import tabs_of
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can

_LEVELS: dict[str, Level] = {"roles": "role", "skills": "skill", "industries": "industry"}
_TOP = 5


@require_GET
@action("forecasts.read")
def overview(request: ActorRequest, kind: str = "roles") -> HttpResponse:
    """Show rising and fading posts, skills or industries of the forecast in force."""
    level = _level(kind)
    measure = _measure(request)
    view = selectors.chosen_forecast(request.actor, selectors.uuid_or_404(request.GET.get("forecast", "")))
    if view is None:
        return render(request, "data/forecasting/none.html", tabs_of(request, kind))
    if level == "skill" and request.GET.get("industry"):
        level = "industry_skill"
    lines = selectors.forecast_rows(request.actor, view.uuid, level, measure=measure)
    table = tables.lines_table(level, measure).bind(
        request, lines, demo=view.is_demo, can_export=can(request.actor, "postings.export")
    )
    if table.export:
        table.notes = _notes(view)
        audit(request.actor, "forecast.exported", obj=("demand_forecast", str(view.uuid)))
        return table.response()
    industry = request.GET.get("industry", "")
    shown = [line for line in lines if not industry or line.industry == industry]
    context = {
        "view": view,
        "table": table,
        "rising": _strongest(shown, "rising"),
        "fading": _strongest(shown, "fading"),
        "flat": sum(line.verdict == "flat" for line in shown),
        "unknown": sum(line.verdict == "unknown" for line in shown),
        "measure": measure,
        "measures": _measures(request),
        "notes": _notes(view),
    }
    return render(request, "data/forecasting/overview.html", {**tabs_of(request, kind), **context})


def _strongest(lines: list[selectors.ForecastLine], verdict: str) -> list[tuple[selectors.ForecastLine, str]]:
    found = [line for line in lines if line.verdict == verdict]
    found.sort(key=lambda line: -abs((line.next or 0) - (line.last or 0)))
    return [(line, tables.line_url(line)) for line in found[:_TOP]]


@require_GET
@action("forecasts.read")
def series(request: ActorRequest, kind: str, key: str) -> HttpResponse:
    """Show one post, skill or industry: history, forecast with interval, scenario."""
    view = selectors.chosen_forecast(request.actor, selectors.uuid_or_404(request.GET.get("forecast", "")))
    if view is None:
        raise Http404
    level, wanted, scope = _wanted(request, kind, key)
    measure = _measure(request)
    line = selectors.forecast_line(view, level, wanted, measure=measure)
    page = selectors.forecast_page(line)
    context = {
        **scenarios.section(request, view, line),
        "view": view,
        "line": line,
        "scope": scope,
        "verdict": VERDICTS[line.verdict],
        "method": method_words(line.method),
        "is_share": measure == "share",
        "months": charts.by_month(page, demo=view.is_demo),
        "few": alert_rules().few_postings,
        "scenario": scenario_rules(),
        "measure": measure,
        "measures": _measures(request),
        "notes": _notes(view),
    }
    return render(request, "data/forecasting/series.html", {**tabs_of(request, kind), **context})


@require_GET
@action("forecasts.read")
def forecast_list(request: ActorRequest) -> HttpResponse:
    """List all forecasts with their scores."""
    rows = selectors.with_scores(selectors.forecasts(request.actor))
    table = tables.FORECASTS.bind(request, rows, can_export=can(request.actor, "postings.export"))
    if table.export:
        audit(request.actor, "forecasts.exported")
        return table.response()
    return render(request, "data/forecasting/list.html", {"table": table, **tabs_of(request, "list")})


@require_GET
@action("forecasts.read")
def forecast(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show how one forecast was made, whether it is published, and how it turned out."""
    view = selectors.forecast(request.actor, uuid)
    scope = DemandForecast(org_root_id=view.org_root_id, made_by_id=None)
    context = {
        "view": view,
        "may_publish": view.is_draft and can(request.actor, "forecasts.publish", scope),
        "may_discard": view.is_draft and can(request.actor, "forecasts.make", scope),
        "notes": _notes(view),
        "scores": selectors.scores_of(request.actor, view.uuid),
    }
    return render(request, "data/forecasting/forecast.html", {**tabs_of(request, "list"), **context})


@require_POST
@action("forecasts.make")
def make(request: ActorRequest) -> HttpResponse:
    """Queue a forecast and show its run."""
    return redirect("jobs:run", uuid=actions.start_forecast(request.actor).uuid)


@require_POST
@action("forecasts.publish")
def publish(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Publish a draft."""
    try:
        actions.publish_forecast(request.actor, uuid, now=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已发布。今后每有新的月份，都会拿实际数与它对照。"))
    return redirect("data:forecast", uuid=uuid)


@require_POST
@action("forecasts.make")
def discard(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Throw a draft away."""
    try:
        actions.discard(request.actor, uuid)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("data:forecast", uuid=uuid)
    messages.success(request, _("草稿已放弃。"))
    return redirect("data:forecasts")


def _wanted(request: ActorRequest, kind: str, key: str) -> tuple[Level, dict[str, str], str]:
    """Return level and keys of the series asked for, and the name of the industry or post it is narrowed to."""
    level = _level(kind)
    if level == "skill" and request.GET.get("industry"):
        row = get_object_or_404(Industry, key=request.GET["industry"])
        return "industry_skill", {"skill": key, "industry": row.key}, str(Name(row.name_zh, row.name_en))
    if level == "skill" and request.GET.get("role"):
        post = get_object_or_404(JobRole, key=request.GET["role"])
        return "role_skill", {"skill": key, "role": post.key}, str(Name(post.name_zh, post.name_en))
    return level, {level: key}, ""


def _level(kind: str) -> Level:
    if kind not in _LEVELS:
        raise Http404
    return _LEVELS[kind]


def _measure(request: ActorRequest) -> Measure:
    return "share" if request.GET.get("measure") == "share" else "count"


def _measures(request: ActorRequest) -> list[tuple[str, object, str]]:
    found: list[tuple[str, object, str]] = []
    for key, label in MEASURES.items():
        query = request.GET.copy()
        query["measure"] = key
        query.pop("page", None)
        found.append((key, label, f"{request.path}?{query.urlencode()}"))
    return found


def _notes(view: selectors.ForecastView) -> list[str]:
    """Say what the forecast rests on and what did not enter."""
    inputs = view.inputs
    parts = [
        _("依据 %(first)s 至 %(last)s 的区域共享招聘信息；未过完的月份不计入。")
        % {"first": view.first_month, "last": view.last_month},
        _("预测和情景都按整个区域给出，不分区县。"),
    ]
    counted = (
        ("undated", _("%(count)s 条没有发布日期，没有计入。")),
        ("unfinished", _("%(count)s 条属于尚未过完的月份，没有计入。")),
        ("unassigned", _("%(count)s 条没有归入岗位，不在岗位与产业的序列里。")),
    )
    parts += [text % {"count": inputs[name]} for name, text in counted if inputs.get(name)]
    missing = inputs.get("unknown_months")
    if isinstance(missing, list) and missing:
        parts.append(
            _("%(months)s 没有任何来源的数据，按未知处理，不按零计。") % {"months": _("、").join(missing)}
        )
    return parts
