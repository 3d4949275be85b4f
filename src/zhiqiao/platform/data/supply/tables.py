"""Tables of the supply side and of regional facts."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui import formats
from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.infra.ui.templatetags.zq import chip, unknown
from zhiqiao.platform.data.models import ProjectState, ValueState
from zhiqiao.platform.data.supply.conditions import TrainingConditionView
from zhiqiao.platform.data.supply.labels import (
    CONDITION_LABELS,
    PLAN_LABELS,
    PROJECT_LABELS,
    VALUE_LABELS,
    YEAR_LABELS,
)
from zhiqiao.platform.data.supply.plans import PlanView
from zhiqiao.platform.data.supply.projects import ProjectView
from zhiqiao.platform.data.supply.regional import RegionalValueView
from zhiqiao.platform.data.supply.years import ProgrammeYearView

__all__ = [
    "PROJECTS",
    "SUMS",
    "conditions_table",
    "indicators_table",
    "own_plans_table",
    "values_table",
    "years_table",
]

_NOT_STATED = _("学校没有填报")
_MET = {
    True: (gettext_noop("达到"), "success"),
    False: (gettext_noop("不足"), "warning"),
    None: (gettext_noop("未知"), ""),
}
_STATE_TONES = {ValueState.OFFICIAL: "success", ValueState.QUOTED: "warning", ValueState.ESTIMATED: "info"}
_PROJECT_TONES = {
    ProjectState.ANNOUNCED: "info",
    ProjectState.BUILDING: "primary",
    ProjectState.PRODUCING: "success",
}


def _year_mark(row: ProgrammeYearView) -> tuple[str, object]:
    return ("programme_year", row.uuid)


def years_table(*, may_edit: bool) -> Table:
    """Return the years of programmes, with the button that fills an empty table."""
    url = reverse("data:supply_year_new") if may_edit else ""
    figures = ("enrolled", "students", "graduates", "placed", "placed_locally", "placed_matching")
    return Table(
        key="supply-years",
        caption=_("专业逐年情况"),
        columns=(
            Column(
                "programme",
                YEAR_LABELS["programme"],
                value=lambda row: str(row.programme),
                url=lambda row: reverse("data:supply_year", args=[row.uuid]),
                is_head=True,
            ),
            Column("year", YEAR_LABELS["year"]),
            *(
                Column(
                    name,
                    YEAR_LABELS[name],
                    "number",
                    unknown=_NOT_STATED,
                    evidence=_year_mark,
                    # the rates tell these; all at once are wider than a screen
                    is_extra=name in {"students", "placed", "placed_matching"},
                )
                for name in figures
            ),
            Column("placement", _("就业率"), "share", unknown=_("毕业或就业人数未知"), evidence=_year_mark),
            Column("matching", _("对口率"), "share", unknown=_("就业或对口人数未知"), evidence=_year_mark),
            Column(
                "cost_per_student",
                YEAR_LABELS["cost_per_student"],
                "number",
                unknown=_NOT_STATED,
                is_extra=True,
            ),
            Column("source", YEAR_LABELS["source"], "long", sort=None, is_extra=True),
            Column("definition", YEAR_LABELS["definition"], "long", sort=None, is_extra=True),
        ),
        search=("programme",),
        empty=Empty(
            _("还没有填报"),
            _("学校填报或导入各专业逐年的招生、毕业和就业之后，这里按专业和年份列出。"),
            url,
            gettext("填报一年"),
        ),
        file_name="programme-years",
        demo_key="is_demo",
    )


def _met(row: TrainingConditionView) -> str:
    return gettext(_MET[row.is_met][0])


def conditions_table(*, may_edit: bool) -> Table:
    """Return the training conditions, what is missing first to see."""
    return Table(
        key="supply-conditions",
        caption=_("实训条件"),
        columns=(
            Column(
                "name",
                CONDITION_LABELS["name"],
                value=lambda row: row.title,
                url=(lambda row: reverse("data:condition_edit", args=[row.uuid])) if may_edit else None,
                is_head=True,
            ),
            Column("programme", CONDITION_LABELS["programme"], value=lambda row: str(row.programme)),
            Column("required", CONDITION_LABELS["required"], "number", unknown=_("没有写应有数量")),
            Column("present", CONDITION_LABELS["present"], "number", unknown=_("没有清点过")),
            Column("unit", CONDITION_LABELS["unit"]),
            Column(
                "met",
                _("对照标准"),
                value=_met,
                cell=lambda row: chip(_met(row), _MET[row.is_met][1]),
                sort=None,
            ),
            Column("norm", CONDITION_LABELS["norm"], "long", sort=None, unknown=_("没有写标准")),
            Column(
                "norm_source", CONDITION_LABELS["norm_source"], "long", sort=None, unknown=_("没有写标准")
            ),
        ),
        filters=(
            Filter(
                "met",
                _("对照标准"),
                choices=(("yes", _("达到")), ("no", _("不足")), ("unknown", _("未知"))),
                apply=lambda rows, key: [
                    row for row in rows if row.is_met is {"yes": True, "no": False}.get(key)
                ],
            ),
        ),
        search=("name", "name_en", "programme"),
        empty=Empty(
            _("还没有实训条件"),
            _("登记专业需要的设备、场地或授权，写明标准要多少、现有多少，差距分析会用到。"),
            reverse("data:condition_new") if may_edit else "",
            gettext("登记一项"),
        ),
        file_name="training-conditions",
        demo_key="is_demo",
    )


def own_plans_table() -> Table:
    """Return the plans of one's own enterprise."""
    return Table(
        key="plans",
        caption=_("本企业用人计划"),
        columns=(
            Column(
                "role",
                PLAN_LABELS["role"],
                value=lambda row: str(row.role),
                url=lambda row: reverse("data:plan_edit", args=[row.uuid]),
                is_head=True,
            ),
            Column("year", PLAN_LABELS["year"]),
            Column("headcount", PLAN_LABELS["headcount"], "number"),
            Column("note", PLAN_LABELS["note"], "long", sort=None, unknown=_("没有填写")),
        ),
        search=("role",),
        empty=Empty(
            _("还没有计划"),
            _("按岗位和年份填写打算招多少人。别人只看得到三家以上企业的合计，看不到您的数字。"),
            reverse("data:plan_new"),
            gettext("填写计划"),
        ),
        file_name="plans",
        demo_key="is_demo",
    )


