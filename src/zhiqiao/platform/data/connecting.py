"""What people do with the connectors of a source: set up, switch off, give out tokens and take them back."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.platform.data import connectors
from zhiqiao.platform.data.connectors.inbox import DONE, FAILED
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import CollectionTerms, Connector, Source, SourceToken
from zhiqiao.platform.governance.api import Actor, audit, require

__all__ = ["SCOPES", "TokenScope", "digest_of", "give_token", "revoke_token", "set_up", "switch"]

TokenScope = Literal["postings.write", "deliveries.read"]
#: What a token may be allowed to do.
SCOPES: tuple[TokenScope, ...] = ("postings.write", "deliveries.read")
_PREFIX = "zqs_"


@transaction.atomic
def set_up(actor: Actor, source: Source, kind: str, options: Mapping[str, object]) -> Connector:
    """Set a connector of a source up, or change its options, and switch it on."""
    require(actor, "sources.manage", source)
    found = connectors.find(kind)
    current = Source.objects.select_for_update().get(pk=source.pk)
    if found.is_automatic and current.collection_terms == CollectionTerms.FORBIDDEN:
        raise Refused(_("这个来源的条款禁止自动采集，不能设置自动连接器；请改由人工导出后上传。"))
    if not current.licence_note.strip():
        raise Refused(_("设置连接器之前，请先写明许可：数据由谁提供、允许怎样使用。"))
    known = {option.key for option in found.options}
    kept = {key: value for key, value in options.items() if key in known}
    if fault := found.fault(kept):
        raise Refused(_(fault))
    _refuse_shared_folder(current, kind, str(kept.get("folder", "")))
    connector, _created = Connector.objects.update_or_create(
        source=current,
        kind=kind,
        defaults={"options": kept, "is_active": True, "trouble": {}, "memory": {}},
        create_defaults={
            "options": kept,
            "org_root_id": current.org_root_id,
            "made_by_id": actor.user_id,
        },
    )
    audit(actor, "connectors.set_up", source, detail={"connector": kind})
    return connector


def _refuse_shared_folder(source: Source, kind: str, folder: str) -> None:
    """Refuse a folder that another connector looks into: two would take each other's files."""
    if not folder:
        return
    others = Connector.objects.filter(org_root_id=source.org_root_id, is_active=True).exclude(
        source=source, kind=kind
    )
    for other in others.select_related("source"):
        taken = str(other.options.get("folder", ""))
        if taken and (_lies_in(folder, taken) or _lies_in(taken, folder)):
            raise Refused(
                _("来源“%(source)s”的连接器已在使用文件夹“%(folder)s”，请换一个。")
                % {"source": other.source.name, "folder": taken}
            )


def _lies_in(folder: str, other: str) -> bool:
    """Tell whether a folder is another one or lies where that one puts its files away."""
    place = PurePosixPath(other)
    return PurePosixPath(folder) == place or any(
        PurePosixPath(folder).is_relative_to(place / part) for part in (DONE, FAILED)
    )


@transaction.atomic
def switch(actor: Actor, connector: Connector, *, on: bool) -> None:
    """Switch a connector on or off; what it brought stays."""
    source = connector.source
    require(actor, "sources.manage", source)
    if on:
        set_up(actor, source, connector.kind, connector.options)
        return
    Connector.objects.filter(pk=connector.pk).update(is_active=False, updated_at=timezone.now())
    audit(actor, "connectors.switched_off", source, detail={"connector": connector.kind})


@transaction.atomic
def give_token(
    actor: Actor, source: Source, *, name: str, scopes: Sequence[str], expires_on: dt.date | None
) -> tuple[SourceToken, str]:
    """Return a new token and its secret, which is shown once and never kept."""
    require(actor, "sources.manage", source)
    if not name.strip() or not scopes or not set(scopes) <= set(SCOPES):
        raise Refused(_("请写明令牌的用途，并至少选一项权限。"))
    if expires_on is not None and expires_on < timezone.localdate():
        raise Refused(_("失效日期已经过去，请改正。"))
    set_up(actor, source, "json_api", {})
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = SourceToken.objects.create(
        org_root_id=source.org_root_id,
        source=source,
        name=name.strip()[:100],
        prefix=secret[:12],
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        made_by_id=actor.user_id,
        expires_on=expires_on,
    )
    audit(actor, "tokens.given", source, detail={"token": token.prefix, "scopes": token.scopes})
    return token, secret


@transaction.atomic
def revoke_token(actor: Actor, token: SourceToken) -> None:
    """Make a token void at once."""
    require(actor, "sources.manage", token.source)
    if SourceToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        audit(actor, "tokens.revoked", token.source, detail={"token": token.prefix})


def digest_of(secret: str) -> str:
    """Return what is kept of a token: it is random and long, so a plain digest can not be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
