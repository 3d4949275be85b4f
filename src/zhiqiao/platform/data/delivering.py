"""Takes what a connector brings, once, and hands it to the import that every file goes through; or says why not.

A delivery is claimed by its key before anything is read, so two workers (or the same batch twice) bring it in once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from zhiqiao.engines import tabular
from zhiqiao.infra import storage
from zhiqiao.platform.data import actions, connectors, intake, uploads, wages
from zhiqiao.platform.data.connectors.inbox import NOT_A_FILE
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.merging import merging_rules
from zhiqiao.platform.data.models import (
    CollectionTerms,
    Connector,
    Delivery,
    DeliveryState,
    ImportState,
    PostingImport,
    SourceKind,
)
from zhiqiao.platform.governance.api import Actor, audit

__all__ = [
    "FORBIDDEN",
    "OPEN",
    "Item",
    "acting_for",
    "both",
    "deliver",
    "refuse",
    "settle_deliveries",
    "taken_copy",
]

OPEN = (DeliveryState.TAKEN, DeliveryState.STARTED)
_AGAIN = (DeliveryState.FAILED, DeliveryState.REFUSED)
_TOO_LARGE = gettext_noop("文件超过 %(limit)s MB 的上限，没有保存。请拆分后分别导入。")
_IMPORT_FAILED = gettext_noop("导入失败，没有保存任何招聘信息；原因见这次导入的页面。")
_WITHDRAWN = gettext_noop("这次导入已被取消或撤回。")
FORBIDDEN = gettext_noop("这个来源的条款禁止自动采集，没有接收。")


class RefusedInBoth(Refused):
    """Raised with a sentence that holds values, already in both languages."""

    def __init__(self, reasons: dict[str, str]) -> None:
        super().__init__(reasons["zh"])
        self.reasons = reasons


@dataclass(frozen=True)
class Item:
    """A file in the temporary folder that a connector brought; `key` makes it the same when it comes again."""

    key: str
    name: str
    path: Path
    digest: str
    size: int
    batch: str = ""
    origin: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] | None = None
    """Which column holds what, where the connector knows; else they are recognised."""


def acting_for(connector: Connector) -> Actor:
    """Return who acts when a connector brings something: the machine, in the name of who set it up."""
    return Actor(
        user_id=connector.made_by_id,
        name=f"connector:{connector.kind}",
        role="system",
        org_root_id=connector.org_root_id,
    )


def taken_copy(path: Path) -> tuple[Path, str, int]:
    """Copy a file to the temporary folder without following a link; return copy, SHA-256 and bytes.

    Raises Refused when it is a link or larger than an upload may be.
    """
    limit = uploads.upload_limit()
    digest, size = hashlib.sha256(), 0
    target = storage.spare_path()
    try:
        source = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError as error:
        raise Refused(gettext(NOT_A_FILE)) from error
    with source, target.open("xb") as out:
        while piece := source.read(1024**2):
            size += len(piece)
            if size > limit:
                out.close()
                target.unlink()
                raise RefusedInBoth(both(_TOO_LARGE, {"limit": limit // 1024**2}))
            digest.update(piece)
            out.write(piece)
    return target, digest.hexdigest(), size


def deliver(connector: Connector, item: Item) -> Delivery:
    """Bring an item in, or find that it already came; the item's file is used up either way."""
    delivery = _claim(connector, item)
    if delivery is None:
        item.path.unlink(missing_ok=True)
        return Delivery.objects.get(connector=connector, key=item.key)
    try:
        with translation.override("zh-hans"), transaction.atomic():
            _bring(connector, delivery, item)
    except (Refused, tabular.TableError) as error:
        _close(delivery, DeliveryState.FAILED, reason_of(error))
        audit(
            acting_for(connector),
            "deliveries.failed",
            connector.source,
            detail={"name": item.name, "reason": delivery.reason.get("en", "")[:200]},
            succeeded=False,
        )
    finally:
        item.path.unlink(missing_ok=True)
    delivery.refresh_from_db()
    return delivery


