"""Folds postings of an unshared import into the same ones that another organisation shares later.

An import is compared with what its organisation sees at that time. What is shared afterwards may hold the same
postings, which its people would then see twice: the unshared rows become duplicates of the shared ones.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import F, QuerySet

from zhiqiao.engines import jobmining
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobContext, publish
from zhiqiao.platform.data import importing, lake, loading, settling
from zhiqiao.platform.data.events import PostingsImported
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import ImportState, PostingImport
from zhiqiao.platform.governance.api import Actor, audit

__all__ = ["fold", "unshared_elsewhere"]

_SKETCHES, _SUMMARY = "sketches.parquet", "summary.json"


def unshared_elsewhere(root: int) -> QuerySet[PostingImport]:
    """Return live imports of other organisations that only they see: what a newly shared import may double."""
    rows = PostingImport.objects.filter(state=ImportState.LIVE, source__is_shared=False, kept__gt=0)
    return rows.exclude(org_root_id=root).order_by("id")


def fold(context: JobContext, import_uuid: UUID, shared_uuid: UUID) -> int:
    """Make the postings of an unshared import that a shared one holds duplicates of those; return how many.

    May be run again: what is folded already is no longer there to be found.
    """
    private = (
        PostingImport.objects.select_related("source")
        .filter(uuid=import_uuid, state=ImportState.LIVE, source__is_shared=False)
        .first()
    )
    shared = PostingImport.objects.filter(
        uuid=shared_uuid, state=ImportState.LIVE, source__is_shared=True
    ).first()
    folder = storage.import_folder(import_uuid)
    fresh = storage.mining_folder(import_uuid)
    _finish_swap(folder, fresh)
    if private is None or shared is None or not (folder / _SKETCHES).exists():
        return 0
    copies = _copies(folder, storage.import_folder(shared_uuid), shared_uuid)
    if copies:
        _rewrite(folder, fresh, copies)
    kept = int(pq.read_metadata(folder / lake.POSTINGS).num_rows)
    folded: int = private.kept - kept
    if not folded:
        return 0
    # also reached when a run broke off after the folder was written anew: the rows follow the lake
    loading.remove_rows(private)
    loading.load_rows(
        private, folder, progress=lambda done, total: context.progress(done, total, importing.LOADING)
    )
    settling.learn(private)  # the rows are new ones: what people decided holds for them, too
    _tell(private, shared, kept=kept, mentions=pq.read_metadata(folder / lake.MENTIONS).num_rows)
    return folded


def _copies(folder: Path, shared: Path, shared_uuid: UUID) -> Mapping[str, jobmining.Duplicate]:
    """Return the postings of a folder that the shared one holds, by posting id."""
    if not (shared / _SKETCHES).exists():
        return {}
    prints, known = pq.read_table(folder / _SKETCHES), pq.read_table(shared / _SKETCHES)
    prefix = f"{shared_uuid}/"
    names = pa.array([prefix + key for key in known.column("posting_id").to_pylist()], type=pa.string())
    known = known.set_column(known.schema.get_field_index("posting_id"), "posting_id", names)
    thresholds = current_rules().thresholds
    ids = prints.column("posting_id").to_pylist()
    found = jobmining.find_duplicates(prints, thresholds=thresholds, known=known)
    return {ids[item.row]: item for item in found if item.duplicate_of.startswith(prefix)}


def _rewrite(folder: Path, fresh: Path, copies: Mapping[str, jobmining.Duplicate]) -> None:
    """Write a folder anew with some postings moved to its duplicates, and put it in the old one's place."""
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(folder, fresh)
    gone = pa.array(list(copies), type=pa.string())
    moved = None
    for name in (lake.POSTINGS, lake.MENTIONS, _SKETCHES):
        table = pq.read_table(folder / name)
        is_gone = pc.is_in(table.column("posting_id"), value_set=gone)
        moved = table.filter(is_gone) if name == lake.POSTINGS else moved
        pq.write_table(table.filter(pc.invert(is_gone)), fresh / name)
    if moved is not None and (folder / lake.DUPLICATES).exists():
        _append(fresh / lake.DUPLICATES, moved, copies)
    old = _aside(fresh)
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    _finish_swap(folder, fresh)


def _finish_swap(folder: Path, fresh: Path) -> None:
    """Put the new folder in the place of the old one that was moved aside; also after a worker died in between."""
    old = _aside(fresh)
    if not old.exists():
        return
    if not folder.exists():
        fresh.rename(folder)
    shutil.rmtree(old)


def _aside(fresh: Path) -> Path:
    return fresh.with_name(f"{fresh.name}.old")


def _append(path: Path, moved: pa.Table, copies: Mapping[str, jobmining.Duplicate]) -> None:
    there = pq.read_table(path)
    items = [copies[key] for key in moved.column("posting_id").to_pylist()]
    added = {
        "duplicate_of": [item.duplicate_of for item in items],
        "similarity": [item.similarity for item in items],
        "duplicate_kind": [item.kind for item in items],
    }
    for name, values in added.items():
        moved = moved.append_column(name, pa.array(values, type=there.schema.field(name).type))
    pq.write_table(pa.concat_tables([there, moved.select(there.column_names).cast(there.schema)]), path)


@transaction.atomic
def _tell(private: PostingImport, shared: PostingImport, *, kept: int, mentions: int) -> None:
    folded = private.kept - kept
    path = storage.import_folder(private.uuid) / _SUMMARY
    summary = private.summary | {
        "kept": kept,
        "duplicates": private.duplicates + folded,
        "mentions": mentions,
    }
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=2), encoding="utf-8")
    PostingImport.objects.filter(pk=private.pk).update(
        kept=kept, duplicates=F("duplicates") + folded, mentions=mentions, summary=summary
    )
    settling.catch_up(private)  # what was corrected while the rows were on their way
    detail = {"folded": folded, "into": str(shared.uuid)}
    audit(Actor.system("folding"), "postings.folded", private, detail=detail)
    publish(PostingsImported(str(private.uuid), private.org_root_id, is_shared=False))
