"""The texts of a report that a person may rewrite: shown with their figures in brackets, put back with them.

A figure stands as ⟦286⟧ in the text that is edited. It may be moved or left out; it can not be changed, because a
figure that is not among those of the block is refused. Tables, charts, headings and method are no texts to edit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from zhiqiao.engines.documents import (
    Block,
    Callout,
    Document,
    Figure,
    Heading,
    Inline,
    Items,
    Language,
    Note,
    Paragraph,
    Text,
    figure_text,
)
from zhiqiao.engines.report._words import noted

_FIGURE = re.compile("⟦([^⟦⟧]*)⟧")
_Editable = (Paragraph, Items, Callout)


@dataclass(frozen=True)
class TextBlock:
    """A text one may rewrite: its key, the heading it stands under, and the text, a line per paragraph or item."""

    key: str
    heading: str
    text: str


def keyed(blocks: Sequence[Block]) -> list[Block]:
    """Make the keys unique: the key of the heading above, and a number where a key comes again."""
    found: list[Block] = []
    scope, seen = "", dict[str, int]()
    for block in blocks:
        if isinstance(block, Heading):
            scope = block.key
        elif isinstance(block, _Editable) and block.key:
            key = f"{block.key}@{scope}" if scope else block.key
            seen[key] = seen.get(key, 0) + 1
            block = replace(block, key=key if seen[key] == 1 else f"{key}:{seen[key]}")  # noqa: PLW2901
        found.append(block)
    return found


def texts(document: Document) -> list[TextBlock]:
    """Return the texts of a document that a person may rewrite, in its order."""
    heading, found = "", []
    for block in document.blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, _Editable) and block.key:
            lines = [_written(line, document.language) for line in _lines(block)]
            found.append(TextBlock(block.key, heading, "\n".join(lines)))
    return found


def strange_figures(generated: str, text: str) -> list[str]:
    """Return the figures in brackets of a text that are not among those of the generated one."""
    known = set(_FIGURE.findall(generated))
    return [figure for figure in dict.fromkeys(_FIGURE.findall(text)) if figure not in known]


def carried(before: str, now: str, text: str) -> str | None:
    """Return a person's text with the figures of the text generated now in place of those generated before.

    None where that is not certain: the sentence itself changed, or one figure became two different ones.
    """
    if _FIGURE.sub("⟦⟧", before) != _FIGURE.sub("⟦⟧", now):
        return None
    moved: dict[str, str] = {}
    for old, new in zip(_FIGURE.findall(before), _FIGURE.findall(now), strict=True):
        if moved.setdefault(old, new) != new:
            return None
    return _FIGURE.sub(lambda found: f"⟦{moved.get(found[1], found[1])}⟧", text)


def with_texts(document: Document, edited: Mapping[str, str]) -> Document:
    """Return the document with texts in place of the generated ones; keys it does not have change nothing."""
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, _Editable) and block.key in edited:
            blocks += _rewritten(block, edited[block.key], document.language)
        else:
            blocks.append(block)
    return replace(document, blocks=blocks)


def _lines(block: Paragraph | Items | Callout) -> Sequence[Text]:
    match block:
        case Paragraph():
            return [block.text]
        case Items():
            return block.items
        case Callout():
            return block.text


def _parts(line: Text) -> Sequence[Inline]:
    return [line] if isinstance(line, str) else line


def _written(line: Text, language: Language) -> str:
    """Write a line for editing; its notes follow from its figures and are put back with them."""
    parts = (_shown(part, language) for part in _parts(line))
    return "".join(parts).strip()


def _shown(part: Inline, language: Language) -> str:
    match part:
        case str():
            return part.replace("\n", " ")
        case Figure():
            return f"⟦{figure_text(part, language)}⟧"
        case Note():
            return ""
    return getattr(part, "text", "")


def _rewritten(block: Paragraph | Items | Callout, text: str, language: Language) -> list[Block]:
    figures = [part for line in _lines(block) for part in _parts(line) if isinstance(part, Figure)]
    known = {
        shown: list(group)
        for shown, group in groupby(
            sorted(figures, key=lambda one: figure_text(one, language)),
            lambda one: figure_text(one, language),
        )
    }
    lines = [_read(line.strip(), known) for line in text.splitlines() if line.strip()]
    match block:
        case Paragraph():
            return [replace(block, text=line) for line in lines]
        case Items():
            return [replace(block, items=lines)]
        case Callout():
            return [replace(block, text=lines)]


def _read(line: str, known: Mapping[str, list[Figure]]) -> tuple[Inline, ...]:
    """Put the figures back; one the block no longer has stays as the words it was."""
    parts: list[Inline] = []
    for at, piece in enumerate(_FIGURE.split(line)):
        left = known.get(piece, []) if at % 2 else []
        if left:
            parts.append(left.pop(0) if len(left) > 1 else left[0])
        elif piece:
            parts.append(piece)
    return noted(parts)
