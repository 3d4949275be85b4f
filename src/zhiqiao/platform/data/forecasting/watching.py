"""The watch on skill series: runs the engine over the region's shared postings and raises alerts, each change once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from zhiqiao.engines import demand as engine
from zhiqiao.infra.jobs.api import publish
from zhiqiao.platform.data.events import DemandAlertRaised
from zhiqiao.platform.data.forecasting.parameters import alert_rules, watch_rules
from zhiqiao.platform.data.forecasting.series import DemandSeries, Dimension, demand_series, shared_live
from zhiqiao.platform.data.models import DemandAlert, Industry, Skill, SkillCount
from zhiqiao.platform.data.selectors.demand import Live
from zhiqiao.platform.governance.api import Actor

__all__ = ["METHOD", "METHOD_VERSION", "raise_alerts"]

METHOD, METHOD_VERSION = "data.watch", "1"


@dataclass(frozen=True)
class _Found:
    """A signal with the names of its series; `scope` is an industry's key or empty for all postings."""

    skill: str
    scope: str
    signal: engine.Signal
    series: DemandSeries

    @property
    def month(self) -> str:
        return self.series.months[self.signal.month]

    @property
    def first_month(self) -> str:
        """Return the first month of the window."""
        return self.series.months[self.signal.month - self.signal.window + 1]

    @property
    def before_first(self) -> str:
        """Return the first known month of the reference."""
        end = self.signal.month - self.signal.window + 1
        known = np.flatnonzero(np.nan_to_num(self.series.totals[self.signal.series, :end]) > 0)
        return self.series.months[int(known[-self.signal.before_months])]


def raise_alerts(*, today: dt.date) -> list[DemandAlert]:
    """Watch the skills of each industry and of all postings; write and announce the changes not known yet.

    Only what became clear in the last months (alerts.toml) is raised: older changes are history. A skill that changed
    in an industry is not raised once more for all postings.
    """
    among = shared_live(Actor.system())
    raised = []
    for by in (("industry", "skill"), ("skill",)):
        for found in _signals(by, among, today):
            alert = _raise(found, among)
            raised += [alert] if alert else []
    return raised


def _signals(by: tuple[Dimension, ...], among: Live, today: dt.date) -> Iterable[_Found]:
    series = demand_series(Actor.system(), by, today=today, among=among)
    if not series.keys:
        return
    start = max(0, len(series.months) - alert_rules().recent_months)
    for signal in engine.watch(series.counts, series.totals, watch_rules()):
        if signal.month >= start:  # earlier ones are computed too: they renew the reference
            *scope, skill = series.keys[signal.series]
            yield _Found(skill, scope[0] if scope else "", signal, series)


@transaction.atomic
def _raise(found: _Found, among: Live) -> DemandAlert | None:
    skill = Skill.objects.select_for_update().get(key=found.skill)
    if _is_known(skill, found):
        return None
    signal = found.signal
    industry = Industry.objects.filter(key=found.scope).first() if found.scope else None
    roles = _roles(skill, found, among)
    alert = DemandAlert.objects.create(
        skill=skill,
        industry=industry,
        scope_key=found.scope,
        month=found.month,
        direction=signal.direction,
        window=signal.window,
        count=round(signal.count),
        total=round(signal.total),
        before_count=round(signal.before_count),
        before_total=round(signal.before_total),
        before_months=signal.before_months,
        before_first=found.before_first,
        dispersion=signal.dispersion,
        p=signal.p,
        roles=roles,
        inputs={
            "first_month": found.first_month,
            "imports": [item.stored() for item in found.series.imports if item.postings],
            "method": f"{METHOD} {METHOD_VERSION}",
            "rules": alert_rules().version,
        },
        is_demo=found.series.is_demo,
    )
    publish(
        DemandAlertRaised(
            alert_uuid=str(alert.uuid),
            skill_key=skill.key,
            role_keys=tuple(roles),
            month=alert.month,
            direction=alert.direction,
        )
    )
    return alert


def _is_known(skill: Skill, found: _Found) -> bool:
    """Tell whether an alert speaks of the same change: skill, direction, near in time, one scope in the other."""
    near = alert_rules().same_change_months
    month = engine.month_number(found.month) or 0
    rows = DemandAlert.objects.filter(skill=skill, direction=found.signal.direction)
    return any(
        abs((engine.month_number(other) or 0) - month) <= near
        and (scope == found.scope or not scope or not found.scope)
        for other, scope in rows.values_list("month", "scope_key")
    )


def _roles(skill: Skill, found: _Found, among: Live) -> list[str]:
    """Return the posts whose postings name the skill, in the window of a rise or in the reference of a fall."""
    fell = found.signal.direction == "fall"
    first = found.before_first if fell else found.first_month
    rows = SkillCount.objects.filter(
        skill=skill,
        posting_import__in=among.ids,
        month__gte=first,
        month__lte=found.month,
        role__isnull=False,
    )
    if found.scope:
        rows = rows.filter(role__link__industry__key=found.scope)
    return sorted(set(rows.values_list("role__key", flat=True)))
