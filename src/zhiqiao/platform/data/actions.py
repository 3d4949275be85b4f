"""What people do with imports: bring a file, say what its columns are, start, cancel, withdraw.

Every verb checks permission first (404 for what may not be seen), then whether it is possible now (`Refused`), then
writes, leaves a trace and tells others in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.engines import jobmining
from zhiqiao.infra.jobs.api import JobRun, enqueue, publish, request_cancel, runs
from zhiqiao.platform.data import importing, jobs, uploads
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import ColumnMapping, ImportState, PostingImport, Source
from zhiqiao.platform.governance.api import Actor, audit, require

__all__ = ["NewSource", "cancel_import", "receive_file", "save_columns", "start_import", "withdraw_import"]

_TITLE_IMPORT = gettext_noop("导入招聘信息：%(file)s")
_TITLE_WITHDRAW = gettext_noop("撤回导入：%(file)s")


@dataclass(frozen=True)
class NewSource:
    """A source of postings that is registered together with its first file."""

    name: str
    licence_note: str
    is_shared: bool


@transaction.atomic
def receive_file(actor: Actor, *, source: Source | NewSource, upload: uploads.Upload) -> PostingImport:
    """Keep an uploaded file for an existing or a new source of the actor's organisation."""
    require(actor, "imports.create")
    if actor.org_root_id is None:
        raise Refused(_("请先选择要代表的机构。"))
    if isinstance(source, Source):
        require(actor, "imports.create", source)
        chosen = source
    else:
        chosen = _register(actor, source, root=actor.org_root_id)
    posting_import = PostingImport.objects.create(
        org_root_id=actor.org_root_id,
        source=chosen,
        imported_by_id=actor.user_id,
        file_name=upload.name,
        file_size=upload.size,
        file_digest=upload.digest,
        is_demo=chosen.is_demo,
    )
    uploads.keep(upload, posting_import.uuid)
    audit(actor, "postings.uploaded", posting_import, detail={"file": upload.name, "bytes": upload.size})
    return posting_import


@transaction.atomic
def save_columns(actor: Actor, posting_import: PostingImport, columns: Mapping[str, str]) -> None:
    """Keep which column holds which field, for this file and for the next ones of its source."""
    require(actor, "imports.create", posting_import)
    if posting_import.state not in {ImportState.UPLOADED, ImportState.FAILED}:
        raise Refused(_("这次导入已经开始，不能再改列的对应关系。"))
    chosen = {field: column for field, column in columns.items() if column and field in jobmining.FIELDS}
    if "text" not in chosen and "tags" not in chosen:
        raise Refused(_("请指出哪一列是岗位描述（或技能标签），否则无法识别技能。"))
    if len(set(chosen.values())) < len(chosen):
        raise Refused(_("同一列不能对应两个字段，请改正。"))
    posting_import.columns = chosen
    posting_import.save(update_fields=["columns", "updated_at"])
    ColumnMapping.objects.update_or_create(
        source=posting_import.source,
        defaults={"columns": chosen, "org_root_id": posting_import.org_root_id},
    )


def start_import(actor: Actor, posting_import: PostingImport) -> JobRun:
    """Queue the import; one of an organisation runs at a time."""
    require(actor, "imports.create", posting_import)
    with transaction.atomic():
        current = PostingImport.objects.select_for_update().get(pk=posting_import.pk)
        if current.state not in {ImportState.UPLOADED, ImportState.FAILED}:
            raise Refused(_("这次导入已经开始。"))
        if not current.columns:
            raise Refused(_("请先核对列的对应关系。"))
        if not uploads.present(current.uuid):
            raise Refused(_("上传的文件已不在，请重新选择文件导入。"))
        run = enqueue(
            jobs.IMPORT,
            owner_id=actor.user_id,
            org_root_id=current.org_root_id,
            title=_TITLE_IMPORT,
            title_values={"file": current.file_name},
            params={"import_uuid": str(current.uuid)},
            exclusive=importing.exclusive_key(current),
        )
        current.state, current.job_uuid, current.error = ImportState.QUEUED, run.uuid, {}
        current.save(update_fields=["state", "job_uuid", "error", "updated_at"])
        audit(actor, "postings.import_started", current, detail={"file": current.file_name})
    posting_import.refresh_from_db()
    return run


def cancel_import(actor: Actor, posting_import: PostingImport) -> None:
    """Stop an import that is not live yet; nothing of it stays."""
    require(actor, "imports.create", posting_import)
    run = runs().filter(uuid=posting_import.job_uuid).first() if posting_import.job_uuid else None
    posting_import.refresh_from_db()  # after the run: one that has just ended has left the import live
    if posting_import.state not in {
        ImportState.UPLOADED,
        ImportState.QUEUED,
        ImportState.RUNNING,
        ImportState.FAILED,
    }:
        raise Refused(_("这次导入已经结束，不能取消；需要时可以撤回。"))
    audit(actor, "postings.import_cancelled", posting_import, detail={"file": posting_import.file_name})
    if run is not None and not run.is_finished:
        request_cancel(run)
    if run is None or run.is_finished:  # else the running job cleans up after itself
        importing.abandon(posting_import, ImportState.CANCELLED)
    posting_import.refresh_from_db()


@transaction.atomic
def withdraw_import(actor: Actor, posting_import: PostingImport, *, reason: str) -> JobRun:
    """Take a live import out: its postings count no more at once, its rows go in the background, the audit stays."""
    require(actor, "imports.withdraw", posting_import)
    if not reason.strip():
        raise Refused(_("请写明撤回的原因，它会留在审计记录里。"))
    changed = PostingImport.objects.filter(pk=posting_import.pk, state=ImportState.LIVE).update(
        state=ImportState.WITHDRAWING, withdraw_reason=reason.strip()[:300]
    )
    if not changed:
        raise Refused(_("只有已入库的导入才能撤回。"))
    counts = {
        "rows_in": posting_import.rows_in,
        "kept": posting_import.kept,
        "mentions": posting_import.mentions,
    }
    audit(actor, "postings.withdrawn", posting_import, detail={"reason": reason.strip()[:300], **counts})
    publish(importing.withdrawn_event(posting_import))
    run = enqueue(
        jobs.WITHDRAW,
        owner_id=actor.user_id,
        org_root_id=posting_import.org_root_id,
        title=_TITLE_WITHDRAW,
        title_values={"file": posting_import.file_name},
        params={"import_uuid": str(posting_import.uuid)},
        exclusive=importing.exclusive_key(posting_import),
    )
    PostingImport.objects.filter(pk=posting_import.pk).update(job_uuid=run.uuid)
    posting_import.refresh_from_db()
    return run


def _register(actor: Actor, new: NewSource, *, root: int) -> Source:
    key = slugify(new.name, allow_unicode=True)[:60] or "source"
    if Source.objects.filter(org_root_id=root, key=key).exists():
        key = f"{key}-{uuid4().hex[:8]}"
    source = Source.objects.create(
        org_root_id=root,
        key=key,
        name=new.name,
        licence_note=new.licence_note,
        brought_by_id=actor.user_id,
        is_shared=new.is_shared,
    )
    audit(actor, "sources.registered", source, detail={"name": new.name, "shared": new.is_shared})
    return source
