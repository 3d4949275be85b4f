"""The tables of this package."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiqiao.apps.evaluation.models import StudyKind, StudyState
from zhiqiao.apps.evaluation.results import RatingRow, as_weight
from zhiqiao.apps.evaluation.selectors import StudyView
from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.infra.ui.templatetags.zq import chip

_ONE_ANSWER = _("作答人数不足，无法计算")
_FIRST_ROUND = _("第一轮没有可比的上一轮")
_TONES = {"keep": "success", "revise": "warning", "drop": "error"}


def _response(view: StudyView) -> float | None:
    return view.rounds[-1].progress.rate if view.rounds else None


def _judgements(row: RatingRow) -> tuple[str, object]:
    return "study_item", row.uuid


def studies_table(*, may_manage: bool) -> Table:
    """Return the list of studies."""
    empty = (
        Empty(
            _("还没有权重研究"),
            _("建立一项研究，邀请专家两两比较或多轮评分，得到有据可查的权重。"),
            reverse("evaluation:study_new"),
            _("建立研究"),
        )
        if may_manage
        else Empty(_("还没有权重研究"), _("行业协会结束一项研究后，结果会出现在这里。"))
    )
    return Table(
        key="studies",
        caption=_("权重研究"),
        columns=(
            Column(
                "title",
                _("名称"),
                url=lambda row: reverse("evaluation:study", args=[row.uuid]),
                is_head=True,
            ),
            Column("kind_label", _("方法")),
            Column("state_label", _("状态")),
            Column("owner", _("组织单位")),
            Column("experts", _("专家数"), "number"),
            Column("rounds", _("轮次"), "number", value=lambda row: len(row.rounds)),
            Column("response", _("本轮应答率"), "share", value=_response, unknown=_("还没有开始征询")),
            Column("created_at", _("建立时间"), "moment", is_extra=True),
        ),
        filters=(
            Filter("kind", _("方法"), choices=StudyKind.choices, lookup="kind"),
            Filter("state", _("状态"), choices=StudyState.choices, lookup="state"),
        ),
        search=("title", "owner"),
        empty=empty,
        file_name="studies",
        demo_key="is_demo",
    )


WEIGHTS = Table(
    key="weights",
    caption=_("权重"),
    columns=(
        Column("name", _("条目"), is_head=True),
        Column("dimension", _("所属维度")),
        Column(
            "local",
            _("同层权重"),
            "number",
            cell=lambda row: as_weight(row.local),
        ),
        Column(
            "weight",
            _("总权重"),
            "number",
            cell=lambda row: as_weight(row.weight),
            evidence=lambda row: ("study_item", row.uuid),
        ),
    ),
    file_name="weights",
    page_size=100,
)

CONSISTENCY = Table(
    key="consistency",
    caption=_("每位专家的一致性"),
    columns=(
        Column("expert", _("专家"), is_head=True),
        Column("group", _("比较的一组")),
        Column("cr", "CR", "number", cell=lambda row: f"{row.cr:.3f}"),
        Column(
            "verdict",
            _("结论"),
            cell=lambda row: chip(row.verdict, "success" if row.is_usable else "error"),
        ),
        Column("worst", _("最不一致的一对"), sort=None),
        Column("change", _("怎样改有帮助"), sort=None),
    ),
    file_name="consistency",
    page_size=100,
)

SPREAD = Table(
    key="spread",
    caption=_("专家之间的分歧"),
    columns=(
        Column("pair", _("比较的一对"), is_head=True),
        Column("answers", _("计入专家"), "number"),
        Column("mean", _("几何平均"), "number", evidence=lambda row: ("study_item", row.uuid)),
        Column("gsd", _("几何标准差（倍）"), "number", unknown=_ONE_ANSWER),
        Column("least", _("最小")),
        Column("greatest", _("最大")),
    ),
    file_name="spread",
    page_size=100,
)

RATINGS = Table(
    key="ratings",
    caption=_("各条目的评分"),
    columns=(
        Column("name", _("条目"), is_head=True),
        Column("answers", _("作答"), "number"),
        Column(
            "mean",
            _("平均分"),
            "number",
            evidence=lambda row: ("study_item", row.uuid),
            unknown=_ONE_ANSWER,
        ),
        Column("variation", _("变异系数 CV"), "number", evidence=_judgements, unknown=_ONE_ANSWER),
        Column("median", _("中位数"), "number", evidence=_judgements, unknown=_ONE_ANSWER),
        Column("iqr", _("四分位距"), "number", evidence=_judgements, unknown=_ONE_ANSWER),
        Column("authority", _("权威程度 Cr"), "number", unknown=_("没有专家同时说明依据和熟悉程度")),
        Column("advice", _("建议"), cell=lambda row: chip(row.advice, _TONES.get(row.advice_code, ""))),
        Column("stable", _("与上一轮相比")),
        Column("moved", _("中位数变化"), "number", unknown=_FIRST_ROUND, is_extra=True),
        Column("sd", _("标准差"), "number", unknown=_ONE_ANSWER, is_extra=True),
        Column("full_share", _("满分比"), "share", unknown=_ONE_ANSWER, is_extra=True),
    ),
    file_name="ratings",
    page_size=100,
)

ROOMS = Table(
    key="rooms",
    caption=_("权重可变范围"),
    columns=(
        Column("name", _("条目"), is_head=True),
        Column("weight", _("权重"), "number", cell=lambda row: as_weight(row.weight)),
        Column("low", _("下限"), "number", cell=lambda row: as_weight(row.low)),
        Column("low_swap", _("低于下限时")),
        Column("high", _("上限"), "number", cell=lambda row: as_weight(row.high)),
        Column("high_swap", _("高于上限时")),
    ),
    file_name="rooms",
    page_size=100,
)

SHIFTS = Table(
    key="shifts",
    caption=_("权重增减一成后的排序"),
    columns=(
        Column("name", _("条目"), is_head=True),
        Column("change", _("增减"), sort=None),
        Column("weight", _("增减后的权重"), "number", cell=lambda row: as_weight(row.weight)),
        Column(
            "is_changed",
            _("排序"),
            value=lambda row: str(_("改变")) if row.is_changed else str(_("不变")),
            sort=None,
        ),
        Column("ranks", _("由高到低"), "long", sort=None),
    ),
    file_name="shifts",
    page_size=200,
)
