"""What an enterprise does with its own postings: write, publish, change, close.

A published version is one row of an import of the enterprise's own source. A new version takes the old one out first,
so that a change never counts twice.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from zhiqiao.engines import jobmining
from zhiqiao.platform.data import actions
from zhiqiao.platform.data.delivering import Item, acting_for, deliver
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.mined_with import current_rules
from zhiqiao.platform.data.models import (
    CollectionTerms,
    Connector,
    Delivery,
    DeliveryState,
    ImportState,
    Source,
    SourceKind,
    Vacancy,
    VacancyState,
)
from zhiqiao.platform.data.pushing import write_rows
from zhiqiao.platform.governance.api import Actor, Organisation, audit, require

__all__ = ["VacancyFacts", "close_vacancy", "publish_vacancy", "save_vacancy"]

KIND = "enterprise_form"
_SOURCE_KEY = "own-postings"
_NEW_VERSION = gettext_noop("企业修改了岗位，由新版本取代")
_CLOSED = gettext_noop("企业关闭了岗位")
_COLUMNS = (
    "id",
    "title",
    "text",
    "company",
    "city",
    "salary_min",
    "salary_max",
    "diploma",
    "experience",
    "published",
)


@dataclass(frozen=True)
class VacancyFacts:
    """What an enterprise writes about a posting; pay in RMB a month."""

    title: str
    text: str
    city: str
    salary_min: int | None
    salary_max: int | None
    diploma: str
    experience: str


@transaction.atomic
def save_vacancy(actor: Actor, vacancy: Vacancy | None, facts: VacancyFacts) -> Vacancy:
    """Keep a draft, new or changed; what is published stays as it is until it is published again."""
    require(actor, "vacancies.manage", vacancy)
    if actor.org_root_id is None:
        raise Refused(_("请先选择要代表的机构。"))
    if vacancy is not None and vacancy.state == VacancyState.CLOSED:
        raise Refused(_("岗位已关闭，不能再改；需要时请新建一个。"))
    if facts.salary_min and facts.salary_max and facts.salary_max < facts.salary_min:
        raise Refused(_("月薪上限低于下限，请改正。"))
    row = vacancy or Vacancy(
        org_root_id=actor.org_root_id, source=_own_source(actor, actor.org_root_id), made_by_id=actor.user_id
    )
    values = asdict(facts) | {"title": _masked(facts.title), "text": _masked(facts.text)}
    if vacancy is not None and all(getattr(row, name) == value for name, value in values.items()):
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.is_changed = True
    row.save()
    audit(actor, "vacancies.saved", row, detail={"title": row.title[:100]})
    return row


def publish_vacancy(actor: Actor, vacancy: Vacancy) -> Delivery:
    """Publish the draft as a new version; the version before counts no more."""
    require(actor, "vacancies.manage", vacancy)
    with transaction.atomic():
        row = Vacancy.objects.select_for_update().select_related("source").get(pk=vacancy.pk)
        if row.state == VacancyState.CLOSED:
            raise Refused(_("岗位已关闭，不能再发布；需要时请新建一个。"))
        if not row.is_changed:
            raise Refused(_("内容没有变化，不必再发布。"))
        connector = _connector(actor, row.source)
        _take_out(connector, row, _NEW_VERSION)
        row.version += 1
        row.published_on = row.published_on or timezone.localdate()
        row.state, row.is_changed, row.posting_import = VacancyState.PUBLISHED, False, None
        row.save()
        audit(actor, "vacancies.published", row, detail={"version": row.version})
    delivery = deliver(connector, _item(row))
    Vacancy.objects.filter(pk=row.pk).update(
        posting_import=delivery.posting_import,
        # a version that could not be brought in may be published again
        is_changed=delivery.state == DeliveryState.FAILED,
    )
    vacancy.refresh_from_db()
    return delivery


@transaction.atomic
def close_vacancy(actor: Actor, vacancy: Vacancy) -> None:
    """Close a posting: it counts no more, what was written stays for the enterprise."""
    require(actor, "vacancies.manage", vacancy)
    row = Vacancy.objects.select_for_update().select_related("source").get(pk=vacancy.pk)
    if row.state == VacancyState.CLOSED:
        raise Refused(_("岗位已经关闭。"))
    _take_out(_connector(actor, row.source), row, _CLOSED)
    row.state = VacancyState.CLOSED
    row.save()
    audit(actor, "vacancies.closed", row, detail={"version": row.version})
    vacancy.refresh_from_db()


def _take_out(connector: Connector, row: Vacancy, reason: str) -> None:
    """Withdraw the published version, or stop it where it is not live yet."""
    current = row.posting_import
    if current is None:
        return
    machine = acting_for(connector)
    if current.state == ImportState.LIVE:
        with override("zh-hans"):
            actions.withdraw_import(machine, current, reason=_(reason))
    elif current.state in {
        ImportState.UPLOADED,
        ImportState.QUEUED,
        ImportState.RUNNING,
        ImportState.FAILED,
    }:
        actions.cancel_import(machine, current)


def _item(row: Vacancy) -> Item:
    organisation = Organisation.objects.get(pk=row.org_root_id)
    values: dict[str, object] = {
        "id": f"{row.uuid}",
        "title": row.title,
        "text": row.text,
        "company": organisation.name_zh,
        "city": row.city,
        "salary_min": row.salary_min,
        "salary_max": row.salary_max,
        "diploma": row.diploma,
        "experience": row.experience,
        "published": row.published_on.isoformat() if row.published_on else "",
    }
    cells = {name: "" if values[name] is None else str(values[name]) for name in _COLUMNS}
    path, digest, size = write_rows([cells])
    version = str(row.version)
    return Item(
        key=f"{row.uuid}:{version}",
        name=f"{row.title[:60]} v{version}.jsonl",
        path=path,
        digest=digest,
        size=size,
        origin={"vacancy": str(row.uuid), "version": version},
        columns={name: name for name in _COLUMNS},
    )


def _own_source(actor: Actor, root: int) -> Source:
    """Return the source that holds an enterprise's own postings; it is registered with the first one."""
    organisation = Organisation.objects.get(pk=root)
    source, created = Source.objects.get_or_create(
        org_root_id=root,
        key=_SOURCE_KEY,
        defaults={
            "name": f"{organisation.name_zh} · 自有岗位",
            "kind": SourceKind.ENTERPRISE,
            "licence_note": "企业在平台自行发布，允许区域内机构查看、统计。",
            "collection_terms": CollectionTerms.PERMITTED,
            "brought_by_id": actor.user_id,
            "steward_id": actor.user_id,
            "is_shared": True,
            "is_demo": organisation.is_demo,
        },
    )
    if created:
        audit(actor, "sources.registered", source, detail={"name": source.name, "shared": True})
    return source


def _connector(actor: Actor, source: Source) -> Connector:
    connector, _created = Connector.objects.select_related("source").get_or_create(
        source=source,
        kind=KIND,
        defaults={"org_root_id": source.org_root_id, "made_by_id": actor.user_id},
    )
    return connector


def _masked(text: str) -> str:
    """Return a text without telephone numbers and the like: they are not kept, not even in a draft."""
    return jobmining.mask_contacts(text, patterns=current_rules().contacts)[0]
