"""Reads of editions as plain values: published ones for the region, drafts for those who may edit them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from zhiqiao.apps.management.models import (
    EditionBlock,
    EditionPart,
    EditionState,
    EditionStep,
    EditionText,
    ReportEdition,
)
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.governance.api import Actor, can, visible

__all__ = [
    "Change",
    "EditionView",
    "FileView",
    "Step",
    "block_uuids",
    "changes",
    "edition",
    "edition_row",
    "editions",
    "file_row",
    "files",
    "steps",
    "waiting",
]

FILE_KINDS = (EditionPart.Kind.PDF, EditionPart.Kind.DOCX, EditionPart.Kind.XLSX)
_PEOPLE = ("made_by", "submitted_by", "signed_by", "published_by", "withdrawn_by", "replaces")


@dataclass(frozen=True)
class EditionView:
    """An edition with its state and who did what; `newer` is the published edition that replaces it."""

    uuid: UUID
    region: Name
    year: int
    number: int
    state: str
    state_label: str
    version: int
    is_demo: bool
    is_published: bool
    months: tuple[str, str]
    facts_digest: str
    facts_at: dt.datetime
    correction: str
    replaces: int | None
    newer: tuple[UUID, int] | None
    made_by: str
    made_at: dt.datetime
    submitted_by: str
    submitted_by_id: int | None
    signed_by: str
    signed_at: dt.datetime | None
    published_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    withdrawn_by: str
    withdrawal: str


@dataclass(frozen=True)
class FileView:
    """A published file: its language, kind, size in bytes and SHA-256."""

    language: str
    kind: str
    label: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Step:
    """Something a person did with an edition."""

    label: str
    by: str
    at: dt.datetime
    reason: str


@dataclass(frozen=True)
class Change:
    """One change of one text."""

    language: str
    key: str
    number: int
    before: str
    after: str | None
    by: str
    at: dt.datetime


def readable(acting: Actor) -> QuerySet[ReportEdition]:
    """Return what this person may read: all that was published, and their bureau's drafts if they may edit them."""
    rows = ReportEdition.objects.select_related(*_PEOPLE)
    published = visible(acting, "reports.read", rows.filter(is_published=True))
    return published | visible(acting, "reports.edit", rows)


def edition_row(acting: Actor, uuid: UUID) -> ReportEdition:
    """Return one edition that may be read; 404 otherwise."""
    row = readable(acting).filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def editions(acting: Actor) -> list[EditionView]:
    """Return all editions one may read, the newest year and number first."""
    rows = list(readable(acting).order_by("-year", "-number"))
    newer = {row.replaces_id: (row.uuid, row.number) for row in rows if row.replaces_id and row.is_published}
    return [_view(row, newer.get(row.pk)) for row in rows]


def edition(acting: Actor, row: ReportEdition) -> EditionView:
    """Return one edition as a plain value."""
    later = readable(acting).filter(replaces=row, is_published=True).first()
    return _view(row, (later.uuid, later.number) if later else None)


def _view(row: ReportEdition, newer: tuple[UUID, int] | None) -> EditionView:
    return EditionView(
        uuid=row.uuid,
        region=Name(row.region_zh, row.region_en),
        year=row.year,
        number=row.number,
        state=row.state,
        state_label=str(row.get_state_display()),
        version=row.version,
        is_demo=row.is_demo,
        is_published=row.is_published,
        months=(row.first_month, row.last_month),
        facts_digest=row.facts_digest,
        facts_at=row.facts_at,
        correction=row.correction,
        replaces=row.replaces.number if row.replaces else None,
        newer=newer,
        made_by=_name(row.made_by),
        made_at=row.made_at,
        submitted_by=_name(row.submitted_by),
        submitted_by_id=row.submitted_by_id,
        signed_by=_name(row.signed_by),
        signed_at=row.signed_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=_name(row.withdrawn_by),
        withdrawal=row.withdrawal,
    )


def _name(person: object) -> str:
    return str(getattr(person, "display_name", "") or "")


def files(row: ReportEdition) -> list[FileView]:
    """Return the published files of an edition that was already found readable."""
    rows = EditionPart.objects.filter(edition=row, kind__in=FILE_KINDS).defer("content")
    order = {kind: at for at, kind in enumerate(FILE_KINDS)}
    found = [
        FileView(part.language, part.kind, str(part.get_kind_display()), part.size, part.sha256)
        for part in rows
    ]
    return sorted(found, key=lambda one: (one.language != "zh", order[EditionPart.Kind(one.kind)]))


def file_row(row: ReportEdition, language: str, kind: str) -> EditionPart:
    """Return the bytes of a published file; 404 when there is none."""
    found = EditionPart.objects.filter(edition=row, kind=kind, language=language)
    part = found.filter(kind__in=FILE_KINDS).first() if row.is_published else None
    if part is None:
        raise Http404
    return part


def steps(row: ReportEdition) -> list[Step]:
    """Return what people did with an edition, the newest first."""
    rows = EditionStep.objects.filter(edition=row).select_related("by").order_by("-at", "-id")
    return [Step(str(one.get_verb_display()), _name(one.by), one.at, one.reason) for one in rows]


def changes(acting: Actor, row: ReportEdition) -> Sequence[Change]:
    """Return every change of a text, the newest first; none for those who may not edit."""
    if not can(acting, "reports.edit", row):
        return ()
    rows = EditionText.objects.filter(edition=row).select_related("by").order_by("-at", "-id")
    return [
        Change(one.language, one.key, one.number, one.before, one.after, _name(one.by), one.at)
        for one in rows
    ]


def block_uuids(row: ReportEdition) -> dict[str, UUID]:
    """Return what evidence leads to, by the key of the block."""
    return dict(EditionBlock.objects.filter(edition=row).values_list("key", "uuid"))


def waiting(acting: Actor) -> list[EditionView]:
    """Return the drafts that this person may submit and the editions they may sign: never what they submitted."""
    if not can(acting, "reports.edit") and not can(acting, "reports.sign"):
        return []
    rows = ReportEdition.objects.select_related(*_PEOPLE)
    draft = visible(acting, "reports.edit", rows.filter(state=EditionState.DRAFT))
    in_review = rows.filter(state=EditionState.IN_REVIEW).exclude(submitted_by=acting.user_id)
    found = draft | visible(acting, "reports.sign", in_review)
    return [_view(row, None) for row in found.order_by("submitted_at", "id")]
