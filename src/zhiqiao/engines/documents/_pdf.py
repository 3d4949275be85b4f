"""The document as PDF/A with its fonts inside, set by Typst from `document.typ`."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import typst

from zhiqiao.engines.documents import _palette
from zhiqiao.engines.documents._archive import midnight
from zhiqiao.engines.documents._docx import entry_text
from zhiqiao.engines.documents._draw import PictureKind, draw
from zhiqiao.engines.documents._errors import DocumentError
from zhiqiao.engines.documents._fonts import (
    FAMILY,
    Fonts,
    find_fonts,
    missing_letters,
    name_characters,
    printable,
)
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
    ItemsPlan,
    Line,
    PageBreakPlan,
    ParagraphPlan,
    Plan,
    SignaturePlan,
    SourcesPlan,
    TablePlan,
)
from zhiqiao.engines.documents._text import breakable
from zhiqiao.engines.documents._values import Document

_TEMPLATE = Path(__file__).parent / "document.typ"
#: Tags for screen readers cost about 230 bytes a cell; beyond this a file would be too large to send around.
_MOST_TAGGED_CELLS = 6000
Json = dict[str, object]


def to_pdf(document: Document, *, fonts: Fonts | None = None) -> bytes:
    """Return the document as PDF; the same document gives the same bytes.

    Tagged for screen readers (PDF/A-2a) up to 6,000 table cells, beyond that PDF/A-2u without tags. Characters that
    the font lacks are printed as 〓 and named at the end. Raises DocumentError as `plan` does.
    """
    return PdfMaker(plan(document), fonts or find_fonts()).make()


class PdfMaker:
    """Hands a plan to Typst as data."""

    def __init__(self, plan: Plan, fonts: Fonts) -> None:
        self._plan = plan
        self._fonts = fonts

    def make(self) -> bytes:
        """Return the PDF."""
        data = json.dumps(self.data(), ensure_ascii=False)
        if missing := missing_letters(data, self._fonts):
            note = self._plan.words.missing.format(letters=name_characters(missing))
            data = json.dumps(self.data(missing=note), ensure_ascii=False)
        tagged = _cells(self._plan) <= _MOST_TAGGED_CELLS
        try:
            made = typst.compile(
                _TEMPLATE.read_bytes(),
                font_paths=_typst_fonts(self._fonts),
                ignore_system_fonts=True,
                sys_inputs={"data": printable(data, self._fonts)},
                format="pdf",
                pdf_standards=["a-2a" if tagged else "a-2u"],
                pdf_tags=tagged,
                timestamp=midnight(self._plan.document.date),
            )
        except typst.TypstError as error:
            raise DocumentError(f"typst: {error.message} {error.diagnostic}") from error
        return made

    def data(self, *, missing: str = "") -> Json:
        """Return what the template shows."""
        document, words = self._plan.document, self._plan.words
        marks = [label.text for label in document.labels if label.watermark]
        labels = [label.text for label in document.labels]
        return {
            "title": document.title,
            "subtitle": document.subtitle,
            "organisation": document.organisation,
            "language": document.language,
            "date": [document.date.year, document.date.month, document.date.day],
            "day": day_text(document),
            "keywords": [*document.keywords, *labels],
            "description": words.comma.join([*labels, *([document.digest] if document.digest else [])]),
            "labels": labels,
            "watermark": marks[0] if marks else "",
            "cover": document.cover is not None,
            "facts": [[name, breakable(value)] for name, value in self._plan.facts],
            "family": FAMILY,
            "colours": {
                "text": _palette.TEXT,
                "muted": _palette.MUTED,
                "primary": _palette.PRIMARY,
                "error": _palette.ERROR,
            },
            "boxes": _palette.BOXES,
            "words": {
                "page": words.page,
                "contents": words.contents,
                "note": words.note,
                "source": words.source,
                "colon": words.colon,
                "nothing": words.nothing,
            },
            "blocks": [self._block(block) for block in self._plan.blocks],
            "missing": missing,
        }

    def _block(self, block: BlockPlan) -> Json:  # noqa: PLR0911  one answer per kind of block
        match block:
            case HeadingPlan():
                text = entry_text(block, self._plan.document.language)
                return {"kind": "heading", "level": block.depth, "text": text, "anchor": block.anchor}
            case ParagraphPlan():
                return {"kind": "paragraph", "line": _line(block.line)}
            case ItemsPlan():
                return {
                    "kind": "items",
                    "numbered": block.numbered,
                    "lines": [_line(one) for one in block.lines],
                }
            case TablePlan():
                return self._table(block)
            case ChartPlan():
                return self._chart(block)
            case CalloutPlan():
                lines = [_line(one) for one in block.lines]
                return {"kind": "callout", "title": block.title, "tone": block.tone.value, "lines": lines}
            case ContentsPlan():
                return {"kind": "contents", "depth": block.depth}
            case SourcesPlan():
                return {
                    "kind": "sources",
                    "entries": [(n, a, breakable(text)) for n, a, text in block.entries],
                }
            case SignaturePlan():
                return {"kind": "signature", "lines": block.lines, "seal": block.seal}
            case PageBreakPlan():
                return {"kind": "break"}
            case AnnexPlan():
                return {"kind": "annex", "label": block.label, "title": block.title, "anchor": block.anchor}

    def _table(self, block: TablePlan) -> Json:
        heads = [
            {"text": head.text, "group": head.group, "width": head.width, "number": head.is_number}
            for head in block.heads
        ]
        rows = [[_cell(cell) for cell in row] for row in block.rows]
        return {
            "kind": "table",
            **_captioned(block),
            "heads": heads,
            "rows": rows,
            "landscape": block.landscape,
        }

    def _chart(self, block: ChartPlan) -> Json:
        svg = ""
        if not block.empty:
            svg = draw(block.chart, PictureKind.TEXT, words=self._plan.words, fonts=self._fonts).decode()
        return {"kind": "chart", **_captioned(block), "svg": svg, "alt": block.chart.alt}


def _cells(plan: Plan) -> int:
    return sum(len(block.rows) * len(block.heads) for block in plan.blocks if isinstance(block, TablePlan))


def _captioned(block: Captioned) -> Json:
    return {
        "label": block.label,
        "title": block.title,
        "anchor": block.anchor,
        "notes": [_line(one) for one in block.notes],
        "source": _line(block.source),
        "empty": block.empty,
    }


def _cell(cell: CellPlan) -> list[object]:
    if all(piece.kind == "text" for piece in cell.line):
        return [breakable(cell.text), cell.span]
    return [_line(cell.line), cell.span]


def _line(line: Line) -> list[tuple[str, str, str]]:
    return [(piece.kind, breakable(piece.text), piece.target) for piece in line]


@lru_cache(maxsize=4)
def _typst_fonts(fonts: Fonts) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts.regular.parent]
    )
