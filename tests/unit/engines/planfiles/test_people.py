"""Files made by people: every oddity is named with its place, read or refused with the reason, never filled unsaid."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.unit.engines.planfiles.made import USUAL, USUAL_JOINED, Rows, read, said, word, workbook
from zhiqiao.engines import planfiles
from zhiqiao.engines.plans import Course, CourseTerm, Plan, Post, Summary, Term


def course(found: planfiles.Imported, name: str) -> Course:
    return next(one for one in found.plan.courses or () if one.name == name)


@pytest.fixture(scope="module")
def usual() -> planfiles.Imported:
    return read(workbook({"教学进程表": USUAL}, {"教学进程表": USUAL_JOINED}), name="软件技术2026")


def test_the_usual_table_is_read(usual: planfiles.Imported) -> None:
    assert course(usual, "思想政治") == Course(
        key="G01",
        name="思想政治",
        category="public_basic",  # type: ignore[arg-type]
        hours=64,
        theory=48,
        practice=16,
        credits=4,
        terms=(CourseTerm(1, weeks=16, weekly_hours=4),),
        assessment="exam",  # type: ignore[arg-type]
    )
    assert [one.category for one in usual.plan.courses or ()] == [
        "public_basic",
        "public_basic",
        "specialty_core",
        "specialty_core",
        None,
    ]
    assert course(usual, "程序设计").terms == (CourseTerm(2, weeks=18, weekly_hours=6),)
    assert usual.plan.terms == tuple(
        Term(n, teaching_weeks=weeks) for n, weeks in enumerate((16, 18, 18, 18), 1)
    )
    assert (usual.plan.key, usual.plan.entry_year) == ("软件技术2026", 2026)


def test_what_is_odd_in_it_is_named_with_its_place(usual: planfiles.Imported) -> None:
    notes = said(usual)
    sheet = "“教学进程表”"
    assert notes["full_width"] == [f"{sheet} F6：全角数字“６８”读作 68"]
    assert notes["unclear_word"] == [
        f"{sheet} A11：“专业（技能）课”可能是专业基础课程、专业核心课程、专业拓展课程，无法判断，未采用；请写明"
    ]
    assert notes["hours_do_not_add"] == [f"{sheet} 第 9 行：理论 36 + 实践 30 ≠ 学时 72，均照原文保留"]
    assert notes["derived"] == [f"{sheet} H11：“实践”没有写，由总学时减去另一部分得出"]
    assert f"{sheet} F10：“小计”写 190，所列课程共 180" in notes["subtotal_differs"]
    assert len(notes["remark"]) == 2
    assert notes["key_made"] == [f"{sheet}：没有课程代码，按行的顺序编为 c05 等"]
    assert "no_sections" in notes


def test_rows_of_sums_become_the_summary_and_no_courses(usual: planfiles.Imported) -> None:
    assert len(usual.plan.courses or ()) == 5
    assert usual.plan.summary == Summary(
        hours=384,
        credits=22,
        by_category={"public_basic": 132, "specialty_core": 190},  # type: ignore[dict-item]
    )
    assert len(said(usual)["summary_from_table"]) == 3


#: Heads not joined, categories blank below the first, terms counted anew in each year, hours or weekly hours untold.
UNJOINED: Rows = [
    ["课程性质", "课程名称", "学时", "其中", None, "学分", "第一学年", None, "第二学年", None, "开课单位"],
    [None, None, None, "理论学时", "实践学时", None, 1, 2, 1, 2, None],
    ["公共基础必修课", "思政", "64", "48", "16", "4", "4", None, None, None, "马院"],
    ["", "英语", "128", "128", "—", "8", "64", "64", None, None, "外语"],
    ["专业核心课程", "编程", "96", "48", "48", "6", None, "96", None, None, "信息"],
    ["", "测试", "约60", "30", "30", "4", None, None, "16×4", None, "信息"],
    ["", "实习", "18周", "", "", 18, None, None, None, "18周", "信息"],
    ["选修课", "艺术", "32+4", "", "", 2, None, None, "待定", "√", ""],
    ["", "", "64", "", "", "", None, None, None, None, ""],
]


def test_heads_and_categories_that_are_not_joined() -> None:
    found = read(workbook({"计划": UNJOINED}))
    notes = said(found)
    assert course(found, "英语").category == "public_basic"
    assert course(found, "英语").choice == "compulsory"
    assert notes["category_from_above"] == [
        "“计划” A4：课程类别空着且没有合并单元格，按上一行读作“公共基础必修课”",
        "“计划” A6、A7：课程类别空着且没有合并单元格，按上一行读作“专业核心课程”",
    ]
    assert course(found, "英语").terms == (CourseTerm(1, hours=64), CourseTerm(2, hours=64))
    assert course(found, "测试").terms == (CourseTerm(3, hours=64),)
    assert course(found, "实习").terms == (CourseTerm(4, weeks=18),)
    assert course(found, "艺术").terms == (CourseTerm(4),)
    assert notes["times_unclear"] == ["“计划” I6：“16×4”看不出哪个是周数，只取乘积 64 学时"]


def test_what_can_not_be_decided_is_refused_and_stays_unknown() -> None:
    found = read(workbook({"计划": UNJOINED}))
    notes = said(found)
    assert notes["unclear_term_cell"][0].startswith("“计划” G3：“4”看不出是周学时还是学期学时")
    assert course(found, "思政").terms is None
    assert notes["not_a_number"] == ["“计划” C6：“约60”不是数，未采用"]
    assert notes["weeks_not_hours"] == ["“计划” C7：“18周”是周数，不知每周多少学时，未换算"]
    assert notes["sum_in_cell"] == ["“计划” C8：“32+4”在一个单元格里写了几个数，无法判断取哪个，未采用"]
    assert [course(found, name).hours for name in ("测试", "实习", "艺术")] == [None, None, None]
    assert notes["term_cell"] == ["“计划” I8：看不懂学期安排“待定”，未采用；可写 64、4×16、16周"]
    assert notes["column_left"] == ["“计划” K 列：“开课单位”一列未采用（方案没有对应的项目）"]
    assert notes["rows_not_understood"] == ["“计划” 第 9 行：不属于认识的表，未采用：64"]
    refused = {note.code for note in found.notes if note.kind is planfiles.NoteKind.REFUSED}
    assert {"unclear_word", "unclear_term_cell", "not_a_number", "weeks_not_hours", "sum_in_cell"} <= refused
    english = [note.text("en") for note in found.notes if note.code == "sum_in_cell"]
    assert english == [
        "“计划” C8: “32+4” holds several numbers in one cell; which counts is not clear, so none was taken over"
    ]


def test_labels_between_rows_missing_columns_and_one_column_of_terms() -> None:
    rows: Rows = [
        ["序号", "课程名称", "课程性质", "学分", "课时", "开课学期", "考试/考查", "周学时", "周数"],
        ["一、公共基础课程"],
        [1, "语文", "必修", 4, 64, "1", "考试", 4, 16],
        [2, "数学", "必修", 8, 128, "1-2", "考试", 4, 16],
        ["二、专业课程"],
        [1, "语文", "选修", 4, 64, "三", "考察", None, None],
        [2, "工艺", "任选", 2, 32, "第５学期", "口试", None, None],
        ["合  计", None, None, 18, 280],
    ]
    found = read(workbook({"表": rows}, {"表": ["A2:I2", "A5:I5", "A8:C8"]}))
    first, second, third, fourth = found.plan.courses or ()
    assert (first.category, first.choice, first.terms) == (
        "public_basic",
        "compulsory",
        (CourseTerm(1, weeks=16, weekly_hours=4),),
    )
    assert [term.term for term in second.terms or ()] == [1, 2]
    assert (third.category, third.choice, third.assessment) == (None, None, "coursework")
    assert third.terms == (CourseTerm(3, hours=64),)
    assert (fourth.choice, fourth.assessment) == ("free", None)
    notes = said(found)
    assert notes["unclear_word"] == [
        "“表” 第 5 行：“二、专业课程”可能是专业基础课程、专业核心课程、专业拓展课程，无法判断，未采用；请写明",
        "“表” C6：“选修”可能是限选、任选，无法判断，未采用；请写明",
    ]
    assert notes["unknown_word"] == ["“表” G7：不认识“口试”，未采用；可用：考试、考查"]
    assert notes["column_missing"] == ["“表” 第 1 行：没有“理论”一列", "“表” 第 1 行：没有“实践”一列"]
    assert notes["subtotal_differs"] == ["“表” E8：“合 计”写 280，所列课程共 288"]
    assert len({one.key for one in found.plan.courses or ()}) == 4


def test_weekly_hours_and_hours_are_told_apart_by_the_total_where_the_heading_is_silent() -> None:
    head = ["课程类别", "课程名称", "学时", "学期", None]
    rows = [head, [None, None, None, "一（16周）", "二（18周）"]]
    sure = [["公共基础课", f"课程{n}", 64, 4, None] for n in range(3)]
    unsure = ["公共基础课", "不写学时", None, None, 2]
    found = read(workbook({"表": [*rows, *sure, unsure]}, {"表": ["A1:A2", "B1:B2", "C1:C2", "D1:E1"]}))
    assert course(found, "课程0").terms == (CourseTerm(1, weeks=16, weekly_hours=4),)
    assert course(found, "不写学时").terms == (CourseTerm(2, weeks=18, weekly_hours=2),)
    assert said(found)["term_cell_by_total"] == ["“表”：表头没有说明；按总学时核对，读作周学时"]


def test_hours_a_week_and_weeks_are_told_apart_by_the_weeks_of_the_term() -> None:
    rows: Rows = [
        ["某学院2024级机电一体化技术专业教学进程表（合成）"],
        ["课程类别", "课程名称", "总学时", "各学期周学时", None],
        [None, None, None, "1", "2"],
        [None, "教学周数", None, 16, 18],
        ["公\n共\n基\n础", "语文", 64, "16×4", None],
        [None, "数学", 64, "4*16", None],
        ["岗位实习", "岗位实习", 180, None, "30×6"],
    ]
    found = read(workbook({"表": rows}, {"表": ["A1:E1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "A5:A6"]}))
    assert [one.category for one in found.plan.courses or ()] == ["public_basic", "public_basic", "practice"]
    assert [one.terms for one in found.plan.courses or ()] == [
        (CourseTerm(1, weeks=16, weekly_hours=4),),
        (CourseTerm(1, weeks=16, weekly_hours=4),),
        (CourseTerm(2, weeks=6, weekly_hours=30),),
    ]
    assert said(found)["times_turned"] == ["“表” D5：“16×4”读作每周 4 学时、16 周"]
    assert found.plan.terms == (Term(1, teaching_weeks=16), Term(2, teaching_weeks=18))
    assert found.plan.entry_year == 2024


def test_activities_beside_each_other_a_code_twice_and_both_kinds_of_assessment() -> None:
    rows: Rows = [
        ["课程代码", "课程名称", "课程类别", "课时", "讲授", "实验", "实训", "考试", "考查"],
        ["A1", "网络", "专业核心课", 64, 32, 16, 16, "1", ""],
        ["A1", "安全", "专业核心课", 48, 16, None, 32, "2", "3"],
    ]
    found = read(workbook({"表": rows}))
    first, second = found.plan.courses or ()
    assert first.activities == {"lecture": 32, "lab": 16, "training": 16}
    assert (first.practice, first.assessment) == (32, "exam")
    assert (second.key, second.practice, second.assessment) == ("A1-2", 32, None)
    assert said(found)["key_twice"] == ["“表” 第 3 行：编号“A1”出现两次，后一行编为 A1-2"]
    assert said(found)["exam_and_coursework"] == ["“表” H3：“考试”和“考查”两栏都有内容，考核方式未采用"]


def test_figures_and_names_joined_over_several_rows_are_not_given_to_each() -> None:
    rows: Rows = [
        ["课程类别", None, "课程名称", "学分", "总学时", "第一学期", "第二学期"],
        ["公共基础课", "必修", "体育一", 2, 64, 32, None],
        [None, None, "体育二", 2, None, None, 32],
        ["专业核心课", "限选", "编程", 4, 64, 32, None],
        [None, None, None, None, None, None, 32],
        ["课程类别", None, "课程名称", "学分", "总学时", "第一学期", "第二学期"],
        ["公\n共\n课", "任选", "音乐", 1, 16, 16, None],
    ]
    joined = ["A1:B1", "A2:A3", "B2:B3", "E2:E3", "A4:A5", "B4:B5", "C4:C5", "A6:B6"]
    found = read(workbook({"表": rows}, {"表": joined}))
    assert [(one.name, one.category, one.choice, one.hours) for one in found.plan.courses or ()] == [
        ("体育一", "public_basic", "compulsory", None),
        ("体育二", "public_basic", "compulsory", None),
        ("编程", "specialty_core", "limited", 64),
        ("音乐", "public_basic", "free", 16),
    ]
    notes = said(found)
    assert notes["joined_figure"] == ["“表” E2、E3：“64”在合并了几门课程的单元格里，不知各占多少，未采用"]
    assert notes["name_joined"] == ["“表” 第 5 行：课程名称“编程”合并了几行，只采用第一行；这一行是：32"]
    assert course(found, "体育二").terms is None  # its own total would tell what 32 is
    assert course(found, "音乐").terms == (CourseTerm(1, hours=16),)


@pytest.fixture(scope="module")
def written() -> planfiles.Imported:
    """A plan in Word: the outline in other usual words, the table of courses in two parts under headings."""
    head = ["课程名称", "学分", "学时", "理论", "实践", "学期学时", None]
    terms = [None, None, None, None, None, "1", "2"]
    return read(
        word(
            "软件技术专业人才培养方案（2026级）（合成）",
            "一、专业名称（专业代码）",
            "软件技术（５１０２０３）",
            "二、招生对象",
            "普通高中毕业生",
            "三、学制",
            "三年",
            "四、职业面向",
            [
                [
                    "所属专业类（代码）",
                    "对应行业（代码）",
                    "主要职业类别（代码）",
                    "主要岗位群或技术领域",
                    "备考",
                ],
                [
                    "计算机类（5102）",
                    "软件和信息技术服务业（65）",
                    "计算机程序设计员（4-04-05-01）",
                    "Java 开发；测试",
                    "x",
                ],
            ],
            "五、培养目标与培养规格",
            "（一）培养目标",
            "培养高素质技术技能人才（合成）。",
            "六、课程设置",
            "（一）公共基础课程",
            [head, terms, ["思政", 4, 64, 48, 16, 64, None], ["体育", 2, 32, 2, 30, None, 32]],
            "（二）专业核心课程",
            [head, terms, ["编程", 6, 96, 48, 48, None, 96], ["思政", 4, 60, 48, 16, 64, None]],
            "八、实施保障",
            "师资（合成）。",
            joined={2: [(0, 5, 0, 6)], 3: [(0, 5, 0, 6)]},
        )
    )


def test_a_plan_in_word_is_read_by_its_outline(written: planfiles.Imported) -> None:
    plan: Plan = written.plan
    assert plan.programme is not None
    assert plan.orientation is not None
    assert (plan.programme.name, plan.programme.code) == ("软件技术", "510203")
    assert (plan.years, plan.entry, plan.entry_year) == (3, "senior_secondary", 2026)
    assert plan.sections is not None
    assert plan.sections["goals_and_specification"] == "（一）培养目标\n培养高素质技术技能人才（合成）。"
    assert plan.orientation.industries == ("65",)
    assert plan.orientation.occupations == ("4-04-05-01",)
    assert plan.orientation.posts == (Post("post-1", "Java 开发"), Post("post-2", "测试"))
    assert [(one.name, one.category) for one in plan.courses or ()] == [
        ("思政", "public_basic"),
        ("体育", "public_basic"),
        ("编程", "specialty_core"),
    ]
    assert course(written, "体育").terms == (CourseTerm(2, hours=32),)


def test_what_was_deduced_or_is_lacking_is_said(written: planfiles.Imported) -> None:
    notes = said(written)
    assert "“专业代码”从文字“软件技术（５１０２０３）”读出" in notes["from_text"]
    assert "第 1 个表 B2：“软件和信息技术服务业（65）”只取代码：65" in notes["codes_taken"]
    assert notes["category_from_heading"][0] == (
        "第 2 个表 第 3 行、第 4 行：表中没有写课程类别，按表上方的标题读作“公共基础课程”"
    )
    assert notes["course_differs"] == [
        "第 3 个表 第 4 行：课程“思政”的“课程类别”前面是 公共基础课程，这里是 专业核心课程；保留前面的",
        "第 3 个表 第 4 行：课程“思政”的“总学时”前面是 64，这里是 60；保留前面的",
    ]
    assert notes["section_is_table"] == ["“职业面向”这一部分只有表格，没有文字"]
    assert notes["section_missing"] == [
        f"没有“{name}”这一部分" for name in ("教学进程总体安排", "毕业要求", "附录")
    ]
    assert notes["column_left"] == ["第 1 个表 E 列：“备考”一列未采用（方案没有对应的项目）"]
    assert all(
        note.kind is not planfiles.NoteKind.REFUSED or note.code == "course_differs" for note in written.notes
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .xlsx 或 .docx"),
        (b"%PDF-1.7", "PDF 不能导入"),
        (b"PK\x03\x04 cut off", "不完整或已损坏"),
        (b"\xff\xfe\x00", "不是 UTF-8 文字"),
    ],
)
def test_what_is_no_such_file_is_told(data: bytes, message: str) -> None:
    with pytest.raises(planfiles.PlanFileError, match=message):
        read(data)


@pytest.mark.parametrize("content", [b"<w", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b""])
def test_a_word_file_that_is_broken_inside_is_refused(content: bytes) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", content)
    with pytest.raises(planfiles.PlanFileError, match="DOCX"):
        read(target.getvalue())


def test_what_no_plan_may_hold_is_taken_out_and_named() -> None:
    rest: Rows = [
        ["数据位置", "数据内容", "表中所示"],
        ["years", '"three"', "—"],
        ["survey", '{"key": "s", "asked": -1}', "—"],
    ]
    found = read(workbook({"其他": [["表1 其他数据项"], *rest, ["region", "not JSON", "—"]]}))
    assert (found.plan.years, found.plan.region) == (None, None)
    assert found.plan.survey is not None
    assert found.plan.survey.asked is None
    notes = said(found)
    assert notes["shape"] == ["years：应为数，不是“three”；未采用", "survey.asked：-1 小于 0；未采用"]
    assert notes["rest_unreadable"] == ["“其他” 第 5 行：附录中“region”的内容读不出来，未采用"]


def test_a_file_without_courses_gives_what_it_holds() -> None:
    found = read(
        workbook(
            {
                "信息": [
                    ["项目", "内容"],
                    ["专业名称", "护理"],
                    ["学制（年）", "三年"],
                    ["入学年份", "明年"],
                    ["校长", "某人"],
                ]
            }
        )
    )
    assert found.plan.programme is not None
    assert (found.plan.programme.name, found.plan.years, found.plan.courses) == ("护理", 3, None)
    assert {"no_courses", "not_a_number", "unknown_item"} <= set(said(found))
