"""Styles, numbering and fonts of the Word file: those a bureau's text has, under Word's own style names."""

from __future__ import annotations

from typing import NamedTuple

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from lxml import etree

from zhiqiao.engines.documents import _palette
from zhiqiao.engines.documents._docx_xml import Element, add, element
from zhiqiao.engines.documents._values import Language

BULLETS, HEADINGS = 1, 2
_SONG, _HEI, _LATIN = "宋体", "黑体", "Times New Roman"
#: Names a machine without the Windows fonts may know instead.
_ALTERNATIVES = {"宋体": "SimSun,Songti SC,Noto Serif CJK SC", "黑体": "SimHei,Heiti SC,Noto Sans CJK SC"}


_ALIGNMENTS = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


class _Look(NamedTuple):
    name: str
    size: float
    font: str = _SONG
    bold: bool = False
    before: float = 0
    after: float = 0
    line: float = 1.0
    align: str = ""
    next_: bool = False  # keep with next


_STYLES = (
    _Look("Normal", 12, line=1.5),
    _Look("Heading 1", 16, _HEI, before=18, after=8, line=1.3, next_=True),
    _Look("Heading 2", 15, _HEI, before=12, after=6, line=1.3, next_=True),
    _Look("Heading 3", 13, _HEI, bold=True, before=8, after=4, line=1.3, next_=True),
    _Look("Title", 30, _HEI, before=110, after=14, line=1.25, align="center"),
    _Look("Subtitle", 18, _HEI, before=0, after=10, line=1.25, align="center"),
    _Look("Caption", 10.5, _HEI, before=8, after=4, align="center"),
    _Look("Header", 9),
    _Look("Footer", 9, align="center"),
    _Look("TOC Heading", 18, _HEI, before=0, after=8, align="center", next_=True),
    _Look("toc 1", 10.5, _HEI, before=2, line=1.0),
    _Look("toc 2", 10.5, line=1.0),
    _Look("toc 3", 10, line=1.0),
    _Look("footnote text", 9),
    _Look("List Bullet", 12, line=1.4),
    _Look("List Number", 12, line=1.4),
    _Look("Zhiqiao Table", 9),
    _Look("Zhiqiao Note", 9, before=2, line=1.15),
    _Look("Zhiqiao Picture", 9, before=8, align="center", next_=True),
    _Look("Zhiqiao Box", 10.5, line=1.35),
    _Look("Zhiqiao Cover", 14, line=1.6, align="center"),
    _Look("Zhiqiao Label", 14, _HEI, before=10, after=10, align="center"),
    _Look("Zhiqiao Source", 10.5, before=2, line=1.25),
    _Look("Zhiqiao Signature", 14, line=1.6, align="right"),
)


def set_styles(word: WordDocument, language: Language) -> None:
    """Define every style that the document uses."""
    for look in _STYLES:
        _set(word, look, language)
    normal = word.styles["Normal"]
    tags = normal.element.get_or_add_rPr()
    for old in tags.findall(qn("w:lang")):
        tags.remove(old)
    add(tags, "w:lang", val="zh-CN" if language == "zh" else "en-GB", eastAsia="zh-CN")
    for level, indent in ((1, 0), (2, 420), (3, 840)):
        _toc(word.styles[f"toc {level}"].element, indent)
    _reference_style(word)
    _indents(word)
    _set_fonts(word)


