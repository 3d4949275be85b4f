"""From a draft to a signed text: submitted by one person, signed or returned by another; and withdrawal."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit
from zhiqiao.apps.management.events import ReportWithdrawn
from zhiqiao.apps.management.models import EditionPart, EditionState, EditionStep, ReportEdition
from zhiqiao.apps.management.report.composing import (
    LANGUAGES,
    draft_document,
    editable_texts,
    newest_texts,
)
from zhiqiao.apps.management.report.making import MAX_REASON, note
from zhiqiao.apps.management.report.parts import keep_text
from zhiqiao.engines.documents import document_to_text
from zhiqiao.infra.jobs.api import publish
from zhiqiao.platform.governance.api import Actor, Membership, Role, audit, get_visible, notify

__all__ = ["authors", "return_edition", "sign", "submit", "withdraw"]

TO_SIGN = "management.report_to_sign"


@transaction.atomic
def submit(edition_uuid: UUID, *, acting: Actor, version: int, now: dt.datetime) -> ReportEdition:
    """Hand a draft to another person for signing; its texts stand still from now on.

    `version` is the one the person saw. Raises AlreadyDecided when it is another by now, BadEdit while texts wait
    that were written under other figures.
    """
    row = _locked(edition_uuid, "reports.edit", acting, version, EditionState.DRAFT)
    waiting = sum(
        text.is_outdated for language in LANGUAGES for text in editable_texts(row, language).values()
    )
    if waiting:
        raise BadEdit(
            _("有 %(count)s 段修改过的文字，其依据的数字已经变化，请逐段确认后再提交。") % {"count": waiting}
        )
    row.state, row.submitted_by_id, row.submitted_at = EditionState.IN_REVIEW, _person(acting), now
    _save(row, EditionStep.Verb.SUBMITTED, acting=acting, now=now)
    _tell_signers(row, acting=acting, now=now)
    return row


@transaction.atomic
def return_edition(
    edition_uuid: UUID, *, acting: Actor, version: int, reason: str, now: dt.datetime
) -> ReportEdition:
    """Make an edition that waits for signing, or is signed but not published, a draft again; with a reason."""
    row = _locked(edition_uuid, "reports.sign", acting, version, EditionState.IN_REVIEW, EditionState.SIGNED)
    wanted = _reason(reason, _("请写明退回的理由。"))
    row.state, row.documents = EditionState.DRAFT, {}
    row.submitted_by = row.submitted_at = row.signed_by = row.signed_at = None
    _save(row, EditionStep.Verb.RETURNED, acting=acting, now=now, reason=wanted)
    return row


@transaction.atomic
def sign(edition_uuid: UUID, *, acting: Actor, version: int, now: dt.datetime) -> ReportEdition:
    """Sign an edition: both languages are composed once more and kept as they will be printed.

    Raises BadEdit for whoever submitted it or wrote a text that stands in it, AlreadyDecided when it changed.
    """
    row = _locked(edition_uuid, "reports.sign", acting, version, EditionState.IN_REVIEW)
    if _person(acting) == row.submitted_by_id:
        raise BadEdit(_("报告是您提交的，要由教育局的另一个人签发。"))
    if acting.user_id in authors(row):
        raise BadEdit(_("报告中有您修改的文字，要由没有修改过文字的人签发。"))
    row.state, row.signed_by_id, row.signed_at = EditionState.SIGNED, acting.user_id, now
    for language in LANGUAGES:
        changes = newest_texts(row, language)
        document = draft_document(row, language, changes=changes, signed=True)
        text = document_to_text(document)
        row.documents[language] = keep_text(row, EditionPart.Kind.DOCUMENT, text, language=language)
    _save(row, EditionStep.Verb.SIGNED, acting=acting, now=now, documents=row.documents)
    return row


@transaction.atomic
def withdraw(
    edition_uuid: UUID, *, acting: Actor, version: int, reason: str, now: dt.datetime
) -> ReportEdition:
    """Withdraw a published edition: it stays readable as it was, under a banner with the reason."""
    row = _locked(edition_uuid, "reports.publish", acting, version, EditionState.PUBLISHED)
    row.withdrawal = _reason(reason, _("请写明撤回的理由。"))
    row.state, row.withdrawn_by_id, row.withdrawn_at = EditionState.WITHDRAWN, _person(acting), now
    _save(row, EditionStep.Verb.WITHDRAWN, acting=acting, now=now, reason=row.withdrawal)
    publish(
        ReportWithdrawn(
            edition_uuid=str(row.uuid),
            region=row.region,
            year=row.year,
            number=row.number,
            org_root_id=row.org_root_id,
        )
    )
    return row


def authors(row: ReportEdition) -> set[int]:
    """Return who wrote texts that stand in the edition."""
    return {
        change.by_id
        for language in LANGUAGES
        for change in newest_texts(row, language).values()
        if change.after is not None
    }


def _locked(
    edition_uuid: UUID, action: str, acting: Actor, version: int, *states: EditionState
) -> ReportEdition:
    rows = ReportEdition.objects.select_for_update(of=("self",)).select_related(
        "submitted_by", "signed_by", "replaces"
    )
    row = get_visible(acting, action, rows, uuid=edition_uuid)
    if row.state not in states or row.version != version:
        raise AlreadyDecided(_("报告已由他人处理，页面已更新，请查看处理结果。"))
    return row


def _save(
    row: ReportEdition,
    verb: EditionStep.Verb,
    *,
    acting: Actor,
    now: dt.datetime,
    reason: str = "",
    documents: dict[str, str] | None = None,
) -> None:
    row.version += 1
    row.save()
    note(row, verb, acting=acting, now=now, reason=reason)
    audit(
        acting,
        f"report.{verb}",
        obj=("report_edition", str(row.uuid)),
        detail={
            "year": row.year,
            "number": row.number,
            "facts": row.facts_digest,
            "documents": documents or {},
            "reason": reason,
        },
    )


def _person(acting: Actor) -> int:
    if acting.user_id is None:
        raise BadEdit(_("报告由人提交和签发，系统不能代替。"))
    return acting.user_id


def _reason(text: str, wanted: str) -> str:
    found = text.replace("\x00", "").strip()[:MAX_REASON]
    if not found:
        raise BadEdit(wanted)
    return found


def _tell_signers(row: ReportEdition, *, acting: Actor, now: dt.datetime) -> None:
    today = timezone.localtime(now).date()
    colleagues = Membership.objects.current(today).filter(
        role=Role.BUREAU_OFFICER, organisation__org_root_id=row.org_root_id
    )
    people = set(colleagues.values_list("user_id", flat=True)) - {acting.user_id}
    notify(
        people,
        TO_SIGN,
        values={"who": acting.name, "year": str(row.year), "number": row.number},
        url=reverse("management:report", args=[row.uuid]),
    )
