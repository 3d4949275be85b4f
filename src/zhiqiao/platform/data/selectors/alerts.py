"""Reads of alerts of changed demand as plain values, always through `visible`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import Name
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.models import AlertDirection, AlertState, DemandAlert
from zhiqiao.platform.governance.api import Actor, can, get_visible, visible

__all__ = ["AlertView", "alert", "alert_rows", "alert_view", "alerts", "alerts_between", "alerts_of_roles"]

_MOST = 100


@dataclass(frozen=True)
class AlertView:
    """An alert with its names: `count` of `total` postings since `first_month` against those before."""

    uuid: UUID
    skill_uuid: UUID
    skill_key: str
    skill: Name
    industry_key: str
    industry: Name | None
    month: str
    first_month: str
    direction: str
    window: int
    count: int
    total: int
    before_count: int
    before_total: int
    before_first: str
    before_months: int
    dispersion: float
    p: float
    role_keys: tuple[str, ...]
    state: str
    state_label: str
    reason: str
    decided_by: str
    decided_at: dt.datetime | None
    is_demo: bool

    @property
    def direction_label(self) -> str:
        """Return where demand went."""
        return str(AlertDirection(self.direction).label)

    @property
    def scope_label(self) -> str:
        """Return the industry, or that all postings are meant."""
        return str(self.industry) if self.industry else _("全部产业")

    @property
    def share(self) -> float:
        """Return the share of postings of the newest months that name the skill."""
        return self.count / self.total

    @property
    def before_share(self) -> float:
        """Return the share before."""
        return self.before_count / self.before_total

    @property
    def chance(self) -> str:
        """Say in plain words how often such a difference would be seen if demand had not changed."""
        times = self.p * 10_000
        if times < 0.01:
            return _("若需求没有变化，这样的差异每一万次出现不到 0.01 次。")
        return _("若需求没有变化，这样的差异每一万次出现 %(times)s 次。") % {
            "times": formats.number(times, places=2)
        }

    @property
    def is_open(self) -> bool:
        """Tell whether it has not been dismissed."""
        return self.state != AlertState.DISMISSED


def alert_rows(acting: Actor) -> QuerySet[DemandAlert]:
    """Return the alerts the person may see, the newest first."""
    rows = DemandAlert.objects.select_related("skill", "industry", "decided_by")
    return visible(acting, "alerts.read", rows).order_by("-month", "p", "id")


def alerts(acting: Actor) -> list[AlertView]:
    """Return the newest alerts that nobody dismissed."""
    rows = alert_rows(acting).exclude(state=AlertState.DISMISSED)
    return [alert_view(row) for row in rows[:_MOST]]


def alerts_between(acting: Actor, first: str, last: str) -> list[AlertView]:
    """Return all alerts of some months (yyyy-mm), also those that were dismissed; none for who may read none."""
    if not can(acting, "alerts.read"):
        return []
    return [alert_view(row) for row in alert_rows(acting).filter(month__gte=first, month__lte=last)]


def alerts_of_roles(acting: Actor, role_keys: Collection[str]) -> list[AlertView]:
    """Return the alerts, not dismissed, of skills asked for in some posts; none for those who may read none."""
    if not can(acting, "alerts.read"):
        return []
    wanted = set(role_keys)
    return [item for item in alerts(acting) if wanted & set(item.role_keys)]


def alert(acting: Actor, uuid: UUID) -> AlertView:
    """Return one alert; 404 when it may not be seen."""
    rows = DemandAlert.objects.select_related("skill", "industry", "decided_by")
    return alert_view(get_visible(acting, "alerts.read", rows, uuid=uuid))


def alert_view(row: DemandAlert) -> AlertView:
    """Return a row (with skill, industry and person) as a value."""
    return AlertView(
        uuid=row.uuid,
        skill_uuid=row.skill.uuid,
        skill_key=row.skill.key,
        skill=Name(row.skill.name_zh, row.skill.name_en),
        industry_key=row.scope_key,
        industry=Name(row.industry.name_zh, row.industry.name_en) if row.industry else None,
        month=row.month,
        first_month=row.inputs["first_month"],
        direction=row.direction,
        window=row.window,
        count=row.count,
        total=row.total,
        before_count=row.before_count,
        before_total=row.before_total,
        before_first=row.before_first,
        before_months=row.before_months,
        dispersion=row.dispersion,
        p=row.p,
        role_keys=tuple(row.roles),
        state=row.state,
        state_label=str(row.get_state_display()),
        reason=row.reason,
        decided_by=str(row.decided_by) if row.decided_by else "",
        decided_at=row.decided_at,
        is_demo=row.is_demo,
    )
