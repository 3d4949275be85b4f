"""The Word file: what a person finds when going on writing in it."""

from __future__ import annotations

import dataclasses
import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator

import docx as python_docx
import pytest

from tests.unit.engines.documents.conftest import small
from tests.unit.engines.documents.demo import demo
from tests.unit.engines.documents.office import W, body, names, part, text
from zhiqiao.engines.documents import (
    Chart,
    ChartKind,
    Column,
    Document,
    Heading,
    Items,
    Label,
    Note,
    Paragraph,
    Series,
    Table,
    Unknown,
    to_docx,
)

EVIL = "<w:b/> & \"'\x00\x0b\x1f\ud800 ﷐ 𠮷 😀 ]]>"


def of(element: ET.Element, tag: str) -> Iterator[ET.Element]:
    return element.iter(f"{W}{tag}")


def value(element: ET.Element | None, name: str = "val") -> str:
    return "" if element is None else element.get(f"{W}{name}", "")


def fields(element: ET.Element) -> list[str]:
    return [(one.text or "").strip() for one in of(element, "instrText")]


def test_python_docx_opens_it_with_the_real_styles(docx: bytes) -> None:
    opened = python_docx.Document(io.BytesIO(docx))
    used = {paragraph.style.name for paragraph in opened.paragraphs if paragraph.style}
    assert {
        "Title",
        "Heading 1",
        "Heading 2",
        "Heading 3",
        "Caption",
        "toc 1",
        "List Bullet",
        "Normal",
    } <= used
    assert opened.core_properties.title == "重点产业人才需求动态预测报告"
    assert opened.core_properties.author == "示例市教育局"


def test_headings_carry_words_own_numbering(docx: bytes) -> None:
    styles = part(docx, "word/styles.xml")
    for level in ("1", "2", "3"):
        style = next(one for one in of(styles, "style") if value(one, "styleId") == f"Heading{level}")
        assert value(next(of(style, "ilvl"))) == str(int(level) - 1)
    forms = {value(one) for one in of(part(docx, "word/numbering.xml"), "lvlText")}
    assert {"%1、", "（%2）", "%3."} <= forms


def test_the_contents_are_a_field_with_entries_that_word_computes_on_opening(docx: bytes) -> None:
    codes = fields(body(docx))
    assert 'TOC \\o "1-2" \\h \\z \\u' in codes
    assert sum(code.startswith("PAGEREF") for code in codes) == 13
    assert value(next(of(part(docx, "word/settings.xml"), "updateFields"))) == "true"


def test_every_field_that_begins_ends(docx: bytes) -> None:
    kinds = [value(one, "fldCharType") for one in of(body(docx), "fldChar")]
    assert kinds.count("begin") == kinds.count("end") == kinds.count("separate") > 20


def test_every_link_leads_somewhere(docx: bytes) -> None:
    known = {value(one, "name") for one in of(body(docx), "bookmarkStart")}
    targets = {value(one, "anchor") for one in of(body(docx), "hyperlink")}
    targets |= {
        code.split()[1] for code in fields(body(docx)) if code.startswith(("REF", "PAGEREF", "NOTEREF"))
    }
    assert targets
    assert targets <= known
    assert len(known) == len(list(of(body(docx), "bookmarkStart")))


def test_captions_count_themselves(docx: bytes) -> None:
    codes = fields(body(docx))
    assert codes.count("SEQ 表 \\* ARABIC") == 3
    assert codes.count("SEQ 图 \\* ARABIC") == 5


def test_footnotes_are_real_ones(docx: bytes) -> None:
    marks = [value(one, "id") for one in of(body(docx), "footnoteReference")]
    assert marks == ["1", "2"]
    notes = {value(one, "id"): text(one) for one in of(part(docx, "word/footnotes.xml"), "footnote")}
    assert "证据 E-0012" in notes["1"]
    assert "可比样本不足 30 条" in notes["2"]


def test_table_heads_repeat_and_rows_do_not_split(docx: bytes) -> None:
    tables = list(of(body(docx), "tbl"))
    assert [sum(1 for _ in of(table, "tblHeader")) for table in tables] == [2, 1]
    for table in tables:
        assert len(list(of(table, "cantSplit"))) == len(list(of(table, "tr")))


def test_joined_cells_and_grouped_heads(docx: bytes) -> None:
    first = next(of(body(docx), "tbl"))
    merges = [value(one) for one in of(first, "vMerge")]
    assert merges.count("restart") == 4 + 4  # four chains, four heads that reach over two rows
    assert [value(one) for one in of(first, "gridSpan")] == ["3"]
    for row in of(first, "tr"):
        spans = [int(value(cell.find(f"{W}tcPr/{W}gridSpan")) or 1) for cell in row.findall(f"{W}tc")]
        assert sum(spans) == 7


