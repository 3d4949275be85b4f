"""The printed form: its text copies out, its font is inside, nothing in a text is markup."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.requirements import require_or_skip
from tests.unit.engines.documents.conftest import small
from tests.unit.engines.documents.demo import demo
from tests.unit.engines.documents.pdf_text import characters, everything
from zhiqiao.engines.documents import (
    Callout,
    Chart,
    ChartKind,
    Column,
    Document,
    FontMissing,
    Heading,
    Paragraph,
    Series,
    Table,
    find_fonts,
    to_pdf,
)


def copied(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        require_or_skip("poppler", "pdftotext is not installed")
    path = folder / "made.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True).stdout


def test_the_font_is_inside_as_a_subset(pdf: bytes) -> None:
    assert re.search(rb"/[A-Z]{6}\+NotoSansHans-Regular", everything(pdf))
    assert re.search(rb"/[A-Z]{6}\+NotoSansHans-Bold", everything(pdf))
    assert len(pdf) < 2_000_000


def test_every_character_maps_back(pdf: bytes, document: Document) -> None:
    wanted = set(
        document.title + document.organisation + "一、方法与数据（二）缺口率未知演示数据陶瓷芯片封装"
    )
    assert wanted <= characters(pdf)


def test_the_same_document_gives_the_same_bytes(pdf: bytes) -> None:
    assert to_pdf(demo("zh")) == pdf


def test_the_day_is_that_of_the_document(pdf: bytes) -> None:
    assert b"D:20261120" in everything(pdf)


def test_text_copies_out_in_order(pdf: bytes, tmp_path: Path) -> None:
    text = copied(pdf, tmp_path)
    assert "重点产业人才需求动态预测报告" in text
    assert "第 3 页" in text.replace("\u2003", " ")
    assert "陶瓷芯片封装" in text  # within a chart
    joined = text.replace("\n", "")
    assert "6f1c0d2ae0b94d3f8f5e7c2b1a90887766554433221100ffeeddccbbaa998877" in joined
    assert "\u200b" not in joined


def test_markup_of_the_typesetter_is_only_text(tmp_path: Path) -> None:
    evil = '#panic("x") *bold* _it_ $x^2$ `raw` <label> @ref \\ // /* ]] #{ } = h - + "q" https://a.b'
    made = to_pdf(
        small(
            Heading(evil),
            Paragraph(evil),
            Callout(evil, [evil]),
            Table(evil, [Column(evil)], [[evil]], notes=[evil], source=evil),
            Chart(evil, ChartKind.COLUMNS, [evil], [Series(evil, [1])], evil, unit=evil),
            title=evil,
            organisation=evil,
        )
    )
    text = copied(made, tmp_path).replace("\n", "")
    assert text.count('#panic("x")') >= 6
    assert "*bold* _it_ $x^2$ `raw` <label> @ref" in text


def test_missing_characters_are_marked_and_named(tmp_path: Path) -> None:
    made = to_pdf(small(Paragraph("𠮷先生 😀 好"), Paragraph("👨‍👩‍👧")))
    assert "𠮷" not in characters(made)
    assert "〓" in characters(made)
    text = copied(made, tmp_path)
    assert "U+20BB7" in text
    assert "U+1F600" in text
    assert "U+200D" not in text


def test_a_document_without_rare_characters_says_nothing_of_them(pdf: bytes) -> None:
    assert "〓" not in characters(pdf)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_block_in_both_languages(language: str) -> None:
    assert to_pdf(demo(language)).startswith(b"%PDF-1.7")  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["x" * 5000, "字" * 5000, "\n" * 300, "", "\x00"])
def test_odd_cells(cell: str) -> None:
    assert to_pdf(small(Table("t", [Column("a"), Column("b")], [[cell, 1], ["x", None]])))


def test_a_long_annex_stays_small_enough_to_send() -> None:
    made = to_pdf(demo("zh", rows=1500))
    assert len(made) < 2_000_000
    assert b"/StructTreeRoot" not in everything(made)


def test_a_usual_document_is_tagged_for_screen_readers(pdf: bytes) -> None:
    assert b"/StructTreeRoot" in everything(pdf)


def test_a_document_of_nothing() -> None:
    assert to_pdf(small(title="", organisation="", date=dt.date(1999, 1, 1)))


def test_an_absent_font_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match=r"NotoSansHans-Regular.otf.*make install"):
        find_fonts(tmp_path)
