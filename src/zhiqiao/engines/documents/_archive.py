"""Office files with fixed times inside: the same document gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def settle(archive: bytes, day: dt.date) -> bytes:
    """Return the archive with every entry dated to the day, packed the same way each time."""
    stamp = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":  # openpyxl writes the moment of saving
                content = _MODIFIED.sub(
                    rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode() + rb"\g<2>", content
                )
            entry = zipfile.ZipInfo(name, date_time=stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content, compresslevel=6)
    return target.getvalue()


def midnight(day: dt.date) -> dt.datetime:
    """Return the time stamp of a document: midnight UTC of its day."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
