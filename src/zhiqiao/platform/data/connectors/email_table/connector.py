"""Tables that come as attachments of e-mails from listed senders, from a folder of .eml files or by IMAP."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhiqiao.infra import storage
from zhiqiao.platform.data.connectors.contract import Link, Offer, Option, Refusal
from zhiqiao.platform.data.connectors.email_table.mailboxes import (
    FolderMailbox,
    ImapMailbox,
    Letter,
    Mailbox,
    open_imap,
)
from zhiqiao.platform.data.connectors.email_table.messages import (
    Attachment,
    Message,
    is_allowed,
    read_message,
)
from zhiqiao.platform.data.connectors.inbox import is_plain_folder
from zhiqiao.platform.data.merging import merging_rules

_NO_PLACE = gettext_noop("请填写文件夹，或填写 IMAP 邮箱里的文件夹名，两者选一。")
_NO_SENDERS = gettext_noop("请列出允许的发件人，每行一个地址或 @域名。")
_STRANGER = gettext_noop("发件人不在允许的名单里，没有读取附件。")
_NO_TABLE = gettext_noop("邮件里没有 CSV、TSV 或 XLSX 附件。")


class EmailTable:
    """Messages with tables; each attachment counts once by message and content."""

    name: str = "email_table"
    sort: int = 50
    label = _("邮件表格")
    about = _(
        "从收件文件夹里的 .eml 邮件，或从 IMAP 邮箱，读入 CSV、TSV、XLSX 附件；只收名单内发件人的邮件。"
    )
    is_automatic: bool = True
    options: tuple[Option, ...] = (
        Option(
            "senders",
            _("允许的发件人"),
            _("每行一个地址或 @域名。名单只能挡住误发，不能证明身份。"),
            many=True,
        ),
        Option("folder", _("文件夹"), _("放 .eml 文件的文件夹，收件目录下的相对路径。"), is_required=False),
        Option(
            "mailbox",
            _("IMAP 文件夹"),
            _("由系统管理员设置了邮件服务器时可用，例如 INBOX。"),
            is_required=False,
        ),
    )

    def fault(self, options: Mapping[str, object]) -> str:
        """Ask for senders and for exactly one place."""
        folder, mailbox = str(options.get("folder", "")), str(options.get("mailbox", ""))
        if bool(folder) == bool(mailbox) or (folder and not is_plain_folder(folder)):
            return _NO_PLACE
        return "" if _senders(options) else _NO_SENDERS

    def look(self, link: Link) -> Iterator[Offer | Refusal]:
        """Yield the tables of new messages, and what is refused of them."""
        for letter in self._mailbox(link).letters():
            yield from _offers(letter, _senders(link.options))

    def settle(self, link: Link, batch: str, reason: str) -> None:
        """Put the message away."""
        self._mailbox(link).put_away(batch, reason)

    @staticmethod
    def _mailbox(link: Link) -> Mailbox:
        rules = merging_rules().connectors
        if link.options.get("mailbox"):
            return ImapMailbox(str(link.options["mailbox"]), rules, open_imap)
        return FolderMailbox(link, rules)


def _senders(options: Mapping[str, object]) -> Sequence[str]:
    found = options.get("senders")
    return [str(item) for item in found if str(item).strip()] if isinstance(found, list) else []


def _offers(letter: Letter, allowed: Sequence[str]) -> Iterator[Offer | Refusal]:
    if letter.content is None:
        values = {"limit": merging_rules().connectors.message_megabytes}
        yield Refusal(letter.name, letter.batch, letter.fault, values)
        return
    message = read_message(letter.content)
    origin = {"message_id": message.message_id[:300], "subject": message.subject}
    refused = _STRANGER if not is_allowed(message, allowed) else "" if message.tables else _NO_TABLE
    if refused:
        key = f"mail:{_digest(message.message_id.encode())}"
        yield Refusal(letter.name, letter.batch, refused, origin=origin, key=key)
        return
    for table in message.tables:
        about = {**origin, "sender": message.senders[0], "attachment": table.name}
        offer = _offer(table, message, letter, about)
        try:
            yield offer
        finally:
            offer.path.unlink(missing_ok=True)


def _offer(table: Attachment, message: Message, letter: Letter, origin: Mapping[str, str]) -> Offer:
    path = storage.spare_path()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(table.content)
    key = f"mail:{_digest(message.message_id.encode(), table.name.encode(), table.content)}"
    return Offer(table.name, path, letter.batch, origin, key)


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\x00".join(parts)).hexdigest()


CONNECTOR = EmailTable()
