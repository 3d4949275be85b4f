"""Reads of checks and waivers, as far as a person may see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from zhiqiao.platform.governance.api import Actor, get_visible, visible
from zhiqiao.platform.rules import books
from zhiqiao.platform.rules.books import said
from zhiqiao.platform.rules.models import RuleCheck, RuleFinding, RuleWaiver
from zhiqiao.platform.rules.showing import FindingView, finding_view
from zhiqiao.platform.rules.waiving import Marked, findings_with_waivers

__all__ = [
    "WaiverRow",
    "check_row",
    "checks",
    "finding_views",
    "marked_views",
    "state_on",
    "waiver_row",
    "waiver_view",
    "waivers",
]


@dataclass(frozen=True)
class WaiverRow:
    """A waiver with its state on a day: counting, later (not yet), ended, withdrawn."""

    row: RuleWaiver
    uuid: UUID
    rule: str
    title: str
    document: str
    kind: str
    office: str
    person: str
    state: str
    granted: dt.date
    expires: dt.date
    is_demo: bool


def checks(actor: Actor) -> QuerySet[RuleCheck]:
    """Return the checks a person may read, the newest first, without what is heavy."""
    rows = RuleCheck.objects.select_related("by").defer("document", "report", "tables", "floors")
    return visible(actor, "rule_checks.read", rows).order_by("-at", "-id")


def check_row(actor: Actor, uuid: UUID) -> RuleCheck:
    """Return one check with its rules; 404 when it may not be read."""
    rows = RuleCheck.objects.select_related("rules", "by")
    return get_visible(actor, "rule_checks.read", rows, uuid=uuid)


def marked_views(row: RuleCheck, *, on: dt.date) -> tuple[Marked, list[FindingView]]:
    """Return the findings of a check as they stand on a day; raises Damaged."""
    marked = findings_with_waivers(row, on=on)
    uuids = dict(RuleFinding.objects.filter(check_row=row).values_list("number", "uuid"))
    return marked, finding_views(marked, uuids)


def finding_views(marked: Marked, uuids: dict[int, UUID]) -> list[FindingView]:
    """Return findings as pages show them."""
    return [finding_view(one, number, uuids.get(number)) for number, one in enumerate(marked.report.findings)]


def waivers(actor: Actor, *, on: dt.date) -> list[WaiverRow]:
    """Return the waivers a person may see, the newest first."""
    rows = visible(actor, "waivers.read", _waivers()).order_by("-at", "-id")
    return [waiver_view(row, on=on) for row in rows]


def waiver_row(actor: Actor, uuid: UUID) -> RuleWaiver:
    """Return one waiver without its file; 404 when it may not be seen."""
    return get_visible(actor, "waivers.read", _waivers(), uuid=uuid)


def waiver_view(row: RuleWaiver, *, on: dt.date) -> WaiverRow:
    """Return a waiver as pages show it."""
    words = books.book().words
    entries = books.book().entries(row.rule)
    kind = next((kind for rule in entries for kind in rule.waivers if kind.key == row.kind), None)
    return WaiverRow(
        row=row,
        uuid=row.uuid,
        rule=row.rule,
        title=said(entries[0].title) if entries else row.rule,
        document=row.check_row.title,
        kind=said(kind.name) if kind else row.kind,
        office=said(words.text(f"office.{row.office}")),
        person=row.person,
        state=state_on(row, on),
        granted=row.granted,
        expires=row.expires,
        is_demo=row.check_row.is_demo,
    )


def state_on(row: RuleWaiver, on: dt.date) -> str:
    """Return whether a waiver counts on a day, and if not why."""
    if row.withdrawn_on is not None and row.withdrawn_on <= on:
        return "withdrawn"
    if on > row.expires:
        return "ended"
    return "later" if on < row.granted else "counting"


def _waivers() -> QuerySet[RuleWaiver]:
    rows = RuleWaiver.objects.select_related("check_row", "by", "withdrawn_by").defer("file")
    heavy = ("document", "report", "tables", "floors")
    return rows.defer("file", *(f"check_row__{name}" for name in heavy))
