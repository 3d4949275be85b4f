"""Reads an e-mail message: who sent it, and its tables; decides nothing about who may send."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from pathlib import PurePath

__all__ = ["Attachment", "Message", "is_allowed", "read_message"]

#: Endings of tables that the import reads; a workbook with macros is none of them.
_TABLES = (".csv", ".tsv", ".xlsx")


@dataclass(frozen=True)
class Attachment:
    """A table that came with a message."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Message:
    """What counts of a message; `senders` are all addresses that claim to have sent it."""

    message_id: str
    senders: tuple[str, ...]
    subject: str
    tables: tuple[Attachment, ...]
    others: tuple[str, ...]


def read_message(content: bytes) -> Message:
    """Read a message; a malformed one gives what can be read of it."""
    parsed = message_from_bytes(content, _class=EmailMessage, policy=default)
    tables, others = [], []
    for part in parsed.walk():
        name = _name(part)
        if part.is_multipart() or not name:
            continue
        payload = part.get_payload(decode=True)
        if name.lower().endswith(_TABLES) and isinstance(payload, bytes) and payload:
            tables.append(Attachment(name, payload))
        else:
            others.append(name)
    return Message(
        message_id=_header(parsed, "message-id") or f"sha256:{hashlib.sha256(content).hexdigest()}",
        senders=_senders(parsed),
        subject=_header(parsed, "subject")[:200],
        tables=tuple(tables),
        others=tuple(others),
    )


def is_allowed(message: Message, allowed: Sequence[str]) -> bool:
    """Tell whether a message has one sender and that one is listed, as an address or as @domain.

    A sender can be forged: the list keeps strays out, it proves nobody's identity.
    """
    if len(message.senders) != 1:
        return False
    sender = message.senders[0].casefold()
    domain = sender.rpartition("@")[2]
    return any(
        sender == entry or (entry.startswith("@") and domain == entry[1:])
        for entry in (item.strip().casefold() for item in allowed)
    )


def _senders(parsed: EmailMessage) -> tuple[str, ...]:
    texts = [_text(value) for name in ("from", "sender") for value in parsed.get_all(name, [])]
    found = [address for _name_, address in getaddresses(texts) if "@" in address]
    return tuple(dict.fromkeys(address.casefold() for address in found))


def _header(parsed: EmailMessage, name: str) -> str:
    return " ".join(_text(parsed.get(name, "")).split())


def _name(part: EmailMessage) -> str:
    """Return a part's file name without any folder in it."""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError):  # broken encoding words
        return ""
    return PurePath(name.replace("\\", "/")).name.replace("\x00", "")[:200]


def _text(value: object) -> str:
    """Return a header without lone surrogates, which a broken message can hold."""
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
