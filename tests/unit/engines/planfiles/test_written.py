"""What an exported file looks like, and that what a person changes in it counts."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from tests.rule_cases import example_plan
from tests.unit.engines.documents.office import W, body, part, text
from tests.unit.engines.planfiles.made import ON, read, said, words
from zhiqiao.engines import planfiles
from zhiqiao.engines.documents import Label
from zhiqiao.engines.plans import CourseTerm, Plan

BIG = "教学进程总体安排表"


@pytest.fixture(scope="module")
def plan() -> Plan:
    """A small plan: the courses of the example, without its records."""
    whole = example_plan()
    return Plan(key="p", programme=whole.programme, entry_year=2026, courses=whole.courses)


@pytest.fixture(scope="module")
def book(plan: Plan) -> bytes:
    return planfiles.plan_xlsx(plan, words(), on=ON, organisation="示例学院", labels=[Label("演示数据")])


@pytest.fixture(scope="module")
def letter(plan: Plan) -> bytes:
    return planfiles.plan_docx(plan, words(), on=ON, organisation="示例学院", labels=[Label("演示数据")])


def changed(data: bytes, **cells: object) -> bytes:
    opened = openpyxl.load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        opened[BIG][place] = value
    target = io.BytesIO()
    opened.save(target)
    return target.getvalue()


def test_the_table_of_courses_prints_across_with_its_heads_on_every_page(book: bytes) -> None:
    opened = openpyxl.load_workbook(io.BytesIO(book))
    sheet = opened[BIG]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$3", "A4")
    assert "&P" in sheet.oddFooter.center.text
    assert sheet["H2"].font.name == "黑体"
    assert sheet["E4"].font.name == "宋体"
    assert "A4:A17" in {str(area) for area in sheet.merged_cells.ranges}  # 公共基础课程 with its subtotal
    assert [sheet.cell(3, column).value for column in range(11, 17)] == list("一二三四五六")
    assert (sheet["E17"].value, sheet["H17"].value, sheet["H17"].font.bold) == ("小计（计算值）", 710, True)
    assert opened.sheetnames[0] == "培养方案"
    assert opened.sheetnames[-1] == "附录"
    assert "演示数据" in opened["培养方案"].oddHeader.left.text


def test_word_has_the_outline_and_turns_the_page_for_the_table(letter: bytes) -> None:
    found = body(letter)
    headings = [
        text(one)
        for one in found.iter(f"{W}p")
        if (style := one.find(f"{W}pPr/{W}pStyle")) is not None and style.get(f"{W}val") == "Heading1"
    ]
    assert headings == [names[0] for names in words().sections.values()]
    table = next(one for one in found.iter(f"{W}tbl") if "各学期学时安排" in text(one))
    assert len(table.findall(f"{W}tr/{W}trPr/{W}tblHeader")) == 2
    turned = [one.get(f"{W}orient") for one in found.iter(f"{W}pgSz")]
    assert "landscape" in turned
    assert "宋体" in {one.get(f"{W}eastAsia") for one in part(letter, "word/styles.xml").iter(f"{W}rFonts")}


def test_what_a_person_changes_in_an_exported_table_counts(book: bytes, plan: Plan) -> None:
    found = read(changed(book, H4="９８", K4="6×16", E5=None))
    first = (found.plan.courses or ())[0]
    assert (first.hours, first.terms) == (98, (CourseTerm(1, weeks=16, weekly_hours=6),))
    assert len(found.plan.courses or ()) == len(plan.courses or ()) - 1
    notes = said(found)
    assert notes["full_width"] == [f"“{BIG}” H4：全角数字“９８”读作 98"]
    assert notes["row_without_name"][0].startswith(f"“{BIG}” 第 5 行：这一行没有课程名称，未采用")
    assert any(one.startswith(f"“{BIG}” H17：“小计（计算值）”写 710") for one in notes["subtotal_differs"])
    assert f"“{BIG}” 第 4 行：理论 80 + 实践 16 ≠ 学时 98，均照原文保留" in notes["hours_do_not_add"]


def test_other_data_give_way_to_a_table_that_was_changed(plan: Plan) -> None:
    course = (plan.courses or ())[0]
    odd = replace(
        course, terms=(CourseTerm(2, hours=48), CourseTerm(1, hours=48))
    )  # a table keeps no such order
    data = planfiles.plan_xlsx(replace(plan, courses=(odd,)), words(), on=ON)
    assert (read(data).plan.courses or ())[0].terms == odd.terms
    again = read(changed(data, K4=96, L4=None))
    assert (again.plan.courses or ())[0].terms == (CourseTerm(1, hours=96),)
    assert len(said(again)["rest_outdated"]) == 1


def test_a_text_that_no_cell_holds_is_refused_with_its_beginning(plan: Plan) -> None:
    long = replace(plan, sections={"appendix": "长" * 40_000})
    with pytest.raises(planfiles.PlanFileError, match="40000 characters"):
        planfiles.plan_xlsx(long, words(), on=ON)


def test_text_that_looks_like_a_formula_stays_text(plan: Plan) -> None:
    named = replace(plan, version="=1+1")
    data = planfiles.plan_xlsx(named, words(), on=ON)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert not any(b"<f>" in opened.read(name) for name in opened.namelist())
    assert read(data).plan == named
