"""Files that another system puts into a folder are taken once each, when they are complete."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.data.connectors.contract import Link, Offer, Option, Refusal
from zhiqiao.platform.data.connectors.inbox import (
    BAD_FOLDER,
    NOT_A_FILE,
    READY,
    Found,
    Inbox,
    is_plain_folder,
)
from zhiqiao.platform.data.merging import merging_rules


class WatchedFolder:
    """A folder below the organisation's inbox; a file is complete when two looks see the same size and time."""

    name: str = "watched_folder"
    sort: int = 40
    label = _("监视文件夹")
    about = _(
        "对方把文件放进收件目录下的文件夹；大小两次查看不变，或改名为以 .ready 结尾后读入，"
        "然后移到 done 或 failed。"
    )
    is_automatic: bool = True
    options: tuple[Option, ...] = (
        Option("folder", _("文件夹"), _("收件目录下的相对路径，例如“人社局/月报”；不存在时会建立。")),
    )

    def fault(self, options: Mapping[str, object]) -> str:
        """Refuse a folder that does not lie below the inbox."""
        return "" if is_plain_folder(str(options.get("folder", ""))) else BAD_FOLDER

    def look(self, link: Link) -> Iterator[Offer | Refusal]:
        """Take complete files."""
        inbox = Inbox(link.root, str(link.options["folder"]))
        rules = merging_rules().connectors
        settle = dt.timedelta(minutes=rules.settle_minutes)
        inbox.give_back(open_batches=link.open_batches, before=link.now - settle)
        for found in inbox.complete(link.memory, most=rules.max_items_a_look):
            yield from _take(inbox, found)

    def settle(self, link: Link, batch: str, reason: str) -> None:
        """Move the file to done or failed."""
        Inbox(link.root, str(link.options["folder"])).put_away(batch, reason)


def _take(inbox: Inbox, found: Found) -> Iterator[Offer | Refusal]:
    taken = inbox.take(found)
    if taken is None:
        return
    name = found.shown.removesuffix(READY)
    origin = {"file": found.shown}
    if found.is_file:
        yield Offer(name, inbox.place_of(taken), batch=taken, origin=origin)
    else:
        yield Refusal(name, batch=taken, reason=NOT_A_FILE, origin=origin)


CONNECTOR = WatchedFolder()
