"""The wordings of what is met while reading a plan's file, in both languages, by code."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class NoteKind(StrEnum):
    """What became of it: left out with the reason, read in a way that must be looked at, or told only."""

    REFUSED = "refused"
    READ_AS = "read_as"
    TOLD = "told"


_Wording = tuple[NoteKind, str, str]
_R, _A, _T = NoteKind.REFUSED, NoteKind.READ_AS, NoteKind.TOLD

WORDINGS: Mapping[str, _Wording] = MappingProxyType(
    {
        # single cells
        "not_a_number": (_R, "“{text}”不是数，未采用", "“{text}” is no number; it was not taken over"),
        "not_whole": (
            _R,
            "“{text}”应为整数，未采用",
            "“{text}” must be a whole number; it was not taken over",
        ),
        "sum_in_cell": (
            _R,
            "“{text}”在一个单元格里写了几个数，无法判断取哪个，未采用",
            "“{text}” holds several numbers in one cell; which counts is not clear, so none was taken over",
        ),
        "weeks_not_hours": (
            _R,
            "“{text}”是周数，不知每周多少学时，未换算",
            "“{text}” counts weeks; how many hours a week is not said, so it was not converted",
        ),
        "not_a_day": (
            _R,
            "“{text}”不是日期（如 2026-09-01），未采用",
            "“{text}” is no date (such as 2026-09-01); it was not taken over",
        ),
        "not_a_truth": (
            _R,
            "“{text}”不是“是”或“否”，未采用",
            "“{text}” is neither 是 nor 否; it was not taken over",
        ),
        "unknown_word": (
            _R,
            "不认识“{text}”，未采用；可用：{known}",
            "“{text}” is not known and was not taken over; there are: {known}",
        ),
        "unclear_word": (
            _R,
            "“{text}”可能是{meanings}，无法判断，未采用；请写明",
            "“{text}” may mean {meanings}; none was chosen, please say which",
        ),
        "full_width": (_A, "全角数字“{text}”读作 {value}", "full-width digits “{text}” were read as {value}"),
        "unknown_reference": (
            _T,
            "方案的表中没有“{text}”，照原文保留",
            "no table of the plan holds “{text}”; it was kept as written",
        ),
        "bad_code": (
            _A,
            "专业代码“{text}”不是六位数字，照原文保留；规则检查会核对专业目录",
            "the programme code “{text}” is not six digits; it was kept, the rules will ask the directory",
        ),
        "codes_taken": (
            _A,
            "“{text}”只取代码：{value}",
            "only the codes of “{text}” were taken: {value}",
        ),
        "not_a_term": (
            _R,
            "看不出“{text}”是第几学期，未采用",
            "“{text}” does not tell which term; it was not taken over",
        ),
        "unclear_term_cell": (
            _R,
            "“{text}”看不出是周学时还是学期学时（表头没有说明，也与总学时 {hours} 对不上），未采用",
            "“{text}” may be hours a week or hours of the term: neither the heading nor the total ({hours}) tells, "
            "so it was not taken over",
        ),
        "times_turned": (
            _A,
            "“{text}”读作每周 {weekly} 学时、{weeks} 周",
            "“{text}” was read as {weekly} hours a week in {weeks} weeks",
        ),
        "times_unclear": (
            _A,
            "“{text}”看不出哪个是周数，只取乘积 {hours} 学时",
            "“{text}” does not tell which are the weeks; only the product was taken: {hours} hours",
        ),
        "term_cell_by_total": (
            _A,
            "表头没有说明；按总学时核对，读作{value}",
            "the heading does not tell; compared with the total they were read as {value}",
        ),
        "term_cell": (
            _R,
            "看不懂学期安排“{text}”，未采用；可写 64、4×16、16周",
            "“{text}” can not be read as a term's teaching; write 64, 4×16 or 16周",
        ),
        "exam_and_coursework": (
            _R,
            "“考试”和“考查”两栏都有内容，考核方式未采用",
            "both examination and coursework are filled; the way of assessment was not taken over",
        ),
        "joined_figure": (
            _R,
            "“{text}”在合并了几门课程的单元格里，不知各占多少，未采用",
            "“{text}” is joined over several courses; the share of each is not said, so it was not taken over",
        ),
        # rows
        "name_joined": (
            _R,
            "课程名称“{text}”合并了几行，只采用第一行；这一行是：{rest}",
            "the name “{text}” is joined over several rows; only the first was taken over, this one says: {rest}",
        ),
        "derived": (
            _A,
            "“{field}”没有写，由{source}得出",
            "“{field}” was not written; it follows from {source_en}",
        ),
        "category_from_above": (
            _A,
            "课程类别空着且没有合并单元格，按上一行读作“{value}”",
            "the category is blank and no cell is joined; read as “{value}”, as in the row above",
        ),
        "category_from_heading": (
            _A,
            "表中没有写课程类别，按表上方的标题读作“{value}”",
            "the table names no category; read as “{value}”, as the heading above it says",
        ),
        "no_category": (_T, "没有课程类别", "no category is given"),
        "key_made": (
            _A,
            "没有课程代码，按行的顺序编为 {value} 等",
            "no course code is given; codes were made in the order of the rows ({value} …)",
        ),
        "row_key_made": (_A, "没有编号，编为 {value}", "no key is given; {value} was made"),
        "key_twice": (
            _A,
            "编号“{text}”出现两次，后一行编为 {value}",
            "the key “{text}” stands twice; the later row became {value}",
        ),
        "row_without_name": (
            _R,
            "这一行没有课程名称，未采用：{text}",
            "this row names no course and was not taken over: {text}",
        ),
        "row_without_key": (
            _R,
            "这一行没有编号，未采用：{text}",
            "this row has no key and was not taken over: {text}",
        ),
        "rows_not_understood": (
            _R,
            "不属于认识的表，未采用：{text}",
            "belongs to no table that is known; not taken over: {text}",
        ),
        "course_again": (
            _A,
            "课程“{text}”在几个表中出现，合并为一门",
            "the course “{text}” stands in several tables and was joined into one",
        ),
        "course_differs": (
            _R,
            "课程“{text}”的“{field}”前面是 {first}，这里是 {second}；保留前面的",
            "the course “{text}” has {first} as {field} before and {second} here; the first was kept",
        ),
        "unknown_course": (
            _R,
            "课程表中没有“{text}”，这一行未采用",
            "the course table holds no “{text}”; this row was not taken over",
        ),
        "remark": (_T, "表中的说明未采用：{text}", "a remark inside the table was not taken over: {text}"),
        # sums
        "hours_do_not_add": (
            _T,
            "理论 {theory} + 实践 {practice} ≠ 学时 {hours}，均照原文保留",
            "theory {theory} + practice {practice} is not {hours}; all were kept as written",
        ),
        "terms_do_not_add": (
            _T,
            "各学期共 {found} 学时，与总学时 {hours} 不符，均照原文保留",
            "the terms hold {found} hours, the total says {hours}; both were kept as written",
        ),
        "subtotal_differs": (
            _T,
            "“{label}”写 {told}，所列课程共 {found}",
            "“{label}” says {told}, the courses listed add to {found}",
        ),
        "subtotal_unchecked": (
            _T,
            "“{label}”无法核对：有课程没有写明学时",
            "“{label}” could not be checked: some courses give no hours",
        ),
        "summary_from_table": (
            _A,
            "“{label}” {told} 作为方案自己的汇总",
            "“{label}” {told} was taken as the plan's own total",
        ),
        # columns, tables, the file
        "column_left": (
            _T,
            "“{text}”一列未采用（方案没有对应的项目）",
            "the column “{text}” was not taken over: the plan has no such thing",
        ),
        "column_missing": (_T, "没有“{text}”一列", "there is no column “{text}”"),
        "column_twice": (
            _R,
            "“{text}”有两列，只采用前一列",
            "“{text}” stands twice; only the first column was taken over",
        ),
        "unknown_item": (
            _T,
            "“{text}”一项未采用（方案没有对应的项目）",
            "the item “{text}” was not taken over: the plan has no such thing",
        ),
        "section_is_table": (
            _A,
            "“{text}”这一部分只有表格，没有文字",
            "the section “{text}” holds tables and no text",
        ),
        "section_missing": (_T, "没有“{text}”这一部分", "there is no section “{text}”"),
        "no_sections": (
            _T,
            "文件中没有方案各部分的文字，只读了表格",
            "the file holds none of the plan's sections; only tables were read",
        ),
        "section_twice": (
            _A,
            "“{text}”这一部分出现两次，文字接在一起",
            "the section “{text}” stands twice; the texts were joined",
        ),
        "text_before": (
            _T,
            "第一部分之前的文字未采用：{text}",
            "text before the first section was not taken over: {text}",
        ),
        "from_text": (
            _A,
            "“{field}”从文字“{text}”读出",
            "“{field}” was read from the text “{text}”",
        ),
        "years_range": (
            _R,
            "修业年限“{text}”不止一个数，未采用",
            "the study length “{text}” gives more than one number; it was not taken over",
        ),
        "plan_key_made": (
            _A,
            "没有方案编号，用文件名“{value}”",
            "the plan has no key; the name of the file is used: “{value}”",
        ),
        "no_courses": (
            _R,
            "没有找到课程表（需要“课程名称”以及学时、学分或学期各列）",
            "no course table was found (a column 课程名称 with hours, credits or terms)",
        ),
        "rest_outdated": (
            _A,
            "附录中“{text}”的数据与改动过的表不再一致，以表为准",
            "the appendix keeps “{text}”, but the table was changed since; the table counts",
        ),
        "rest_unreadable": (
            _R,
            "附录中“{text}”的内容读不出来，未采用",
            "the appendix holds “{text}” in a form that can not be read; it was not taken over",
        ),
        "shape": (_R, "{at}：{zh}；未采用", "{at}: {en}; it was not taken over"),
    }
)