def refuse(
    connector: Connector,
    item_key: str,
    *,
    name: str,
    batch: str,
    origin: Mapping[str, str],
    reason: dict[str, str],
) -> Delivery:
    """Keep a trace of something that is not brought in."""
    delivery, _created = Delivery.objects.update_or_create(
        connector=connector,
        key=item_key,
        defaults={
            "org_root_id": connector.org_root_id,
            "name": name[:255],
            "batch": batch,
            "origin": dict(origin),
            "state": DeliveryState.REFUSED,
            "reason": reason,
        },
    )
    audit(
        acting_for(connector),
        "deliveries.refused",
        connector.source,
        detail={"name": name[:100], "reason": reason.get("en", "")[:200]},
        succeeded=False,
    )
    return delivery


def settle_deliveries(connector: Connector) -> None:
    """Follow the imports of open deliveries to their end."""
    for delivery in connector.deliveries.filter(state=DeliveryState.STARTED).select_related("posting_import"):
        row = delivery.posting_import
        if row is None or row.state in {
            ImportState.CANCELLED,
            ImportState.WITHDRAWN,
            ImportState.WITHDRAWING,
        }:
            _close(delivery, DeliveryState.FAILED, both(_WITHDRAWN))
        elif row.state == ImportState.LIVE:
            delivery.rows = row.rows_in
            _close(delivery, DeliveryState.DONE, {})
        elif row.state == ImportState.FAILED:
            _close(delivery, DeliveryState.FAILED, dict(row.error) or both(_IMPORT_FAILED))


def both(msgid: str, values: Mapping[str, object] | None = None) -> dict[str, str]:
    """Return a sentence in both languages."""
    found = {}
    for name, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            found[name] = gettext(msgid) % values if values else gettext(msgid)
    return found


def reason_of(error: Exception) -> dict[str, str]:
    """Return an error's sentence in both languages; one without values is its own msgid."""
    if isinstance(error, RefusedInBoth):
        return error.reasons
    cause = error if isinstance(error, tabular.TableError) else error.__cause__
    if isinstance(cause, tabular.TableError):
        return {"zh": cause.text("zh"), "en": cause.text("en")}
    return both(str(error))


def _claim(connector: Connector, item: Item) -> Delivery | None:
    """Return the delivery to bring in now; None when it came already or another worker has it."""
    values = {
        "org_root_id": connector.org_root_id,
        "name": item.name[:255],
        "digest": item.digest,
        "batch": item.batch,
        "origin": dict(item.origin),
    }
    delivery, created = Delivery.objects.get_or_create(connector=connector, key=item.key, defaults=values)
    if created:
        return delivery
    lost = timezone.now() - dt.timedelta(minutes=merging_rules().connectors.settle_minutes)
    again = Delivery.objects.filter(pk=delivery.pk, state__in=_AGAIN) | Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.TAKEN, updated_at__lt=lost
    )
    if not again.update(state=DeliveryState.TAKEN, reason={}, updated_at=timezone.now(), **values):
        return None
    delivery.refresh_from_db()
    return delivery


def _bring(connector: Connector, delivery: Delivery, item: Item) -> None:
    actor = acting_for(connector)
    source = connector.source
    upload = uploads.Upload(item.path, item.name, item.size, item.digest)
    if source.collection_terms == CollectionTerms.FORBIDDEN and connectors.find(connector.kind).is_automatic:
        raise Refused(gettext(FORBIDDEN))
    if source.kind == SourceKind.WAGE_GUIDELINE:
        table = wages.import_table(actor, source, upload)
        delivery.wage_table, delivery.rows = table, table.rows_in
        _close(delivery, DeliveryState.DONE, {})
        return
    posting_import = actions.receive_file(actor, source=source, upload=upload)
    try:
        _set_columns(actor, posting_import, item)
        actions.start_import(actor, posting_import)
    except Exception:
        uploads.discard(posting_import.uuid)  # the row is rolled back, the file would stay
        raise
    delivery.posting_import, delivery.state = posting_import, DeliveryState.STARTED
    delivery.save(update_fields=["posting_import", "state", "updated_at"])


def _set_columns(actor: Actor, posting_import: PostingImport, item: Item) -> None:
    if item.columns is None:
        actions.save_columns(actor, posting_import, intake.preview(posting_import).columns)
        return
    # the columns of a program's rows are its own; they are no hint for the next file of the source
    posting_import.columns = dict(item.columns)
    posting_import.save(update_fields=["columns", "updated_at"])


def _close(delivery: Delivery, state: DeliveryState, reason: dict[str, str]) -> None:
    delivery.state, delivery.reason = state, reason
    delivery.save(update_fields=["state", "reason", "rows", "wage_table", "updated_at"])
