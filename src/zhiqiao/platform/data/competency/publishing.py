"""A draft becomes the version in force, or is thrown away; the version before is superseded and kept as it was."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.infra.jobs.api import publish
from zhiqiao.platform.data.competency.drafting import check
from zhiqiao.platform.data.competency.frameworks import version_row, version_view
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.events import FrameworkPublished
from zhiqiao.platform.data.models import CompetencyFramework, FrameworkState, FrameworkVersion
from zhiqiao.platform.governance.api import Actor, audit

__all__ = ["discard_draft", "publish_version"]


@transaction.atomic
def publish_version(actor: Actor, uuid: UUID, *, seen: int) -> FrameworkVersion:
    """Put a draft into force for everybody; Refused names what is still empty or contradictory."""
    row = _draft(version_row(actor, "frameworks.publish", uuid), seen)
    _complete(row)
    check(row)
    now = timezone.now()
    CompetencyFramework.objects.select_for_update().get(pk=row.framework_id)
    FrameworkVersion.objects.filter(framework=row.framework_id, state=FrameworkState.PUBLISHED).update(
        state=FrameworkState.SUPERSEDED, updated_at=now
    )
    row.state, row.is_public = FrameworkState.PUBLISHED, True
    row.published_at, row.published_by_id = now, actor.user_id
    row.save()
    CompetencyFramework.objects.filter(pk=row.framework_id).update(is_public=True, updated_at=now)
    audit(actor, "frameworks.published", row, detail={"number": row.number})
    publish(FrameworkPublished(str(row.framework.uuid), str(row.uuid), row.number, row.org_root_id))
    return row


@transaction.atomic
def discard_draft(actor: Actor, uuid: UUID, *, seen: int) -> None:
    """Throw a draft away; a framework that was never published goes with it."""
    row = _draft(version_row(actor, "frameworks.manage", uuid), seen)
    audit(actor, "frameworks.discarded", row, detail={"number": row.number})
    framework = row.framework
    row.delete()
    if not framework.versions.exists():
        framework.delete()


def _draft(found: FrameworkVersion, seen: int) -> FrameworkVersion:
    rows = FrameworkVersion.objects.select_for_update(of=("self",)).select_related("framework")
    row = rows.filter(pk=found.pk).first()
    if row is None:
        raise Refused(_("这份草稿刚刚被删除。"))
    if row.state != FrameworkState.DRAFT:
        raise Refused(_("这一版已经发布，不能再改。"))
    if row.edition != seen:
        raise Refused(_("刚才有人改过这份草稿，请看清现在的内容再决定。"))
    return row


def _complete(row: FrameworkVersion) -> None:
    view = version_view(row)
    if not view.dimensions:
        raise Refused(_("还没有维度，不能发布。"))
    for dimension in view.dimensions:
        if not dimension.indicators:
            raise Refused(_("维度“%(name)s”下还没有指标，不能发布。") % {"name": dimension.name})
        for indicator in dimension.indicators:
            if not indicator.skills:
                raise Refused(_("指标“%(name)s”下还没有技能，不能发布。") % {"name": indicator.name})
