"""Waivers: given by an office the rule names, with reason and document, for a time; withdrawn; which count on a day."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from zhiqiao.engines import rules
from zhiqiao.engines.rules import Outcome
from zhiqiao.infra.text import is_plain
from zhiqiao.platform.governance.api import Actor, audit, can, get_visible
from zhiqiao.platform.rules import books, checking
from zhiqiao.platform.rules.errors import AlreadyDone, RulesRefused
from zhiqiao.platform.rules.models import RuleCheck, RuleWaiver, WaiverScope
from zhiqiao.platform.rules.telling import tell_authors

__all__ = [
    "LARGEST",
    "Attached",
    "Marked",
    "Wish",
    "findings_with_waivers",
    "floor_waivers",
    "give",
    "may_give",
    "may_withdraw",
    "withdraw",
]

LARGEST = 5 * 1024**2
#: first bytes of what may be attached: PDF, PNG, JPEG, and the ZIP of DOCX
_BEGINNINGS = (b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff", b"PK\x03\x04")


@dataclass(frozen=True)
class Attached:
    """An uploaded document: its name as sent and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Wish:
    """A waiver as it is asked for; `person` decided in the office, `expires` is its last day."""

    rule: str
    kind: str
    office: str
    reason: str
    reference: str
    granted: dt.date
    expires: dt.date
    person: str = ""
    scope: str = WaiverScope.DOCUMENT
    file: Attached | None = None


@dataclass(frozen=True)
class Marked:
    """The findings of a kept check as they stand on a day: every one is there, those that are waived say so.

    `counting` are the waivers that hold on the day, `others` those that ended, begin later or were withdrawn.
    """

    check: RuleCheck
    on: dt.date
    report: rules.Report
    counting: tuple[RuleWaiver, ...]
    others: tuple[RuleWaiver, ...]

    @property
    def blocking(self) -> tuple[rules.Finding, ...]:
        """Return the findings that still stop the act."""
        return self.report.blocking


def findings_with_waivers(row: RuleCheck, *, on: dt.date) -> Marked:
    """Return the findings of a kept check with the waivers that count on a day; raises Damaged."""
    rows = list(_about(row))
    counting = tuple(one for one in rows if _counts(one, on))
    in_force = checking.rules_of(row)
    report = rules.with_waivers(
        checking.report_of(row), [_value(one) for one in counting], in_force.entries, on=on
    )
    return Marked(row, on, report, counting, tuple(one for one in rows if not _counts(one, on)))


def floor_waivers(row: RuleCheck, *, on: dt.date) -> tuple[rules.Waiver, ...]:
    """Return the waivers on record that lift floors for such a document on a day."""
    lifting = {kind.key for rule in books.book().rules for kind in rule.waivers if kind.lifts_floor}
    rows = _about(row).filter(kind__in=lifting)
    return tuple(_value(one) for one in rows if _counts(one, on))


def _about(row: RuleCheck) -> QuerySet[RuleWaiver]:
    """Return the waivers whose scope holds a document, whatever their days."""
    same = (
        Q(subject_uuid=row.subject_uuid)
        if row.subject_uuid
        else Q(subject_uuid=None, document_key=row.document_key)
    )
    found = Q(scope=WaiverScope.DOCUMENT) & same | Q(scope=WaiverScope.ORGANISATION)
    if row.specialty:
        found |= Q(scope=WaiverScope.SPECIALTY, specialty=row.specialty)
    rows = RuleWaiver.objects.filter(found, org_root_id=row.org_root_id, document_kind=row.kind)
    return rows.defer("file").select_related("by", "withdrawn_by", "check_row").order_by("rule", "-at", "-id")


def _counts(row: RuleWaiver, on: dt.date) -> bool:
    return row.granted <= on <= row.expires and (row.withdrawn_on is None or on < row.withdrawn_on)


def _value(row: RuleWaiver) -> rules.Waiver:
    return rules.Waiver(
        rule=row.rule,
        kind=row.kind,
        person=row.person,
        office=row.office,
        reason=row.reason,
        document=row.reference,
        expires=row.expires,
        granted=row.granted,
    )


