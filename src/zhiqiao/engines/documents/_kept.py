"""A document as text and back, so that what was signed can be printed again, whatever the composer says by then."""

from __future__ import annotations

from typing import get_args

from zhiqiao.engines.documents._chart_values import Band, BandKind, ChartKind, Series
from zhiqiao.engines.documents._inline import Cite, Figure, Note, Reference, Strong, ValueKind
from zhiqiao.engines.documents._values import (
    Block,
    Column,
    Cover,
    Document,
    Label,
    NamedNumber,
    Source,
    Tone,
    Unknown,
)
from zhiqiao.engines.kernel import NotKept, from_text, to_text

_CLASSES = (
    *(Document, Cover, Label, Source, Column, Unknown, NamedNumber, Tone, ValueKind),
    *(Strong, Note, Figure, Cite, Reference),
    *(Band, BandKind, ChartKind, Series),
    *get_args(Block),
)


def document_to_text(document: Document) -> str:
    """Return the document as JSON text; the same document gives the same text."""
    return to_text(document)


def document_from_text(text: str) -> Document:
    """Return the document that was written; raise NotKept when the text is none."""
    found = from_text(text, _CLASSES)
    if not isinstance(found, Document):
        raise NotKept("not a document")
    return found
