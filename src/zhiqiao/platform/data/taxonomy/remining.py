"""Brings an import to the catalogue in force: mines what the changes touch, then file and rows in one step.

Order of the step: the new mentions stand whole under a name with their version; one transaction brings the rows and
the import's version up to date; then the file takes the lasting name. Who is killed anywhere in it leaves the old
rows with the old file or the new rows with the new file, because readers choose the file by the import's version.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from zhiqiao.engines import jobmining
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import Cancelled, JobContext, JobFailed, publish
from zhiqiao.platform.data import importing, lake, settling
from zhiqiao.platform.data.events import SkillsRemined
from zhiqiao.platform.data.mined_with import current_rules, learned_stage
from zhiqiao.platform.data.models import ImportState, PostingImport
from zhiqiao.platform.data.taxonomy import overlay, rows
from zhiqiao.platform.governance.api import Actor, audit

__all__ = ["REMINING", "run_remining"]

REMINING = gettext_noop("按新目录重新识别技能")
_WRITING = gettext_noop("更新统计")
_SUMMARY = "summary.json"


def run_remining(context: JobContext, import_uuid: UUID, *, actor: Actor) -> dict[str, object]:
    """Mine a live import again as far as the catalogue has changed since; doing it twice changes nothing."""
    row = PostingImport.objects.select_related("source").get(uuid=import_uuid)
    if row.state != ImportState.LIVE:
        return {"mined": 0}
    folder = storage.import_folder(row.uuid)
    tidy(folder, row.taxonomy_version)
    new = overlay.effective(importing.skills_folder()).taxonomy
    if row.taxonomy_version == new.version:
        return {"mined": 0, "version": new.version}
    if not (folder / lake.POSTINGS).exists():
        raise JobFailed(gettext_noop("数据湖里没有这次导入的原文，无法重新识别。请从备份恢复。"))
    overlay.keep(new)
    rules = current_rules()
    done = _mine(context, row, folder, new=new, rules=rules)
    context.progress(0, 1, _WRITING)
    _switch(row, folder, new=new, done=done, actor=actor)
    tidy(folder, new.version)
    _note(folder, version=new.version, mentions=done.mentions, rules=rules.version)
    return {"mined": done.mined, "postings": done.postings, "version": new.version}


def tidy(folder: Path, version: str) -> None:
    """End what a killed run left: the file of the import's own version takes the lasting name, others go."""
    fresh = folder / f"mentions-{version}.parquet"
    if version and fresh.exists():
        fresh.replace(folder / lake.MENTIONS)
    for stale in folder.glob("mentions-*.parquet*"):
        stale.unlink(missing_ok=True)


def _mine(
    context: JobContext,
    row: PostingImport,
    folder: Path,
    *,
    new: jobmining.Taxonomy,
    rules: jobmining.Rules,
) -> jobmining.Remined:
    old = overlay.kept(row.taxonomy_version)
    before = _read_summary(folder)
    same_rules = (before.get("rules_version"), before.get("learned_version")) == (
        rules.version,
        learned_stage().version,
    )
    surfaces = jobmining.changed_surfaces(old, new) if old is not None and same_rules else None
    part = folder / f"mentions-{new.version}.parquet.part"

    def mine(only: frozenset[str] | None) -> jobmining.Remined:
        return jobmining.remine(
            folder,
            part,
            taxonomy=new,
            rules=rules,
            surfaces=only,
            learned=learned_stage(),
            progress=lambda done, total: context.progress(done, total, REMINING),
            cancelled=lambda: _stopped(context),
        )

    try:
        try:
            done = mine(surfaces)
        except jobmining.DisorderedError:
            done = mine(None)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(folder / f"mentions-{new.version}.parquet")
    return done


def _stopped(context: JobContext) -> bool:
    """Leave at a safe point: `check_cancelled` raises what the worker wants to see."""
    context.check_cancelled()
    return False


def _switch(
    row: PostingImport,
    folder: Path,
    *,
    new: jobmining.Taxonomy,
    done: jobmining.Remined,
    actor: Actor,
) -> None:
    fresh = folder / f"mentions-{new.version}.parquet"
    update = rows.difference(folder, folder / lake.MENTIONS, fresh)
    with transaction.atomic():
        current = PostingImport.objects.select_for_update().get(pk=row.pk)
        if current.state != ImportState.LIVE or current.taxonomy_version != row.taxonomy_version:
            raise Cancelled  # withdrawn meanwhile, or another run was first
        changed = rows.write_difference(current, update)
        settling.keep_figures(current)
        before = current.taxonomy_version
        current.taxonomy_version, current.mentions = new.version, done.mentions
        current.save(update_fields=["taxonomy_version", "mentions", "updated_at"])
        audit(
            actor,
            "taxonomy.remined",
            current,
            detail={"before": before, "after": new.version, "mined": done.mined, "changed": changed},
        )
        publish(
            SkillsRemined(
                str(current.uuid), current.org_root_id, is_shared=row.source.is_shared, version=new.version
            )
        )


def _read_summary(folder: Path) -> dict[str, object]:
    with suppress(OSError, ValueError):
        found = json.loads((folder / _SUMMARY).read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return found
    return {}


def _note(folder: Path, *, version: str, mentions: int, rules: str) -> None:
    """Say in the summary of the folder what its mentions were mined with."""
    found = _read_summary(folder) | {
        "taxonomy_version": version,
        "mentions": mentions,
        "rules_version": rules,
        "learned_version": learned_stage().version,
    }
    part = folder / f"{_SUMMARY}.part"
    part.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    part.replace(folder / _SUMMARY)
