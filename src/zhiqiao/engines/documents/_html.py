"""The document as HTML fragments for pages and print preview: all text escaped, no script, no style of its own."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from itertools import groupby

from zhiqiao.engines.documents._docx import entry_text
from zhiqiao.engines.documents._draw import PictureKind, draw
from zhiqiao.engines.documents._fonts import Fonts, find_fonts
from zhiqiao.engines.documents._lines import with_note
from zhiqiao.engines.documents._plan import day_text, plan
from zhiqiao.engines.documents._plan_values import (
    AnnexPlan,
    BlockPlan,
    CalloutPlan,
    Captioned,
    CellPlan,
    ChartPlan,
    ContentsPlan,
    HeadingPlan,
    HeadPlan,
    ItemsPlan,
    Line,
    PageBreakPlan,
    ParagraphPlan,
    Piece,
    Plan,
    SignaturePlan,
    SourcesPlan,
    TablePlan,
)
from zhiqiao.engines.documents._values import Document

_FIRST_LEVEL = 2  # h1 is the page's own


def to_html(document: Document, *, fonts: Fonts | None = None, prefix: str = "doc-") -> list[str]:
    """Return one fragment per block, the title page first; `prefix` keeps ids apart from those of the page.

    Charts are images within the text (data: addresses), so that a fragment needs no other request.
    """
    maker = _HtmlMaker(plan(document), fonts or find_fonts(), prefix)
    return [maker.cover(), *map(maker.block, maker.plan.blocks), maker.footnotes()]


class _HtmlMaker:
    def __init__(self, plan: Plan, fonts: Fonts, prefix: str) -> None:
        self.plan = plan
        self._fonts = fonts
        self._prefix = prefix
        self._notes: list[Piece] = []

    def cover(self) -> str:
        document = self.plan.document
        labels = "".join(
            f'<span class="zq-doc-label">{escape(label.text)}</span>' for label in document.labels
        )
        facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in self.plan.facts)
        subtitle = f"<p>{escape(document.subtitle)}</p>" if document.subtitle else ""
        return (
            f'<header class="zq-doc-cover"><h1>{escape(document.title)}</h1>{subtitle}{labels}'
            f"{f'<dl>{facts}</dl>' if facts else ''}"
            f"<p>{escape(document.organisation)}</p><p>{escape(day_text(document))}</p></header>"
        )

    def block(self, block: BlockPlan) -> str:  # noqa: PLR0911  one answer per kind of block
        match block:
            case HeadingPlan():
                tag = f"h{block.depth + _FIRST_LEVEL - 1}"
                text = escape(entry_text(block, self.plan.document.language))
                return f'<{tag} id="{self._id(block.anchor)}">{text}</{tag}>'
            case ParagraphPlan():
                return f"<p>{self._line(block.line)}</p>"
            case ItemsPlan():
                tag = "ol" if block.numbered else "ul"
                return f"<{tag}>{''.join(f'<li>{self._line(line)}</li>' for line in block.lines)}</{tag}>"
            case TablePlan():
                return self._table(block)
            case ChartPlan():
                return self._chart(block)
            case CalloutPlan():
                lines = "".join(f"<p>{self._line(line)}</p>" for line in block.lines)
                title = escape(block.title)
                return (
                    f'<aside class="zq-doc-box zq-doc-{block.tone}"><strong>{title}</strong>{lines}</aside>'
                )
            case ContentsPlan():
                return self._contents(block)
            case SourcesPlan():
                entries = "".join(
                    f'<li id="{self._id(anchor)}" value="{number}">{escape(text)}</li>'
                    for number, anchor, text in block.entries
                )
                return f'<ol class="zq-doc-sources">{entries}</ol>'
            case SignaturePlan():
                return self._signature(block)
            case PageBreakPlan():
                return '<hr class="zq-doc-break">'
            case AnnexPlan():
                text = f"{escape(block.label)}　{escape(block.title)}"
                return f'<h2 class="zq-doc-annex" id="{self._id(block.anchor)}">{text}</h2>'

    def footnotes(self) -> str:
        """Return the footnotes met so far; to be asked last."""
        if not self._notes:
            return ""
        entries = "".join(
            f'<li id="{self._id(piece.target)}" value="{piece.number}">{escape(piece.text)}</li>'
            for piece in self._notes
        )
        return f'<ol class="zq-doc-notes">{entries}</ol>'

    def _id(self, anchor: str) -> str:
        return escape(self._prefix + anchor)

    def _line(self, line: Line) -> str:
        return "".join(map(self._piece, line))

    def _piece(self, piece: Piece) -> str:
        text = escape(piece.text).replace("\n", "<br>")
        match piece.kind:
            case "text":
                return text
            case "strong":
                return f"<strong>{text}</strong>"
            case "mark":
                return f"<sup>{text}</sup>"
            case "note":
                self._notes.append(piece)
                return f'<sup><a href="#{self._id(piece.target)}">{piece.number}</a></sup>'
            case "again" | "cite":
                return f'<sup><a href="#{self._id(piece.target)}">{text}</a></sup>'
            case "ref":
                return f'<a href="#{self._id(piece.target)}">{text}</a>'

    def _contents(self, block: ContentsPlan) -> str:
        items = []
        for entry in self.plan.entries:
            level = 1 if isinstance(entry, AnnexPlan) else entry.depth
            if level <= block.depth:
                text = escape(entry_text(entry, self.plan.document.language))
                items.append(
                    f'<li class="zq-doc-level-{level}"><a href="#{self._id(entry.anchor)}">{text}</a></li>'
                )
        title = escape(self.plan.words.contents)
        return f'<nav class="zq-doc-contents" aria-label="{title}"><ol>{"".join(items)}</ol></nav>'

    def _below(self, block: Captioned) -> str:
        words = self.plan.words
        parts = [f"<p>{self._line(line)}</p>" for line in with_note(block.notes, words)]
        if block.source:
            parts.append(f"<p>{escape(words.source + words.colon)}{self._line(block.source)}</p>")
        return f'<div class="zq-doc-below">{"".join(parts)}</div>' if parts else ""

    def _empty(self, block: Captioned) -> str:
        words = self.plan.words
        return f'<p class="zq-doc-empty">{escape(words.nothing + words.colon + block.empty)}</p>'

    def _table(self, block: TablePlan) -> str:
        title = f"{escape(block.label)}　{escape(block.title)}"
        if block.empty:
            body = f"<figcaption>{title}</figcaption>{self._empty(block)}"
        else:
            rows = "".join(f"<tr>{self._cells(row, block.heads)}</tr>" for row in block.rows)
            head = _heads(block.heads)
            body = (
                f'<div class="zq-scroll" tabindex="0"><table class="zq-table"><caption>{title}</caption>'
                f"<thead>{head}</thead><tbody>{rows}</tbody></table></div>"
            )
        return f'<figure class="zq-figure" id="{self._id(block.anchor)}">{body}{self._below(block)}</figure>'

    def _cells(self, row: Sequence[CellPlan], heads: Sequence[HeadPlan]) -> str:
        made = []
        for cell, head in zip(row, heads, strict=True):
            if cell.span:
                span = f' rowspan="{cell.span}"' if cell.span > 1 else ""
                kind = ' class="zq-num"' if head.is_number else ""
                made.append(f"<td{span}{kind}>{self._line(cell.line)}</td>")
        return "".join(made)

    def _chart(self, block: ChartPlan) -> str:
        if block.empty:
            picture = self._empty(block)
        else:
            svg = draw(block.chart, PictureKind.OUTLINES, words=self.plan.words, fonts=self._fonts)
            address = "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
            picture = f'<img src="{address}" alt="{escape(block.chart.alt)}">'
        caption = f"<figcaption>{escape(block.label)}　{escape(block.title)}</figcaption>"
        anchor, below = self._id(block.anchor), self._below(block)
        return f'<figure class="zq-figure" id="{anchor}">{picture}{caption}{below}</figure>'

    def _signature(self, block: SignaturePlan) -> str:
        colon = self.plan.words.colon
        lines = [f"{role}{colon}{name or '＿' * 8}" for role, name in block.lines]
        lines += [self.plan.document.organisation, block.seal, day_text(self.plan.document)]
        return f'<div class="zq-doc-signature">{"".join(f"<p>{escape(line)}</p>" for line in lines if line)}</div>'


def _heads(heads: Sequence[HeadPlan]) -> str:
    if not any(head.group for head in heads):
        return f"<tr>{''.join(map(_head, heads))}</tr>"
    above: list[str] = []
    below: list[str] = []
    for group, members in groupby(heads, key=lambda head: head.group):
        columns: list[HeadPlan] = list(members)
        if group:
            above.append(f'<th scope="colgroup" colspan="{len(columns)}">{escape(group)}</th>')
            below += map(_head, columns)
        else:
            above += [_head(head, rows=2) for head in columns]
    return f"<tr>{''.join(above)}</tr><tr>{''.join(below)}</tr>"


def _head(head: HeadPlan, rows: int = 1) -> str:
    span = f' rowspan="{rows}"' if rows > 1 else ""
    kind = ' class="zq-num"' if head.is_number else ""
    return f'<th scope="col"{span}{kind}>{escape(head.text)}</th>'
