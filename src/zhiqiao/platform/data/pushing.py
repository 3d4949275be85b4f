"""The verb behind the JSON API: a token sends a batch of postings, which comes in as an import with a quarantine."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao.engines import jobmining
from zhiqiao.infra import storage
from zhiqiao.platform.data.connecting import digest_of
from zhiqiao.platform.data.delivering import Item, both, deliver
from zhiqiao.platform.data.merging import merging_rules
from zhiqiao.platform.data.models import CollectionTerms, Connector, Delivery, Source, SourceKind, SourceToken

__all__ = ["PushRefused", "Pushed", "RowFault", "admit", "push", "token_of", "write_rows"]

_WINDOW = dt.timedelta(minutes=1)
_LONGEST_CELL = 100_000
#: Faults of one posting that are told: an answer must not be many times what was sent.
_MOST_FAULTS = 20
#: Fields that a sent posting may hold.
FIELDS = tuple(jobmining.FIELDS)
_NOT_OBJECT = gettext_noop("这一条不是 JSON 对象")
_UNKNOWN_FIELD = gettext_noop("没有这个字段，请核对字段名")
_NOT_TEXT = gettext_noop("字段的值要写成文字或数字")
_TOO_LONG = gettext_noop("字段太长，最多 100000 个字符")
_NOTHING = gettext_noop("没有岗位描述，也没有技能标签，会进入隔离")
_FORBIDDEN = gettext_noop("这个来源的条款禁止自动采集，没有接收。")
_OFF = gettext_noop("这个来源的接口已停用。")
_NOT_POSTINGS = gettext_noop("这个来源是工资指导价位，不接收招聘信息。")
_EMPTY = gettext_noop("没有一条可以接收的招聘信息。")
_TOO_MANY = gettext_noop("一次最多 %(most)s 条，请分批送入。")
_OTHER_BODY = gettext_noop("同一个幂等键此前送过不同的内容，没有接收。")


class PushRefused(Exception):  # noqa: N818 - read as a sentence, as Refused is
    """Raised when a batch is not taken; `status` is the HTTP answer, `reason` the sentence in both languages."""

    def __init__(
        self,
        status: Literal[403, 409, 413, 422],
        reason: dict[str, str],
        faults: Sequence[RowFault] = (),
    ) -> None:
        super().__init__(reason["en"])
        self.status, self.reason, self.faults = status, reason, tuple(faults)


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one posting of a batch, counted from 1; `is_taken` rows go in all the same."""

    row: int
    field: str
    code: str
    reason: Mapping[str, str]
    is_taken: bool


@dataclass(frozen=True)
class Pushed:
    """What became of a batch."""

    delivery: Delivery
    is_new: bool
    taken: int
    faults: tuple[RowFault, ...]


def token_of(secret: str, *, today: dt.date) -> SourceToken | None:
    """Return the token that a secret belongs to, None when it is unknown, void or past its day."""
    digest = digest_of(secret)
    found = (
        SourceToken.objects.select_related("source").filter(digest=digest, revoked_at__isnull=True).first()
    )
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    return None if found.expires_on is not None and found.expires_on < today else found


def admit(token: SourceToken, *, now: dt.datetime) -> bool:
    """Count a request of a token; False when it has sent too many within a minute.

    Two conditional updates, so that requests at the same time are counted all and none waits for a lock.
    """
    row = SourceToken.objects.filter(pk=token.pk)
    fresh = row.filter(
        window_start__gt=now - _WINDOW, window_requests__lt=merging_rules().api.requests_a_minute
    )
    if fresh.update(window_requests=F("window_requests") + 1, used_at=now):
        return True
    over = row.filter(Q(window_start__isnull=True) | Q(window_start__lte=now - _WINDOW))
    return bool(over.update(window_start=now, window_requests=1, used_at=now))


def push(source: Source, postings: Sequence[object], *, key: str) -> Pushed:
    """Bring a batch in under an idempotency key; raises PushRefused.

    The same key with the same postings gives the delivery that is there, with other postings it is refused.
    """
    connector = _connector(source)
    most = merging_rules().api.max_postings
    if len(postings) > most:
        raise PushRefused(413, both(_TOO_MANY, {"most": most}))
    rows, faults = checked(postings)
    if not rows:
        raise PushRefused(422, both(_EMPTY), faults)
    path, digest, size = write_rows(rows)
    known = Delivery.objects.filter(connector=connector, key=f"push:{key or digest}").first()
    if known is not None and known.digest != digest:
        path.unlink()
        raise PushRefused(409, both(_OTHER_BODY))
    columns = {field: field for field in FIELDS if any(field in row for row in rows)}
    name = f"api-{timezone.now():%Y%m%d-%H%M%S}.jsonl"
    item = Item(f"push:{key or digest}", name, path, digest, size, columns=columns)
    delivery = deliver(connector, item)
    if delivery.digest != digest:  # another request was quicker with the same key
        raise PushRefused(409, both(_OTHER_BODY))
    return Pushed(delivery, known is None, len(rows), tuple(faults))


def checked(postings: Sequence[object]) -> tuple[list[dict[str, str]], list[RowFault]]:
    """Return the rows that can be written and what is wrong with the others, each by its place from 1."""
    rows, faults = [], []
    for number, posting in enumerate(postings, start=1):
        found = _row_faults(number, posting)
        faults += found
        if isinstance(posting, dict) and all(fault.is_taken for fault in found):
            rows.append({name: str(value) for name, value in posting.items() if value not in {None, ""}})
    return rows, faults


def write_rows(rows: Sequence[Mapping[str, str]]) -> tuple[Path, str, int]:
    """Write rows as JSON lines to the temporary folder; return file, SHA-256 and bytes."""
    content = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
    body = content.encode("utf-8", "replace")
    path = storage.spare_path()
    path.write_bytes(body)
    return path, hashlib.sha256(body).hexdigest(), len(body)


def _connector(source: Source) -> Connector:
    connector = Connector.objects.select_related("source").filter(source=source, kind="json_api").first()
    if source.collection_terms == CollectionTerms.FORBIDDEN:
        raise PushRefused(403, both(_FORBIDDEN))
    if connector is None or not connector.is_active:
        raise PushRefused(403, both(_OFF))
    if source.kind == SourceKind.WAGE_GUIDELINE:
        raise PushRefused(422, both(_NOT_POSTINGS))
    return connector


def _row_faults(number: int, posting: object) -> list[RowFault]:
    if not isinstance(posting, dict):
        return [_fault(number, "", "not_object", _NOT_OBJECT)]
    faults: list[RowFault] = []
    for name, value in posting.items():
        if len(faults) == _MOST_FAULTS:
            break
        if name not in FIELDS:
            faults.append(_fault(number, str(name)[:60], "unknown_field", _UNKNOWN_FIELD))
        elif isinstance(value, bool) or not isinstance(value, str | int | float | None):
            faults.append(_fault(number, name, "not_text", _NOT_TEXT))
        elif isinstance(value, str) and len(value) > _LONGEST_CELL:
            faults.append(_fault(number, name, "too_long", _TOO_LONG))
    if not faults and not any(str(posting.get(name) or "").strip() for name in ("text", "tags")):
        faults.append(_fault(number, "text", "missing", _NOTHING, is_taken=True))
    return faults


def _fault(row: int, field: str, code: str, reason: str, *, is_taken: bool = False) -> RowFault:
    return RowFault(row, field, code, _told(reason), is_taken)


_told = cache(both)