def _kept_back(row: PlanView) -> object:
    return (
        chip(gettext("未公开：少于三家"), "", "lock")
        if row.headcount is None
        else formats.number(row.headcount)
    )


SUMS = Table(
    key="plan-sums",
    caption=_("企业用人计划合计"),
    columns=(
        Column("role", PLAN_LABELS["role"], value=lambda row: str(row.role), is_head=True),
        Column("year", PLAN_LABELS["year"]),
        Column(
            "headcount",
            PLAN_LABELS["headcount"],
            "number",
            unknown=_("未公开：少于三家"),
            cell=_kept_back,
            evidence=lambda row: row.figure,
        ),
        Column("enterprises", _("企业数"), "number", unknown=_("未公开：少于三家")),
    ),
    search=("role",),
    empty=Empty(_("还没有企业填报"), _("企业人事在“本企业用人计划”填写之后，这里按岗位和年份给出合计。")),
    file_name="plan-sums",
    demo_key="is_demo",
)


def _latest(row: object) -> RegionalValueView | None:
    value: RegionalValueView | None = getattr(row, "latest", None)
    return value


def indicators_table(*, may_edit: bool) -> Table:
    """Return the indicators with their newest values."""
    return Table(
        key="regional",
        caption=_("区域统计"),
        columns=(
            Column(
                "name",
                VALUE_LABELS["indicator"],
                value=lambda row: str(row.name),
                url=lambda row: reverse("data:regional_indicator", args=[row.key]),
                is_head=True,
            ),
            Column(
                "value",
                _("最新数值"),
                "number",
                value=lambda row: row.latest.value if row.latest else None,
                unknown=_("还没有数值"),
                evidence=lambda row: ("regional_value", row.latest.uuid) if row.latest else None,
            ),
            Column("unit", VALUE_LABELS["unit"], value=lambda row: str(row.unit)),
            Column(
                "year",
                VALUE_LABELS["year"],
                value=lambda row: row.latest.year if row.latest else None,
                unknown=_("还没有数值"),
            ),
            Column(
                "state",
                VALUE_LABELS["state"],
                value=lambda row: row.latest.state_label if row.latest else None,
                cell=lambda row: _state(row.latest),
                unknown=_("还没有数值"),
            ),
            Column(
                "source",
                VALUE_LABELS["source"],
                "long",
                value=lambda row: row.latest.source if row.latest else None,
                unknown=_("还没有数值"),
            ),
            Column("definitions", _("口径版本数"), "number", is_extra=True),
        ),
        search=("name",),
        empty=Empty(
            _("还没有区域统计"),
            _("登记指标和口径，再逐年填数或导入；每个数都带出处。"),
            reverse("data:regional_new") if may_edit else "",
            gettext("新建指标"),
        ),
        file_name="regional",
        demo_key="is_demo",
    )


