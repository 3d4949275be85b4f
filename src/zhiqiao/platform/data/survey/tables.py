"""The tables of surveys."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.platform.data.models import EnterpriseSize, SurveyState
from zhiqiao.platform.data.supply.labels import ENTERPRISE_LABELS

__all__ = [
    "bias_table",
    "enterprises_table",
    "frame_table",
    "shortlist_table",
    "surveys_table",
    "visits_table",
]


def surveys_table(*, may_manage: bool) -> Table:
    """Return the list of surveys."""
    text = _("协会为一个专业设计问卷，抽样发给企业，统计后形成本地岗位需求报告。")
    empty = (
        Empty(_("还没有岗位调研"), text, reverse("data:survey_new"), _("建立调研"))
        if may_manage
        else Empty(_("还没有岗位调研"), _("行业协会结束一项调研后，统计会出现在这里。"))
    )
    return Table(
        key="surveys",
        caption=_("岗位调研"),
        columns=(
            Column("title", _("名称"), url=lambda row: reverse("data:survey", args=[row.uuid]), is_head=True),
            Column("programme", _("专业"), value=lambda row: str(row.programme)),
            Column("owner", _("主持单位")),
            Column("state_label", _("状态")),
            Column("drawn", _("样本企业"), "number"),
            Column("answered", _("答复"), "number"),
            Column("rate", _("回收率"), "share", unknown=_("还没有抽样")),
            Column("created_at", _("建立时间"), "moment", is_extra=True),
        ),
        filters=(Filter("state", _("状态"), choices=SurveyState.choices, lookup="state"),),
        search=("title", "owner"),
        empty=empty,
        demo_key="is_demo",
    )


def enterprises_table(*, industry: Callable[[object], object]) -> Table:
    """Return the register of enterprises; contacts show when chosen, for they are personal."""
    return Table(
        key="surveyed-enterprises",
        caption=_("企业名录"),
        columns=(
            Column(
                "name",
                ENTERPRISE_LABELS["name"],
                url=lambda row: reverse("data:survey_enterprise_edit", args=[row.uuid]),
                is_head=True,
            ),
            Column("industry", ENTERPRISE_LABELS["industry"], value=industry, sort="industry__sort"),
            Column(
                "size",
                ENTERPRISE_LABELS["size"],
                value=lambda row: row.get_size_display() or None,
                sort="size",
            ),
            Column("place", ENTERPRISE_LABELS["place"]),
            Column("credit_code", ENTERPRISE_LABELS["credit_code"], is_extra=True),
            Column("contact_name", ENTERPRISE_LABELS["contact_name"], is_extra=True),
            Column("contact_phone", ENTERPRISE_LABELS["contact_phone"], is_extra=True),
            Column("contact_email", ENTERPRISE_LABELS["contact_email"], is_extra=True),
        ),
        filters=(Filter("size", ENTERPRISE_LABELS["size"], choices=EnterpriseSize.choices, lookup="size"),),
        search=("name", "place", "credit_code"),
        empty=Empty(
            _("名录还是空的"),
            _("从文件导入、逐家登记，或从平台已知的企业中取。"),
            reverse("data:survey_enterprise_import"),
            _("从表格导入"),
        ),
        demo_key="is_demo",
    )


def frame_table() -> Table:
    """Return the strata of a frame."""
    return Table(
        key="survey-frame",
        caption=_("抽样框：按产业、规模、县区分层"),
        columns=(
            Column("name", _("层"), is_head=True),
            Column("frame", _("企业"), "number"),
            Column("drawn", _("抽中"), "number"),
            Column("kept_out", _("间隔期内，不抽"), "number"),
        ),
        exports=False,
        is_dense=True,
        page_size=100,
    )


def bias_table() -> Table:
    """Return the comparison of answers with the frame."""
    return Table(
        key="survey-bias",
        caption=_("答复企业与抽样框的差别"),
        columns=(
            Column("margin", _("按")),
            Column("name", _("类别"), is_head=True),
            Column("frame", _("抽样框"), "number"),
            Column("frame_share", _("占抽样框"), "share"),
            Column("answered", _("答复"), "number", unknown=_("不到 3 家，不显示")),
            Column("share", _("占答复"), "share", unknown=_("不到 3 家，不显示")),
            Column("points", _("相差"), "share", unknown=_("不到 3 家，不显示")),
        ),
        is_dense=True,
        page_size=200,
    )


def shortlist_table() -> Table:
    """Return the shortlist of enterprises to visit."""
    return Table(
        key="survey-shortlist",
        caption=_("走访候选名单"),
        columns=(
            Column("rank", _("名次"), "number"),
            Column("name", _("企业"), is_head=True),
            Column("points", _("得分"), "number"),
            Column("reasons", _("理由"), "long"),
            Column("visits", _("已走访"), "number"),
            Column("record", _("操作"), url=lambda row: row.url, sort=None),
        ),
        page_size=50,
        empty=Empty(_("还没有答复"), _("有企业答复后，这里按得分列出值得走访的企业和理由。")),
    )


def visits_table() -> Table:
    """Return the visits of a survey."""
    return Table(
        key="survey-visits",
        caption=_("走访记录"),
        columns=(
            Column("visited_on", _("日期"), "day"),
            Column(
                "name",
                _("企业"),
                value=lambda row: row.unit.enterprise.name,
                url=lambda row: reverse("data:survey_visit_edit", args=[row.uuid]),
                is_head=True,
                sort="unit__enterprise__name",
            ),
            Column("visitors", _("走访人")),
            Column("met", _("接待人")),
            Column("findings", _("了解到的情况"), "long"),
            Column("reason", _("当时的理由"), "long", is_extra=True),
        ),
        empty=Empty(_("还没有走访记录"), _("从候选名单里选一家企业，走访后记下了解到的情况。")),
        demo_key="is_demo",
    )
