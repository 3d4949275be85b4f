"""Making an edition: gathers the facts of a year, freezes them, and opens or renews the draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit
from zhiqiao.apps.management.models import (
    OPEN_STATES,
    EditionBlock,
    EditionPart,
    EditionState,
    EditionStep,
    ReportEdition,
)
from zhiqiao.apps.management.report import gathering
from zhiqiao.apps.management.report.composing import LANGUAGES, block_keys, generated, used_versions
from zhiqiao.apps.management.report.parts import digest_of, keep_text
from zhiqiao.engines.report import ReportFacts, facts_to_text
from zhiqiao.platform.governance.api import Actor, audit, require, visible

__all__ = ["MAX_REASON", "SAVING", "check_wish", "make_draft", "note"]

MAX_REASON = 500
FIRST_YEAR, LAST_YEAR = 2000, 2100
SAVING = gettext_noop("保存草稿")
Step = Callable[[int, str], None]


def check_wish(year: int, *, acting: Actor, correction: str) -> None:
    """Say early what would stop the making of an edition: AlreadyDecided or BadEdit, with the reason."""
    require(acting, "reports.edit", ReportEdition(org_root_id=acting.org_root_id or 0))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadEdit(_("请填写四位数的年份。"))
    editions = list(_editions(acting, year))
    open_one = next((row for row in editions if row.state in OPEN_STATES), None)
    if open_one is not None and open_one.state != EditionState.DRAFT:
        raise AlreadyDecided(_("这一年度的报告正在签发，不能重新编制；请先退回修改。"))
    if open_one is None and editions and not correction.strip():
        raise BadEdit(_("这一年度已有发布的报告。更正要编制新的一版，请写明更正的原因。"))


def make_draft(
    year: int, *, acting: Actor, correction: str, today: dt.date, now: dt.datetime, step: Step
) -> ReportEdition:
    """Gather the facts of a year and keep them: a new draft, or new figures under the texts of the open one.

    `step` is told the work done and may raise to stop; nothing is kept then. Raises NothingToReport without data.
    """
    check_wish(year, acting=acting, correction=correction)
    facts = gathering.gather_facts(acting, year, today=today, step=step)
    with transaction.atomic():
        check_wish(year, acting=acting, correction=correction)
        return _kept(facts, acting=acting, correction=correction.strip()[:MAX_REASON], now=now)


def _editions(acting: Actor, year: int) -> list[ReportEdition]:
    rows = visible(acting, "reports.edit", ReportEdition.objects.select_for_update(of=("self",)))
    with transaction.atomic():
        return list(rows.filter(year=year).order_by("number"))


def _kept(facts: ReportFacts, *, acting: Actor, correction: str, now: dt.datetime) -> ReportEdition:
    text = facts_to_text(facts)
    earlier = [row for row in _editions(acting, facts.year) if row.region == facts.region.key]
    row = next((one for one in earlier if one.state == EditionState.DRAFT), None)
    verb = EditionStep.Verb.REMADE
    if row is None:
        row, verb = _new(facts, earlier, acting=acting, correction=correction, now=now), EditionStep.Verb.MADE
    else:
        row.version += 1
    _fill(row, facts, now=now)
    row.facts_digest = digest_of(text.encode())
    row.save()
    keep_text(row, EditionPart.Kind.FACTS, text)
    _keep_blocks(row)
    note(row, verb, acting=acting, now=now, reason=correction if verb == EditionStep.Verb.MADE else "")
    audit(
        acting,
        f"report.{verb}",
        obj=("report_edition", str(row.uuid)),
        detail={"year": row.year, "number": row.number, "facts": row.facts_digest, "correction": correction},
    )
    return row


def _new(
    facts: ReportFacts, earlier: list[ReportEdition], *, acting: Actor, correction: str, now: dt.datetime
) -> ReportEdition:
    last = earlier[-1] if earlier else None
    return ReportEdition(
        org_root_id=acting.org_root_id or 0,
        region=facts.region.key,
        region_zh=facts.region.zh,
        region_en=facts.region.en or facts.region.zh,
        year=facts.year,
        number=last.number + 1 if last else 1,
        replaces=last,
        correction=correction if last else "",
        made_by_id=acting.user_id,
        made_at=now,
    )


def _fill(row: ReportEdition, facts: ReportFacts, *, now: dt.datetime) -> None:
    row.facts_at = now
    row.first_month, row.last_month = facts.months[0], facts.months[-1]
    row.is_demo = facts.label is not None
    row.versions = {**{key: str(value) for key, value in facts.versions.items()}, **used_versions()}


def _keep_blocks(row: ReportEdition) -> None:
    known = set(EditionBlock.objects.filter(edition=row).values_list("key", flat=True))
    keys = {key for language in LANGUAGES for key in block_keys(generated(row, language))}
    EditionBlock.objects.bulk_create(
        EditionBlock(org_root_id=row.org_root_id, edition=row, key=key) for key in sorted(keys - known)
    )


def note(
    row: ReportEdition, verb: EditionStep.Verb, *, acting: Actor, now: dt.datetime, reason: str = ""
) -> None:
    """Write a step of an edition down."""
    EditionStep.objects.create(
        org_root_id=row.org_root_id, edition=row, verb=verb, by_id=acting.user_id, at=now, reason=reason
    )