def _set(word: WordDocument, look: _Look, language: Language) -> None:
    names = [style.name for style in word.styles]
    builtin = not look.name.startswith("Zhiqiao")
    if look.name not in names:
        word.styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH, builtin)
    style = word.styles[look.name]
    assert isinstance(style, ParagraphStyle)
    if look.name == "TOC Heading":  # Word bases it on the first heading, whose number it must not have
        style.base_style = word.styles["Normal"]
    colour = _palette.ERROR if look.name == "Zhiqiao Label" else _palette.TEXT
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, False
    style.font.color.rgb = RGBColor.from_string(colour[1:])
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    latin = _LATIN if look.font == _SONG else "Arial"
    for name, value in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", look.font)):
        fonts.set(qn(f"w:{name}"), value)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.line_spacing, form.keep_with_next = look.line, look.next_
    form.widow_control = True
    properties = style.element.get_or_add_pPr()
    for tag in ("w:pBdr", "w:numPr", "w:contextualSpacing"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    if look.align:
        form.alignment = _ALIGNMENTS[look.align]
    if look.name == "Normal" and language == "zh":
        form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY  # both edges, as Chinese print is set


def _toc(style: Element, indent: int) -> None:
    properties = style.get_or_add_pPr()
    tabs = element("w:tabs")
    add(tabs, "w:tab", val="right", leader="dot", pos=8788)
    properties.insert_element_before(tabs, "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
    properties.get_or_add_ind().set(qn("w:left"), str(indent))


def _indents(word: WordDocument) -> None:
    for name in ("List Bullet", "List Number"):
        indent = word.styles[name].element.get_or_add_pPr().get_or_add_ind()
        indent.set(qn("w:left"), "720")
        indent.set(qn("w:hanging"), "360")
    indent = word.styles["Zhiqiao Source"].element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:left"), "480")
    indent.set(qn("w:hanging"), "480")


def _reference_style(word: WordDocument) -> None:
    style = word.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, True)
    style.element.set(qn("w:styleId"), "FootnoteReference")
    add(style.element.get_or_add_rPr(), "w:vertAlign", val="superscript")


def _set_fonts(word: WordDocument) -> None:
    """Name substitutes for the Chinese fonts in the font table."""
    part = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    root = etree.fromstring(part.blob)
    for name, others in _ALTERNATIVES.items():
        font = etree.SubElement(root, qn("w:font"), {qn("w:name"): name})
        etree.SubElement(font, qn("w:altName"), {qn("w:val"): others})
        etree.SubElement(font, qn("w:charset"), {qn("w:val"): "86"})
        etree.SubElement(font, qn("w:family"), {qn("w:val"): "auto"})
        etree.SubElement(font, qn("w:pitch"), {qn("w:val"): "variable"})
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


class Numbering:
    """Word's own numbering: headings go on numbering when a person inserts one, lists begin at one."""

    def __init__(self, word: WordDocument, language: Language) -> None:
        self._root: Element = word.part.numbering_part.element
        for old in list(self._root):
            self._root.remove(old)
        _bullets(self._root)
        _headings(self._root, language)
        _numbers(self._root)
        self._next = 1
        self.bullets = self._num(BULLETS)
        self.headings = self._num(HEADINGS)
        for level in (1, 2, 3):
            properties = word.styles[f"Heading {level}"].element.get_or_add_pPr()
            set_number(properties, self.headings, level - 1)

    def fresh_headings(self) -> int:
        """Return numbering for headings that begins anew."""
        return self._num(HEADINGS, restart=3)

    def fresh_list(self) -> int:
        """Return numbering for a list that begins at one."""
        return self._num(3, restart=1)

    def _num(self, abstract: int, *, restart: int = 0) -> int:
        number = self._next
        self._next += 1
        made = add(self._root, "w:num", numId=number)
        add(made, "w:abstractNumId", val=abstract)
        for level in range(restart):
            add(add(made, "w:lvlOverride", ilvl=level), "w:startOverride", val=1)
        return number


def set_number(properties: Element, number: int, level: int) -> None:
    """Set the numbering of a paragraph or style."""
    numbering = properties.get_or_add_numPr()
    numbering.get_or_add_ilvl().set(qn("w:val"), str(level))
    numbering.get_or_add_numId().set(qn("w:val"), str(number))


def _level(parent: Element, at: int, form: str, text: str, *, suffix: str, style: str = "") -> Element:
    level = add(parent, "w:lvl", ilvl=at)
    add(level, "w:start", val=1)
    add(level, "w:numFmt", val=form)
    if style:
        add(level, "w:pStyle", val=style)
    add(level, "w:suff", val=suffix)
    add(level, "w:lvlText", val=text)
    add(level, "w:lvlJc", val="left")
    return level


_FORMS: dict[Language, tuple[tuple[str, str, str], ...]] = {
    "zh": (
        ("chineseCounting", "%1、", "nothing"),
        ("chineseCounting", "（%2）", "nothing"),
        ("decimal", "%3.", "space"),
    ),
    "en": (
        ("decimal", "%1", "space"),
        ("decimal", "%1.%2", "space"),
        ("decimal", "%1.%2.%3", "space"),
    ),
}


def _headings(root: Element, language: Language) -> None:
    made = add(root, "w:abstractNum", abstractNumId=HEADINGS)
    add(made, "w:multiLevelType", val="multilevel")
    for at, (form, text, suffix) in enumerate(_FORMS[language]):
        _level(made, at, form, text, suffix=suffix, style=f"Heading{at + 1}")


def _bullets(root: Element) -> None:
    made = add(root, "w:abstractNum", abstractNumId=BULLETS)
    add(made, "w:multiLevelType", val="singleLevel")
    level = _level(made, 0, "bullet", "•", suffix="tab", style="ListBullet")
    add(add(level, "w:pPr"), "w:ind", left=720, hanging=360)
    add(add(level, "w:rPr"), "w:rFonts", ascii="Arial", hAnsi="Arial", cs="Arial", eastAsia="Arial")


def _numbers(root: Element) -> None:
    made = add(root, "w:abstractNum", abstractNumId=3)
    add(made, "w:multiLevelType", val="singleLevel")
    level = _level(made, 0, "decimal", "%1.", suffix="tab")
    add(add(level, "w:pPr"), "w:ind", left=720, hanging=360)
