"""The document as a Word file that a person goes on writing in: real styles, fields, captions, footnotes."""

from __future__ import annotations

import io

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.styles.style import BaseStyle

from zhiqiao.engines.documents import _docx_parts as parts
from zhiqiao.engines.documents._archive import settle
from zhiqiao.engines.documents._docx_styles import Numbering, set_number, set_styles
from zhiqiao.engines.documents._docx_tables import LANDSCAPE_WIDTH, PORTRAIT_WIDTH, table_element
from zhiqiao.engines.documents._docx_xml import (
    Element,
    Writer,
    add,
    anchor_name,
    element,
    field,
    field_begin,
    field_end,
    run,
)
from zhiqiao.engines.documents._draw import WIDTH_MM, PictureKind, draw
from zhiqiao.engines.documents._fonts import Fonts, find_fonts
from zhiqiao.engines.documents._lines import with_note
from zhiqiao.engines.documents._palette import BOXES, MUTED
from zhiqiao.engines.documents._plan import day_text, plan
from zhiqiao.engines.documents._plan_values import (
    AnnexPlan,
    BlockPlan,
    CalloutPlan,
    Captioned,
    ChartPlan,
    ContentsPlan,
    HeadingPlan,
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
from zhiqiao.engines.documents._values import Document, Tone

_FIRST_LINE = 480  # twentieths of a point: two characters of 12 pt
_BULLET = 300  # the same: a bullet of 10.5 pt with its space


def to_docx(document: Document, *, fonts: Fonts | None = None) -> bytes:
    """Return the document as DOCX; the same document gives the same bytes. Raise DocumentError as `plan` does."""
    return _WordMaker(plan(document), fonts or find_fonts()).make()


class _WordMaker:
    def __init__(self, plan: Plan, fonts: Fonts) -> None:
        self._plan = plan
        self._fonts = fonts
        self._word: WordDocument = docx.Document()
        self._writer = Writer()
        set_styles(self._word, plan.document.language)
        self._numbering = Numbering(self._word, plan.document.language)
        self._annex_numbers: dict[int, int] = {}
        self._styles: dict[str, BaseStyle] = {}
        self._landscape = False

    def make(self) -> bytes:
        plan, word = self._plan, self._word
        parts.set_page(word.sections[0], landscape=False)
        parts.set_head(word.sections[0], plan, width=PORTRAIT_WIDTH)
        parts.set_foot(word.sections[0], plan)
        if plan.document.cover is not None:
            self._cover()
        for block in plan.blocks:
            self._turn(landscape=isinstance(block, TablePlan) and block.landscape)
            self._block(block)
        parts.add_footnotes(word, self._writer.footnotes)
        parts.set_properties(word, plan)
        parts.set_settings(word)
        sort_properties(word.element.body)
        for section in word.sections:
            sort_properties(section.header._element)
        target = io.BytesIO()
        word.save(target)
        return settle(target.getvalue(), plan.document.date)

    def _turn(self, *, landscape: bool) -> None:
        if landscape != self._landscape:
            section = self._word.add_section(WD_SECTION.NEW_PAGE)
            _end_section_in_last_paragraph(self._word)
            section.header.is_linked_to_previous = False
            parts.set_page(section, landscape=landscape)
            parts.set_head(section, self._plan, width=LANDSCAPE_WIDTH if landscape else PORTRAIT_WIDTH)
            section.different_first_page_header_footer = False
            self._landscape = landscape

    def _paragraph(self, style: str) -> Element:
        # the library looks a style up by its name in the whole file, for each paragraph anew
        if style not in self._styles:
            self._styles[style] = self._word.styles[style]
        made = self._word.add_paragraph()
        made._p.style = self._styles[style].style_id
        paragraph: Element = made._p
        return paragraph

    def _cover(self) -> None:
        document = self._plan.document
        run(self._paragraph("Title"), document.title)
        if document.subtitle:
            run(self._paragraph("Subtitle"), document.subtitle)
        for label in document.labels:
            paragraph = self._paragraph("Zhiqiao Label")
            run(paragraph, f"【{label.text}】" if document.language == "zh" else f"[{label.text}]")
        first = True
        for name, value in self._plan.facts:
            paragraph = self._paragraph("Zhiqiao Cover")
            if first:
                add(paragraph.get_or_add_pPr(), "w:spacing", before=1600)
                first = False
            run(paragraph, f"{name}{self._plan.words.colon}{value}")
        paragraph = self._paragraph("Zhiqiao Cover")
        add(paragraph.get_or_add_pPr(), "w:spacing", before=1600 if first else 900)
        run(paragraph, document.organisation, bold=True)
        run(self._paragraph("Zhiqiao Cover"), day_text(document))
        self._page_break()

    def _page_break(self) -> None:
        paragraph = self._paragraph("Zhiqiao Note")
        add(add(paragraph, "w:r"), "w:br", type_="page")

    def _block(self, block: BlockPlan) -> None:
        match block:
            case HeadingPlan():
                self._heading(block)
            case ParagraphPlan():
                self._text("Normal", block.line, indent=True)
            case ItemsPlan():
                self._items(block)
            case TablePlan():
                self._table(block)
            case ChartPlan():
                self._chart(block)
            case CalloutPlan():
                self._callout(block)
            case ContentsPlan():
                self._contents(block)
            case SourcesPlan():
                self._sources(block)
            case SignaturePlan():
                self._signature(block)
            case PageBreakPlan():
                self._page_break()
            case AnnexPlan():
                self._annex(block)

    def _text(self, style: str, line: Line, *, indent: bool = False) -> Element:
        paragraph = self._paragraph(style)
        if indent and self._plan.document.language == "zh":
            add(paragraph.get_or_add_pPr(), "w:ind", firstLine=_FIRST_LINE, firstLineChars=200)
        self._writer.line(paragraph, line)
        return paragraph

    def _heading(self, block: HeadingPlan) -> None:
        paragraph = self._paragraph(f"Heading {block.depth}")
        if not block.numbered:
            set_number(paragraph.get_or_add_pPr(), 0, 0)
        elif block.annex:
            number = self._annex_numbers.setdefault(block.annex, 0) or self._numbering.fresh_headings()
            self._annex_numbers[block.annex] = number
            set_number(paragraph.get_or_add_pPr(), number, block.level - 1)
        end = self._writer.bookmark(paragraph, block.anchor)
        run(paragraph, block.text)
        paragraph.append(end)

    def _items(self, block: ItemsPlan) -> None:
        number = self._numbering.fresh_list() if block.numbered else self._numbering.bullets
        for line in block.lines:
            paragraph = self._text("List Number" if block.numbered else "List Bullet", line)
            set_number(paragraph.get_or_add_pPr(), number, 0)

    def _caption(self, block: Captioned, word: str, *, above: bool) -> None:
        paragraph = self._paragraph("Caption")
        if above:
            add(paragraph.get_or_add_pPr(), "w:keepNext")
        end = self._writer.bookmark(paragraph, block.anchor)
        gap = "" if self._plan.document.language == "zh" else " "
        run(paragraph, word + gap)
        field(paragraph, f"SEQ {word} \\* ARABIC", str(block.number))
        paragraph.append(end)
        run(paragraph, f"　{block.title}" if not gap else f"  {block.title}")

    def _below(self, block: Captioned) -> None:
        words = self._plan.words
        lines = with_note(block.notes, words)
        if block.source:
            lines.append((Piece("text", words.source + words.colon), *block.source))
        for at, line in enumerate(lines, 1):
            paragraph = self._text("Zhiqiao Note", line)
            if at < len(lines):
                add(paragraph.get_or_add_pPr(), "w:keepNext")
        self._gap()

    def _empty(self, block: Captioned) -> None:
        words = self._plan.words
        paragraph = self._text("Zhiqiao Box", (Piece("text", f"{words.nothing}{words.colon}{block.empty}"),))
        properties = paragraph.get_or_add_pPr()
        borders = add(properties, "w:pBdr")
        for side in ("top", "left", "bottom", "right"):
            add(borders, f"w:{side}", val="single", sz=4, space=6, color=MUTED[1:])
        add(properties, "w:jc", val="center")

    def _table(self, block: TablePlan) -> None:
        self._caption(block, self._plan.words.table, above=True)
        if block.empty:
            self._empty(block)
        else:
            body = self._word.element.body
            body.insert_element_before(table_element(block, self._writer), "w:sectPr")
        self._below(block)

    def _chart(self, block: ChartPlan) -> None:
        if block.empty:
            self._empty(block)
        else:
            picture = draw(block.chart, PictureKind.PNG, words=self._plan.words, fonts=self._fonts)
            made = self._word.add_paragraph(style="Zhiqiao Picture").add_run()
            shape = made.add_picture(io.BytesIO(picture), width=Mm(WIDTH_MM))
            properties = shape._inline.docPr
            properties.set("descr", block.chart.alt)
            properties.set("title", f"{block.label} {block.title}")
        self._caption(block, self._plan.words.chart, above=False)
        self._below(block)

    def _callout(self, block: CalloutPlan) -> None:
        line, fill = BOXES[block.tone.value]
        is_list = block.tone is Tone.KEY
        points: list[Line] = (
            [(Piece("text", "•　"), *one) for one in block.lines] if is_list else [*block.lines]
        )
        lines: list[Line] = [(Piece("strong", block.title),), *points]
        for at, pieces in enumerate(lines):
            paragraph = self._text("Zhiqiao Box", pieces)
            properties = paragraph.get_or_add_pPr()
            add(properties, "w:keepLines")
            if at < len(lines) - 1:
                add(properties, "w:keepNext")
            borders = add(properties, "w:pBdr")
            for side, size in (("top", 4), ("left", 24), ("bottom", 4), ("right", 4)):
                add(borders, f"w:{side}", val="single", sz=size, space=6, color=line[1:])
            add(properties, "w:shd", val="clear", color="auto", fill=fill[1:])
            hang = _BULLET if is_list and at else 0
            add(properties, "w:ind", left=140 + hang, right=140, hanging=hang)
        self._gap()

    def _gap(self) -> None:
        add(self._paragraph("Zhiqiao Note").get_or_add_pPr(), "w:spacing", line=200, lineRule="exact")

    def _contents(self, block: ContentsPlan) -> None:
        run(self._paragraph("TOC Heading"), self._plan.words.contents)
        entries = [
            one for one in self._plan.entries if isinstance(one, AnnexPlan) or one.depth <= block.depth
        ]
        for at, entry in enumerate(entries):
            level = 1 if isinstance(entry, AnnexPlan) else entry.depth
            paragraph = self._paragraph(f"toc {level}")
            if at == 0:
                field_begin(paragraph, f'TOC \\o "1-{block.depth}" \\h \\z \\u')
            link = add(paragraph, "w:hyperlink", anchor=anchor_name(entry.anchor), history=1)
            run(link, entry_text(entry, self._plan.document.language))
            add(add(link, "w:r"), "w:tab")
            field(link, f"PAGEREF {anchor_name(entry.anchor)} \\h", "")
            if at == len(entries) - 1:
                field_end(paragraph)
        self._page_break()

    def _sources(self, block: SourcesPlan) -> None:
        for number, anchor, text in block.entries:
            paragraph = self._paragraph("Zhiqiao Source")
            end = self._writer.bookmark(paragraph, anchor)
            run(paragraph, f"[{number}]")
            paragraph.append(end)
            run(paragraph, f"　{text}")

    def _signature(self, block: SignaturePlan) -> None:
        self._gap()
        lines = [f"{role}{self._plan.words.colon}{name or '＿' * 8}" for role, name in block.lines]
        lines += [self._plan.document.organisation + block.seal, day_text(self._plan.document)]
        for at, text in enumerate(lines, 1):
            paragraph = self._paragraph("Zhiqiao Signature")
            if at < len(lines):
                add(paragraph.get_or_add_pPr(), "w:keepNext")
            run(paragraph, text)

    def _annex(self, block: AnnexPlan) -> None:
        paragraph = self._paragraph("Heading 1")
        properties = paragraph.get_or_add_pPr()
        properties.append(element("w:pageBreakBefore"))
        set_number(properties, 0, 0)
        end = self._writer.bookmark(paragraph, block.anchor)
        run(paragraph, f"{block.label}　{block.title}")
        paragraph.append(end)


def _end_section_in_last_paragraph(word: WordDocument) -> None:
    """Move the break from the empty paragraph python-docx adds, which a full page would push onto an empty one."""
    body = word.element.body
    added = body[-2]
    before = added.getprevious()
    if before is not None and before.tag == qn("w:p") and added.pPr is not None:
        before.get_or_add_pPr().append(added.pPr.find(qn("w:sectPr")))
        body.remove(added)


def entry_text(entry: HeadingPlan | AnnexPlan, language: str) -> str:
    """Return an entry of the table of contents as printed."""
    if isinstance(entry, AnnexPlan):
        return f"{entry.label}　{entry.title}"
    gap = " " if entry.number and (language == "en" or entry.level == 3) else ""
    return f"{entry.number}{gap}{entry.text}"


def sort_properties(body: Element) -> None:
    """Put what stands in paragraph properties into the order that the standard asks for."""
    order = {qn(f"w:{name}"): at for at, name in enumerate(_ORDER)}
    for properties in body.iter(qn("w:pPr")):
        properties[:] = sorted(properties, key=lambda child: order.get(child.tag, len(order)))


_ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "numPr",
    "suppressLineNumbers",
    "pBdr",
    "shd",
    "tabs",
    "suppressAutoHyphens",
    "kinsoku",
    "wordWrap",
    "overflowPunct",
    "topLinePunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "bidi",
    "adjustRightInd",
    "snapToGrid",
    "spacing",
    "ind",
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
    "jc",
    "textDirection",
    "textAlignment",
    "textboxTightWrap",
    "outlineLvl",
    "divId",
    "cnfStyle",
    "rPr",
    "sectPr",
    "pPrChange",
]
