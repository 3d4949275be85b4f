"""Takes an uploaded file to the upload folder while counting and sealing it; knows nothing of its content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from zhiqiao.infra import storage
from zhiqiao.infra.config import config

__all__ = ["Upload", "accepts_upload", "discard", "keep", "present", "received", "too_large", "upload_limit"]

#: what the parts of a multipart form around the file may take
_FORM_ALLOWANCE = 1024**2
_TOO_LARGE = "zq_upload_too_large"


@dataclass(frozen=True)
class Upload:
    """A received file, still in the temporary folder: name as sent, bytes, SHA-256."""

    path: Path
    name: str
    size: int
    digest: str


def upload_limit() -> int:
    """Return the largest accepted file in bytes."""
    return config().upload_max_mb * 1024**2


class SealingHandler(TemporaryFileUploadHandler):
    """Streams a file to the temporary folder, computing its digest, and stops writing past the limit."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Refuse by the announced length (third argument) before anything is written."""
        length = kwargs.get("content_length") or (args[2] if len(args) > 2 else 0)
        self.refused = length > upload_limit() + _FORM_ALLOWANCE

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's signature
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._hash, self._count = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece; past the limit the file is dropped and the rest of it is read away."""
        self._count += len(raw_data)
        if self.refused or self._count > upload_limit():
            self.refused = True
            if self.request is not None:
                self.request.META[_TOO_LARGE] = True
            self.file.close()
            raise SkipFile
        self._hash.update(raw_data)
        super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> TemporaryUploadedFile | None:
        """Hand over the file with its digest."""
        file = super().file_complete(file_size)
        if not isinstance(file, TemporaryUploadedFile):
            return None
        file.digest = self._hash.hexdigest()  # type: ignore[attr-defined]  # read again in `received`
        return file


def accepts_upload(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Put the sealing handler on a view's request; CSRF is checked after it, for the check reads the body."""
    checked = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.upload_handlers = [SealingHandler(request)]
        return checked(request, *args, **kwargs)

    return wrapped


def received(request: HttpRequest, field: str) -> Upload | None:
    """Return the file of a form field, or None when none came or it was too large (see `too_large`)."""
    file = request.FILES.get(field)
    if not isinstance(file, TemporaryUploadedFile):
        return None
    path = Path(file.temporary_file_path())
    return Upload(path, Path(file.name or "file").name[:255], file.size or 0, getattr(file, "digest", ""))


def too_large(request: HttpRequest) -> bool:
    """Tell whether a file of this request was dropped for its size."""
    return bool(request.META.get(_TOO_LARGE))


def keep(upload: Upload, uuid: UUID) -> Path:
    """Move a received file to its place in the upload folder."""
    target = storage.upload_path(uuid)
    upload.path.replace(target)
    return target


def present(uuid: UUID) -> bool:
    """Tell whether an uploaded file is still there."""
    return storage.upload_path(uuid).exists()


def discard(uuid: UUID) -> None:
    """Remove an uploaded file; it holds contact data that must not stay."""
    storage.upload_path(uuid).unlink(missing_ok=True)
