"""What other packages may use of the rules: check a document, keep the check, read its findings with waivers.

    judged = check_only(plan, "plan", ("tp",), today)                # while typing: nothing is stored
    check = check_and_keep(plan, "plan", "tp", today, actor, now=now, subject=Subject(uuid, root, path, authors))
    marked = findings_with_waivers(check.uuid, on=today)             # every finding, waived ones marked
    if marked.blocking: ...                                          # the act can not be completed

`document` is a value (`engines.plans.Plan`) or its JSON text. The page of a check is `check_url(check.uuid)`; evidence
has the kinds `rule_check` and `rule_finding`. Who may read a check stands in the table of actions; a domain that shows
findings on its own pages asks its own permission.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from zhiqiao.engines import rules
from zhiqiao.platform.governance.api import Actor
from zhiqiao.platform.rules import checking, waiving
from zhiqiao.platform.rules.checking import Judged, Subject, check_only
from zhiqiao.platform.rules.errors import AlreadyDone, BadDocument, Damaged, RulesRefused
from zhiqiao.platform.rules.models import RuleCheck, RuleFinding, RuleWaiver

__all__ = [
    "AlreadyDone",
    "BadDocument",
    "Damaged",
    "FindingsView",
    "Judged",
    "KeptCheck",
    "RulesRefused",
    "Subject",
    "WaiverView",
    "check_and_keep",
    "check_only",
    "check_url",
    "checks_of",
    "findings_with_waivers",
    "share",
]


@dataclass(frozen=True)
class KeptCheck:
    """A kept check: which document on which day; counts are of its findings without waivers."""

    uuid: UUID
    kind: str
    title: str
    document_key: str
    document_version: str
    document_digest: str
    subject_uuid: UUID | None
    sets: tuple[str, ...]
    on: dt.date
    region: str
    blocking: int
    failing: int
    missing: int
    at: dt.datetime
    is_shared: bool


@dataclass(frozen=True)
class WaiverView:
    """A waiver with its days; `counts` says whether it counts on the day that was asked for."""

    uuid: UUID
    rule: str
    kind: str
    office: str
    person: str
    reason: str
    reference: str
    granted: dt.date
    expires: dt.date
    withdrawn_on: dt.date | None
    counts: bool


@dataclass(frozen=True)
class FindingsView:
    """The findings of a kept check as they stand on a day; `uuids` opens the evidence of each, in the same order."""

    check: KeptCheck
    on: dt.date
    findings: tuple[rules.Finding, ...]
    uuids: tuple[UUID, ...]
    waivers: tuple[WaiverView, ...]

    @property
    def blocking(self) -> tuple[rules.Finding, ...]:
        """Return the findings that stop the act on that day."""
        return tuple(one for one in self.findings if one.blocks)


def check_and_keep(
    document: object,
    kind: str,
    sets: str | Sequence[str],
    day: dt.date,
    actor: Actor,
    *,
    now: dt.datetime,
    subject: Subject | None = None,
    region: str | None = None,
) -> KeptCheck:
    """Check a document by the rules in force on the day of an act and keep the check for good.

    `subject` tells where the document lives; without it the document is a file of the actor. Raises BadDocument,
    RulesRefused, and Http404 where the actor may not check documents of that unit.
    """
    row = checking.check_and_keep(document, kind, sets, day, actor, now=now, subject=subject, region=region)
    return _view(row)


def findings_with_waivers(check: UUID, *, on: dt.date) -> FindingsView:
    """Return every finding of a kept check with the waivers that count on a day; permission is the caller's.

    Raises RuleCheck.DoesNotExist for an unknown check and Damaged when what is kept was changed.
    """
    row = RuleCheck.objects.select_related("rules").get(uuid=check)
    marked = waiving.findings_with_waivers(row, on=on)
    uuids = RuleFinding.objects.filter(check_row=row).order_by("number").values_list("uuid", flat=True)
    waivers = [_waiver(one, counts=True) for one in marked.counting]
    waivers += [_waiver(one, counts=False) for one in marked.others]
    return FindingsView(_view(row), on, marked.report.findings, tuple(uuids), tuple(waivers))


def checks_of(subject_uuid: UUID) -> list[KeptCheck]:
    """Return the checks of a document of another domain, the newest first; permission is the caller's."""
    rows = RuleCheck.objects.filter(subject_uuid=subject_uuid).order_by("-at", "-id")
    return [_view(row) for row in rows.defer("document", "report")]


def share(actor: Actor, check: UUID, *, today: dt.date) -> KeptCheck:
    """Show a check to the education authority, so that it may waive; raises AlreadyDone, Http404."""
    return _view(checking.share(actor, check, today=today))


def check_url(check: UUID) -> str:
    """Return the address of a check's page."""
    return reverse("rules:check", args=[check])


def _view(row: RuleCheck) -> KeptCheck:
    return KeptCheck(
        uuid=row.uuid,
        kind=row.kind,
        title=row.title,
        document_key=row.document_key,
        document_version=row.document_version,
        document_digest=row.document_digest,
        subject_uuid=row.subject_uuid,
        sets=tuple(row.sets),
        on=row.on,
        region=row.region,
        blocking=row.blocking,
        failing=row.failing,
        missing=row.missing,
        at=row.at,
        is_shared=row.is_shared,
    )


def _waiver(row: RuleWaiver, *, counts: bool) -> WaiverView:
    return WaiverView(
        uuid=row.uuid,
        rule=row.rule,
        kind=row.kind,
        office=row.office,
        person=row.person,
        reason=row.reason,
        reference=row.reference,
        granted=row.granted,
        expires=row.expires,
        withdrawn_on=row.withdrawn_on,
        counts=counts,
    )