def may_give(actor: Actor, row: RuleCheck, kind: rules.WaiverKind) -> tuple[books.Office, ...]:
    """Return the offices for which a person may waive in this way; none for the author where the rule parts them."""
    if kind.separate and actor.user_id in row.authors:
        return ()
    named = (books.offices()[key] for key in kind.by if key in books.offices())
    return tuple(one for one in named if actor.role in (*one.signs, *one.records))


@transaction.atomic
def give(actor: Actor, check_uuid: UUID, wish: Wish, *, today: dt.date, now: dt.datetime) -> RuleWaiver:
    """Waive a rule for the document of a check and later ones in its scope.

    Raises RulesRefused with the field at fault: rule, kind or office not allowed, author and giver one person, a
    reason, document or day lacking; AlreadyDone when nothing is left to waive; Http404 for a check not to be seen.
    """
    rows = RuleCheck.objects.select_related("rules")
    row = get_visible(actor, "waivers.give", rows, uuid=check_uuid)
    if actor.user_id is None:
        raise RulesRefused(_("豁免由人给予，系统不能代替。"))
    kind = _kind(row, wish)
    office = _office(actor, row, kind, wish)
    records = actor.role not in office.signs
    file = _checked_file(wish.file, needed=records)
    if records and not wish.person.strip():
        raise RulesRefused(_("请写明在该机关作出决定的人。"), field="person")
    _check_words(wish, file)
    _check_scope(actor, row, wish)
    _check_days(wish, today)
    marked = findings_with_waivers(row, on=max(today, wish.granted))
    seen = [one for one in marked.report.of(wish.rule) if one.outcome is Outcome.FAIL]
    if not seen:
        raise AlreadyDone(_("这条规则现在没有可以豁免的问题；缺少数据的要补数据。"), field="kind")
    waiver = RuleWaiver(
        org_root_id=row.org_root_id,
        check_row=row,
        rule=wish.rule,
        kind=kind.key,
        office=office.key,
        person=wish.person.strip()[:100] if records else actor.name[:100],
        reason=wish.reason.strip(),
        reference=wish.reference.strip() or (file.name if file else ""),
        file_name=file.name if file else "",
        file_digest=hashlib.sha256(file.content).hexdigest() if file else "",
        file=file.content if file else None,
        scope=wish.scope,
        document_kind=row.kind,
        document_key=row.document_key,
        subject_uuid=row.subject_uuid,
        specialty=row.specialty,
        path=row.path,
        seen=[{"zh": one.message.zh, "en": one.message.en} for one in seen],
        granted=wish.granted,
        expires=wish.expires,
        by_id=actor.user_id,
        at=now,
    )
    waiver.save(force_insert=True)
    detail = {
        "rule": waiver.rule,
        "kind": waiver.kind,
        "office": waiver.office,
        "check": str(row.uuid),
        "scope": waiver.scope,
        "granted": waiver.granted.isoformat(),
        "expires": waiver.expires.isoformat(),
        "file": waiver.file_digest,
    }
    audit(actor, "rules.waiver_given", waiver, detail=detail)
    tell_authors(waiver, acting=actor)
    return waiver


@transaction.atomic
def withdraw(actor: Actor, uuid: UUID, *, reason: str, today: dt.date, now: dt.datetime) -> RuleWaiver:
    """Withdraw a waiver from today on; only its office or who gave it. Raises RulesRefused, AlreadyDone, Http404."""
    rows = RuleWaiver.objects.select_for_update(of=("self",)).defer("file")
    row = get_visible(actor, "waivers.give", rows, uuid=uuid)
    if not may_withdraw(actor, row):
        raise RulesRefused(_("只有给予豁免的人或其机关可以撤回。"))
    if row.withdrawn_on is not None:
        raise AlreadyDone(_("这项豁免已经撤回。"))
    text = reason.strip()
    if not text or len(text) > 1000 or not is_plain(text):
        raise RulesRefused(_("请写明撤回的理由，不超过 1000 字。"), field="reason")
    row.withdrawn_on, row.withdrawn_at, row.withdrawal = today, now, text
    row.withdrawn_by_id = actor.user_id
    row.save(update_fields=["withdrawn_on", "withdrawn_at", "withdrawal", "withdrawn_by_id", "updated_at"])
    audit(actor, "rules.waiver_withdrawn", row, detail={"rule": row.rule})
    tell_authors(row, acting=actor)
    return row


