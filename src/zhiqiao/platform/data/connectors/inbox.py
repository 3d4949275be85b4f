"""A folder into which others put files, taken one by one without ever following a link out of it."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from urllib.parse import quote_from_bytes
from uuid import uuid4

from django.utils.translation import gettext_noop

__all__ = ["BAD_FOLDER", "NOT_A_FILE", "READY", "Found", "Inbox", "InboxError", "is_plain_folder"]

BAD_FOLDER = gettext_noop("文件夹要写成收件目录下的相对路径，不能含“..”、反斜杠或以点开头的部分。")
NOT_A_FILE = gettext_noop("这不是普通文件（可能是链接），没有打开。")
_IS_LINK = gettext_noop("收件文件夹是一个链接，平台不会跟随链接；请改用真实的文件夹。")
#: What a sender appends to the name of a finished file, so that it is taken at once.
READY = ".ready"
#: Names that senders give to files they still write.
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".partial")
WORKING, DONE, FAILED = ".working", "done", "failed"
_MARK = 9
"""Characters that `take` puts before a name."""
_LONGEST = 255 - _MARK - len(".reason.txt")
"""Bytes of a name that leave room, on common file systems, for all that is put before and behind it."""


class InboxError(Exception):
    """Raised when the folder itself can not be used; the message is a msgid."""


@dataclass(frozen=True)
class Found:
    """An entry of the folder: a plain file, or something else that is not opened."""

    name: str
    size: int
    modified: int
    is_file: bool

    @property
    def shown(self) -> str:
        """Return the name as it can be stored and shown: one that is no UTF-8 with its bytes in per cent."""
        try:
            self.name.encode()
        except UnicodeEncodeError:
            return quote_from_bytes(os.fsencode(self.name))
        return self.name


def is_plain_folder(text: str) -> bool:
    """Tell whether a text names a folder below another: relative, no dots, no backslashes or control characters."""
    parts = PurePosixPath(text).parts
    return (
        bool(parts)
        and not text.startswith("/")
        and not any(part.startswith(".") for part in parts)
        and "\\" not in text
        and text.isprintable()
        and len(text) <= 200
    )


class Inbox:
    """One watched folder below an organisation's root."""

    def __init__(self, root: Path, folder: str) -> None:
        if not is_plain_folder(folder):
            raise InboxError(BAD_FOLDER)
        self.path = root.joinpath(folder)
        self._root = root
        self._make()

    def _make(self) -> None:
        """Create the folder and its parts, refusing any part that is a link."""
        at = self._root
        for part in self.path.relative_to(self._root).parts:
            at /= part
            if at.is_symlink():
                raise InboxError(_IS_LINK)
            at.mkdir(exist_ok=True)
        for part in (WORKING, DONE, FAILED):
            place = self.path / part
            if place.is_symlink():
                raise InboxError(_IS_LINK)
            place.mkdir(exist_ok=True)

    def entries(self) -> Iterator[Found]:
        """Yield what lies in the folder by name, without hidden, unfinished and put-away things."""
        for entry in sorted(os.scandir(self.path), key=lambda item: item.name):
            if entry.name.startswith(".") or entry.name in {DONE, FAILED}:
                continue
            if entry.name.lower().endswith(_UNFINISHED):
                continue
            about = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(about.st_mode):
                continue
            yield Found(entry.name, about.st_size, about.st_mtime_ns, stat.S_ISREG(about.st_mode))

    def complete(self, memory: dict[str, object], *, most: int) -> Iterator[Found]:
        """Yield what is finished: unchanged in size and time since the look before, or marked by its name."""
        before = memory.get("seen")
        known = before if isinstance(before, dict) else {}
        memory["seen"] = seen = {}
        for found in islice(self.entries(), most):
            if found.is_file and not found.name.endswith(READY):
                state = [found.size, found.modified]
                if known.get(found.shown) != state:
                    seen[found.shown] = state
                    continue
            yield found

    def take(self, found: Found) -> str | None:
        """Move a file into the working folder and return its name there; None when another worker was quicker."""
        taken = f"{uuid4().hex[: _MARK - 1]}-{_short(found.shown.removesuffix(READY))}"
        try:
            # a rename moves a link itself, never what it points to
            self.path.joinpath(found.name).rename(self.path / WORKING / taken)
        except FileNotFoundError:
            return None
        return taken

    def place_of(self, taken: str) -> Path:
        """Return where a taken file lies; it is to be opened without following links."""
        return self.path / WORKING / taken

    def put_away(self, taken: str, reason: str) -> None:
        """Move a taken file to `done`, or with a reason to `failed` beside a note that says it."""
        place = FAILED if reason else DONE
        path = self.path / WORKING / taken
        if not path.exists() and not path.is_symlink():
            return
        target = self.path / place / taken[_MARK:]
        if target.exists() or target.is_symlink():
            target = self.path / place / taken
        path.rename(target)
        if reason:
            target.with_name(f"{target.name}.reason.txt").write_text(reason + "\n", encoding="utf-8")

    def give_back(self, *, open_batches: frozenset[str], before: dt.datetime) -> int:
        """Put files back that a worker took before a moment and never brought in; return how many."""
        back = 0
        for entry in os.scandir(self.path / WORKING):
            taken_at = entry.stat(follow_symlinks=False).st_ctime
            if entry.name in open_batches or taken_at >= before.timestamp():
                continue
            self.path.joinpath(WORKING, entry.name).rename(self.path / f"{entry.name[_MARK:]}{READY}")
            back += 1
        return back


def _short(name: str) -> str:
    """Cut a name so that it stays usable with what is added to it; the ending stays."""
    if len(name.encode()) <= _LONGEST:
        return name
    ending = PurePosixPath(name).suffix
    ending = ending if len(ending) <= 10 and ending.isascii() else ""
    return name.encode()[: _LONGEST - len(ending)].decode(errors="ignore") + ending
