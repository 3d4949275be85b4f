"""What the worker does with an uploaded file: mine, move into the lake, load rows, go live; and the way back.

Every step can be broken off by a crash and done again: mining starts anew until its folder stands in the lake,
loading goes on behind the rows that are there, and going live is one transaction.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao import packs
from zhiqiao.engines import jobmining, tabular
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import Cancelled, JobContext, JobFailed, publish
from zhiqiao.platform.data import catalogue, lake, loading, settling, title_book, uploads
from zhiqiao.platform.data.events import PostingsImported, PostingsWithdrawn
from zhiqiao.platform.data.mined_with import current_rules, learned_stage
from zhiqiao.platform.data.models import ImportState, PostingImport, Skill, Source
from zhiqiao.platform.data.taxonomy import overlay
from zhiqiao.platform.governance.api import Actor, audit, notify

__all__ = ["abandon", "exclusive_key", "run_import", "run_withdrawal"]

STAGES = {
    "read": gettext_noop("读取并清洗"),
    "compare": gettext_noop("查找重复招聘"),
    "mine": gettext_noop("识别技能"),
}
LOADING = gettext_noop("写入数据库")
REMOVING = gettext_noop("移除招聘信息")
_BROKEN_FILE = gettext_noop("文件无法读取，没有导入任何数据：%(reason)s")
#: Bytes from which a file is mined by several processes.
_LARGE_FILE = 2 * 1024**2
_SKETCHES, _REJECTED, _SUMMARY = "sketches.parquet", "rejected.csv", "summary.json"


@dataclass(frozen=True)
class Outcome:
    """The counts of an import: rows_in = kept + duplicates + quarantined."""

    rows_in: int
    kept: int
    duplicates: int
    quarantined: int
    mentions: int
    taxonomy_version: str
    summary: dict[str, object]


def run_import(context: JobContext, import_uuid: UUID, *, actor: Actor) -> dict[str, object]:
    """Bring an uploaded file in, or nothing of it; doing it again after it went live changes nothing."""
    posting_import = PostingImport.objects.select_related("source").get(uuid=import_uuid)
    if posting_import.state == ImportState.LIVE:
        return _result(posting_import)
    if not PostingImport.objects.filter(
        pk=posting_import.pk, state__in=[ImportState.QUEUED, ImportState.RUNNING]
    ).update(state=ImportState.RUNNING):
        raise JobFailed(gettext_noop("这次导入已被取消或撤回。"))
    try:
        outcome = _outcome(context, posting_import)
        loading.load_rows(
            posting_import,
            storage.import_folder(posting_import.uuid),
            progress=lambda done, total: _report(context, done, total, LOADING),
        )
        settling.learn(posting_import)
        context.check_cancelled()
        _go_live(posting_import, outcome, actor=actor)
    except Cancelled:
        abandon(posting_import, ImportState.CANCELLED)
        raise
    except jobmining.InputError as error:
        zh, en = _reasons(error)
        abandon(posting_import, ImportState.FAILED, error={"zh": zh, "en": en})
        audit(actor, "postings.import_failed", posting_import, detail={"reason": en[:200]}, succeeded=False)
        raise JobFailed(_BROKEN_FILE, reason=zh) from error
    return _result(posting_import)


def run_withdrawal(context: JobContext, import_uuid: UUID) -> dict[str, object]:
    """Delete the rows and the lake folder of an import that is being withdrawn, then mark it withdrawn."""
    posting_import = PostingImport.objects.get(uuid=import_uuid)
    if posting_import.state != ImportState.WITHDRAWING:
        return {"removed": 0}
    removed = loading.remove_rows(
        posting_import,
        progress=lambda done, total: _report(context, done, total, REMOVING, cancellable=False),
    )
    shutil.rmtree(storage.import_folder(posting_import.uuid), ignore_errors=True)
    PostingImport.objects.filter(pk=posting_import.pk, state=ImportState.WITHDRAWING).update(
        state=ImportState.WITHDRAWN, withdrawn_at=timezone.now()
    )
    return {"removed": removed}


def abandon(
    posting_import: PostingImport, state: ImportState, *, error: dict[str, str] | None = None
) -> None:
    """Remove whatever an unfinished import left in rows, lake and, unless it may be tried again, uploads."""
    loading.remove_rows(posting_import)
    for folder in (storage.import_folder(posting_import.uuid), storage.mining_folder(posting_import.uuid)):
        shutil.rmtree(folder, ignore_errors=True)
    if state is ImportState.CANCELLED:
        uploads.discard(posting_import.uuid)
    PostingImport.objects.filter(pk=posting_import.pk).exclude(state=ImportState.LIVE).update(
        state=state, error=error or {}, finished_at=timezone.now()
    )


def _outcome(context: JobContext, posting_import: PostingImport) -> Outcome:
    folder = storage.import_folder(posting_import.uuid)
    if not folder.exists():
        mining = storage.mining_folder(posting_import.uuid)
        shutil.rmtree(mining, ignore_errors=True)
        same = _same_file(posting_import)
        if same is not None:
            _repeat(same, mining)
        else:
            _mine(context, posting_import, mining)
        mining.rename(folder)
    return _read_summary(folder / _SUMMARY)


def exclusive_key(posting_import: PostingImport) -> str:
    """Return the key under which one organisation's imports, withdrawals and updates wait for each other."""
    return f"postings:{posting_import.org_root_id}"


