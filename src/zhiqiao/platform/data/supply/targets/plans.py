"""Hiring plans of one's own enterprise from a table."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.data.models import EnterprisePlan, JobRole
from zhiqiao.platform.data.supply.cells import BadCell, text, whole, year
from zhiqiao.platform.data.supply.importing import Draft
from zhiqiao.platform.data.supply.labels import PLAN_LABELS
from zhiqiao.platform.data.supply.plans import PlanFacts, save_plan
from zhiqiao.platform.data.supply.targets.naming import Named, differs
from zhiqiao.platform.governance.api import Actor, visible

__all__ = ["MOST_PEOPLE", "OwnPlans", "roles"]

MOST_PEOPLE = 1_000_000


class OwnPlans:
    """Plans of the enterprise one acts for; the trail of the table keeps no head count."""

    verb = "supply.plan"
    vocabulary = "plan_columns.csv"
    required = ("role", "year", "headcount")

    def __init__(self, actor: Actor) -> None:
        self._roles = roles("role")
        rows = visible(actor, "plans.manage", EnterprisePlan.objects.select_related("role"))
        self._known = {(row.role_id, row.year): row for row in rows}

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        return {name: str(label) for name, label in PLAN_LABELS.items()}

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says of a plan."""
        role, at = self._roles.named(cells["role"]), year(cells, "year")
        known = self._known.get((role.pk, at))
        headcount = whole(cells, "headcount")
        if headcount is None:
            raise BadCell("headcount", _("没有人数；没有计划就不要写这一行。"))
        if headcount > MOST_PEOPLE:
            raise BadCell("headcount", _("人数太大，请核对。"))
        note = text(cells, "note", most=500) if "note" in cells else getattr(known, "note", "")
        values = {"role": role, "year": at, "headcount": headcount, "note": note}
        return Draft(
            row=number,
            key=(role.pk, at),
            title=f"{local_name(role.name_zh, role.name_en)} {at}",
            version=known.version if known else 0,
            values=values,
            is_changed=differs(known, values),
        )

    def write(self, actor: Actor, draft: Draft) -> None:
        """Write one plan."""
        known = self._known.get(draft.key)  # type: ignore[arg-type]  # post and year, as `read` made it
        facts = PlanFacts(**draft.values)  # type: ignore[arg-type]  # made for PlanFacts in `read`
        save_plan(actor, known, facts, seen=draft.version)


def roles(field: str) -> Named[JobRole]:
    """Return the posts by what they are called."""
    return Named(field, JobRole.objects.order_by("key"), lambda row: (row.key, row.name_zh, row.name_en))
