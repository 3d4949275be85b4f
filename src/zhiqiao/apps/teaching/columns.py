"""What the editor shows of a plan: its parts, the tables in each, their columns, and the fields of the plan itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from django.utils.translation import gettext as _

from zhiqiao.apps.teaching.judging import book
from zhiqiao.engines.rules import Language

__all__ = ["Column", "Grid", "Option", "Part", "parts"]

Kind = Literal["key", "text", "long", "number", "enum", "truth", "list", "date", "term"]


@dataclass(frozen=True)
class Option:
    """A word that a field may hold."""

    value: str
    label: str


@dataclass(frozen=True)
class Column:
    """A field of a row: its path, what it is called, how it is written. `is_more` shows only when asked for."""

    path: tuple[str, ...]
    label: str
    kind: Kind = "text"
    options: tuple[Option, ...] = ()
    is_more: bool = False
    group: str = ""

    @property
    def head(self) -> str:
        """Return what the field is called where its group is not seen."""
        if self.kind == "term":
            return _("第 %(number)s 学期") % {"number": self.label}
        return f"{self.group} {self.label}" if self.path[:1] == ("need",) else self.label

    @property
    def as_json(self) -> str:
        """Return the column as the page's script reads it."""
        return json.dumps(asdict(self), ensure_ascii=False)


@dataclass(frozen=True)
class Grid:
    """A table of the editor. `none` is what one states where there is nothing; empty where that need not be said."""

    table: str
    title: str
    note: str
    columns: tuple[Column, ...]
    none: str = ""

    @property
    def has_more(self) -> bool:
        """Say whether there are columns that show only when asked for."""
        return any(one.is_more for one in self.columns)

    @property
    def has_activities(self) -> bool:
        """Say whether hours are split by activity."""
        return any(one.path[:1] == ("activities",) for one in self.columns)

    @property
    def heads(self) -> list[tuple[str, list[Column]]]:
        """Return the columns by the group they stand under, in order."""
        found: list[tuple[str, list[Column]]] = []
        for column in self.columns:
            if found and column.group and found[-1][0] == column.group:
                found[-1][1].append(column)
            else:
                found.append((column.group, [column]))
        return found


@dataclass(frozen=True)
class Part:
    """A part of the editor: fields, tables and texts that belong together."""

    key: str
    title: str
    fields: tuple[Column, ...] = ()
    grids: tuple[Grid, ...] = ()
    sections: tuple[Option, ...] = ()


def parts(terms: Sequence[int], language: Language) -> tuple[Part, ...]:
    """Return the parts of the editor for a plan with these terms."""
    words = _Words(language)
    return (
        Part("courses", _("课程与进程"), grids=(_courses(terms, words),)),
        Part("basics", _("专业与职业面向"), fields=_basics(words), grids=(_posts(), _certificates(words))),
        Part("goals", _("目标与规格"), grids=(_goals(), _specification(words), _tasks(), _experts())),
        Part(
            "structure",
            _("学期、选修与实习"),
            fields=_summary(words),
            grids=(
                _terms(),
                _groups(),
                _substitutions(),
                _week_activities(words),
                _placements(),
                _layers(words),
                _conversions(),
            ),
        ),
        Part("texts", _("各部分文字"), sections=words.options("section")),
        Part("making", _("制订过程"), fields=_making()),
    )


