"""The JSON API of the report: editions one may read, one edition, and its published files with their digests."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from ninja import Router, Schema

from zhiqiao.apps.management.models import EditionPart, ReportEdition
from zhiqiao.apps.management.report import selectors
from zhiqiao.apps.management.report.selectors import EditionView
from zhiqiao.infra.rest import READS, NameOut, Number, PageOut, Size, level_of, named, part
from zhiqiao.platform.governance.api import action, api_actor

router = Router(tags=["reports"])


class EditionOut(Schema):
    """An edition; `newer` is the published edition that replaces it, `facts_sha256` the digest of its snapshot."""

    uuid: UUID
    region: NameOut
    year: int
    number: int
    state: str
    is_demo: bool
    first_month: str
    last_month: str
    facts_sha256: str
    replaces: int | None
    correction: str
    newer: UUID | None
    signed_at: dt.datetime | None
    published_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    withdrawal: str


class EditionsOut(PageOut):
    """Editions, the newest year first."""

    items: list[EditionOut]


class FileOut(Schema):
    """A published file: `url` gives out its bytes, whose digest is `sha256`; `size` in bytes."""

    language: str
    kind: str
    size: int
    sha256: str
    url: str


class FilesOut(PageOut):
    """The files of an edition; none before it is published."""

    items: list[FileOut]


@router.get(
    "/reports",
    response={200: EditionsOut, **READS},
    summary="Editions of the demand report one may read",
    openapi_extra=level_of(ReportEdition),
)
@action("reports.read")
def edition_list(
    request: HttpRequest, year: int | None = None, state: str = "", page: Number = 1, size: Size = 50
) -> EditionsOut:
    """Return editions, of one year or in one state where asked for."""
    rows = [
        row
        for row in selectors.editions(api_actor(request))
        if year in {None, row.year} and state in {"", row.state}
    ]
    items = [_edition(row) for row in part(rows, page=page, size=size)]
    return EditionsOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/reports/{uuid}",
    response={200: EditionOut, **READS},
    summary="One edition of the demand report",
    openapi_extra=level_of(ReportEdition),
)
@action("reports.read")
def edition_one(request: HttpRequest, uuid: UUID) -> EditionOut:
    """Return one edition."""
    actor = api_actor(request)
    return _edition(selectors.edition(actor, selectors.edition_row(actor, uuid)))


@router.get(
    "/reports/{uuid}/files",
    response={200: FilesOut, **READS},
    summary="Published files of an edition with their digests",
    openapi_extra=level_of(EditionPart),
)
@action("reports.read")
def file_list(request: HttpRequest, uuid: UUID, page: Number = 1, size: Size = 50) -> FilesOut:
    """Return the files of an edition."""
    row = selectors.edition_row(api_actor(request), uuid)
    rows = selectors.files(row) if row.is_published else []
    items = [
        FileOut(
            language=one.language,
            kind=one.kind,
            size=one.size,
            sha256=one.sha256,
            url=reverse("management:report_file", args=[uuid, one.language, one.kind]),
        )
        for one in part(rows, page=page, size=size)
    ]
    return FilesOut(total=len(rows), page=page, size=size, items=items)


def _edition(row: EditionView) -> EditionOut:
    names = {
        *("uuid", "year", "number", "state", "is_demo", "replaces", "correction", "signed_at"),
        *("published_at", "withdrawn_at", "withdrawal"),
    }
    return EditionOut(
        **{name: getattr(row, name) for name in names},
        region=named(row.region),
        first_month=row.months[0],
        last_month=row.months[1],
        facts_sha256=row.facts_digest,
        newer=row.newer[0] if row.newer else None,
    )
