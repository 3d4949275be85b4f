"""The four forms of a document, each imported when it is first wanted.

What only describes a document, or serves a page that offers one, does not wait for the libraries that draw and write.
"""

from __future__ import annotations

from zhiqiao.engines.documents._fonts import Fonts
from zhiqiao.engines.documents._values import Document


def to_docx(document: Document, *, fonts: Fonts | None = None) -> bytes:
    """Return the document as DOCX; the same document gives the same bytes. Raise DocumentError as `plan` does."""
    from zhiqiao.engines.documents._docx import to_docx as write

    return write(document, fonts=fonts)


def to_pdf(document: Document, *, fonts: Fonts | None = None) -> bytes:
    """Return the document as PDF; the same document gives the same bytes. Raise DocumentError as `plan` does.

    Tagged for screen readers (PDF/A-2a) up to 6,000 table cells, beyond that PDF/A-2u without tags. Characters that
    the font lacks are printed as 〓 and named at the end.
    """
    from zhiqiao.engines.documents._pdf import to_pdf as write

    return write(document, fonts=fonts)


def to_xlsx(document: Document) -> bytes:
    """Return tables and chart figures as XLSX; the same document gives the same bytes. Raise as `plan` does."""
    from zhiqiao.engines.documents._xlsx import to_xlsx as write

    return write(document)


def to_html(document: Document, *, fonts: Fonts | None = None, prefix: str = "doc-") -> list[str]:
    """Return one fragment per block, the title page first; `prefix` keeps ids apart from those of the page."""
    from zhiqiao.engines.documents._html import to_html as write

    return write(document, fonts=fonts, prefix=prefix)
