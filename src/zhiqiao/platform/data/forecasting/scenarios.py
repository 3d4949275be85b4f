"""Saved scenarios: the verbs that keep and withdraw one, and reads; a published forecast never changes by them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.forecasting.inputs import Inputs
from zhiqiao.platform.data.forecasting.parameters import scenario_rules
from zhiqiao.platform.data.forecasting.whatif import changes_between
from zhiqiao.platform.data.models import DemandForecast, DemandScenario, ForecastState
from zhiqiao.platform.governance.api import Actor, audit, get_visible, require, visible

__all__ = [
    "ScenarioText",
    "get_scenario",
    "inputs_of",
    "registered_with",
    "save_scenario",
    "scenarios",
    "withdraw_scenario",
]


@dataclass(frozen=True)
class ScenarioText:
    """What a person writes about a scenario."""

    name: str
    reason: str
    is_shared: bool = False


def scenarios(acting: Actor, forecast: UUID | None = None) -> QuerySet[DemandScenario]:
    """Return the saved scenarios the person may see, of one forecast or all, the newest first."""
    rows = visible(acting, "forecasts.read", DemandScenario.objects.select_related("made_by", "forecast"))
    return (rows if forecast is None else rows.filter(forecast__uuid=forecast)).order_by("-id")


def get_scenario(acting: Actor, uuid: UUID, action: str = "forecasts.read") -> DemandScenario:
    """Return one scenario; 404 when it may not be seen."""
    rows = DemandScenario.objects.select_related("made_by", "forecast")
    return get_visible(acting, action, rows, uuid=uuid)


def registered_with(row: DemandForecast | Mapping[str, object]) -> Inputs:
    """Return the inputs a forecast was made with."""
    stored = row.inputs if isinstance(row, DemandForecast) else row
    return Inputs.read(stored.get("scenario"))


@transaction.atomic
def save_scenario(
    acting: Actor, forecast: UUID, text: ScenarioText, *, inputs: Inputs, values: Mapping[str, float]
) -> DemandScenario:
    """Keep inputs with other values under a name, with the reason; raises Refused for what can not be kept."""
    base = get_visible(acting, "forecasts.read", DemandForecast.objects.all(), uuid=forecast)
    row = DemandScenario(org_root_id=acting.org_root_id or 0, forecast=base, made_by_id=acting.user_id)
    require(acting, "scenarios.save", row)
    if base.state != ForecastState.PUBLISHED:
        raise Refused(_("草稿还会变，不能在它上面保存情景；请先发布这份预测。"))
    if not text.name.strip() or not text.reason.strip():
        raise Refused(_("请写明情景的名称，以及为什么这样改。"))
    try:
        changed = inputs.with_values(values)
    except ValueError as error:
        raise Refused(_("有一项输入不在登记里，或数值超出可用的范围；没有保存。")) from error
    changes = changes_between(inputs, changed)
    if not changes:
        raise Refused(_("没有改动任何输入，不需要保存。"))
    row.name, row.reason = text.name.strip()[:100], text.reason.strip()[:1000]
    row.inputs, row.changes = inputs.stored(), changes
    row.parameters_version = scenario_rules().version
    row.is_shared = text.is_shared
    row.is_demo = base.is_demo or any(one.is_demo for one in inputs.items)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(_("这份预测上已有同名的情景，请换一个名称。")) from error
    audit(acting, "scenario.saved", row, detail={"reason": row.reason, "changes": changes})
    return row


@transaction.atomic
def withdraw_scenario(acting: Actor, uuid: UUID, *, now: dt.datetime) -> DemandScenario:
    """Mark a scenario as no longer meant; it stays to be read."""
    get_scenario(acting, uuid)
    row = get_visible(
        acting, "scenarios.save", DemandScenario.objects.select_for_update(of=("self",)), uuid=uuid
    )
    if row.withdrawn_at is not None:
        raise Refused(_("这个情景已经撤下。"))
    row.withdrawn_at, row.withdrawn_by_id = now, acting.user_id
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "updated_at"])
    audit(acting, "scenario.withdrawn", row)
    return row


def inputs_of(row: DemandScenario) -> tuple[Inputs, Inputs]:
    """Return the inputs of a saved scenario as they stood and as changed."""
    before = Inputs.read(row.inputs)
    return before, before.with_values({name: after for name, (_old, after) in row.changes.items()})
