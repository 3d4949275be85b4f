"""How much a request may upload where a page does not set its own limit (the import wizard does)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import TemporaryFileUploadHandler

#: A roster takes at most 20 MB; nothing else but the import wizard takes a file at all.
MOST = 24 * 1024**2


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Streams files to the temporary folder; refuses by the announced length before anything is written.

    Every form post is parsed before its view runs, also one of a stranger: without a limit anybody fills the disk.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Raise RequestDataTooBig (400) when the request is too long (third argument)."""
        length = kwargs.get("content_length") or (args[2] if len(args) > 2 else 0)
        if length > MOST:
            msg = f"an upload of {length} bytes where {MOST} are taken"
            raise RequestDataTooBig(msg)
