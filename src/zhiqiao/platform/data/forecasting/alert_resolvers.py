"""Evidence of alerts: the counts before and after, and the postings of the months that raised it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines import demand as engine
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.evidence import Hop, Link, resolver
from zhiqiao.platform.data.forecasting.watching import METHOD, METHOD_VERSION
from zhiqiao.platform.data.models import DemandAlert, JobPosting, PostingSkill
from zhiqiao.platform.data.selectors.alerts import AlertView, alert, alert_rows, alert_view
from zhiqiao.platform.governance.api import Actor, can, require, visible

__all__ = ["alert_hop"]

_NEIGHBOURS = 20


def _titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not can(actor, "alerts.read"):
        return {}
    return {row.uuid: _title(alert_view(row)) for row in alert_rows(actor).filter(uuid__in=uuids)}


def _title(item: AlertView) -> str:
    return _("%(skill)s：%(direction)s（%(month)s，%(scope)s）") % {
        "skill": item.skill,
        "direction": item.direction_label,
        "month": item.month,
        "scope": item.scope_label,
    }


@resolver("demand_alert", label=gettext_lazy("需求变化提醒"), titles=_titles)
def alert_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return an alert: counts before and after, how likely by chance, postings of the newest months."""
    require(actor, "alerts.read")
    item = alert(actor, uuid)
    stored = DemandAlert.objects.values_list("inputs", flat=True).get(uuid=uuid)
    uuids = [one["uuid"] for one in stored["imports"]]
    asking = _postings(item, uuids, item.first_month, item.month, asking=True)
    seen = visible(actor, "postings.read", asking) if can(actor, "postings.read") else asking.none()
    links = [
        Link("posting", row.uuid, f"{row.title} · {row.company}", row.month)
        for row in seen.order_by("-month", "-id")[:_NEIGHBOURS]
    ]
    return Hop(
        kind="demand_alert",
        uuid=uuid,
        title=_title(item),
        facts=[
            (_("最近的月份"), f"{item.first_month} – {item.month}"),
            (_("最近：提到的 / 全部"), f"{item.count} / {item.total}"),
            (
                _("此前的月份"),
                _("自 %(month)s 起 %(count)s 个月")
                % {"month": item.before_first, "count": item.before_months},
            ),
            (_("此前：提到的 / 全部"), f"{item.before_count} / {item.before_total}"),
            (_("离散程度（1 表示只有偶然起伏）"), formats.number(item.dispersion, places=2)),
            (_("出于偶然的可能"), item.chance),
        ],
        how=_(
            "最近 1 至 3 个月与此前至多 24 个月相比：若需求没有变化，提到的条数应按两段的总条数分配；"
            "起伏大于偶然的序列，把条数按离散程度折减后再比。"
        ),
        method=METHOD,
        method_version=METHOD_VERSION,
        basis=[Link("skill", item.skill_uuid, str(item.skill), _("这项技能")), *links],
        more_basis=max(0, item.count - len(links)),
        url=reverse("data:alert", args=[uuid]),
        value=_value(item.count, item.total, item.before_count, item.before_total),
        recompute=lambda: _recounted(item, uuids),
        is_demo=item.is_demo,
    )


def _value(count: int, total: int, before: int, before_total: int) -> str:
    return f"{before} / {before_total} → {count} / {total}"


def _recounted(item: AlertView, uuids: Sequence[str]) -> str:
    """Count before and after again from the single postings of the imports that were counted."""
    before_last = engine.month_text((engine.month_number(item.first_month) or 0) - 1)
    spans = ((item.first_month, item.month), (item.before_first, before_last))
    counts = [
        _postings(item, uuids, first, last, asking=asking).count()
        for first, last in spans
        for asking in (True, False)
    ]
    return _value(*counts)


def _postings(
    item: AlertView, uuids: Sequence[str], first: str, last: str, *, asking: bool
) -> QuerySet[JobPosting]:
    rows = JobPosting.objects.counted().filter(
        posting_import__uuid__in=uuids, month__gte=first, month__lte=last
    )
    if item.industry_key:
        rows = rows.filter(role__link__industry__key=item.industry_key)
    if asking:
        rows = rows.filter(id__in=PostingSkill.objects.filter(skill__key=item.skill_key).values("posting_id"))
    return rows
