"""Checks a document and keeps the check: document, findings, rules in force, all that was looked up, by digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from zhiqiao.engines import rules
from zhiqiao.engines.kernel import from_json, read_json, to_json, write_json
from zhiqiao.engines.rules import Outcome
from zhiqiao.infra.text import is_plain
from zhiqiao.platform.governance.api import Actor, audit, can, get_visible
from zhiqiao.platform.rules import books
from zhiqiao.platform.rules.documents import Document, DocumentKind, Facts, kind_of
from zhiqiao.platform.rules.errors import AlreadyDone, Damaged, RulesRefused
from zhiqiao.platform.rules.models import KeptRules, RuleCheck, RuleFinding
from zhiqiao.platform.rules.telling import tell_bureau

__all__ = [
    "Judged",
    "Subject",
    "again",
    "check_and_keep",
    "check_only",
    "document_of",
    "report_of",
    "rules_of",
    "share",
]

LONGEST = 2 * 1024**2


@dataclass(frozen=True)
class Subject:
    """Where a document lives in its own domain: its id, the unit it belongs to, and who wrote it.

    Without one the document is a file that the acting person brought: theirs, and of their unit.
    """

    uuid: UUID
    org_root_id: int
    path: str
    authors: tuple[int, ...]
    title: str = ""
    is_demo: bool = False


@dataclass(frozen=True)
class Judged:
    """A check that is not kept: the findings and everything they rest on."""

    kind: DocumentKind
    facts: Facts
    text: str
    sets: tuple[str, ...]
    on: dt.date
    region: str
    report: rules.Report
    in_force: rules.InForce
    tables: Mapping[str, object]
    floors: tuple[rules.Waiver, ...]


def check_only(
    document: Document | str,
    kind: str,
    sets: str | Sequence[str],
    day: dt.date,
    *,
    region: str | None = None,
    floors: Sequence[rules.Waiver] = (),
) -> Judged:
    """Judge a document (a value of the kind, or its JSON) by the rules in force on a day; nothing is stored.

    Without a region the document's own counts, else that of this installation. `floors` are waivers that let a
    regional rule stay below a floor. Raises BadDocument with every wrong place, RulesRefused for unknown kind or set.
    """
    known = kind_of(kind)
    wanted = books.sets_of(sets if isinstance(sets, str) else tuple(sets))
    subject = known.read(document) if isinstance(document, str) else document
    facts = known.facts(subject)
    where = (facts.region or books.home_region()) if region is None else region
    book = books.book().of_set(*wanted)
    tables = known.tables(subject)
    report = known.judge(subject, book, on=day, region=where, waivers=floors, tables=tables)
    in_force = rules.in_force(book, on=day, region=where, scope=known.scope(subject), waivers=floors)
    # floors were judged; that they mark no finding is no fault of theirs
    report = replace(report, refused=())
    text = known.write(subject)
    return Judged(known, facts, text, wanted, day, where, report, in_force, tables, tuple(floors))


@transaction.atomic
def check_and_keep(
    document: Document | str,
    kind: str,
    sets: str | Sequence[str],
    day: dt.date,
    actor: Actor,
    *,
    now: dt.datetime,
    subject: Subject | None = None,
    region: str | None = None,
) -> RuleCheck:
    """Check a document and keep the check for good; waivers of floors on record count, others only mark later.

    Raises what `check_only` raises, Http404 where the actor may not check for that unit.
    """
    from zhiqiao.platform.rules.waiving import floor_waivers

    known = kind_of(kind)
    value = known.read(document) if isinstance(document, str) else document
    row = _row(known, known.facts(value), actor, subject)
    if not can(actor, "rule_checks.make", row):
        raise Http404
    judged = check_only(value, kind, sets, day, region=region, floors=floor_waivers(row, on=day))
    return _kept(row, judged, actor, now)


def _row(kind: DocumentKind, facts: Facts, actor: Actor, subject: Subject | None) -> RuleCheck:
    if len(facts.key) > 200 or len(facts.version) > 100 or len(facts.specialty) > 20:
        raise RulesRefused(_("编号、版本或专业代码太长，不能保存这次检查。"), field="file")
    if not all(is_plain(text) for text in (*vars(facts).values(),) if text):
        raise RulesRefused(_("编号、名称、版本、代码或区域含有看不见的控制字符，不能保存。"), field="file")
    root = subject.org_root_id if subject else actor.org_root_id
    if root is None:
        raise RulesRefused(_("请先选择要代表的机构。"))
    own = (actor.user_id,) if actor.user_id is not None else ()
    return RuleCheck(
        org_root_id=root,
        kind=kind.key,
        title=(subject.title if subject else "")[:200] or facts.title,
        document_key=facts.key,
        document_version=facts.version,
        subject_uuid=subject.uuid if subject else None,
        specialty=facts.specialty,
        path=subject.path if subject else actor.org_path,
        authors=list(subject.authors if subject else own),
        is_demo=subject.is_demo if subject else False,
        by_id=actor.user_id,
    )


def _kept(row: RuleCheck, judged: Judged, actor: Actor, now: dt.datetime) -> RuleCheck:
    findings = judged.report.findings
    report_text = rules.report_json(judged.report)
    row.sets, row.on, row.region = list(judged.sets), judged.on, judged.region[:6]
    row.rules = _kept_rules(judged.in_force)
    row.versions = {
        f"{one.set}@{one.region}" if one.region else one.set: one.version for one in judged.in_force.entries
    } | {"book": books.book().digest}
    row.document, row.document_digest = _packed(judged.text), _digest(judged.text)
    row.report, row.report_digest = _packed(report_text), _digest(report_text)
    row.tables = dict(judged.tables)
    row.floors = [to_json(one) for one in judged.floors]
    row.blocking = len(judged.report.blocking)
    row.failing = sum(one.outcome is Outcome.FAIL for one in findings)
    row.missing = sum(one.outcome is Outcome.MISSING for one in findings)
    row.at = now
    row.save(force_insert=True)
    RuleFinding.objects.bulk_create(
        RuleFinding(
            org_root_id=row.org_root_id,
            check_row=row,
            number=number,
            rule=one.rule,
            outcome=str(one.outcome),
            severity=str(one.severity),
        )
        for number, one in enumerate(findings)
    )
    detail = {
        "document": row.document_digest,
        "report": row.report_digest,
        "rules": row.rules.digest,
        "on": row.on.isoformat(),
        "blocking": row.blocking,
    }
    audit(actor, "rules.checked", row, detail=detail)
    return row


def _kept_rules(in_force: rules.InForce) -> KeptRules:
    text = write_json(
        {
            "entries": [rules.rule_shape(one) for one in in_force.entries],
            "judged": [rules.rule_shape(one) for one in in_force.judged],
        }
    )
    digest = _digest(text)
    found = KeptRules.objects.filter(digest=digest).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return KeptRules.objects.create(digest=digest, content=_packed(text))
    except IntegrityError:  # somebody else kept the same rules at the same moment
        return KeptRules.objects.get(digest=digest)


@transaction.atomic
def share(actor: Actor, uuid: UUID, *, today: dt.date) -> RuleCheck:
    """Show a check to the education authority and tell it; this can not be taken back. Raises AlreadyDone, Http404."""
    row = get_visible(
        actor, "rule_checks.share", RuleCheck.objects.select_for_update(of=("self",)), uuid=uuid
    )
    if row.is_shared:
        raise AlreadyDone(_("已经提交过主管部门。"))
    row.is_shared = True
    row.save(update_fields=["is_shared", "updated_at"])
    audit(actor, "rules.check_shared", row)
    tell_bureau(row, acting=actor, today=today)
    return row


def report_of(row: RuleCheck) -> rules.Report:
    """Return the findings of a kept check, without waivers; raises Damaged."""
    return rules.read_report(_text(row.report, row.report_digest))


def document_of(row: RuleCheck) -> str:
    """Return the checked document as JSON; raises Damaged."""
    return _text(row.document, row.document_digest)


def rules_of(row: RuleCheck) -> rules.InForce:
    """Return the rules as they were in force for a kept check; raises Damaged."""
    shape = cast("dict[str, list[object]]", read_json(_text(row.rules.content, row.rules.digest)))
    entries, judged = (tuple(rules.read_rule(one) for one in shape[name]) for name in ("entries", "judged"))
    return rules.InForce(entries, judged)


def again(row: RuleCheck) -> bool:
    """Check the kept document once more by the kept rules and tables; tell whether every finding is as it was.

    Raises KeyError when a release since has dropped a predicate that was used then.
    """
    kind = kind_of(row.kind)
    now = books.book()
    entries = tuple(rules.with_exact_params(one, now.predicates) for one in rules_of(row).entries)
    book = rules.RuleBook(entries, now.words, now.predicates, now.digest)
    floors = [from_json(rules.Waiver, one) for one in cast("list[object]", row.floors)]
    found = kind.judge(
        kind.read(document_of(row)), book, on=row.on, region=row.region, waivers=floors, tables=row.tables
    )
    return _essence(found) == _essence(report_of(row))


def _essence(report: rules.Report) -> list[tuple[object, ...]]:
    return [
        (one.rule, one.outcome, one.severity, one.at, dict(one.values), dict(one.inputs))
        for one in report.findings
    ]


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _text(packed: Any, digest: str) -> str:  # Any: bytes or a memoryview, by database
    try:
        text = zlib.decompress(bytes(packed)).decode()
    except (zlib.error, UnicodeDecodeError):
        text = ""
    if _digest(text) != digest:
        raise Damaged(_("存储的内容与其摘要不符，可能被改动过，不能使用。请联系系统管理员。"))
    return text
