"""Publication: the signed documents become files, the files and the edition are closed for good, others are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit
from zhiqiao.apps.management.events import ReportPublished, ReportWithdrawn
from zhiqiao.apps.management.models import EditionPart, EditionState, EditionStep, ReportEdition
from zhiqiao.apps.management.report.composing import LANGUAGES, printed
from zhiqiao.apps.management.report.making import note
from zhiqiao.apps.management.report.parts import keep
from zhiqiao.engines.documents import Document, to_docx, to_pdf, to_xlsx
from zhiqiao.infra.jobs.api import publish
from zhiqiao.platform.governance.api import Actor, Membership, Role, audit, get_visible, notify

__all__ = ["FILES", "publish_edition", "ready_to_publish", "tell_region"]

Kind = EditionPart.Kind
FILES: dict[Kind, Callable[[Document], bytes]] = {
    Kind.DOCX: to_docx,
    Kind.PDF: to_pdf,
    Kind.XLSX: to_xlsx,
}
PUBLISHED, WITHDRAWN = "management.report_published", "management.report_withdrawn"
_WRITING = gettext_noop("生成文件")
_CLOSING = gettext_noop("封存并发布")
_TOLD = (Role.SCHOOL_ADMIN, Role.PROGRAMME_HEAD, Role.ASSOCIATION_OFFICER)
Step = Callable[[int, str], None]
STEPS = len(LANGUAGES) * len(FILES) + 1


def ready_to_publish(edition_uuid: UUID, *, acting: Actor, version: int) -> ReportEdition:
    """Return a signed edition that this person may publish; AlreadyDecided when it is none any more."""
    rows = ReportEdition.objects.select_for_update(of=("self",)).select_related("replaces")
    with transaction.atomic():
        row = get_visible(acting, "reports.publish", rows, uuid=edition_uuid)
    if row.state != EditionState.SIGNED or row.version != version:
        raise AlreadyDecided(_("报告已由他人处理，页面已更新，请查看处理结果。"))
    return row


def publish_edition(
    edition_uuid: UUID, *, acting: Actor, version: int, clock: Callable[[], dt.datetime], step: Step
) -> ReportEdition:
    """Write the files of a signed edition and close it, all or nothing; `step` may raise to stop before that.

    Raises AlreadyDecided when the edition is not the signed one the person saw, Damaged when what is stored is not
    what was signed.
    """
    row = ready_to_publish(edition_uuid, acting=acting, version=version)
    files: dict[tuple[Kind, str], bytes] = {}
    for language in LANGUAGES:
        document = printed(row, language).document
        for kind, write in FILES.items():
            step(len(files), _WRITING)
            files[kind, language] = write(document)
    step(len(files), _CLOSING)
    return _closed(edition_uuid, files, acting=acting, version=version, now=clock())


@transaction.atomic
def _closed(
    edition_uuid: UUID,
    files: dict[tuple[Kind, str], bytes],
    *,
    acting: Actor,
    version: int,
    now: dt.datetime,
) -> ReportEdition:
    row = ready_to_publish(edition_uuid, acting=acting, version=version)
    if acting.user_id is None:
        raise BadEdit(_("报告由人发布，系统不能代替。"))
    digests = {
        f"{language}.{kind}": keep(row, kind, content, language=language)
        for (kind, language), content in files.items()
    }
    row.state, row.is_published = EditionState.PUBLISHED, True
    row.published_by_id, row.published_at = acting.user_id, now
    row.version += 1
    row.save()
    note(row, EditionStep.Verb.PUBLISHED, acting=acting, now=now)
    audit(
        acting,
        "report.published",
        obj=("report_edition", str(row.uuid)),
        detail={
            "year": row.year,
            "number": row.number,
            "facts": row.facts_digest,
            "documents": row.documents,
            "files": digests,
        },
    )
    publish(
        ReportPublished(
            edition_uuid=str(row.uuid),
            region=row.region,
            year=row.year,
            number=row.number,
            replaces_uuid=str(row.replaces.uuid) if row.replaces else None,
            org_root_id=row.org_root_id,
        )
    )
    return row


def tell_region(event: ReportPublished | ReportWithdrawn, *, today: dt.date) -> int:
    """Send schools and associations the news of an edition; return how many people got it."""
    row = ReportEdition.objects.get(uuid=event.edition_uuid)
    people = Membership.objects.current(today).filter(role__in=_TOLD, organisation__is_active=True)
    return notify(
        set(people.values_list("user_id", flat=True)),
        PUBLISHED if isinstance(event, ReportPublished) else WITHDRAWN,
        values={
            "region": {"zh": row.region_zh, "en": row.region_en},
            "year": str(row.year),
            "number": row.number,
            "reason": row.withdrawal,
        },
        url=reverse("management:report", args=[row.uuid]),
    )
