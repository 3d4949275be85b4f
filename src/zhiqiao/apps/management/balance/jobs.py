"""Background work of the balance: compute it with progress and cancel; notice when its inputs change."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao.apps.management.balance.computing import STEPS, compute_balance
from zhiqiao.apps.management.errors import NothingToCompare
from zhiqiao.apps.management.models import BalanceReport, ReportState
from zhiqiao.infra.jobs.api import JobContext, JobFailed, JobRun, enqueue, job, subscribe
from zhiqiao.platform.data.api import (
    ModuleChanged,
    PostingsImported,
    PostingsRecoded,
    PostingsWithdrawn,
    SkillsRemined,
)
from zhiqiao.platform.governance.api import Actor, actor_of_membership

__all__ = ["BALANCE_JOB", "enqueue_balance", "run_balance"]

BALANCE_JOB = "management.balance"


def enqueue_balance(*, acting: Actor) -> JobRun:
    """Queue the computation for the person who asks, in the name of their bureau."""
    return enqueue(
        BALANCE_JOB,
        owner_id=acting.user_id,
        org_root_id=acting.org_root_id,
        title=gettext_noop("计算区域供需匹配"),
        params={"membership_id": acting.membership_id},
        exclusive=f"balance:{acting.org_root_id}",
    )


@job(BALANCE_JOB, attempts=2)
def run_balance(context: JobContext, *, membership_id: int) -> dict[str, object]:
    """Compute the balance as the person who asked; a cancel before the last step leaves everything as it was."""

    def step(done: int, stage: str) -> None:
        context.check_cancelled()
        context.progress(done, STEPS, stage)

    try:
        report = compute_balance(acting=actor_of_membership(membership_id), now=timezone.now(), step=step)
    except NothingToCompare as error:
        raise JobFailed(str(error)) from error
    return {"report_uuid": str(report.uuid), "postings": report.postings}


def _stale(reason: str, *, import_uuid: UUID | None = None) -> int:
    """Mark reports in force as stale: all of them, or those that count an import."""
    rows = BalanceReport.objects.filter(state=ReportState.CURRENT)
    ids = [
        row.pk
        for row in rows
        if import_uuid is None or str(import_uuid) in {item["uuid"] for item in row.inputs["imports"]}
    ]
    return BalanceReport.objects.filter(pk__in=ids).update(state=ReportState.STALE, stale_reason=reason)


@subscribe(PostingsImported)
def balance_after_import(event: PostingsImported) -> None:
    """Shared postings that came in are not counted in the report yet."""
    if event.is_shared:
        _stale(gettext_noop("有新的招聘信息入库"))


@subscribe(PostingsWithdrawn)
def balance_after_withdrawal(event: PostingsWithdrawn) -> None:
    """A report that counted withdrawn postings no longer stands."""
    _stale(gettext_noop("所依据的一次招聘信息导入已被撤回"), import_uuid=UUID(event.import_uuid))


@subscribe(PostingsRecoded)
def balance_after_recoding(event: PostingsRecoded) -> None:
    """A person changed posts of postings; an import that had none with a post may count from now on."""
    if event.is_shared:
        _stale(gettext_noop("有人更正了所依据的招聘信息"))


@subscribe(SkillsRemined)
def balance_after_remining(event: SkillsRemined) -> None:
    """The postings are read with a newer catalogue of skills."""
    reason = gettext_noop("技能目录已更新，招聘信息已按新目录重新识别")
    _stale(reason, import_uuid=UUID(event.import_uuid))


@subscribe(ModuleChanged)
def balance_after_change(event: ModuleChanged) -> None:  # noqa: ARG001 - any programme counts in the region
    """A course table of the region changed."""
    _stale(gettext_noop("课程表已有改动"))
