"""Bytes of an untrusted file, plain or gzip, counted and limited; what the bytes mean is not known here."""

from __future__ import annotations

import gzip
import io
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from zhiqiao.engines.tabular._errors import ArchiveBomb, DamagedFile, TooLarge
from zhiqiao.engines.tabular._values import Limits

GZIP_MAGIC = b"\x1f\x8b"
_PIECE = 1 << 18
_SPOOL_IN_MEMORY = 16 * 1024**2


class ByteSource:
    """A forward-only stream of the decompressed bytes of a file.

    `position` counts bytes of the file as stored, `size` is its stored size: the two make a progress bar.
    """

    def __init__(self, file: BinaryIO, *, size: int, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self.size = size
        self.delivered = 0
        self.compressed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        self._stream = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if self.compressed else file

    @property
    def position(self) -> int:
        """Return how many bytes of the stored file were consumed."""
        return min(self._file.tell(), self.size)

    def read(self, size: int = _PIECE) -> bytes:
        """Read up to `size` bytes; raise DamagedFile, TooLarge or ArchiveBomb."""
        try:
            piece = self._stream.read(size)
        except EOFError as error:
            raise DamagedFile(detail="gzip: unexpected end") from error
        except (zlib.error, gzip.BadGzipFile) as error:
            raise DamagedFile(detail=f"gzip: {error}") from error
        self.delivered += len(piece)
        self._check()
        return piece

    def _check(self) -> None:
        if self.delivered > self._limits.max_bytes:
            raise TooLarge(limit=self._limits.max_bytes // 1024**2)
        if not self.compressed or self.delivered < self._limits.ratio_from:
            return
        ratio = self.delivered // max(1, self.position)
        if ratio > self._limits.max_ratio:
            raise ArchiveBomb(ratio=ratio)


@contextmanager
def open_source(path: Path, *, limits: Limits) -> Iterator[ByteSource]:
    """Open a file as a counted stream from its beginning."""
    with path.open("rb") as file:
        yield ByteSource(file, size=path.stat().st_size, limits=limits)


def read_head(path: Path, *, limits: Limits, size: int = _PIECE) -> tuple[bytes, bool, bool]:
    """Return the first decompressed bytes, whether that is all, and whether the file is gzip."""
    with open_source(path, limits=limits) as source:
        head = b""
        while len(head) < size:
            try:
                piece = source.read(size - len(head))
            except DamagedFile:
                if head:  # a cut-off file is told apart when it is read: its good rows come first
                    return head, False, source.compressed
                raise
            if not piece:
                return head, True, source.compressed
            head += piece
        return head, False, source.compressed


@contextmanager
def open_seekable(path: Path, *, limits: Limits) -> Iterator[BinaryIO]:
    """Open a file for random access, unpacking gzip into a temporary file within the limits."""
    with path.open("rb") as file:
        source = ByteSource(file, size=path.stat().st_size, limits=limits)
        if not source.compressed:
            yield file
            return
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY) as spool:
            while piece := source.read():
                spool.write(piece)
            spool.seek(0, io.SEEK_SET)
            yield cast("BinaryIO", spool)


def content_size(path: Path, *, compressed: bool) -> int:
    """Estimate the decompressed size; gzip tells it, modulo 4 GiB, in its last four bytes."""
    size = path.stat().st_size
    if not compressed:
        return size
    with path.open("rb") as file:
        file.seek(max(0, size - 4))
        told = int.from_bytes(file.read(4), "little")
    return told if told >= size else size * 4
