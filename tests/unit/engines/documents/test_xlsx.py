"""The workbook: figures one can calculate with, and nothing that calculates by itself."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from tests.unit.engines.documents.conftest import small
from tests.unit.engines.documents.demo import demo
from tests.unit.engines.documents.office import part
from zhiqiao.engines.documents import (
    Chart,
    ChartKind,
    Column,
    Series,
    Table,
    Unknown,
    ValueKind,
    to_xlsx,
)

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def opened(archive: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(archive))


def test_a_sheet_per_table_and_chart_after_the_contents(xlsx: bytes) -> None:
    titles = opened(xlsx).sheetnames
    assert titles[0] == "目录"
    assert [title[:2] for title in titles[1:]] == ["图1", "表1", "图2", "图3", "图4", "图5", "表2", "表3"]
    assert all(len(title) <= 31 for title in titles)


def test_the_contents_lead_to_each_sheet_and_show_the_labels(xlsx: bytes) -> None:
    book = opened(xlsx)
    sheet = book["目录"]
    links = [cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink]
    assert links == [f"'{title}'!A1" for title in book.sheetnames[1:]]
    assert any("演示数据" in str(cell.value) for row in sheet for cell in row)


def test_cells_keep_their_types(xlsx: bytes) -> None:
    sheet = opened(xlsx)[opened(xlsx).sheetnames[-1]]
    row = list(sheet[5])
    assert (row[0].value, row[0].data_type) == (1, "n")
    assert row[2].value.date() == dt.date(2026, 1, 1)
    assert row[5].number_format == "0.0%"
    assert sheet["E10"].value == "未知a"
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:G64"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "#N/A", "\t=1", '=HYPERLINK("http://x")']
)
def test_no_text_becomes_a_formula(text: str) -> None:
    made = to_xlsx(small(Table("=t", [Column(text)], [[text]], notes=[text], source=text)))
    for number in (1, 2):
        sheet = part(made, f"xl/worksheets/sheet{number}.xml")
        assert not list(sheet.iter(f"{MAIN}f"))
        assert {cell.get("t") for cell in sheet.iter(f"{MAIN}c") if cell.find(f"{MAIN}v") is not None} <= {
            "s",
            "n",
            None,
        }


def test_joined_cells_are_repeated_so_that_filters_work(xlsx: bytes) -> None:
    book = opened(xlsx)
    sheet = book[next(name for name in book.sheetnames if name.startswith("表1"))]
    assert [sheet.cell(row, 1).value for row in range(5, 9)] == ["先进材料"] * 3 + ["电子信息"]
    assert not sheet.merged_cells.ranges


def test_an_unknown_value_of_a_chart_is_empty_and_said_to_be_unknown(xlsx: bytes) -> None:
    book = opened(xlsx)
    sheet = book[next(name for name in book.sheetnames if name.startswith("图1"))]
    heads = [cell.value for cell in sheet[4] if cell.value]
    assert heads[:3] == ["月份", "先进材料（个）", "80% 预测区间 下限"]
    assert sheet.cell(5, 3).value is None
    assert any("不是零" in str(cell.value) for row in sheet for cell in row)
    drawing = part(xlsx, "xl/charts/chart1.xml")
    blanks = [one.get("val") for one in drawing.iter() if one.tag.endswith("}dispBlanksAs")]
    assert blanks == ["gap"]


def test_each_chart_of_the_document_is_one_of_the_workbook(xlsx: bytes) -> None:
    charts = [sheet for sheet in opened(xlsx) if sheet._charts]
    assert len(charts) == 5


def test_overlong_text_is_cut_and_says_so() -> None:
    sheet = opened(to_xlsx(small(Table("t", [Column("a")], [["长" * 40_000]])))).worksheets[1]
    assert len(sheet["A5"].value) == 32_767
    assert sheet["A5"].value.endswith("（过长，已截断）")


def test_control_characters_do_not_break_it() -> None:
    sheet = opened(
        to_xlsx(small(Table("a/b:c*[d]'?", [Column("a\x00")], [["x\x00\x1fy\ufffe"]])))
    ).worksheets[1]
    assert sheet["A5"].value == "xy"


def test_the_same_document_gives_the_same_bytes(xlsx: bytes) -> None:
    assert to_xlsx(demo("zh")) == xlsx


def test_labels_are_in_the_files_own_metadata(xlsx: bytes) -> None:
    book = opened(xlsx)
    assert book.custom_doc_props["DemoData"].value == "演示数据"
    assert book.properties.title == "重点产业人才需求动态预测报告"
    assert book.properties.modified == dt.datetime(2026, 11, 20)  # noqa: DTZ001  what openpyxl returns


def test_unknown_numbers_are_words_and_empty_tables_say_why() -> None:
    nan = float("nan")
    book = opened(
        to_xlsx(
            small(
                Table("t", [Column("n", ValueKind.NUMBER)], [[nan], [None], [Unknown("少")], [0]]),
                Table("e", [Column("n")], [], empty_reason="没有"),
                Chart("c", ChartKind.LINE, ["a"], [Series("s", [None])], "alt", empty_reason="没有"),
            )
        )
    )
    assert [book.worksheets[1].cell(row, 1).value for row in range(5, 9)] == ["未知", "未知", "未知a", 0]
    assert book.worksheets[2]["A5"].value == "无数据：没有"
    assert not book.worksheets[3]._charts
