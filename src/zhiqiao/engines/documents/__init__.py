"""One description of a document, four forms: Word, PDF, workbook, and fragments for pages.

Nothing here reads data, decides what a document says, or knows who may see it.
"""

from __future__ import annotations

from zhiqiao.engines.documents._chart_values import Band, BandKind, Chart, ChartKind, Series
from zhiqiao.engines.documents._docx import to_docx
from zhiqiao.engines.documents._errors import BadBlock, DocumentError, FontMissing, UnknownTarget
from zhiqiao.engines.documents._fonts import Fonts, find_fonts, missing_letters
from zhiqiao.engines.documents._html import to_html
from zhiqiao.engines.documents._inline import Cite, Figure, Inline, Note, Reference, Strong, Text, ValueKind
from zhiqiao.engines.documents._pdf import to_pdf
from zhiqiao.engines.documents._values import (
    Annex,
    Block,
    Callout,
    Cell,
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    Items,
    Label,
    Language,
    PageBreak,
    Paragraph,
    Signature,
    Source,
    Sources,
    Table,
    Tone,
    Unknown,
)
from zhiqiao.engines.documents._xlsx import to_xlsx

__all__ = [
    "Annex",
    "BadBlock",
    "Band",
    "BandKind",
    "Block",
    "Callout",
    "Cell",
    "Chart",
    "ChartKind",
    "Cite",
    "Column",
    "Contents",
    "Cover",
    "Document",
    "DocumentError",
    "Figure",
    "FontMissing",
    "Fonts",
    "Heading",
    "Inline",
    "Items",
    "Label",
    "Language",
    "Note",
    "PageBreak",
    "Paragraph",
    "Reference",
    "Series",
    "Signature",
    "Source",
    "Sources",
    "Strong",
    "Table",
    "Text",
    "Tone",
    "Unknown",
    "UnknownTarget",
    "ValueKind",
    "find_fonts",
    "missing_letters",
    "to_docx",
    "to_html",
    "to_pdf",
    "to_xlsx",
]
