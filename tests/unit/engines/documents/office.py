"""Parts of office files as tests read them."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(archive: bytes, name: str) -> ET.Element:
    """Return a part as XML; fails when it is not well formed."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return ET.fromstring(opened.read(name))


def names(archive: bytes) -> list[str]:
    """Return the names of the parts."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.namelist()


def text(element: ET.Element) -> str:
    """Return all text of a Word element."""
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def body(docx: bytes) -> ET.Element:
    """Return the body of a Word file."""
    found = part(docx, "word/document.xml").find(f"{W}body")
    assert found is not None
    return found