def skills_folder() -> Path:
    """Return the folder of the skill taxonomy that imports are read with."""
    return packs.common_file("skills")


def _mine(context: JobContext, posting_import: PostingImport, mining: Path) -> None:
    folder = skills_folder()
    taxonomy = overlay.effective(folder).taxonomy
    overlay.keep(taxonomy)
    rules = current_rules()
    known_skills = set(Skill.objects.values_list("key", flat=True))
    if any(skill.id not in known_skills for skill in taxonomy.skills):
        catalogue.load_skills(folder)
    jobmining.run(
        [
            jobmining.Input(
                path=storage.upload_path(posting_import.uuid),
                name=posting_import.file_name,
                mapping=posting_import.columns or None,
            )
        ],
        mining,
        taxonomy=taxonomy,
        rules=rules,
        vocabulary=tabular.read_vocabulary(packs.common_file("intake", "posting_columns.csv")),
        roles=title_book.taught_book(title_book.plain_book(rules), title_book.learnt(posting_import)),
        options=jobmining.Options(workers=_workers(posting_import)),
        reference_date=timezone.localdate(posting_import.created_at),
        known=_known(posting_import),
        learned=learned_stage(),
        progress=lambda at: _report(context, at.done, at.total, STAGES[at.stage]),
    )


def _workers(posting_import: PostingImport) -> int:
    """Return how many processes mine a file: starting them pays only for a large one."""
    return min(4, os.cpu_count() or 1) if posting_import.file_size > _LARGE_FILE else 1


def _known(posting_import: PostingImport) -> pa.Table | None:
    """Return the sketches of postings this organisation already sees; ids carry their import."""
    tables = []
    for uuid in _seen_by(posting_import).order_by("id").values_list("uuid", flat=True):
        path = storage.import_folder(uuid) / _SKETCHES
        if path.exists():
            table = pq.read_table(path)
            names = pa.array(
                [f"{uuid}/{key}" for key in table.column("posting_id").to_pylist()], type=pa.string()
            )
            tables.append(table.set_column(table.schema.get_field_index("posting_id"), "posting_id", names))
    # imports of earlier versions may lack a column: it is unknown there
    return pa.concat_tables(tables, promote_options="default") if tables else None


def _seen_by(posting_import: PostingImport) -> QuerySet[PostingImport]:
    return PostingImport.objects.filter(
        Q(org_root_id=posting_import.org_root_id) | Q(source__is_shared=True), state=ImportState.LIVE
    ).exclude(pk=posting_import.pk)


