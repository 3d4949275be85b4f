"""Background work: recompute a gap, and react to postings and modules that change."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao.apps.management.actions import mark_outdated, mark_programme_stale, mark_stale
from zhiqiao.apps.management.demand_alerts import tell_heads
from zhiqiao.apps.management.errors import NothingToCompare
from zhiqiao.apps.management.gap import compute_gap
from zhiqiao.infra.jobs.api import JobContext, JobFailed, JobRun, enqueue, job, subscribe
from zhiqiao.platform.data.api import (
    DemandAlertRaised,
    ModuleChanged,
    PostingsImported,
    PostingsRecoded,
    PostingsWithdrawn,
    ProgrammeView,
    SkillsRemined,
    programmes,
)
from zhiqiao.platform.governance.api import Actor, actor_of_membership

GAP_JOB = "management.gap"


def enqueue_gap(programme: ProgrammeView, *, acting: Actor) -> JobRun:
    """Queue the computation of a programme's gap for the person who asks."""
    return enqueue(
        GAP_JOB,
        owner_id=acting.user_id,
        org_root_id=programme.org_root_id,
        title=gettext_noop("计算专业差距"),
        params={"programme_uuid": str(programme.uuid), "membership_id": acting.membership_id},
        exclusive=f"gap:{programme.uuid}",
    )


@job(GAP_JOB, attempts=2)
def run_gap(context: JobContext, *, programme_uuid: str, membership_id: int | None) -> dict[str, object]:
    """Compute one programme's gap as the person who asked, or on behalf of the programme itself."""
    context.progress(0, 1, gettext_noop("比对岗位需求与课程"))
    acting = actor_of_membership(membership_id) if membership_id else _for_programme(UUID(programme_uuid))
    try:
        report = compute_gap(UUID(programme_uuid), acting=acting, now=timezone.now())
    except NothingToCompare as error:
        raise JobFailed(str(error)) from error
    context.progress(1, 1, gettext_noop("完成"))
    return {"report_uuid": str(report.uuid), "postings": report.postings, "programme_uuid": programme_uuid}


def _for_programme(programme_uuid: UUID) -> Actor:
    """Return an actor that sees what the programme's own head sees, for work that nobody asked for by hand."""
    view = next(item for item in programmes(Actor.system()) if item.uuid == programme_uuid)
    return Actor(
        user_id=None,
        name="system",
        role="programme_head",
        org_path=view.path,
        org_root_id=view.org_root_id,
        org_kind="school",
    )


@subscribe(PostingsImported)
def recompute_after_import(event: PostingsImported) -> None:
    """Recompute the gaps that the new postings may change: of the importing school, or of all when shared."""
    for view in programmes(Actor.system()):
        if view.roles and (event.is_shared or view.org_root_id == event.org_root_id):
            mark_programme_stale(view.uuid, reason=gettext_noop("有新的招聘信息入库"))
            enqueue_gap(view, acting=Actor.system())


@subscribe(PostingsWithdrawn)
def stale_after_withdrawal(event: PostingsWithdrawn) -> None:
    """Reports and proposals that counted the withdrawn postings no longer stand."""
    mark_stale(UUID(event.import_uuid), reason=gettext_noop("所依据的一次招聘信息导入已被撤回"))


@subscribe(PostingsRecoded)
def stale_after_recoding(event: PostingsRecoded) -> None:
    """Reports that counted postings whose post or count a person changed since are to be computed anew."""
    mark_stale(UUID(event.import_uuid), reason=gettext_noop("有人更正了所依据的招聘信息"))


@subscribe(ModuleChanged)
def stale_after_change(event: ModuleChanged) -> None:
    """A changed course table asks for a new comparison; open proposals stay open."""
    mark_programme_stale(UUID(event.programme_uuid), reason=gettext_noop("课程表已有改动"))


@subscribe(SkillsRemined)
def stale_after_remining(event: SkillsRemined) -> None:
    """Reports keep the catalogue they were computed with; where an import they counted has a newer one, they say so."""
    mark_outdated(UUID(event.import_uuid), reason=gettext_noop("技能目录已更新，招聘信息已按新目录重新识别"))


@subscribe(DemandAlertRaised)
def tell_heads_of_changed_demand(event: DemandAlertRaised) -> None:
    """A real change in what posts ask for is news to those who train for them."""
    tell_heads(event, today=timezone.localdate())
