"""What people do with the source register: register, grade, change, share; connectors are in `connecting`.

Every verb checks permission first (404), then whether it is possible (`Refused`), then writes, leaves a trace and
tells others in one transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from zhiqiao.engines import jobmining
from zhiqiao.infra.jobs.api import publish
from zhiqiao.platform.data import connectors
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.events import PostingsImported, PostingsWithdrawn
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import CollectionTerms, ImportState, PostingImport, Source, TrustGrade
from zhiqiao.platform.data.signals import sections
from zhiqiao.platform.governance.api import Actor, Membership, Organisation, audit, require

__all__ = ["SourceFacts", "change_source", "holds_contact_data", "inbox_of", "register_source", "stewards"]

#: Facts whose values are too long for the trail; that they changed is enough.
_LONG = {"licence_note", "terms_note", "trust_reason"}


@dataclass(frozen=True)
class SourceFacts:
    """What a person states about a source."""

    name: str
    kind: str
    licence_note: str
    collection_terms: str
    terms_note: str
    steward_id: int | None
    trust: str
    trust_reason: str
    places: Sequence[str]
    industries: Sequence[str]
    covers_from: dt.date | None
    covers_to: dt.date | None
    refresh_days: int | None
    refreshed_on: dt.date | None
    is_shared: bool


@transaction.atomic
def register_source(actor: Actor, facts: SourceFacts) -> Source:
    """Register a source of the actor's organisation; nothing has come from it yet."""
    require(actor, "sources.manage")
    if actor.org_root_id is None:
        raise Refused(_("请先选择要代表的机构。"))
    source = Source(
        org_root_id=actor.org_root_id,
        key=free_key(actor.org_root_id, facts.name),
        brought_by_id=actor.user_id,
    )
    _check(actor.org_root_id, facts)
    _write(actor, source, facts)
    source.save()
    audit(actor, "sources.registered", source, detail={"name": facts.name, "shared": facts.is_shared})
    return source


@transaction.atomic
def change_source(actor: Actor, source: Source, facts: SourceFacts) -> dict[str, list[object]]:
    """Change what the register says of a source; return old and new value of each fact that changed."""
    require(actor, "sources.manage", source)
    current = Source.objects.select_for_update().get(pk=source.pk)
    _check(current.org_root_id, facts)
    was_shared = current.is_shared
    changed = _write(actor, current, facts)
    if not changed:
        return {}
    current.save()
    detail = {name: "…" if name in _LONG else [str(old), str(new)] for name, (old, new) in changed.items()}
    audit(actor, "sources.changed", current, detail=detail)
    if current.collection_terms == CollectionTerms.FORBIDDEN:
        _stop_automatic(actor, current)
    if current.is_shared != was_shared:
        _tell_of_sharing(current)
    source.refresh_from_db()
    return changed


def free_key(root: int, name: str) -> str:
    """Return a key for a new source that its organisation does not use yet."""
    key = slugify(name, allow_unicode=True)[:60] or "source"
    return f"{key}-{uuid4().hex[:8]}" if Source.objects.filter(org_root_id=root, key=key).exists() else key


def stewards(root: int | None) -> list[tuple[int, str]]:
    """Return the people of an organisation who may look after a source, by name."""
    if root is None:
        return []
    rows = Membership.objects.current(timezone.localdate()).filter(
        org_root_id=root, role__in=["data_officer", "association_officer", "enterprise_hr", "school_admin"]
    )
    people = {row.user_id: str(row.user) for row in rows.select_related("user")}
    return sorted(people.items(), key=lambda item: item[1])


def holds_contact_data(text: str) -> bool:
    """Tell whether a text names a telephone, address or account of somebody."""
    patterns = current_rules().contacts
    return bool(jobmining.mask_contacts(text, patterns=patterns)[1])


def inbox_of(source: Source) -> str:
    """Return the folder of a source's organisation below the inbox; where that lies is the operator's business."""
    return f"{Organisation.objects.get(pk=source.org_root_id).key}/"


def _check(root: int, facts: SourceFacts) -> None:
    if facts.is_shared and not facts.licence_note.strip():
        raise Refused(_("与全区域共享之前，要写明许可：数据由谁提供、允许怎样使用。"))
    if facts.trust and not facts.trust_reason.strip():
        raise Refused(_("请写明评定这个可信等级的理由。"))
    if facts.covers_from and facts.covers_to and facts.covers_to < facts.covers_from:
        raise Refused(_("覆盖时段的结束早于开始，请改正。"))
    if set(facts.industries) - set(sections()) or facts.trust not in {"", *TrustGrade.values}:
        raise Refused(_("行业门类或可信等级不在目录里。"))
    if any(holds_contact_data(text) for text in (facts.name, facts.licence_note, facts.terms_note)):
        raise Refused(_("登记信息里不要写电话、邮箱等联系方式；负责人请从名单中选择。"))
    if facts.steward_id is not None and facts.steward_id not in dict(stewards(root)):
        raise Refused(_("负责人要是本机构的在职人员。"))


def _write(actor: Actor, source: Source, facts: SourceFacts) -> dict[str, list[object]]:
    """Set the facts on a row that is saved by the caller; a new grade names who graded and when."""
    changed: dict[str, list[object]] = {}
    values = asdict(facts) | {"places": list(facts.places), "industries": sorted(facts.industries)}
    for name, value in values.items():
        old = getattr(source, name)
        if old != value:
            changed[name] = [old, value]
            setattr(source, name, value)
    if "trust" in changed or "trust_reason" in changed:
        source.graded_by_id = actor.user_id if facts.trust else None
        source.graded_at = timezone.now() if facts.trust else None
    return changed


def _stop_automatic(actor: Actor, source: Source) -> None:
    """Switch off what collects by machine; the terms of the source forbid it."""
    for row in source.connectors.filter(is_active=True):
        if connectors.find(row.kind).is_automatic:
            row.is_active = False
            row.save(update_fields=["is_active", "updated_at"])
            audit(actor, "connectors.stopped", source, detail={"connector": row.kind, "why": "terms"})


def _tell_of_sharing(source: Source) -> None:
    """Tell others that postings count more widely, or less: what rests on them is computed anew."""
    event = PostingsImported if source.is_shared else PostingsWithdrawn
    for row in PostingImport.objects.filter(source=source, state=ImportState.LIVE):
        publish(event(str(row.uuid), row.org_root_id, is_shared=True))
