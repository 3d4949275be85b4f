"""Tables of the source register, of deliveries, and of pay by source."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.infra.ui.templatetags.zq import chip
from zhiqiao.platform.data.models import SourceKind, TrustGrade, VacancyState
from zhiqiao.platform.data.selectors.pay import RolePay
from zhiqiao.platform.data.selectors.sources import SourceView

__all__ = ["PAY", "VACANCIES", "sources_table"]

_STATES = (
    ("overdue", _("逾期未更新")),
    ("no_licence", _("没有许可说明")),
    ("ungraded", _("未评可信等级")),
    ("forbidden", _("条款禁止采集")),
    ("industry", _("声明的行业没有数据")),
    ("empty", _("还没有数据")),
)


def sources_table(*, may_manage: bool, may_import: bool) -> Table:
    """Return the source register with the one button that fills it."""
    add, label = "", gettext("登记来源")
    if may_manage:
        add = reverse("data:source_new")
    elif may_import:
        add, label = reverse("data:import_new"), gettext("导入招聘信息")
    return Table(
        key="sources",
        caption=_("数据来源登记"),
        columns=(
            Column("name", _("来源"), url=lambda row: reverse("data:source", args=[row.uuid]), is_head=True),
            Column("kind_label", _("种类")),
            Column("trust_name", _("可信等级"), sort="trust", unknown=_("还没有评定")),
            Column("states", _("要留意"), value=_states_text, cell=_states_chips, sort=None),
            Column("kept", _("入库"), "number"),
            Column("next_refresh", _("应更新于"), "day", unknown=_("没有约定更新周期，或还没有更新过")),
            Column("is_shared", _("谁能看到"), value=_shared),
            Column("steward", _("负责人"), unknown=_("没有指定，或由其他机构登记")),
            Column("imports", _("导入次数"), "number", is_extra=True),
            Column("rows_in", _("读入的行"), "number", is_extra=True),
            Column("duplicates", _("重复"), "number", is_extra=True),
            Column("quarantined", _("隔离"), "number", is_extra=True),
            Column("licence_note", _("许可说明"), "long", sort=None, is_extra=True),
            Column("refreshed_on", _("最近更新"), "day", unknown=_("还没有更新过"), is_extra=True),
        ),
        filters=(
            Filter("kind", _("种类"), choices=SourceKind.choices),
            Filter("trust", _("可信等级"), choices=TrustGrade.choices),
            Filter("state", _("要留意"), choices=_STATES, apply=_with_state),
        ),
        search=("name", "licence_note", "kind_label"),
        empty=Empty(
            _("还没有数据来源"),
            _("登记来源，或第一次导入招聘信息时，这里会列出来源、许可和可信等级。"),
            add,
            label,
        ),
        file_name="sources",
    )


def _with_state(rows: Sequence[SourceView], key: str) -> list[SourceView]:
    return [row for row in rows if any(state.key == key for state in row.states)]


def _states_text(row: SourceView) -> str:
    return gettext("；").join(state.text for state in row.states) or gettext("无")


def _states_chips(row: SourceView) -> object:
    if not row.states:
        return gettext("无")
    return format_html_join(" ", "{}", ((chip(state.text, state.tone),) for state in row.states))


def _shared(row: SourceView) -> str:
    return gettext("全区域") if row.is_shared else gettext("仅本机构")


def _verdict(row: RolePay) -> str:
    if row.conflicts:
        return gettext("矛盾")
    return gettext("无矛盾") if row.is_comparable else gettext("够条数的来源不到两个")


def _finding(row: RolePay) -> object:
    return chip(_verdict(row), "warning", "triangle-alert") if row.conflicts else _verdict(row)


_FINDINGS: dict[str, Callable[[RolePay], bool]] = {
    "conflict": lambda row: bool(row.conflicts),
    "none": lambda row: not row.conflicts and row.is_comparable,
    "single": lambda row: not row.is_comparable,
}


PAY = Table(
    key="pay",
    caption=_("各来源的薪酬"),
    columns=(
        Column(
            "name",
            _("岗位"),
            value=lambda row: str(row.name),
            url=lambda row: reverse("data:role_pay", args=[row.key]),
            is_head=True,
        ),
        Column("sources", _("说明薪酬的来源"), "number"),
        Column(
            "finding",
            _("比较结果"),
            value=_verdict,
            cell=_finding,
            sort=None,
        ),
        Column("widest", _("中位数最大相差"), "share", unknown=_("没有互相矛盾的来源")),
    ),
    filters=(
        Filter(
            "finding",
            _("比较结果"),
            choices=(("conflict", _("矛盾")), ("none", _("无矛盾")), ("single", _("够条数的来源不到两个"))),
            apply=lambda rows, key: [row for row in rows if _FINDINGS[key](row)],
        ),
    ),
    search=("name",),
    empty=Empty(
        _("还没有可以比较的薪酬"),
        _("招聘信息写明月薪，或读入工资指导价位之后，这里按岗位并排列出各来源的数字。"),
    ),
    file_name="pay",
)

_TONES = {VacancyState.PUBLISHED: "success", VacancyState.DRAFT: "accent"}

VACANCIES = Table(
    key="vacancies",
    caption=_("本企业岗位"),
    columns=(
        Column(
            "title", _("职位名称"), url=lambda row: reverse("data:vacancy", args=[row.uuid]), is_head=True
        ),
        Column("city", _("城市"), unknown=_("没有填写")),
        Column(
            "state",
            _("状态"),
            value=lambda row: row.get_state_display(),
            cell=lambda row: chip(row.get_state_display(), _TONES.get(row.state, "")),
        ),
        Column("version", _("发布的版本"), "number"),
        Column("published_on", _("首次发布"), "day", unknown=_("还没有发布")),
        Column("updated_at", _("最近修改"), "moment"),
    ),
    filters=(Filter("state", _("状态"), choices=VacancyState.choices),),
    search=("title", "city"),
    order="-updated_at",
    empty=Empty(
        _("还没有岗位"),
        _("填写一个岗位，发布后会识别其中的技能，并计入区域的岗位需求。"),
        "/data/vacancies/new/",
        _("填写岗位"),
    ),
    file_name="vacancies",
)
