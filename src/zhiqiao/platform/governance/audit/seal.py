"""How an entry becomes a digest: canonical JSON under a key derived from the signing key."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.crypto import salted_hmac

from zhiqiao.platform.governance.models import AuditEvent

GENESIS = "0" * 64


@cache
def _key(secret: str) -> bytes:
    return salted_hmac("zhiqiao.audit", "chain", secret=secret, algorithm="sha256").digest()


def _sign(payload: object) -> str:
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(_key(settings.SECRET_KEY), text.encode(), hashlib.sha256).hexdigest()


def digest_of(event: AuditEvent) -> str:
    """Return the digest of an entry's content chained to the entry before."""
    return _sign(
        {
            "sequence": event.sequence,
            "at": event.at.astimezone(dt.UTC).isoformat(),
            "action": event.action,
            "actor": [event.actor_id, event.actor_name, event.role, event.org_root_id, event.address],
            "object": [event.object_kind, event.object_id],
            "succeeded": event.succeeded,
            "detail": event.detail,
            "previous": event.previous,
        }
    )


def head_seal(sequence: int, digest: str) -> str:
    """Return the seal of the head, so that it can not be set back to an earlier entry."""
    return _sign(["head", sequence, digest])


def plain(detail: Mapping[str, object]) -> dict[str, object]:
    """Return a detail as both databases give it back: fractions as text, no NUL characters."""
    return {
        key: _plain(value)
        for key, value in json.loads(json.dumps(dict(detail), cls=DjangoJSONEncoder)).items()
    }


def _plain(value: object) -> object:
    match value:
        case float():
            return repr(value)
        case str():
            return value.replace("\x00", "")
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            return value
