"""Hiring plans of enterprises: a trade secret of each; others see sums of three enterprises or more, or none."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import Case, Count, Max, QuerySet, Sum, Value, When
from django.utils.translation import gettext as _

from zhiqiao import packs
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.figures import PlanScope, plan_uuid
from zhiqiao.platform.data.models import YEARS, EnterprisePlan, JobRole
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.governance.api import Actor, Organisation, can, get_visible, require, visible

__all__ = [
    "PlanFacts",
    "PlanView",
    "enterprise_plans",
    "fewest",
    "get_plan",
    "own_plans",
    "plan_sums",
    "plan_view",
    "remove_plan",
    "save_plan",
]

#: Audit administrators read the trail, and they are not the enterprise.
_SECRET = ("headcount", "note")


@dataclass(frozen=True)
class PlanFacts:
    """What an enterprise plans: head count of a post in a year."""

    role: JobRole
    year: int
    headcount: int
    note: str = ""


@dataclass(frozen=True)
class PlanView:
    """A plan of one's own enterprise, or the sum of several.

    `enterprise` names one's own and is None for a sum; `headcount` and `enterprises` are None where fewer than
    three enterprises stand behind a sum (未公开).
    """

    role_id: int
    role_key: str
    role: Name
    year: int
    headcount: int | None
    enterprise: Name | None
    enterprises: int | None
    source: str
    is_demo: bool
    uuid: UUID | None = None
    note: str = ""
    version: int = 0

    @property
    def figure(self) -> tuple[str, UUID]:
        """Return the evidence of a sum."""
        return ("plan_sums", plan_uuid(self.year, PlanScope.ROLE, self.role_id))


def enterprise_plans(acting: Actor, years: Sequence[int] | None = None) -> list[PlanView]:
    """Return one's own enterprise's plans, or sums over enterprises for who may see those; by post and year."""
    if can(acting, "plans.sums"):
        return plan_sums(acting, years)
    return own_plans(acting, years) if can(acting, "plans.manage") else []


def own_plans(acting: Actor, years: Sequence[int] | None = None) -> list[PlanView]:
    """Return the plans of one's own enterprise."""
    rows = _of(visible(acting, "plans.manage", EnterprisePlan.objects.select_related("role")), years)
    owner = Organisation.objects.filter(pk=acting.org_root_id).first() if acting.org_root_id else None
    name = Name(owner.name_zh, owner.name_en) if owner else Name("", "")
    return [_view(row, name) for row in rows.order_by("-year", "role__key")]


def plan_view(row: EnterprisePlan) -> PlanView:
    """Return a row of one's own enterprise, which the person was given, as a value."""
    return _view(row, None)


def _view(row: EnterprisePlan, enterprise: Name | None) -> PlanView:
    return PlanView(
        role_id=row.role_id,
        role_key=row.role.key,
        role=Name(row.role.name_zh, row.role.name_en),
        year=row.year,
        headcount=row.headcount,
        enterprise=enterprise,
        enterprises=1,
        source=_("本企业填报"),
        is_demo=row.is_demo,
        uuid=row.uuid,
        note=row.note,
        version=row.version,
    )


def plan_sums(acting: Actor, years: Sequence[int] | None = None) -> list[PlanView]:
    """Return sums per post and year; a sum of fewer than three enterprises is kept back."""
    least = fewest()
    demo = Case(When(is_demo=True, then=Value(1)), default=Value(0))
    rows = (
        _of(visible(acting, "plans.sums", EnterprisePlan.objects.all()), years)
        .values("role_id", "role__key", "role__name_zh", "role__name_en", "year")
        .annotate(total=Sum("headcount"), behind=Count("org_root_id", distinct=True), demo=Max(demo))
        .order_by("-year", "role__key")
    )
    return [
        PlanView(
            role_id=row["role_id"],
            role_key=row["role__key"],
            role=Name(row["role__name_zh"], row["role__name_en"]),
            year=row["year"],
            headcount=row["total"] if row["behind"] >= least else None,
            enterprise=None,
            enterprises=row["behind"] if row["behind"] >= least else None,
            source=_("企业填报合计") if row["behind"] >= least else _("未公开：少于三家"),
            is_demo=bool(row["demo"]),
        )
        for row in rows
    ]


@cache
def fewest() -> int:
    """Return how many enterprises must stand behind a sum; with fewer one could tell what another plans."""
    rules = tomllib.loads(packs.common_file("supply", "disclosure.toml").read_text(encoding="utf-8"))
    return int(rules["plans"]["fewest_enterprises"])


def get_plan(acting: Actor, uuid: UUID) -> EnterprisePlan:
    """Return one plan of one's own enterprise; 404 otherwise."""
    return get_visible(acting, "plans.manage", EnterprisePlan.objects.select_related("role"), uuid=uuid)


def save_plan(actor: Actor, row: EnterprisePlan | None, facts: PlanFacts, *, seen: int = 0) -> EnterprisePlan:
    """Keep a plan; raises Refused when post and year are planned already, Conflict when the row was changed."""
    require(actor, "plans.manage", row)
    root = keeping.own_root(actor)
    if not YEARS[0] <= facts.year <= YEARS[1]:
        raise Refused(_("年份要在 %(low)s 到 %(high)s 之间。") % {"low": YEARS[0], "high": YEARS[1]})
    current = row or EnterprisePlan(org_root_id=root)
    others = EnterprisePlan.objects.filter(org_root_id=root, role=facts.role, year=facts.year)
    if others.exclude(pk=current.pk).exists():
        raise Refused(_("这个岗位 %(year)s 年的计划已经填过，请直接修改那一行。") % {"year": facts.year})
    values = {"role": facts.role, "year": facts.year, "headcount": facts.headcount, "note": facts.note}
    return keeping.keep(actor, current, values, seen=seen, verb="supply.plan", secret=_SECRET)


def remove_plan(actor: Actor, row: EnterprisePlan, *, seen: int) -> None:
    """Take a plan out; the trail keeps what it said."""
    require(actor, "plans.manage", row)
    keeping.remove(actor, row, seen=seen, verb="supply.plan", secret=_SECRET)


def _of(rows: QuerySet[EnterprisePlan], years: Sequence[int] | None) -> QuerySet[EnterprisePlan]:
    return rows if years is None else rows.filter(year__in=years)
