"""Reads of imports, and the sources to which one may add a file; the register is in `sources`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobRun, JobState, runs
from zhiqiao.platform.data.models import ImportState, PostingImport, Source
from zhiqiao.platform.governance.api import Actor, get_visible, visible

__all__ = [
    "ImportView",
    "get_import",
    "import_view",
    "imports",
    "own_sources",
    "rejected_file",
    "run_of",
    "waiting_imports",
]

_OPEN = {ImportState.QUEUED, ImportState.RUNNING}


@dataclass(frozen=True)
class ImportView:
    """One import as its pages show it; `state` is what is true now, also when its job ended without it."""

    uuid: UUID
    file_name: str
    file_size: int
    source: str
    source_uuid: UUID
    licence_note: str
    is_shared: bool
    is_demo: bool
    imported_by: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    state: str
    state_label: str
    rows_in: int
    kept: int
    duplicates: int
    quarantined: int
    mentions: int
    taxonomy_version: str
    summary: dict[str, Any]  # Any: the engine's JSON summary
    error: dict[str, str]
    withdraw_reason: str
    withdrawn_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """Tell whether the import is on its way."""
        return self.state in _OPEN

    @property
    def is_live(self) -> bool:
        """Tell whether its postings count."""
        return self.state == ImportState.LIVE


def own_sources(actor: Actor) -> QuerySet[Source]:
    """Return the sources to which the actor may add a file."""
    return visible(actor, "imports.create", Source.objects.all()).order_by("name")


def imports(actor: Actor, *, limit: int = 500) -> list[ImportView]:
    """Return the imports the actor may see, the newest first."""
    rows = list(
        visible(
            actor, "imports.read", PostingImport.objects.select_related("source", "imported_by")
        ).order_by("-created_at")[:limit]
    )
    states = _job_states(rows)
    return [import_view(row, states.get(row.job_uuid)) for row in rows]


def get_import(actor: Actor, action: str, uuid: UUID) -> PostingImport:
    """Return the import on which the actor may do `action`; 404 otherwise."""
    return get_visible(
        actor, action, PostingImport.objects.select_related("source", "imported_by"), uuid=uuid
    )


def run_of(posting_import: PostingImport) -> JobRun | None:
    """Return the background run that works, or worked last, on an import."""
    return runs().filter(uuid=posting_import.job_uuid).first() if posting_import.job_uuid else None


def rejected_file(posting_import: PostingImport) -> Any:  # Any: Path or None; kept out of the view values
    """Return the path of the quarantine file of a live import with quarantined rows, else None."""
    if posting_import.state != ImportState.LIVE or not posting_import.quarantined:
        return None
    path = storage.import_folder(posting_import.uuid) / "rejected.csv"
    return path if path.exists() else None


def waiting_imports(actor: Actor) -> list[ImportView]:
    """Return the person's own imports that wait for them: uploaded but not started, or failed."""
    rows = visible(
        actor, "imports.create", PostingImport.objects.select_related("source", "imported_by")
    ).filter(imported_by_id=actor.user_id, state__in=[ImportState.UPLOADED, ImportState.FAILED])
    return [import_view(row) for row in rows.order_by("-created_at")[:5]]


def import_view(row: PostingImport, run_state: str | None = None) -> ImportView:
    """Return an import's row (with source and person) as a value."""
    state = row.state
    if state in _OPEN and run_state in {JobState.FAILED, JobState.CANCELLED}:
        state = ImportState.CANCELLED if run_state == JobState.CANCELLED else ImportState.FAILED
    return ImportView(
        uuid=row.uuid,
        file_name=row.file_name,
        file_size=row.file_size,
        source=row.source.name,
        source_uuid=row.source.uuid,
        licence_note=row.source.licence_note,
        is_shared=row.source.is_shared,
        is_demo=row.is_demo,
        imported_by=str(row.imported_by) if row.imported_by else "",
        created_at=row.created_at,
        finished_at=row.finished_at,
        state=state,
        state_label=str(ImportState(state).label),
        rows_in=row.rows_in,
        kept=row.kept,
        duplicates=row.duplicates,
        quarantined=row.quarantined,
        mentions=row.mentions,
        taxonomy_version=row.taxonomy_version,
        summary=row.summary,
        error=row.error,
        withdraw_reason=row.withdraw_reason,
        withdrawn_at=row.withdrawn_at,
    )


def _job_states(rows: Sequence[PostingImport]) -> dict[UUID | None, str]:
    wanted = [row.job_uuid for row in rows if row.state in _OPEN and row.job_uuid]
    return dict(runs().filter(uuid__in=wanted).values_list("uuid", "state")) if wanted else {}
