"""Discovery runs: asked for, refused with the reason, cancelled, asked for again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.infra.jobs.api import JobState, enqueue, request_cancel, runs
from zhiqiao.platform.data.competency.gathering import in_scope, prefixes, scope_of
from zhiqiao.platform.data.competency.settings import parameters, study_rules
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import CompetencyStudy, DiscoveryMethod, StudyState
from zhiqiao.platform.data.selectors.demand import live_imports
from zhiqiao.platform.governance.api import Actor, audit, require

__all__ = ["DISCOVER", "OPEN", "Wanted", "cancel_study", "close_ended", "rerun_study", "start_study"]

DISCOVER = "competency.discover"
OPEN = (StudyState.QUEUED, StudyState.RUNNING)


@dataclass(frozen=True)
class Wanted:
    """What a run shall do; no industries and no posts mean all postings, no k that one is suggested."""

    title: str
    industries: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    method: str = DiscoveryMethod.GRAPH
    k: int | None = None
    seed: int = 0


@transaction.atomic
def start_study(actor: Actor, wanted: Wanted, *, previous: CompetencyStudy | None = None) -> CompetencyStudy:
    """Queue a run over the live postings the person may see; Refused says why it can not begin."""
    require(actor, "competency.manage")
    if previous is not None:
        require(actor, "competency.manage", previous)
    if not wanted.title.strip():
        raise Refused(_("请给这次能力发现起一个名称。"))
    _check_k(wanted.k)
    imports = list(live_imports(actor))
    count = in_scope(imports, scope_of(wanted.industries, wanted.roles)).count()
    least = parameters().corpus.min_postings
    if count < least:
        raise Refused(
            _(
                "所选范围内只有 %(count)s 条招聘信息，至少需要 %(least)s 条。请扩大范围，或先导入更多招聘信息。"
            )
            % {"count": count, "least": least}
        )
    study = CompetencyStudy.objects.create(
        org_root_id=actor.org_root_id or 0,
        title=wanted.title.strip()[:200],
        industries=list(wanted.industries),
        roles=list(wanted.roles),
        method=wanted.method,
        k=wanted.k,
        k_suggested=wanted.k is None,
        seed=wanted.seed,
        imports=prefixes(imports),
        previous=previous,
        made_by_id=actor.user_id,
        is_demo=any(row.is_demo for row in imports),
    )
    run = enqueue(
        DISCOVER,
        owner_id=actor.user_id,
        org_root_id=actor.org_root_id,
        title=gettext_noop("能力发现：%(title)s"),
        title_values={"title": study.title},
        params={"study_uuid": str(study.uuid)},
        exclusive=f"competency:{actor.org_root_id}",
    )
    study.job_uuid = run.uuid
    study.save(update_fields=["job_uuid", "updated_at"])
    audit(actor, "competency.started", study, detail={"method": study.method, "postings": count})
    return study


def _check_k(k: int | None) -> None:
    most = study_rules().most_groups
    if k is not None and not 2 <= k <= most:
        raise Refused(_("组数要在 2 和 %(most)s 之间；留空则由系统建议。") % {"most": most})


def rerun_study(actor: Actor, study: CompetencyStudy) -> CompetencyStudy:
    """Run again with the same choices over what the lake holds now; experts' names and ids are carried over."""
    if study.state != StudyState.DONE:
        raise Refused(_("只有已完成的能力发现才能重新计算。"))
    wanted = Wanted(
        study.title,
        tuple(study.industries),
        tuple(study.roles),
        study.method,
        None if study.k_suggested else study.k,
        study.seed,
    )
    return start_study(actor, wanted, previous=study)


def close_ended() -> int:
    """Close runs whose job ended without them, as when a worker was lost too often; return how many."""
    ended = dict(
        runs()
        .filter(kind=DISCOVER, state__in=[JobState.FAILED, JobState.CANCELLED])
        .values_list("uuid", "state")
    )
    closed = 0
    for row in CompetencyStudy.objects.filter(state__in=OPEN, job_uuid__isnull=False):
        if row.job_uuid in ended:
            cancelled = ended[row.job_uuid] == JobState.CANCELLED
            state = StudyState.CANCELLED if cancelled else StudyState.FAILED
            closed += CompetencyStudy.objects.filter(pk=row.pk, state__in=OPEN).update(
                state=state, finished_at=timezone.now()
            )
    return closed


@transaction.atomic
def cancel_study(actor: Actor, study: CompetencyStudy) -> None:
    """Stop a run that is waiting or on its way; nothing of it is kept."""
    require(actor, "competency.manage", study)
    changed = CompetencyStudy.objects.filter(pk=study.pk, state__in=OPEN).update(state=StudyState.CANCELLED)
    if not changed:
        raise Refused(_("这次能力发现已经结束，不能取消。"))
    run = runs().filter(uuid=study.job_uuid).first() if study.job_uuid else None
    if run is not None:
        request_cancel(run)
    audit(actor, "competency.cancelled", study)
