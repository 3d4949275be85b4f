"""Background work of this package; each takes ids and may be run again."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao.infra.jobs.api import JobContext, JobState, enqueue, job, runs, schedule, subscribe
from zhiqiao.platform.data import coding, collecting, correcting, folding, importing, measuring, uploads
from zhiqiao.platform.data.competency import jobs as competency_jobs
from zhiqiao.platform.data.competency import studying
from zhiqiao.platform.data.events import PostingsImported, PostingsRecoded
from zhiqiao.platform.data.forecasting import jobs as forecasting_jobs
from zhiqiao.platform.data.merging import merging_rules
from zhiqiao.platform.data.models import ImportState, PostingImport, TitleCorrection
from zhiqiao.platform.data.supply import jobs as supply_jobs
from zhiqiao.platform.data.taxonomy import jobs as taxonomy_jobs
from zhiqiao.platform.governance.api import Actor, actor_of_person

__all__ = [
    "competency_jobs",
    "forecasting_jobs",
    "import_postings",
    "supply_jobs",
    "sweep",
    "taxonomy_jobs",
    "withdraw_postings",
]

IMPORT, WITHDRAW, SWEEP = "postings.import", "postings.withdraw", "postings.sweep"
COLLECT, FOLD, MEASURE = "sources.collect", "postings.fold", "postings.measure"
_TITLE_MEASURE = gettext_noop("更新统计：%(file)s")
_TITLE_FOLD = gettext_noop("合并重复的招聘信息：%(file)s")
_KEEP_UPLOADS = dt.timedelta(days=7)


@job(IMPORT, attempts=5)
def import_postings(context: JobContext, *, import_uuid: str) -> dict[str, object]:
    """Bring an uploaded file of postings in."""
    return importing.run_import(context, UUID(import_uuid), actor=_acting(context))


@job(WITHDRAW, attempts=5)
def withdraw_postings(context: JobContext, *, import_uuid: str) -> dict[str, object]:
    """Remove the rows of a withdrawn import."""
    return importing.run_withdrawal(context, UUID(import_uuid))


@job(coding.FIT, attempts=2)
def fit_occupations(context: JobContext, *, coder_uuid: str) -> dict[str, object]:
    """Fit a version of the coder of job titles."""
    return coding.run_fit(context, UUID(coder_uuid))


@job(coding.ANSWER, attempts=3)
def answer_occupations(context: JobContext) -> dict[str, object]:
    """Code the titles that have no answer yet."""
    return coding.answer_titles(context)


@subscribe(PostingsImported)
def code_after_import(_event: PostingsImported) -> None:
    """New postings bring new titles."""
    coding.queue_answers()


@job(correcting.CORRECT, attempts=5)
def correct_postings(context: JobContext, *, correction_uuid: str) -> dict[str, object]:
    """Move the postings of a correction, made or taken back, that are too many for a page."""
    return correcting.run_settling(context, TitleCorrection.objects.get(uuid=correction_uuid))


@job(SWEEP)
def sweep(context: JobContext) -> dict[str, object]:
    """Close imports whose run has ended without them, and remove uploads nobody came back for."""
    context.progress(0, 1, gettext_noop("清理"))
    closed = 0
    open_imports = PostingImport.objects.filter(state__in=[ImportState.QUEUED, ImportState.RUNNING])
    ended = dict(
        runs()
        .filter(uuid__in=open_imports.values("job_uuid"), state__in=[JobState.FAILED, JobState.CANCELLED])
        .values_list("uuid", "state")
    )
    for posting_import in open_imports.filter(job_uuid__in=ended):
        cancelled = (
            posting_import.job_uuid is not None and ended[posting_import.job_uuid] == JobState.CANCELLED
        )
        importing.abandon(posting_import, ImportState.CANCELLED if cancelled else ImportState.FAILED)
        closed += 1
    old = PostingImport.objects.filter(
        state__in=[ImportState.UPLOADED, ImportState.FAILED], updated_at__lt=timezone.now() - _KEEP_UPLOADS
    )
    for uuid in old.values_list("uuid", flat=True):
        uploads.discard(uuid)
    supply_jobs.sweep_tables()
    coding.discard_ended()
    studying.close_ended()
    return {"closed": closed}


@job(COLLECT)
def collect(context: JobContext) -> dict[str, object]:
    """Look at watched folders and mailboxes, and measure imports that were never measured."""
    context.progress(0, 1, gettext_noop("查看连接器"))
    return {**collecting.collect_all(now=timezone.now()), "measured": measuring.measure_unmeasured()}


@job(FOLD, attempts=5)
def fold_postings(context: JobContext, *, import_uuid: str, shared_uuid: str) -> dict[str, object]:
    """Fold an unshared import into one that has been shared since."""
    return {"folded": folding.fold(context, UUID(import_uuid), UUID(shared_uuid))}


@subscribe(PostingsImported)
def fold_elsewhere(event: PostingsImported) -> None:
    """Queue the folding of what other organisations hold unshared, once an import is open to them."""
    if not event.is_shared:
        return
    for row in folding.unshared_elsewhere(event.org_root_id):
        enqueue(
            FOLD,
            owner_id=None,
            org_root_id=row.org_root_id,
            title=_TITLE_FOLD,
            title_values={"file": row.file_name},
            params={"import_uuid": str(row.uuid), "shared_uuid": event.import_uuid},
            exclusive=f"postings:{row.org_root_id}",
        )


@job(MEASURE, attempts=3)
def measure_postings(context: JobContext, *, import_uuid: str) -> dict[str, object]:
    """Measure a live import again: its pay, places and industries by post follow what people decided."""
    context.progress(0, 1, gettext_noop("更新统计"))
    row = PostingImport.objects.filter(uuid=import_uuid, state=ImportState.LIVE).first()
    if row is not None:
        measuring.measure_again(row)
    return {"measured": int(row is not None)}


@subscribe(PostingsRecoded)
def measure_after_recoding(event: PostingsRecoded) -> None:
    """Queue the measuring of an import whose postings changed their post or stopped counting, once for many changes."""
    row = PostingImport.objects.filter(uuid=event.import_uuid, state=ImportState.LIVE).first()
    waiting = runs().filter(kind=MEASURE, state=JobState.QUEUED, params__import_uuid=event.import_uuid)
    if row is None or waiting.exists():
        return
    enqueue(
        MEASURE,
        owner_id=None,
        org_root_id=row.org_root_id,
        title=_TITLE_MEASURE,
        title_values={"file": row.file_name},
        params={"import_uuid": event.import_uuid},
        exclusive=importing.exclusive_key(row),
    )


schedule(SWEEP, every_seconds=300, kind=SWEEP)
schedule(COLLECT, every_seconds=merging_rules().connectors.look_seconds, kind=COLLECT)


def _acting(context: JobContext) -> Actor:
    """Return the person who asked for the run, as the audit trail names them."""
    posting_import = PostingImport.objects.select_related("imported_by").get(
        uuid=context.run.params["import_uuid"]
    )
    return actor_of_person(posting_import.imported_by, org_root_id=posting_import.org_root_id)
