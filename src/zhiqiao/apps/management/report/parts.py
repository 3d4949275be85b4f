"""The bytes of editions: kept under their digest, and given out only when they still have it."""

from __future__ import annotations

import hashlib
import zlib

from django.utils.translation import gettext as _

from zhiqiao.apps.management.errors import Damaged
from zhiqiao.apps.management.models import EditionPart, ReportEdition

__all__ = ["digest_of", "keep", "keep_text", "open_part", "open_text"]

Kind = EditionPart.Kind


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def keep_text(edition: ReportEdition, kind: Kind, text: str, *, language: str = "") -> str:
    """Keep a text of an edition, deflated; return its digest. The same text is kept once."""
    content = text.encode()
    return _keep(edition, kind, content, stored=zlib.compress(content), language=language)


def keep(edition: ReportEdition, kind: Kind, content: bytes, *, language: str) -> str:
    """Keep a file of an edition as it is; return its digest."""
    return _keep(edition, kind, content, stored=content, language=language)


def _keep(edition: ReportEdition, kind: Kind, content: bytes, *, stored: bytes, language: str) -> str:
    digest = digest_of(content)
    same = EditionPart.objects.filter(edition=edition, kind=kind, language=language, sha256=digest)
    if not same.exists():
        EditionPart.objects.create(
            org_root_id=edition.org_root_id,
            edition=edition,
            kind=kind,
            language=language,
            sha256=digest,
            size=len(content),
            content=stored,
        )
    return digest


def open_text(edition: ReportEdition, kind: Kind, digest: str) -> str:
    """Return a text of an edition by its digest; raise Damaged when it is not that text any more."""
    part = EditionPart.objects.filter(edition=edition, kind=kind, sha256=digest).first()
    try:
        content = zlib.decompress(bytes(part.content)) if part else b""
    except zlib.error:
        content = b""
    _check(content, digest)
    return content.decode()


def open_part(part: EditionPart) -> bytes:
    """Return the bytes of a file; raise Damaged when they are not those that were published."""
    content = bytes(part.content)
    _check(content, part.sha256)
    return content


def _check(content: bytes, digest: str) -> None:
    if digest_of(content) != digest:
        raise Damaged(_("存储的内容与其摘要不符，可能被改动过，不能使用。请联系系统管理员。"))