def test_only_the_wide_table_lies_on_a_wide_page(docx: bytes) -> None:
    pages = [value(one.find(f"{W}pgSz"), "orient") or "portrait" for one in of(body(docx), "sectPr")]
    assert pages == ["portrait", "landscape", "portrait"]


def test_page_numbers_and_labels_stand_on_the_pages(docx: bytes) -> None:
    feet = [part(docx, name) for name in names(docx) if "footer" in name and "rels" not in name]
    assert any({"PAGE", "NUMPAGES"} <= set(fields(foot)) for foot in feet)
    heads = [text(part(docx, name)) for name in names(docx) if "header" in name and "rels" not in name]
    assert sum("演示数据" in head and "含 AI 生成内容" in head for head in heads) == 3


def test_labels_are_in_the_files_own_metadata(docx: bytes) -> None:
    found = {one.get("name"): "".join(one.itertext()) for one in part(docx, "docProps/custom.xml")}
    assert found["DemoData"] == "演示数据"
    assert found["AIGC"] == "含 AI 生成内容"
    assert found["AIGC.producer"] == "sample"
    assert found["Digest"].startswith("sha256:")


def test_chinese_fonts_are_set_where_word_looks_for_them(docx: bytes) -> None:
    styles = part(docx, "word/styles.xml")
    fonts = {value(one, "styleId"): one.find(f"{W}rPr/{W}rFonts") for one in of(styles, "style")}
    assert value(fonts["Normal"], "eastAsia") == "宋体"
    assert value(fonts["Heading1"], "eastAsia") == "黑体"
    others = {
        value(one, "name"): value(one.find(f"{W}altName"))
        for one in of(part(docx, "word/fontTable.xml"), "font")
    }
    assert "SimSun" in others["宋体"]


def test_pictures_say_what_they_show(docx: bytes) -> None:
    found = [one.get("descr") for one in body(docx).iter() if one.tag.endswith("}docPr")]
    assert len(found) == 5
    assert all(found)


def test_properties_of_paragraphs_are_in_the_order_of_the_standard(docx: bytes) -> None:
    order = [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "numPr",
        "pBdr",
        "shd",
        "tabs",
        "spacing",
        "ind",
        "jc",
        "sectPr",
    ]
    for properties in of(body(docx), "pPr"):
        places = [order.index(child.tag.removeprefix(W)) for child in properties]
        assert places == sorted(places)


def test_the_same_document_gives_the_same_bytes(docx: bytes) -> None:
    assert to_docx(demo("zh")) == docx


def test_entries_bear_the_day_of_the_document(docx: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(docx)) as opened:
        assert {entry.date_time for entry in opened.infolist()} == {(2026, 11, 20, 0, 0, 0)}


def test_any_text_anywhere_gives_well_formed_parts() -> None:
    document = small(
        Heading(EVIL),
        Paragraph([EVIL, Note(EVIL)]),
        Items([EVIL]),
        Table(EVIL, [Column(EVIL, unit=EVIL)], [[EVIL], [Unknown(EVIL)]], notes=[EVIL], source=EVIL),
        Chart(EVIL, ChartKind.BARS, [EVIL], [Series(EVIL, [1])], EVIL),
        title=EVIL,
        organisation=EVIL,
        labels=[Label(EVIL, EVIL, {EVIL: EVIL})],
    )
    made = to_docx(document)
    for name in names(made):
        if name.endswith((".xml", ".rels")):
            part(made, name)
    assert "𠮷 😀 ]]>" in text(body(made))
    assert not list(of(next(of(body(made), "tbl")), "b"))[1:]  # the head's own bold, none from a text


def test_each_numbered_list_begins_at_one() -> None:
    made = to_docx(small(Items(["a"], numbered=True), Items(["b"], numbered=True)))
    used = [value(one) for one in of(body(made), "numId")]
    assert len(set(used)) == 2


def test_an_empty_table_says_why(document: Document) -> None:
    made = to_docx(small(Table("t", [Column("a")], [], empty_reason="本季度没有")))
    assert "无数据：本季度没有" in text(body(made))
    assert not list(of(body(made), "tbl"))


@pytest.mark.parametrize("cover", [True, False])
def test_english_words(cover: bool) -> None:
    document = demo("en")
    made = to_docx(document if cover else dataclasses.replace(document, cover=None))
    shown = text(body(made))
    assert "Contents" in shown
    assert "Annex 1" in shown
    assert not any("第" in text(part(made, name)) for name in names(made) if "footer" in name)
