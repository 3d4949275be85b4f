"""Looks at the connectors that collect by schedule (folders, mailboxes); `delivering` brings in what they find."""

from __future__ import annotations

import datetime as dt
import hashlib
import imaplib
import logging
from collections import defaultdict

from django.utils import translation
from django.utils.translation import gettext_noop

from zhiqiao.infra import storage
from zhiqiao.platform.data import connectors
from zhiqiao.platform.data.connectors.contract import Collector, Link, Offer, Refusal
from zhiqiao.platform.data.connectors.inbox import InboxError
from zhiqiao.platform.data.delivering import (
    OPEN,
    Item,
    both,
    deliver,
    reason_of,
    refuse,
    settle_deliveries,
    taken_copy,
)
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import CollectionTerms, Connector, Delivery, DeliveryState
from zhiqiao.platform.governance.api import Organisation

__all__ = ["collect", "collect_all"]

_UNREACHABLE = gettext_noop("邮件服务器没有应答或拒绝登录，稍后会再试。")
_NO_ACCESS = gettext_noop("收件文件夹无法读写（%(reason)s），请检查它的权限和空间。")
_BROKEN = gettext_noop("查看时出错，已记入日志；其他连接器不受影响，稍后会再试。")
logger = logging.getLogger(__name__)


def collect_all(*, now: dt.datetime) -> dict[str, object]:
    """Follow what is on its way and look at every active connector; return how many things came."""
    came = 0
    for connector in Connector.objects.select_related("source").order_by("id"):
        kind = connectors.collector(connector.kind)
        if kind is not None and connector.is_active:
            came += collect(connector, kind, now=now)
        else:
            settle_deliveries(connector)
    return {"came": came}


def collect(connector: Connector, kind: Collector, *, now: dt.datetime) -> int:
    """Look at one connector and bring in what is new; a fault is kept for its page and tried again."""
    if connector.source.collection_terms == CollectionTerms.FORBIDDEN:
        return 0
    link = _link(connector, now)  # knows what was open before its end is looked up
    settle_deliveries(connector)
    found: dict[str, list[Delivery]] = defaultdict(list)
    trouble: dict[str, str] = {}
    try:
        for thing in kind.look(link):
            found[thing.batch].append(_take(connector, thing))
        _put_away(connector, kind, link, found)
    except InboxError as error:
        trouble = both(str(error))
    except (OSError, imaplib.IMAP4.error) as error:
        if isinstance(error, OSError) and error.filename is not None:
            trouble = both(_NO_ACCESS, {"reason": error.strerror})
        else:  # what fails on the network names no file
            trouble = both(_UNREACHABLE)
    except Exception:
        # one connector's fault must not keep the others from their files
        logger.exception("connector %s could not be looked at", connector.uuid)
        trouble = both(_BROKEN)
    Connector.objects.filter(pk=connector.pk).update(memory=link.memory, looked_at=now, trouble=trouble)
    return sum(len(deliveries) for deliveries in found.values())


def _link(connector: Connector, now: dt.datetime) -> Link:
    organisation = Organisation.objects.get(pk=connector.org_root_id)
    batches = connector.deliveries.filter(state__in=OPEN).values_list("batch", flat=True)
    return Link(
        options=connector.options,
        root=storage.inbox(organisation.key),
        open_batches=frozenset(batches),
        now=now,
        memory=dict(connector.memory),
    )


def _take(connector: Connector, thing: Offer | Refusal) -> Delivery:
    origin = {key: value.replace("\x00", "") for key, value in thing.origin.items()}
    if isinstance(thing, Refusal):
        key = thing.key or f"refused:{hashlib.sha256(thing.batch.encode()).hexdigest()}"
        reason = both(thing.reason, thing.values)
        return refuse(connector, key, name=thing.name, batch=thing.batch, origin=origin, reason=reason)
    try:
        with translation.override("zh-hans"):
            path, digest, size = taken_copy(thing.path)
    except Refused as error:
        key = thing.key or f"refused:{hashlib.sha256(thing.batch.encode()).hexdigest()}"
        reason = reason_of(error)
        return refuse(connector, key, name=thing.name, batch=thing.batch, origin=origin, reason=reason)
    item = Item(thing.key or digest, thing.name, path, digest, size, thing.batch, origin)
    return deliver(connector, item)


def _put_away(connector: Connector, kind: Collector, link: Link, found: dict[str, list[Delivery]]) -> None:
    """Put away each batch that is decided: of this look, and of earlier ones that have come to their end."""
    for batch in link.open_batches - set(found):
        found[batch] = list(connector.deliveries.filter(batch=batch))
    for batch, deliveries in found.items():
        if not batch or any(row.state in OPEN and row.batch == batch for row in deliveries):
            continue
        failed = [row for row in deliveries if row.state in {DeliveryState.FAILED, DeliveryState.REFUSED}]
        reason = "\n".join(
            f"{row.name}: {row.reason.get('zh', '')} {row.reason.get('en', '')}" for row in failed
        )
        kind.settle(link, batch, reason)
