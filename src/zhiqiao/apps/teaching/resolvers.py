"""Evidence of the sums of a plan: the version, what was added up, and the programme it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.teaching import selectors
from zhiqiao.apps.teaching.document import plan_of
from zhiqiao.apps.teaching.models import PlanVersion
from zhiqiao.apps.teaching.storing import load
from zhiqiao.apps.teaching.sums import sums_of
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.api import Hop, Link, resolver
from zhiqiao.platform.governance.api import Actor, visible


def _titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    rows = PlanVersion.objects.filter(uuid__in=uuids).select_related("plan")
    return {
        row.uuid: f"{row.plan.entry_year} v{row.number}"
        for row in visible(actor, "training_plans.read", rows)
    }


@resolver("plan_version", label=gettext_lazy("人才培养方案"), titles=_titles)
def version_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a version with what its sums are made of."""
    row = selectors.version_row(actor, uuid)
    view = selectors.version(actor, row)
    sums = sums_of(plan_of(load(row).document), on=timezone.localdate())
    return Hop(
        kind="plan_version",
        uuid=uuid,
        title=view.title,
        facts=[
            (_("课程"), formats.number(sums.total.courses)),
            (_("学时未填的课程"), formats.number(sums.total.unknown)),
            (
                _("理论 / 实践"),
                f"{formats.number(sums.total.theory)} / {formats.number(sums.total.practice)}",
            ),
            (_("修改次数"), formats.number(row.sequence)),
        ],
        how=_("课程表各行的总学时相加；未填学时的课程不计入。实践占比为实践学时除以总学时，向下取到千分位。"),
        at=row.updated_at,
        basis=[Link("programme", view.programme_uuid, str(view.programme))],
        url=reverse("teaching:version", args=[uuid]),
        value=formats.number(sums.total.hours),
        is_demo=view.is_demo,
    )