def may_withdraw(actor: Actor, row: RuleWaiver) -> bool:
    """Tell whether a person gave a waiver or acts for the office that did."""
    office = books.offices().get(row.office)
    acts = office is not None and actor.role in (*office.signs, *office.records)
    return acts or (actor.user_id is not None and actor.user_id == row.by_id)


def _kind(row: RuleCheck, wish: Wish) -> rules.WaiverKind:
    kinds = {
        kind.key: kind
        for rule in checking.rules_of(row).entries
        if rule.id == wish.rule
        for kind in rule.waivers
    }
    if wish.kind not in kinds:
        raise RulesRefused(_("这条规则不允许这种豁免。"), field="kind")
    return kinds[wish.kind]


def _office(actor: Actor, row: RuleCheck, kind: rules.WaiverKind, wish: Wish) -> books.Office:
    if kind.separate and actor.user_id in row.authors:
        raise RulesRefused(_("这份文件是您编写或送检的，要由另一个人豁免。"), field="office")
    found = {one.key: one for one in may_give(actor, row, kind)}
    if wish.office not in found:
        names = "、" if books.language() == "zh" else ", "
        told = names.join(books.said(books.offices()[key].name) for key in kind.by if key in books.offices())
        raise RulesRefused(
            _("您不能代表这个机关豁免；可以豁免的是：%(offices)s。") % {"offices": told}, field="office"
        )
    return found[wish.office]


def _check_words(wish: Wish, file: Attached | None) -> None:
    for field, text, most in (
        ("reason", wish.reason, 1000),
        ("reference", wish.reference, 300),
        ("person", wish.person, 100),
    ):
        if len(text) > most or not is_plain(text):
            raise RulesRefused(
                _("不超过 %(most)s 个字，不能含有看不见的控制字符。") % {"most": most}, field=field
            )
    if not wish.reason.strip():
        raise RulesRefused(_("请写明理由。"), field="reason")
    if not wish.reference.strip() and file is None:
        raise RulesRefused(_("请写明文件的名称或文号，或上传文件。"), field="reference")


def _check_scope(actor: Actor, row: RuleCheck, wish: Wish) -> None:
    """Refuse a scope wider than one document to those who act for a unit only."""
    if wish.scope not in WaiverScope.values or (wish.scope == WaiverScope.SPECIALTY and not row.specialty):
        raise RulesRefused(_("请选择豁免的范围。"), field="scope")
    whole = RuleCheck(org_root_id=row.org_root_id, path=f"/{row.org_root_id}/", is_shared=row.is_shared)
    if wish.scope != WaiverScope.DOCUMENT and not can(actor, "waivers.give", whole):
        raise RulesRefused(_("您只能豁免这份文件；更大的范围由学校或主管部门豁免。"), field="scope")


def _check_days(wish: Wish, today: dt.date) -> None:
    if wish.expires < max(wish.granted, today):
        raise RulesRefused(_("到期日不能早于今天，也不能早于生效日。"), field="expires")


def _checked_file(file: Attached | None, *, needed: bool) -> Attached | None:
    if file is None:
        if needed:
            raise RulesRefused(_("代为登记要上传该机关的文件。"), field="file")
        return None
    if len(file.content) > LARGEST:
        raise RulesRefused(_("文件太大，最多 5 MB。"), field="file")
    if not file.content.startswith(_BEGINNINGS) or not is_plain(file.name):
        raise RulesRefused(_("请上传 PDF、DOCX、PNG 或 JPEG 文件。"), field="file")
    return Attached(file.name[-255:], file.content)
