"""The JSON API of the rules: the rule book, checking a document of another system, kept checks, waivers."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja.responses import Status
from pydantic import JsonValue

from zhiqiao.engines import rules
from zhiqiao.engines.rules import Outcome
from zhiqiao.infra.rest import (
    READS,
    WRITES,
    Number,
    PageOut,
    PersonRate,
    ProblemOut,
    Size,
    level_of,
    part,
)
from zhiqiao.platform.governance.api import action, api_actor
from zhiqiao.platform.rules import books, selectors
from zhiqiao.platform.rules.checking import check_and_keep, check_only
from zhiqiao.platform.rules.documents import PLAN
from zhiqiao.platform.rules.errors import BadDocument, Damaged, RulesRefused
from zhiqiao.platform.rules.models import KeptRules, RuleCheck, RuleFinding, RuleWaiver
from zhiqiao.platform.rules.rest_answers import (
    CheckedOut,
    CheckOut,
    RuleOut,
    WaiverOut,
    check_out,
    finding_out,
    rule_out,
    waiver_out,
)
from zhiqiao.platform.rules.waiving import findings_with_waivers

router = Router(tags=["rules"])


class CheckRate(PersonRate):
    """How many documents a person may have checked; counted apart from reading."""

    def get_cache_key(self, request: HttpRequest) -> str | None:
        """Return whose checks are counted."""
        key = super().get_cache_key(request)
        return key and f"rules:{key}"


#: A check of a large plan takes some 0.1 s of processor time.
LIMIT = CheckRate("60/m")
Set = Annotated[str, Field(max_length=40)]


class RuleFilter(Schema):
    """Which rules are asked for; a region is a code of six digits, `-` the whole country."""

    set: str = ""
    state: str = ""
    severity: str = ""
    region: str = ""


class RulesOut(PageOut):
    """A page of rules."""

    items: list[RuleOut]


class CheckIn(Schema):
    """A document to check: a plan in the plan file format, by which sets (all if none), for which day and region.

    Without a day today counts, without a region the document's own; `keep` stores document and findings for good.
    """

    kind: Annotated[str, Field(max_length=20)] = PLAN.key
    document: dict[str, JsonValue]
    sets: Annotated[list[Set], Field(max_length=20)] = Field(default_factory=list)
    on: dt.date | None = None
    region: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    keep: bool = False


class ChecksOut(PageOut):
    """A page of kept checks."""

    items: list[CheckOut]


class WaiversOut(PageOut):
    """A page of waivers."""

    items: list[WaiverOut]


@router.get(
    "/rules",
    response={200: RulesOut, **READS},
    summary="The rule book",
    openapi_extra=level_of(KeptRules),
)
@action("rules.read")
def rule_list(
    request: HttpRequest,  # noqa: ARG001
    wanted: Query[RuleFilter],
    page: Number = 1,
    size: Size = 50,
) -> RulesOut:
    """Return rules, narrowed to a set, a state of the source, a severity, a region."""
    rows = [
        rule
        for rule in books.book().rules
        if wanted.set in {"", rule.set}
        and wanted.state in {"", rule.state}
        and wanted.severity in {"", rule.severity}
        and wanted.region in {"", rule.region or "-"}
    ]
    items = [rule_out(rule) for rule in part(rows, page=page, size=size)]
    return RulesOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/rules/{rule_id}",
    response={200: list[RuleOut], **READS},
    summary="Every entry of one rule",
    openapi_extra=level_of(KeptRules),
)
@action("rules.read")
def rule_one(
    request: HttpRequest,  # noqa: ARG001
    rule_id: str,
) -> Status[list[RuleOut] | ProblemOut]:
    """Return the national entry of a rule and those of regions and other years."""
    entries = books.book().entries(rule_id.upper())
    if not entries:
        return Status(404, ProblemOut(detail="there is no such rule"))
    return Status(200, [rule_out(rule) for rule in entries])


@router.post(
    "/rule-checks",
    response={200: CheckedOut, 201: CheckedOut, **WRITES},
    summary="Check a document of another system",
    openapi_extra=level_of(RuleCheck),
    throttle=[LIMIT],
)
@action("rule_checks.make")
def check_make(request: HttpRequest, payload: CheckIn) -> Status[CheckedOut | ProblemOut]:
    """Judge a document by the rules in force on a day: 200 with the findings, 201 when the check is kept."""
    text = json.dumps(payload.document, ensure_ascii=False)
    day = payload.on or timezone.localdate()
    try:
        if payload.keep:
            row = check_and_keep(
                text,
                payload.kind,
                payload.sets,
                day,
                api_actor(request),
                now=timezone.now(),
                region=payload.region,
            )
            return Status(201, _checked(row, on=timezone.localdate()))
        judged = check_only(text, payload.kind, payload.sets, day, region=payload.region)
    except BadDocument as error:
        places: list[JsonValue] = [{"place": place, "reason": reason} for place, reason in error.problems]
        return Status(422, ProblemOut(detail=places or str(error)))
    except RulesRefused as error:
        return Status(422, ProblemOut(detail=str(error)))
    out = CheckedOut(
        check=None,
        on=judged.on,
        region=judged.region,
        sets=list(judged.sets),
        blocks=bool(judged.report.blocking),
        outcomes=_counted(judged.report),
        findings=[finding_out(one, None) for one in judged.report.findings],
        waivers=[],
    )
    return Status(200, out)


@router.get(
    "/rule-checks",
    response={200: ChecksOut, **READS},
    summary="Kept checks one may read",
    openapi_extra=level_of(RuleCheck),
)
@action("rule_checks.read")
def check_list(
    request: HttpRequest,
    document_key: str = "",
    subject: UUID | None = None,
    page: Number = 1,
    size: Size = 50,
) -> ChecksOut:
    """Return kept checks, of one document where asked for, the newest first."""
    rows = selectors.checks(api_actor(request))
    if document_key:
        rows = rows.filter(document_key=document_key)
    if subject:
        rows = rows.filter(subject_uuid=subject)
    first = (page - 1) * size
    items = [check_out(row) for row in rows[first : first + size]]
    return ChecksOut(total=rows.count(), page=page, size=size, items=items)


@router.get(
    "/rule-checks/{uuid}",
    response={200: CheckedOut, **READS, 422: ProblemOut},
    summary="One kept check with its findings and waivers",
    openapi_extra=level_of(RuleCheck),
)
@action("rule_checks.read")
def check_one(
    request: HttpRequest, uuid: UUID, on: Annotated[dt.date | None, Query()] = None
) -> Status[CheckedOut | ProblemOut]:
    """Return every finding of a check, marked by the waivers that count on a day (today)."""
    row = selectors.check_row(api_actor(request), uuid)
    try:
        return Status(200, _checked(row, on=on or timezone.localdate()))
    except Damaged as error:
        return Status(422, ProblemOut(detail=str(error)))


@router.get(
    "/rule-waivers",
    response={200: WaiversOut, **READS},
    summary="Waivers one may see",
    openapi_extra=level_of(RuleWaiver),
)
@action("waivers.read")
def waiver_list(
    request: HttpRequest,
    rule: str = "",
    on: Annotated[dt.date | None, Query()] = None,
    page: Number = 1,
    size: Size = 50,
) -> WaiversOut:
    """Return waivers with their state on a day (today), of one rule where asked for, the newest first."""
    day = on or timezone.localdate()
    rows = [one for one in selectors.waivers(api_actor(request), on=day) if rule in {"", one.rule}]
    items = [waiver_out(one.row, state=one.state) for one in part(rows, page=page, size=size)]
    return WaiversOut(total=len(rows), page=page, size=size, items=items)


def _checked(row: RuleCheck, *, on: dt.date) -> CheckedOut:
    marked = findings_with_waivers(row, on=on)
    uuids = dict(RuleFinding.objects.filter(check_row=row).values_list("number", "uuid"))
    return CheckedOut(
        check=check_out(row),
        on=row.on,
        region=row.region,
        sets=row.sets,
        blocks=bool(marked.blocking),
        outcomes=_counted(marked.report),
        findings=[finding_out(one, uuids.get(number)) for number, one in enumerate(marked.report.findings)],
        waivers=[
            waiver_out(one, state=selectors.state_on(one, on)) for one in (*marked.counting, *marked.others)
        ],
    )


def _counted(report: rules.Report) -> dict[str, int]:
    return {outcome.value: sum(one.outcome is outcome for one in report.findings) for outcome in Outcome}
