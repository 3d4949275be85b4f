"""What this product knows of a plan beyond its rows: its versions here, and since when one is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils import timezone

from zhiqiao.apps.teaching.models import PlanStep, PlanVersion, VersionState
from zhiqiao.engines import plans
from zhiqiao.engines.plans import Plan, Procedure

__all__ = ["as_it_stands"]

_STATES: Mapping[str, plans.VersionState] = {
    VersionState.DRAFT: plans.VersionState.DRAFT,
    VersionState.SUBMITTED: plans.VersionState.DRAFT,
    VersionState.APPROVED: plans.VersionState.APPROVED,
    VersionState.IN_FORCE: plans.VersionState.IN_FORCE,
    VersionState.SUPERSEDED: plans.VersionState.WITHDRAWN,
    VersionState.WITHDRAWN: plans.VersionState.WITHDRAWN,
}


def as_it_stands(plan: Plan, version: PlanVersion) -> Plan:
    """Return a plan with the versions that are here in place of what its file says of them.

    Teaching tasks are not made in this product yet, so that none can come from another version.
    """
    begun = PlanStep.objects.filter(version__plan=version.plan, verb=PlanStep.Verb.IN_FORCE)
    since = {pk: timezone.localtime(at).date() for pk, at in begun.values_list("version_id", "at")}
    found = tuple(
        plans.PlanVersion(f"v{number}", state=_STATES[state], valid_from=since.get(pk))
        for pk, number, state in PlanVersion.objects.filter(plan=version.plan)
        .order_by("number")
        .values_list("pk", "number", "state")
    )
    procedure = plan.procedure or Procedure()
    return replace(plan, procedure=replace(procedure, versions=found, teaching_tasks_from=()))
