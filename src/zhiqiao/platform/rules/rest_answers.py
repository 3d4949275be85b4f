"""What the JSON API of the rules answers: rules, findings, checks and waivers as other systems read them."""

from __future__ import annotations

import datetime as dt
from typing import cast
from uuid import UUID

from ninja import Schema
from pydantic import JsonValue

from zhiqiao.engines import rules
from zhiqiao.engines.kernel import to_json
from zhiqiao.infra.rest import NameOut
from zhiqiao.platform.rules.models import RuleCheck, RuleWaiver

__all__ = [
    "CheckOut",
    "CheckedOut",
    "FindingOut",
    "RuleOut",
    "WaiverOut",
    "check_out",
    "finding_out",
    "rule_out",
    "waiver_out",
]


class RuleSourceOut(Schema):
    """Where a rule is written."""

    document: NameOut
    article: str
    url: str
    note: NameOut | None


class WaiverWayOut(Schema):
    """A way in which a rule may be waived; `separate`: not by who wrote the document."""

    kind: str
    name: NameOut
    offices: list[str]
    separate: bool


class RuleOut(Schema):
    """An entry of a rule; `severity` is the one it has once `state` is confirmed, before that it warns at most."""

    id: str
    set: str
    version: str
    title: NameOut
    text: NameOut
    source: RuleSourceOut
    state: str
    severity: str
    predicate: str
    params: dict[str, JsonValue]
    floors: dict[str, str]
    applies_to: dict[str, list[str]]
    messages: dict[str, NameOut]
    fix: NameOut
    waivers: list[WaiverWayOut]
    region: str
    valid_from: dt.date | None
    valid_to: dt.date | None


class FindingWaiverOut(Schema):
    """The waiver that lifts a finding."""

    kind: str
    office: str
    person: str
    reason: str
    document: str
    granted: dt.date | None
    expires: dt.date


class FindingOut(Schema):
    """A finding; `inputs` are values by place (null unknown), `blocks` says that it stops the act."""

    uuid: UUID | None
    rule: str
    set: str
    version: str
    state: str
    target: str
    severity: str
    outcome: str
    blocks: bool
    title: NameOut
    message: NameOut
    fix: NameOut
    source: RuleSourceOut
    at: list[str]
    inputs: dict[str, JsonValue]
    notes: list[NameOut]
    may_waive: list[WaiverWayOut]
    waiver: FindingWaiverOut | None


class CheckOut(Schema):
    """A kept check; its counts are of findings without waivers."""

    uuid: UUID
    kind: str
    title: str
    document_key: str
    document_version: str
    document_sha256: str
    report_sha256: str
    subject: UUID | None
    sets: list[str]
    versions: dict[str, str]
    on: dt.date
    region: str
    blocking: int
    failing: int
    missing: int
    at: dt.datetime
    is_shared: bool
    is_demo: bool


class WaiverOut(Schema):
    """A waiver; `state` on the day asked for is counting, later, ended or withdrawn."""

    uuid: UUID
    check: UUID
    rule: str
    kind: str
    office: str
    person: str
    reason: str
    reference: str
    file_sha256: str
    scope: str
    granted: dt.date
    expires: dt.date
    withdrawn_on: dt.date | None
    state: str


class CheckedOut(Schema):
    """The findings of a check; `check` only when it is kept, `outcomes` counts findings."""

    check: CheckOut | None
    on: dt.date
    region: str
    sets: list[str]
    blocks: bool
    outcomes: dict[str, int]
    findings: list[FindingOut]
    waivers: list[WaiverOut]


def rule_out(rule: rules.Rule) -> RuleOut:
    """Return an entry of a rule."""
    return RuleOut(
        id=rule.id,
        set=rule.set,
        version=rule.version,
        title=_name(rule.title),
        text=_name(rule.text),
        source=_source(rule.source),
        state=rule.state.value,
        severity=rule.severity.value,
        predicate=rule.predicate,
        params=cast("dict[str, JsonValue]", rules.plain_params(rule)),
        floors=dict(rule.floors),
        applies_to={name: list(values) for name, values in rule.applies_to.items()},
        messages={name: _name(text) for name, text in rule.messages.items()},
        fix=_name(rule.fix),
        waivers=[_way(kind) for kind in rule.waivers],
        region=rule.region,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
    )


def finding_out(one: rules.Finding, uuid: UUID | None) -> FindingOut:
    """Return a finding."""
    return FindingOut(
        uuid=uuid,
        rule=one.rule,
        set=one.set,
        version=one.version,
        state=one.state.value,
        target=one.target.value,
        severity=one.severity.value,
        outcome=one.outcome.value,
        blocks=one.blocks,
        title=_name(one.title),
        message=_name(one.message),
        fix=_name(one.fix),
        source=_source(one.source),
        at=list(one.at),
        inputs={name: cast("JsonValue", to_json(value)) for name, value in one.inputs.items()},
        notes=[_name(note) for note in one.notes],
        may_waive=[_way(kind) for kind in one.may_waive],
        waiver=_waiver(one.waiver) if one.waiver else None,
    )


def check_out(row: RuleCheck) -> CheckOut:
    """Return a kept check."""
    names = {
        *("uuid", "kind", "title", "document_key", "document_version", "sets", "versions", "on", "region"),
        *("blocking", "failing", "missing", "at", "is_shared", "is_demo"),
    }
    return CheckOut(
        **{name: getattr(row, name) for name in names},
        document_sha256=row.document_digest,
        report_sha256=row.report_digest,
        subject=row.subject_uuid,
    )


def waiver_out(row: RuleWaiver, *, state: str) -> WaiverOut:
    """Return a waiver with its state on a day."""
    names = {
        *("uuid", "rule", "kind", "office", "person", "reason", "reference", "scope", "granted"),
        *("expires", "withdrawn_on"),
    }
    return WaiverOut(
        **{name: getattr(row, name) for name in names},
        check=row.check_row.uuid,
        file_sha256=row.file_digest,
        state=state,
    )


def _waiver(waiver: rules.Waiver) -> FindingWaiverOut:
    return FindingWaiverOut(
        kind=waiver.kind,
        office=waiver.office,
        person=waiver.person,
        reason=waiver.reason,
        document=waiver.document,
        granted=waiver.granted,
        expires=waiver.expires,
    )


def _name(text: rules.Text) -> NameOut:
    return NameOut(zh=text.zh, en=text.en)


def _source(source: rules.Source) -> RuleSourceOut:
    return RuleSourceOut(
        document=_name(source.document),
        article=source.article,
        url=source.url,
        note=_name(source.note) if source.note else None,
    )


def _way(kind: rules.WaiverKind) -> WaiverWayOut:
    return WaiverWayOut(kind=kind.key, name=_name(kind.name), offices=list(kind.by), separate=kind.separate)
