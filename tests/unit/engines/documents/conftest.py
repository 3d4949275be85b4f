"""The demo document in every form, made once; the font must have been built."""

from __future__ import annotations

import pytest

from tests.requirements import require_or_skip
from tests.unit.engines.documents.demo import demo
from zhiqiao.engines.documents import Document, FontMissing, find_fonts, to_docx, to_pdf, to_xlsx


@pytest.fixture(scope="session", autouse=True)
def _font() -> None:
    try:
        find_fonts()
    except FontMissing as error:
        require_or_skip("fonts", str(error))


@pytest.fixture(scope="session")
def document() -> Document:
    return demo("zh")


@pytest.fixture(scope="session")
def docx(document: Document) -> bytes:
    return to_docx(document)


@pytest.fixture(scope="session")
def pdf(document: Document) -> bytes:
    return to_pdf(document)


@pytest.fixture(scope="session")
def xlsx(document: Document) -> bytes:
    return to_xlsx(document)


def small(*blocks: object, **changes: object) -> Document:
    """Return a document of these blocks without a cover."""
    import dataclasses

    empty = dataclasses.replace(demo("zh"), blocks=blocks, cover=None, labels=(), subtitle="", digest="")
    return dataclasses.replace(empty, **changes)  # type: ignore[arg-type]  # fields by name