def _state(row: RegionalValueView | None) -> object:
    return (
        chip(row.state_label, _STATE_TONES[ValueState(row.state)]) if row else unknown(gettext("还没有数值"))
    )


def values_table(*, may_edit: bool) -> Table:
    """Return the values of one indicator, with breaks of the series."""
    return Table(
        key="regional-values",
        caption=_("逐年数值"),
        columns=(
            Column(
                "year",
                VALUE_LABELS["year"],
                url=(lambda row: reverse("data:regional_value_edit", args=[row.uuid])) if may_edit else None,
                is_head=True,
            ),
            Column(
                "value",
                VALUE_LABELS["value"],
                "number",
                evidence=lambda row: ("regional_value", row.uuid),
            ),
            Column("state", VALUE_LABELS["state"], value=lambda row: row.state_label, cell=_state),
            Column("definition", _("口径版本"), "number"),
            Column(
                "breaks",
                _("断点"),
                value=lambda row: gettext("口径不同，不能相比") if row.breaks else gettext("无断点"),
                cell=lambda row: (
                    chip(gettext("口径不同，不能相比"), "warning", "triangle-alert")
                    if row.breaks
                    else gettext("无断点")
                ),
                sort=None,
            ),
            Column("source", VALUE_LABELS["source"], "long", sort=None),
            Column("page", VALUE_LABELS["page"], sort=None, unknown=_("没有写")),
        ),
        filters=(Filter("state", VALUE_LABELS["state"], choices=ValueState.choices),),
        empty=Empty(_("这个指标还没有数值"), _("填一个数，或从表格导入；每个数都要写出处。")),
        file_name="regional-values",
        demo_key="is_demo",
    )


def _project_state(row: ProjectView) -> object:
    return chip(row.state_label, _PROJECT_TONES.get(ProjectState(row.state), ""))


PROJECTS = Table(
    key="projects",
    caption=_("招商引资项目"),
    columns=(
        Column(
            "name",
            PROJECT_LABELS["name"],
            value=lambda row: row.title,
            url=lambda row: reverse("data:project", args=[row.uuid]),
            is_head=True,
        ),
        Column("industry", PROJECT_LABELS["industry"], value=lambda row: str(row.industry)),
        Column("state", PROJECT_LABELS["state"], value=lambda row: row.state_label, cell=_project_state),
        Column("start", PROJECT_LABELS["start"]),
        Column(
            "probability", PROJECT_LABELS["probability"], "share", evidence=lambda row: ("project", row.uuid)
        ),
        Column(
            "headcount",
            _("用人合计"),
            "number",
            unknown=_("没有写用人"),
            evidence=lambda row: ("project", row.uuid),
        ),
        Column("region", PROJECT_LABELS["region"], unknown=_("没有写"), is_extra=True),
        Column("announced", PROJECT_LABELS["announced"], "day", unknown=_("没有写"), is_extra=True),
        Column("source", PROJECT_LABELS["source"], "long", sort=None),
    ),
    filters=(Filter("state", PROJECT_LABELS["state"], choices=ProjectState.choices),),
    search=("name", "name_en", "region"),
    empty=Empty(
        _("还没有项目"),
        _("教育局登记已公布的招商项目和它们写明的用人；只影响情景区间，不改变预测。"),
    ),
    file_name="projects",
    demo_key="is_demo",
)