class _Words:
    """The words of the rules' vocabulary in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def options(self, group: str, *names: str) -> tuple[Option, ...]:
        """Return the words of a group of the vocabulary, in its order."""
        found = names or _MEMBERS[group]
        return tuple(Option(name, book().words.text(f"{group}.{name}").of(self._language)) for name in found)


_MEMBERS = {
    "category": ("public_basic", "specialty_basic", "specialty_core", "specialty_extension", "practice"),
    "choice": ("compulsory", "limited", "free"),
    "activity": ("lecture", "lab", "training", "project", "internship", "other"),
    "assessment": ("exam", "coursework"),
    "scope": ("national_standard", "specialty_standard", "provincial", "school"),
    "level": ("secondary", "higher"),
    "entry": ("junior_middle", "senior_secondary"),
    "item": ("quality", "knowledge", "ability"),
    "ability": ("general", "professional"),
    "certificate": ("school", "training", "qualification", "skill_level"),
    "section": (
        "programme_name",
        "entry_requirements",
        "study_length",
        "orientation",
        "goals_and_specification",
        "courses",
        "schedule",
        "guarantees",
        "graduation",
        "appendix",
    ),
}


def _courses(terms: Sequence[int], words: _Words) -> Grid:
    by_activity = _("按活动划分的学时")
    weekly = _("各学期周学时")
    return Grid(
        "courses",
        _("课程表"),
        _("学期格可写周学时（4）、周学时×周数（4×16）或总学时（36h）。可从 Excel 复制一块粘贴。"),
        (
            Column(("category",), _("类别"), "enum", words.options("category")),
            Column((), _("课程代码"), "key"),
            Column(("name",), _("课程名称")),
            Column(("choice",), _("修读方式"), "enum", words.options("choice")),
            Column(("credits",), _("学分"), "number"),
            Column(("hours",), _("总学时"), "number"),
            Column(("theory",), _("理论"), "number"),
            Column(("practice",), _("实践"), "number"),
            *(
                Column(("activities", one.value), one.label, "number", group=by_activity)
                for one in words.options("activity")
            ),
            *(Column(("terms", str(number)), str(number), "term", group=weekly) for number in terms),
            Column(("assessment",), _("考核"), "enum", words.options("assessment")),
            Column(("week_type",), _("按周计"), "truth", is_more=True),
            Column(("tags",), _("科目标注"), "list", is_more=True),
            Column(("tag_hours", "劳动教育"), _("其中劳动教育学时"), "number", is_more=True),
            Column(("layer",), _("校内分层"), is_more=True),
            Column(("scope",), _("所依标准"), "enum", words.options("scope"), is_more=True),
            Column(("tasks",), _("对应工作任务"), "list", is_more=True),
            Column(("gap_reason",), _("无对应任务的原因"), is_more=True),
        ),
    )


def _basics(words: _Words) -> tuple[Column, ...]:
    return (
        Column(("programme", "name"), _("专业名称")),
        Column(("programme", "code"), _("专业代码")),
        Column(("programme", "edition"), _("专业目录版本")),
        Column(("programme", "direction"), _("专业方向")),
        Column(("level",), _("办学层次"), "enum", words.options("level")),
        Column(("entry",), _("入学起点"), "enum", words.options("entry")),
        Column(("years",), _("修业年限（年）"), "number"),
        Column(("region",), _("地区代码（GB/T 2260）")),
        Column(("work_integrated",), _("工学一体化"), "truth"),
        Column(("version",), _("版本名称")),
        Column(("orientation", "specialty_class"), _("所属专业类")),
        Column(("orientation", "industries"), _("对应行业代码（GB/T 4754）"), "list"),
        Column(("orientation", "occupations"), _("主要职业类别代码"), "list"),
        Column(("orientation", "certificates"), _("证书举例（证书代码）"), "list"),
    )


def _posts() -> Grid:
    return Grid(
        "posts",
        _("主要岗位（群）"),
        _("岗位来自企业调研，写明调研记录。"),
        (
            Column((), _("岗位代码"), "key"),
            Column(("name",), _("岗位")),
            Column(("survey",), _("调研记录")),
            Column(("licence_required",), _("须持证上岗"), "truth"),
        ),
        none=_("本方案不列岗位"),
    )


def _certificates(words: _Words) -> Grid:
    return Grid(
        "certificates",
        _("证书"),
        _("学业证书、培训证书、职业资格证书、职业技能等级证书是不同的证书，不能混称。"),
        (
            Column((), _("证书代码"), "key"),
            Column(("name",), _("名称")),
            Column(("kind",), _("类型"), "enum", words.options("certificate")),
            Column(("shown_as",), _("方案中的称呼"), "enum", words.options("certificate")),
            Column(("issuer",), _("颁发单位")),
            Column(("issuer_verified",), _("颁发单位已核实"), "truth"),
        ),
        none=_("本方案不涉及证书"),
    )


def _goals() -> Grid:
    return Grid(
        "goals",
        _("培养目标"),
        _("每个目标写明面向的岗位（岗位代码）。"),
        (
            Column((), _("目标代码"), "key"),
            Column(("text",), _("目标"), "long"),
            Column(("posts",), _("面向岗位"), "list"),
        ),
    )


def _specification(words: _Words) -> Grid:
    return Grid(
        "specification",
        _("培养规格"),
        _("素质、知识、能力逐条写；每条写明支撑的课程和需求依据。"),
        (
            Column((), _("条目代码"), "key"),
            Column(("kind",), _("类型"), "enum", words.options("item")),
            Column(("text",), _("内容"), "long"),
            Column(("courses",), _("支撑课程"), "list"),
            Column(("evidence",), _("需求依据"), "list"),
            Column(("ability_kind",), _("能力类型"), "enum", words.options("ability")),
        ),
    )


def _tasks() -> Grid:
    return Grid(
        "tasks",
        _("代表性工作任务"),
        _("工学一体化课程由这些任务转化而来。"),
        (
            Column((), _("任务代码"), "key"),
            Column(("name",), _("任务")),
            Column(("object",), _("工作对象")),
            Column(("tools",), _("工具、材料、设备")),
            Column(("method",), _("工作方法")),
            Column(("organisation",), _("劳动组织")),
            Column(("requirements",), _("工作要求")),
            Column(("result",), _("工作成果")),
            Column(("gap_reason",), _("无对应课程的原因"), is_more=True),
        ),
        none=_("没有代表性工作任务"),
    )


def _experts() -> Grid:
    return Grid(
        "experts",
        _("实践专家"),
        _("参加实践专家访谈会的人，写岗位和年限。"),
        (
            Column((), _("编号"), "key"),
            Column(("name",), _("姓名")),
            Column(("post",), _("岗位")),
            Column(("years",), _("从业年限"), "number"),
        ),
        none=_("没有实践专家"),
    )


def _summary(words: _Words) -> tuple[Column, ...]:
    return (
        Column(("summary", "hours"), _("汇总表：总学时"), "number"),
        Column(("summary", "credits"), _("汇总表：总学分"), "number"),
        *(
            Column(
                ("summary", "by_category", one.value),
                _("汇总表：%(name)s学时") % {"name": one.label},
                "number",
            )
            for one in words.options("category")
        ),
    )


def _terms() -> Grid:
    return Grid(
        "terms",
        _("学期"),
        _("每学期的教学周和周学时。"),
        (
            Column((), _("学期"), "key"),
            Column(("teaching_weeks",), _("教学周"), "number"),
            Column(("weekly_hours",), _("周学时"), "number"),
        ),
    )


def _groups() -> Grid:
    modes = (Option("all", _("全部修读")), Option("choose", _("选修其中若干")))
    need = _("至少修读")
    return Grid(
        "groups",
        _("选修池、方向与替代组"),
        _("成员写课程代码或组代码；“选修其中若干”只写一种要求。"),
        (
            Column((), _("组代码"), "key"),
            Column(("name",), _("名称")),
            Column(("mode",), _("方式"), "enum", modes),
            Column(("members",), _("成员"), "list"),
            Column(("need", "courses"), _("门数"), "number", group=need),
            Column(("need", "credits"), _("学分"), "number", group=need),
            Column(("need", "hours"), _("学时"), "number", group=need),
        ),
        none=_("本方案没有选修池和替代组"),
    )


def _substitutions() -> Grid:
    modes = (Option("all", _("全部")), Option("choose", _("任一")))
    return Grid(
        "substitutions",
        _("课程替代"),
        _("某门课程在一段时间内由其他课程替代。"),
        (
            Column((), _("编号"), "key"),
            Column(("course",), _("被替代课程")),
            Column(("by",), _("替代课程"), "list"),
            Column(("mode",), _("方式"), "enum", modes),
            Column(("valid_from",), _("开始日期"), "date"),
            Column(("valid_to",), _("结束日期"), "date"),
        ),
        none=_("本方案没有课程替代"),
    )


def _week_activities(words: _Words) -> Grid:
    named = words.options(
        "week_activity", "military_training", "social_practice", "entry_education", "graduation_education"
    )
    return Grid(
        "week_activities",
        _("按周计的活动"),
        _("代码：%(names)s。") % {"names": _("、").join(f"{one.value}（{one.label}）" for one in named)},
        (
            Column((), _("活动"), "key"),
            Column(("weeks",), _("周数"), "number"),
            Column(("credits",), _("学分"), "number"),
        ),
        none=_("没有按周计的活动"),
    )


def _placements() -> Grid:
    return Grid(
        "placements",
        _("岗位实习"),
        _("一次或分阶段安排；岗位写岗位代码，须持证的写证书代码。"),
        (
            Column((), _("编号"), "key"),
            Column(("weeks",), _("周数"), "number"),
            Column(("term",), _("学期"), "number"),
            Column(("post",), _("岗位")),
            Column(("licence",), _("所持证书")),
        ),
        none=_("没有岗位实习"),
    )


def _layers(words: _Words) -> Grid:
    return Grid(
        "layers",
        _("校内分层用语"),
        _("学校自己的分层（如基础层、基本功）对应哪些法定类别。"),
        (
            Column((), _("用语"), "key"),
            Column(("categories",), _("法定类别"), "list", words.options("category")),
        ),
    )


def _conversions() -> Grid:
    return Grid(
        "conversions",
        _("证书学分转换"),
        _("学校认可的证书折算学分的规则。"),
        (
            Column((), _("编号"), "key"),
            Column(("certificate",), _("证书")),
            Column(("courses",), _("课程"), "list"),
            Column(("credits",), _("学分"), "number"),
            Column(("approved_by",), _("批准单位")),
            Column(("approved_on",), _("批准日期"), "date"),
            Column(("results",), _("已使用的成果"), "list", is_more=True),
        ),
        none=_("没有学分转换"),
    )


def _making() -> tuple[Column, ...]:
    records = {
        "survey_report": _("调研报告"),
        "minutes": _("论证纪要"),
        "decision": _("审定决议"),
        "published": _("公布"),
    }
    fields = []
    for key, name in records.items():
        fields += [
            Column(("procedure", key, "document"), _("%(name)s：文件") % {"name": name}),
            Column(("procedure", key, "on"), _("%(name)s：日期") % {"name": name}, "date"),
            Column(("procedure", key, "by"), _("%(name)s：由谁作出") % {"name": name}),
        ]
    return tuple(fields)