def _same_file(posting_import: PostingImport) -> PostingImport | None:
    """Return a live import of the very same bytes read in the same way: nothing in it can be new."""
    if not posting_import.file_digest:
        return None
    candidates = _seen_by(posting_import).filter(file_digest=posting_import.file_digest).order_by("id")
    for candidate in candidates:
        if (
            candidate.columns == posting_import.columns
            and (storage.import_folder(candidate.uuid) / _SUMMARY).exists()
        ):
            return candidate
    return None


def _repeat(same: PostingImport, mining: Path) -> None:
    """Write the result of importing a file again: every usable row is a duplicate."""
    mining.mkdir(parents=True)
    source = storage.import_folder(same.uuid)
    pq.write_table(jobmining.POSTING_SCHEMA.empty_table(), mining / lake.POSTINGS)
    pq.write_table(jobmining.MENTION_SCHEMA.empty_table(), mining / lake.MENTIONS)
    if (source / _REJECTED).exists():
        shutil.copyfile(source / _REJECTED, mining / _REJECTED)
    summary = json.loads((source / _SUMMARY).read_text(encoding="utf-8"))
    summary |= {
        "kept": 0,
        "duplicates": summary["kept"] + summary["duplicates"],
        "duplicates_exact": summary["kept"] + summary["duplicates"],
        "duplicates_near": 0,
        "mentions": 0,
        "same_as": str(same.uuid),
    }
    (mining / _SUMMARY).write_text(json.dumps(summary, ensure_ascii=False, indent=2), encoding="utf-8")


def _go_live(posting_import: PostingImport, outcome: Outcome, *, actor: Actor) -> None:
    with transaction.atomic():
        fields = asdict(outcome)
        changed = PostingImport.objects.filter(pk=posting_import.pk, state=ImportState.RUNNING).update(
            state=ImportState.LIVE, finished_at=timezone.now(), error={}, **fields
        )
        if not changed:
            return
        posting_import.refresh_from_db()
        Source.objects.filter(pk=posting_import.source_id).update(refreshed_on=timezone.localdate())
        settling.catch_up(posting_import)
        counts = {name: fields[name] for name in ("rows_in", "kept", "duplicates", "quarantined")}
        audit(actor, "postings.imported", posting_import, detail={"file": posting_import.file_name, **counts})
        publish(
            PostingsImported(
                str(posting_import.uuid),
                posting_import.org_root_id,
                is_shared=posting_import.source.is_shared,
            )
        )
        if posting_import.imported_by_id:
            notify(
                [posting_import.imported_by_id],
                "postings.imported",
                values={"file": posting_import.file_name, "kept": outcome.kept, "rows": outcome.rows_in},
                url=reverse("data:import", args=[posting_import.uuid]),
            )
    uploads.discard(posting_import.uuid)


def withdrawn_event(posting_import: PostingImport) -> PostingsWithdrawn:
    """Return the event that tells others that an import counts no more."""
    return PostingsWithdrawn(
        str(posting_import.uuid), posting_import.org_root_id, is_shared=posting_import.source.is_shared
    )


def _read_summary(path: Path) -> Outcome:
    found = json.loads(path.read_text(encoding="utf-8"))
    return Outcome(
        rows_in=found["rows_in"],
        kept=found["kept"],
        duplicates=found["duplicates"],
        quarantined=found["quarantined"],
        mentions=found["mentions"],
        taxonomy_version=found["taxonomy_version"],
        summary=found,
    )


def _result(posting_import: PostingImport) -> dict[str, object]:
    counts = ("rows_in", "kept", "duplicates", "quarantined", "mentions")
    return {
        **{name: getattr(posting_import, name) for name in counts},
        "url": reverse("data:import", args=[posting_import.uuid]),
    }


def _report(context: JobContext, done: int, total: int, stage: str, *, cancellable: bool = True) -> None:
    if cancellable:
        context.check_cancelled()
    context.progress(done, total, stage)


def _reasons(error: jobmining.InputError) -> tuple[str, str]:
    cause = error.__cause__
    if isinstance(cause, tabular.TableError):
        return cause.text("zh"), cause.text("en")
    return str(error), str(error)
