"""Parts of a Word file that python-docx does not write: footnotes, custom properties, settings, page frame."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsmap, qn
from docx.section import Section
from docx.shared import Mm
from lxml import etree

from zhiqiao.engines.documents._archive import midnight
from zhiqiao.engines.documents._docx_xml import Element, add, element, field, run
from zhiqiao.engines.documents._plan_values import Plan

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the one that the standard fixes for custom properties


def add_footnotes(word: WordDocument, notes: list[tuple[int, str]]) -> None:
    """Attach the part with the footnotes' texts."""
    root = etree.Element(qn("w:footnotes"), nsmap={"w": nsmap["w"]})
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        note = etree.SubElement(root, qn("w:footnote"), {qn("w:type"): kind, qn("w:id"): str(number)})
        paragraph = etree.SubElement(note, qn("w:p"))
        etree.SubElement(etree.SubElement(paragraph, qn("w:r")), qn(f"w:{kind}"))
    for number, text in notes:
        note = element("w:footnote", id=number)
        paragraph = add(note, "w:p")
        add(add(paragraph, "w:pPr"), "w:pStyle", val="FootnoteText")
        mark = add(paragraph, "w:r")
        add(add(mark, "w:rPr"), "w:rStyle", val="FootnoteReference")
        add(mark, "w:footnoteRef")
        run(paragraph, f" {text}")
        root.append(note)
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/word/footnotes.xml"), f"{_WORD}.footnotes+xml", blob, word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    settings: Element = word.settings.element
    properties = element("w:footnotePr")
    for number in (-1, 0):
        add(properties, "w:footnote", id=number)
    settings.insert_element_before(properties, "w:endnotePr", "w:compat", "w:rsids", "m:mathPr")


def set_properties(word: WordDocument, plan: Plan) -> None:
    """Write the file's own metadata: title, who, keywords, day, labels."""
    document = plan.document
    core, day = word.core_properties, midnight(document.date)
    core.title, core.subject = document.title[:255], document.subtitle[:255]
    core.author = core.last_modified_by = document.organisation[:255]
    core.keywords = ", ".join([*document.keywords, *(label.text for label in document.labels)])[:255]
    core.comments = plan.words.comma.join(label.text for label in document.labels)[:255]
    core.language = "zh-CN" if document.language == "zh" else "en-GB"
    core.version, core.revision = document.version[:255], 1
    core.created = core.modified = day
    facts = properties_of(plan)
    if not facts:
        return
    root = etree.Element(f"{{{_CUSTOM}}}Properties", nsmap={None: _CUSTOM, "vt": _VT})
    for number, (name, value) in enumerate(facts.items(), 2):
        attributes = {"fmtid": _FORMAT_ID, "pid": str(number), "name": name}
        made = etree.SubElement(root, f"{{{_CUSTOM}}}property", attributes)
        etree.SubElement(made, f"{{{_VT}}}lpwstr").text = value
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/docProps/custom.xml"), _CUSTOM_TYPE, blob, word.part.package)
    word.part.package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def properties_of(plan: Plan) -> dict[str, str]:
    """Return what stands in the custom metadata of office files: labels with their facts, edition, digest."""
    document = plan.document
    pairs = {"Edition": document.edition, "Version": document.version, "Digest": document.digest}
    found = {name: value for name, value in pairs.items() if value}
    for at, label in enumerate(document.labels, 1):
        name = label.key or f"Label{at}"
        found[name] = label.text
        found |= {f"{name}.{key}": value for key, value in label.facts.items()}
    return found


def set_settings(word: WordDocument) -> None:
    """Let Word compute fields when it opens the file, and lay it out as a current file, not as one of 2007."""
    settings: Element = word.settings.element
    settings.insert_element_before(
        element("w:updateFields", val="true"), "w:hdrShapeDefaults", "w:footnotePr", "w:endnotePr", "w:compat"
    )
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = element("w:compat")
        settings.insert_element_before(compat, "w:docVars", "w:rsids", "m:mathPr", "w:themeFontLang")
    for old in compat.findall(qn("w:compatSetting")):
        compat.remove(old)
    uri = "http://schemas.microsoft.com/office/word"
    add(compat, "w:compatSetting", name="compatibilityMode", uri=uri, val=15)


def set_page(section: Section, *, landscape: bool) -> None:
    """Set A4 with the margins of the house: room for binding on the left."""
    wide, high = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = wide, high
    section.orientation = WD_ORIENTATION.LANDSCAPE if landscape else WD_ORIENTATION.PORTRAIT
    section.left_margin, section.right_margin = (Mm(25), Mm(25)) if landscape else (Mm(29), Mm(26))
    section.top_margin, section.bottom_margin = Mm(28), Mm(25)
    section.header_distance, section.footer_distance = Mm(15), Mm(14)


def set_head(section: Section, plan: Plan, *, width: int) -> None:
    """Write the head of a section's pages, `width` (twentieths of a point) wide: title left, labels right."""
    head = section.header.paragraphs[0]
    properties = head._p.get_or_add_pPr()
    borders = add(properties, "w:pBdr")
    add(borders, "w:bottom", val="single", sz=4, space=4, color="8A97A3")
    tabs = add(properties, "w:tabs")
    for old, kind in ((4320, "clear"), (4680, "clear"), (8640, "clear"), (9360, "clear")):
        add(tabs, "w:tab", val=kind, pos=old)
    add(tabs, "w:tab", val="right", pos=width)
    run(head._p, plan.document.title)
    if labels := "　".join(label.text for label in plan.document.labels):
        add(add(head._p, "w:r"), "w:tab")
        made = run(head._p, labels)
        shade = element("w:rPr")
        add(shade, "w:b")
        add(shade, "w:color", val="B3261E")
        made.insert(0, shade)


def set_foot(section: Section, plan: Plan) -> None:
    """Write page x of y below the pages; the cover has neither head nor foot."""
    section.different_first_page_header_footer = plan.document.cover is not None
    foot = section.footer.paragraphs[0]._p
    before, between, after = plan.words.page
    run(foot, before)
    field(foot, "PAGE", "1")
    run(foot, between)
    field(foot, "NUMPAGES", "1")
    run(foot, after)
