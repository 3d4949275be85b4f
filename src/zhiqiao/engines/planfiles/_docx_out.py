"""The printed plan as a Word file, by the house's one description of a document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from zhiqiao.engines.documents import (
    Block,
    Cell,
    Column,
    Contents,
    Cover,
    Document,
    Heading,
    Label,
    Paragraph,
    Strong,
    Table,
    ValueKind,
    to_docx,
)
from zhiqiao.engines.planfiles import _printed as printed


def write_layout(layout: printed.Layout, *, organisation: str, on: date, labels: tuple[Label, ...]) -> bytes:
    """Return the file; what is wide stands on pages turned."""
    return to_docx(
        Document(
            title=layout.title,
            subtitle=layout.subtitle,
            organisation=organisation,
            date=on,
            language="zh",
            blocks=[Contents(depth=1), *(block for part in _spread(layout.parts) for block in _blocks(part))],
            labels=labels,
            cover=Cover(),
        )
    )


def _spread(parts: tuple[printed.Part, ...]) -> list[printed.Part]:
    """Put wide tables of a section behind the others of it, so that pages turn once."""
    found: list[printed.Part] = []
    wide: list[printed.Part] = []
    for part in parts:
        if isinstance(part, printed.Section):
            found += wide
            wide = []
        (wide if isinstance(part, printed.Table) and part.wide else found).append(part)
    return found + wide


def _blocks(part: printed.Part) -> Iterator[Block]:
    if isinstance(part, printed.Section):
        yield Heading(part.title)
        yield from (Paragraph(line) for line in part.lines)
        return
    yield Table(
        part.title,
        [
            Column(
                column.title,
                kind=ValueKind.NUMBER if column.numeric else ValueKind.TEXT,
                width=column.width,
                merged=column.merged,
                group=column.group,
            )
            for column in part.columns
        ],
        [[_cell(text, strong=at in part.strong) for text in row] for at, row in enumerate(part.rows)],
        landscape=part.wide,
    )


def _cell(text: str, *, strong: bool) -> Cell:
    return [Strong(text)] if strong and text else text
