"""Background work of competency discovery; takes ids and may be run again."""

from __future__ import annotations

from uuid import UUID

from zhiqiao.infra.jobs.api import JobContext, job
from zhiqiao.platform.data.competency import discovering
from zhiqiao.platform.data.competency.studying import DISCOVER
from zhiqiao.platform.governance.api import User, actor_of_person


@job(DISCOVER, attempts=2)
def discover(context: JobContext, *, study_uuid: str) -> dict[str, object]:
    """Carry a discovery run out."""
    person = User.objects.filter(pk=context.run.owner_id or 0).first()
    acting = actor_of_person(person, org_root_id=context.run.org_root_id)
    return discovering.run_study(context, UUID(study_uuid), actor=acting)
