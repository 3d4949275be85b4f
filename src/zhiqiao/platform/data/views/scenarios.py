"""Pages of scenarios: the inputs of years 2 and 3 on a forecast's page, changed ones tried and saved under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiqiao.engines import demand as engine
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forecasting import actions, charts, scenarios, tables
from zhiqiao.platform.data.forecasting.identifiers import BandPlace, band_figure
from zhiqiao.platform.data.forecasting.inputs import LIMITS, Inputs
from zhiqiao.platform.data.forecasting.parameters import scenario_rules
from zhiqiao.platform.data.forecasting.scenario_resolvers import may_read, may_read_kind
from zhiqiao.platform.data.forecasting.whatif import Effect, WhatIf, level_bands, what_if
from zhiqiao.platform.data.forecasting.words import (
    INPUT_VALUES,
    INPUTS,
    input_definition,
    input_name,
    input_source,
    left_out_text,
)
from zhiqiao.platform.data.models import DemandForecast, DemandScenario, Industry
from zhiqiao.platform.data.selectors import forecasts as selectors
from zhiqiao.platform.data.views.forecast_tabs import tabs_of
from zhiqiao.platform.governance.api import Actor, ActorRequest, action, audit, can

_FIELD = "v-"
_Figures = dict[str, object]


@dataclass(frozen=True)
class InputRow:
    """An input as the page shows it; a hidden one tells only its kind and what it does."""

    field: str
    name: str
    kind: str
    value_label: str
    value: str
    registered: str
    low: str
    high: str
    source: str
    year: str
    definition: str
    basis: tuple[tuple[str, UUID], ...]
    years: tuple[float, ...]
    moves: bool
    is_changed: bool
    is_hidden: bool
    is_demo: bool


@dataclass(frozen=True)
class _Choice:
    """Which inputs the page starts from and how they were changed."""

    registered: Inputs
    changed: Inputs
    saved: DemandScenario | None
    is_today: bool
    fault: str = ""


def section(
    request: ActorRequest, view: selectors.ForecastView, line: selectors.ForecastLine
) -> dict[str, object]:
    """Return what the part of a series page on years 2 and 3 shows; {} by share, where there are no bands."""
    if line.measure != "count":
        return {}
    choice = _choice(request, view)
    found = what_if(view.uuid, line.level, line.at, registered=choice.registered, changed=choice.changed)
    if not found.registered:
        return {}
    rows = [_row(request.actor, one) for one in found.effects]
    scope = DemandScenario(org_root_id=request.actor.org_root_id or 0, made_by_id=None)
    may_save = not view.is_draft and can(request.actor, "scenarios.save", scope)
    return {
        "years": charts.by_year(line, found, demo=view.is_demo),
        "bands": _bands(view, line, found, choice),
        "inputs": [row for row in rows if row.moves],
        "idle": [row for row in rows if not row.moves],
        "left_out": [
            left_out_text(one) for one in choice.registered.left_out if may_read_kind(request.actor, one.kind)
        ],
        "saved": choice.saved,
        "saved_all": list(scenarios.scenarios(request.actor, view.uuid).filter(withdrawn_at=None)[:10]),
        "is_today": choice.is_today,
        "fault": choice.fault,
        "is_changed": found.is_changed,
        "may_save": may_save and found.is_changed and choice.saved is None,
        "kept": _kept(request),
        "plain_url": tables.line_url(line),
        "here": request.get_full_path(),
        "name": request.GET.get("name", "")[:100],
        "reason": request.GET.get("reason", "")[:1000],
    }


def _choice(request: ActorRequest, view: selectors.ForecastView) -> _Choice:
    wanted = selectors.uuid_or_404(request.GET.get("scenario", ""))
    if wanted is not None:
        row = scenarios.get_scenario(request.actor, wanted)
        return _Choice(*scenarios.inputs_of(row), saved=row, is_today=False)
    is_today = request.GET.get("register") == "today"
    registered = (
        actions.scenario_inputs(request.actor) if is_today else scenarios.registered_with(view.inputs)
    )
    try:
        changed = registered.with_values(_values(request.actor, request.GET, registered))
    except ValueError:
        fault = _("有一个数不能用：概率和退休比例在 0 到 100 之间，年增长在 -90 到 300 之间。请改正后再看。")
        return _Choice(registered, registered, None, is_today, fault)
    return _Choice(registered, changed, None, is_today)


def _values(actor: Actor, data: Mapping[str, str], registered: Inputs) -> dict[str, float]:
    """Return the per cents of a form, of inputs the person may see; ValueError where one is no number."""
    names = {f"{_FIELD}{one.id}": one for one in registered.items if may_read(actor, one)}
    return {one.id: float(data[name]) for name, one in names.items() if data.get(name, "").strip()}


def _row(actor: Actor, one: Effect) -> InputRow:
    item, kind = one.item, one.item.stated.kind
    low, high = LIMITS[kind]
    hidden = not may_read(actor, item)
    return InputRow(
        field=f"{_FIELD}{item.id}",
        name=str(INPUTS[kind]) if hidden else input_name(item),
        kind=str(INPUTS[kind]),
        value_label=str(INPUT_VALUES[kind]),
        value=f"{item.stated.value:g}",
        registered=f"{one.registered:g}",
        low=f"{low:g}",
        high=f"{high:g}",
        source="" if hidden else input_source(item),
        year="" if hidden else item.year,
        definition="" if hidden else input_definition(item),
        basis=() if hidden else tuple(place for basis in item.basis if (place := basis.place)),
        years=one.years,
        moves=one.moves,
        is_changed=one.is_changed,
        is_hidden=hidden,
        is_demo=item.is_demo,
    )


def _bands(
    view: selectors.ForecastView, line: selectors.ForecastLine, found: WhatIf, choice: _Choice
) -> list[_Figures]:
    places = [BandPlace(view.id, line.level, band.year, line.at) for band in found.registered]
    return [
        {
            "band": band,
            "changed": changed if found.is_changed else None,
            # figures under today's register are computed for this page and kept nowhere
            "uuid": None if choice.is_today or choice.saved else band_figure(place),
        }
        for place, band, changed in zip(places, found.registered, found.changed, strict=True)
    ]


def _kept(request: ActorRequest) -> list[tuple[str, str]]:
    """Return what the form of changed inputs hands on unseen."""
    names = ("forecast", "industry", "role", "register")
    return [(name, request.GET[name]) for name in names if request.GET.get(name)]


@require_POST
@action("scenarios.save")
def scenario_save(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Keep changed inputs of a forecast under a name, and go back to the series they were tried on."""
    data = request.POST
    back = data.get("here", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("data:scenarios")
    view = selectors.forecast(request.actor, uuid)
    is_today = data.get("register") == "today"
    inputs = actions.scenario_inputs(request.actor) if is_today else scenarios.registered_with(view.inputs)
    text = scenarios.ScenarioText(data.get("name", ""), data.get("reason", ""), data.get("shared") == "on")
    try:
        values = _values(request.actor, data, inputs)
        row = scenarios.save_scenario(request.actor, uuid, text, inputs=inputs, values=values)
    except (Refused, ValueError) as error:
        told = str(error) if isinstance(error, Refused) else _("请只写数字。")
        messages.error(request, told)
        joint = "&" if "?" in back else "?"
        return redirect(f"{back}{joint}{urlencode({'name': text.name, 'reason': text.reason})}")
    messages.success(request, _("情景“%(name)s”已保存；预测本身没有变。") % {"name": row.name})
    return redirect("data:scenario", uuid=row.uuid)


@require_GET
@action("forecasts.read")
def scenario_list(request: ActorRequest) -> HttpResponse:
    """List the saved scenarios."""
    rows = scenarios.scenarios(request.actor)
    table = tables.SCENARIOS.bind(request, rows, can_export=can(request.actor, "postings.export"))
    if table.export:
        audit(request.actor, "scenarios.exported")
        return table.response()
    return render(
        request, "data/forecasting/scenarios.html", {"table": table, **tabs_of(request, "scenarios")}
    )


@require_GET
@action("forecasts.read")
def scenario(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show what a saved scenario changes and what that does to each industry."""
    row = scenarios.get_scenario(request.actor, uuid)
    before, after = scenarios.inputs_of(row)
    old = {one.id: one.stated.value for one in before.items}
    rows = [_row(request.actor, Effect(one, old[one.id], ())) for one in after.items]
    context = {
        "row": row,
        "changes": [one for one in rows if one.is_changed],
        "industries": _industries(row.forecast, before, after),
        "version": scenario_rules().version,
        "may_withdraw": row.withdrawn_at is None and can(request.actor, "scenarios.save", row),
    }
    return render(request, "data/forecasting/scenario.html", context)


def _industries(forecast: DemandForecast, before: Inputs, after: Inputs) -> list[_Figures]:
    """Return the bands of each industry as registered and as changed."""
    names = {row.key: Name(row.name_zh, row.name_en) for row in Industry.objects.all()}
    old, new = level_bands(forecast.uuid, "industry", [before, after])
    pairs: dict[str, list[tuple[engine.Band, engine.Band]]] = {}
    for one, other in zip(old, new, strict=True):
        pairs.setdefault(one.keys[0], []).append((one, other))
    return [
        {"name": str(names.get(key, Name(key, key))), "years": years, "url": _industry_url(forecast, key)}
        for key, years in pairs.items()
        if any(abs(one.base - other.base) >= 0.05 for one, other in years)
    ]


def _industry_url(forecast: DemandForecast, key: str) -> str:
    return f"{reverse('data:forecast_series', args=['industries', key])}?forecast={forecast.uuid}"


@require_POST
@action("scenarios.save")
def scenario_withdraw(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Withdraw a scenario."""
    try:
        scenarios.withdraw_scenario(request.actor, uuid, now=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("情景已撤下，内容仍可查看。"))
    return redirect("data:scenario", uuid=uuid)
