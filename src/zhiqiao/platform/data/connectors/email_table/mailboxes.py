"""Where messages come from: a folder of .eml files, or an IMAP mailbox over TLS."""

from __future__ import annotations

import datetime as dt
import imaplib
import os
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_noop

from zhiqiao.infra.config import config
from zhiqiao.platform.data.connectors.contract import Link
from zhiqiao.platform.data.connectors.inbox import NOT_A_FILE, Inbox, InboxError
from zhiqiao.platform.data.merging import ConnectorRules

__all__ = ["FolderMailbox", "ImapMailbox", "Letter", "Mailbox", "open_imap"]

NO_SERVER = gettext_noop("没有设置邮件服务器（ZHIQIAO_IMAP_HOST），请改用文件夹，或请系统管理员设置。")
TOO_LARGE = gettext_noop("邮件超过 %(limit)s MB 的上限，没有读取。")
_NOT_MAIL = gettext_noop("不是 .eml 邮件文件，没有读取。")
_TIMEOUT_SECONDS = 30
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True)
class Letter:
    """One message as bytes, or (content None) why it is not read."""

    batch: str
    name: str
    content: bytes | None
    fault: str = ""


class Mailbox(Protocol):
    """Something that holds messages."""

    def letters(self) -> Iterator[Letter]:
        """Yield new messages."""
        ...

    def put_away(self, batch: str, reason: str) -> None:
        """Mark a message as done with."""
        ...


class FolderMailbox:
    """A folder into which .eml files are put."""

    def __init__(self, link: Link, rules: ConnectorRules) -> None:
        self._inbox = Inbox(link.root, str(link.options["folder"]))
        self._link, self._rules = link, rules

    def letters(self) -> Iterator[Letter]:
        """Take complete messages."""
        settle = dt.timedelta(minutes=self._rules.settle_minutes)
        self._inbox.give_back(open_batches=self._link.open_batches, before=self._link.now - settle)
        most = self._rules.max_items_a_look
        for found in self._inbox.complete(self._link.memory, most=most):
            taken = self._inbox.take(found)
            if taken is not None:
                yield self._letter(taken, found.shown)

    def _letter(self, taken: str, name: str) -> Letter:
        if not name.removesuffix(".ready").lower().endswith(".eml"):
            return Letter(taken, name, None, _NOT_MAIL)
        limit = self._rules.message_megabytes * 1024**2
        try:
            descriptor = os.open(self._inbox.place_of(taken), os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            return Letter(taken, name, None, NOT_A_FILE)
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            return Letter(taken, name, None, TOO_LARGE)
        return Letter(taken, name, content)

    def put_away(self, batch: str, reason: str) -> None:
        """Move the message to done or failed."""
        self._inbox.put_away(batch, reason)


class ImapMailbox:
    """Unread messages of one folder of an IMAP mailbox; what is done with is marked as read."""

    def __init__(self, folder: str, rules: ConnectorRules, connect: Callable[[], imaplib.IMAP4]) -> None:
        self._folder, self._rules, self._connect = folder, rules, connect

    def letters(self) -> Iterator[Letter]:
        """Fetch unread messages without marking them; sizes are asked for first."""
        with self._selected() as server:
            _state, found = server.uid("SEARCH", "UNSEEN")
            for uid in (found[0] or b"").split()[: self._rules.max_items_a_look]:
                yield self._letter(server, uid.decode())

    def _letter(self, server: imaplib.IMAP4, uid: str) -> Letter:
        _state, about = server.uid("FETCH", uid, "(RFC822.SIZE)")
        size = _SIZE.search(about[0] if about and isinstance(about[0], bytes) else b"")
        if size is None or int(size[1]) > self._rules.message_megabytes * 1024**2:
            return Letter(uid, f"UID {uid}", None, TOO_LARGE)
        _state, parts = server.uid("FETCH", uid, "(BODY.PEEK[])")
        content = next((part[1] for part in parts if isinstance(part, tuple)), b"")
        return Letter(uid, f"UID {uid}", content)

    def put_away(self, batch: str, reason: str) -> None:  # noqa: ARG002
        """Mark the message as read; the reason stands in the register."""
        with self._selected() as server:
            server.uid("STORE", batch, "+FLAGS", "(\\Seen)")

    @contextmanager
    def _selected(self) -> Iterator[imaplib.IMAP4]:
        server = self._connect()
        try:
            state, _answer = server.select(_quoted(self._folder))
            if state != "OK":
                raise InboxError(gettext_noop("邮箱里没有这个文件夹，请核对名称。"))
            yield server
        finally:
            with suppress(OSError, imaplib.IMAP4.error):  # the connection may be gone already
                server.logout()


def open_imap() -> imaplib.IMAP4:
    """Sign in at the configured server over TLS; raises InboxError when there is none."""
    settings = config()
    if not settings.imap_host:
        raise InboxError(NO_SERVER)
    server = imaplib.IMAP4_SSL(
        settings.imap_host,
        settings.imap_port,
        ssl_context=ssl.create_default_context(),
        timeout=_TIMEOUT_SECONDS,
    )
    server.login(settings.imap_user, settings.imap_password.get_secret_value())
    return server


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
