"""Evidence of scenario bands: the forecast year they start from and the inputs that move them; saved scenarios too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.evidence import Hop, Link, resolver
from zhiqiao.platform.data.forecasting import storing
from zhiqiao.platform.data.forecasting.identifiers import FigurePlace, forecast_figure, read_band_figure
from zhiqiao.platform.data.forecasting.inputs import Input, Inputs
from zhiqiao.platform.data.forecasting.parameters import scenario_rules
from zhiqiao.platform.data.forecasting.scenarios import get_scenario, inputs_of, registered_with, scenarios
from zhiqiao.platform.data.forecasting.tables import line_url
from zhiqiao.platform.data.forecasting.whatif import what_if
from zhiqiao.platform.data.forecasting.words import (
    INPUT_VALUES,
    INPUTS,
    input_definition,
    input_name,
    input_source,
)
from zhiqiao.platform.data.models import DemandForecast
from zhiqiao.platform.data.selectors.forecasts import forecast, forecast_line
from zhiqiao.platform.governance.api import Actor, can, require

__all__ = ["band_hop", "may_read", "may_read_kind", "scenario_hop"]

METHOD, METHOD_VERSION = "data.scenario", "1"
_NEEDED = {"project": "projects.read", "plan_sums": "plans.sums"}


def may_read(actor: Actor, item: Input) -> bool:
    """Tell whether the person may see the thing an input was taken from."""
    return all(may_read_kind(actor, basis.kind) for basis in item.basis)


def may_read_kind(actor: Actor, kind: str) -> bool:
    """Tell whether the person may see what is registered of a kind; statistics are public."""
    return kind not in _NEEDED or can(actor, _NEEDED[kind])


@resolver("scenario_band", label=gettext_lazy("情景区间"))
def band_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a band of years 2 or 3 as it was kept with its forecast, with all that moved it."""
    require(actor, "forecasts.read")
    place = read_band_figure(uuid)
    row = DemandForecast.objects.filter(pk=place.forecast_id).first() if place else None
    if place is None or row is None:
        raise Http404
    view = forecast(actor, row.uuid)
    line = forecast_line(view, place.level, {"at": place.at}, measure="count")  # type: ignore[dict-item]
    inputs = registered_with(view.inputs)
    found = what_if(view.uuid, place.level, place.at, registered=inputs, changed=inputs)
    kept = [band for band in storing.bands(view.uuid, place.level, at=place.at) if band["year"] == place.year]
    if not kept:
        raise Http404
    moved = [one for one in found.effects if one.moves]
    now = next(band for band in found.registered if band.year == place.year)
    year_one = forecast_figure(FigurePlace(place.forecast_id, place.level, "count", place.at))
    return Hop(
        kind="scenario_band",
        uuid=uuid,
        title=_("%(name)s：第 %(year)s 年（情景）") % {"name": line.name, "year": place.year},
        facts=[
            (_("性质"), _("情景，不是预测；历史太短，无法检验")),
            (_("情景区间"), _span(kept[0]["base"], kept[0]["low"], kept[0]["high"])),
            (_("时段"), f"{kept[0]['first_month']} – {kept[0]['last_month']}"),
            *(
                (_fact(actor, one.item), f"{formats.number(one.years[place.year - 2], places=1)}")
                for one in moved
            ),
        ],
        how=_(
            "今后 12 个月的预测，按规划逐年增长，加上当年开始用人的项目（用人 × 可能性 × 份额）和退休腾出的岗位；"
            "份额取过去 12 个月招聘信息在岗位与技能之间的分布。低、高两种情况按情景参数，区间逐年放宽。"
        ),
        method=METHOD,
        method_version=f"{METHOD_VERSION} / {scenario_rules().version}",
        at=view.made_at,
        basis=[
            Link("forecast_row", year_one, str(line.name), _("今后 12 个月的预测")),
            *_links(actor, (one.item for one in moved)),
        ],
        derived=[
            Link("demand_scenario", one.uuid, one.name, one.reason)
            for one in scenarios(actor, view.uuid).filter(withdrawn_at=None)[:20]
        ],
        url=line_url(line) + "#scenario",
        value=_span(kept[0]["base"], kept[0]["low"], kept[0]["high"]),
        recompute=lambda: _span(now.base, now.low, now.high),
        is_demo=view.is_demo or any(one.item.is_demo for one in moved),
    )


def _span(base: float, low: float, high: float) -> str:
    middle, least, most = (formats.number(value, places=1) for value in (base, low, high))
    return f"{middle} ({least} – {most})"


def _fact(actor: Actor, item: Input) -> str:
    kind = INPUTS[item.stated.kind]
    if not may_read(actor, item):
        return str(kind)
    return f"{input_name(item)}（{INPUT_VALUES[item.stated.kind]} {item.stated.value:g}）"


def _links(actor: Actor, items: Iterable[Input]) -> list[Link]:
    return [
        Link(
            place[0],
            place[1],
            input_name(item),
            f"{input_source(item)} · {item.year} · {input_definition(item)}",
        )
        for item in items
        if may_read(actor, item)
        for basis in item.basis
        if (place := basis.place) is not None
    ]


def _titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not can(actor, "forecasts.read"):
        return {}
    return dict(scenarios(actor).filter(uuid__in=uuids).values_list("uuid", "name"))


@resolver("demand_scenario", label=gettext_lazy("保存的情景"), titles=_titles)
def scenario_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a saved scenario: what was changed by whom and why, and the forecast it stands on."""
    require(actor, "forecasts.read")
    row = get_scenario(actor, uuid)
    before, after = inputs_of(row)
    changed = [one for one in after.items if one.id in row.changes]
    return Hop(
        kind="demand_scenario",
        uuid=uuid,
        title=row.name,
        facts=[
            (_("性质"), _("情景，不是预测；历史太短，无法检验")),
            (_("为什么这样改"), row.reason),
            (_("由谁"), str(row.made_by) if row.made_by else None),
            *((_fact(actor, one), _change(actor, one, before)) for one in changed),
        ],
        how=_("输入按登记的原样留存，只换掉上面的数值；今后 12 个月的预测没有变。"),
        method=METHOD,
        method_version=f"{METHOD_VERSION} / {row.parameters_version}",
        at=row.created_at,
        basis=[
            Link(
                "demand_forecast",
                row.forecast.uuid,
                _("依据到 %(month)s 的预测") % {"month": row.forecast.last_month},
            ),
            *_links(actor, changed),
        ],
        url=reverse("data:scenario", args=[uuid]),
        is_demo=row.is_demo,
    )


def _change(actor: Actor, item: Input, before: Inputs) -> str | None:
    if not may_read(actor, item):
        return None
    old = next(one.stated.value for one in before.items if one.id == item.id)
    return f"{old:g} → {item.stated.value:g}"
