"""The style guide: every component with made-up values, labelled as such."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhiqiao.infra.ui.shell_types import Text
from zhiqiao.infra.ui.table import BulkAction, Column, Empty, Filter, Table
from zhiqiao.platform.governance.api import ActorRequest, action
from zhiqiao.web.resolvers import SAMPLES

KINDS = (
    ("tool", gettext_lazy("工具")),
    ("knowledge", gettext_lazy("知识")),
    ("ability", gettext_lazy("能力")),
)
_NAMES: tuple[tuple[Text, str, int, float | None, dt.date | None], ...] = (
    (gettext_lazy("陶瓷封装工艺"), "knowledge", 52, 0.126, dt.date(2026, 11, 18)),
    (gettext_lazy("烧结曲线调试"), "ability", 31, 0.075, dt.date(2026, 11, 2)),
    (gettext_lazy("扫描电镜操作"), "tool", 24, 0.058, dt.date(2026, 10, 27)),
    (gettext_lazy("统计过程控制"), "knowledge", 19, None, None),
    (gettext_lazy("安全生产规范"), "knowledge", 140, 0.34, dt.date(2026, 11, 19)),
    (gettext_lazy("设备点检"), "ability", 77, 0.187, dt.date(2026, 9, 30)),
)


def _evidence(_row: dict[str, object]) -> tuple[str, object]:
    return "sample", SAMPLES[0]


SKILLS = Table(
    key="sample-skills",
    caption=gettext_lazy("样例：技能需求"),
    columns=(
        Column("name", gettext_lazy("技能"), is_head=True),
        Column("kind_label", gettext_lazy("类别")),
        Column("count", gettext_lazy("招聘信息"), "number"),
        Column(
            "share",
            gettext_lazy("占比"),
            "share",
            evidence=_evidence,
            unknown=gettext_lazy("样本太少，没有计算"),
        ),
        Column("seen", gettext_lazy("最近出现"), "day", unknown=gettext_lazy("原文没有日期")),
        Column("key", gettext_lazy("编号"), is_extra=True),
    ),
    filters=(Filter("kind", gettext_lazy("类别"), KINDS),),
    search=("name",),
    order="-count",
    page_size=4,
    row_key="key",
)
NOTHING = Table(
    key="sample-empty",
    columns=(Column("name", gettext_lazy("名称")),),
    empty=Empty(
        gettext_lazy("还没有导入"),
        gettext_lazy("导入招聘信息后，每次导入的行数和结果会列在这里。"),
        "#empty",
        gettext_lazy("导入招聘信息"),
    ),
    exports=False,
)


class SampleForm(forms.Form):
    """Fields of every kind; posting it is never offered, only shown with errors."""

    title = forms.CharField(
        label=gettext_lazy("名称"), help_text=gettext_lazy("不超过 40 个字。"), max_length=40
    )
    hours = forms.IntegerField(label=gettext_lazy("学时"), min_value=1, max_value=200)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=KINDS, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    agreed = forms.BooleanField(label=gettext_lazy("已与教研室核对"), required=False)


@require_safe
@action("styleguide.read")
def page(request: ActorRequest) -> HttpResponse:
    """Show every component."""
    table = SKILLS.bind(request, _rows(), demo=True, bulk=(BulkAction(_("比较"), reverse("styleguide")),))
    if table.export:
        return table.response()
    values = {
        "table": table,
        "nothing": NOTHING.bind(request, [], prefix="nothing"),
        "form": SampleForm({"title": "", "hours": "500", "kind": "tool"}, auto_id="sample_%s"),
        "steps": [_("选择文件"), _("核对列"), _("预览"), _("结果")],
        "runs": _runs(),
        "sample": SAMPLES[0],
        "charts": _charts(),
        "tabs": [(_("样例"), request.path), (_("历史"), f"{request.path}#history")],
        "today": dt.date(2026, 11, 20),
        "tones": ("primary", "success", "warning", "error", "info", "accent"),
        "colours": range(1, 9),
    }
    return render(request, "web/styleguide.html", values)


def _rows() -> list[dict[str, object]]:
    labels = dict(KINDS)
    return [
        {"key": f"S{at}", "name": str(name), "kind": kind, "kind_label": str(labels[kind]), "count": count,
         "share": share, "seen": seen}
        for at, (name, kind, count, share, seen) in enumerate(_NAMES, start=1)
    ]  # fmt: skip


def _runs() -> list[SimpleNamespace]:
    running = {
        "done": 12_400,
        "total": 31_428,
        "percent": 39,
        "stage_text": _("清洗与去重"),
        "error_text": "",
    }
    failed = {"done": 0, "total": 0, "percent": None, "stage_text": ""}
    failed["error_text"] = _("文件不是表格。原来的数据没有改动；请换成 CSV 或 XLSX 再导入。")
    return [
        SimpleNamespace(
            title_text=_("导入招聘信息"), state="running", get_state_display=_("运行中"), **running
        ),
        SimpleNamespace(title_text=_("导入招聘信息"), state="failed", get_state_display=_("失败"), **failed),
    ]


def _charts() -> list[tuple[str, str, dict[str, object]]]:
    names = [str(row[0]) for row in _NAMES]
    shares = [None if row[3] is None else round(row[3] * 100, 1) for row in _NAMES]
    link = reverse("evidence", args=["sample", SAMPLES[0]])
    bar = {
        "title": _("技能需求"), "unit": "%", "demo": True, "categories": names,
        "series": [{"name": _("占比"), "data": shares, "count": [row[2] for row in _NAMES]}],
        "links": [None if share is None else link for share in shares],
    }  # fmt: skip
    line = {
        "title": _("月度需求与预测区间"), "unit": _("条"), "demo": True, "category_title": _("月份"),
        "categories": ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11"],
        "series": [
            {"name": _("陶瓷封装工艺"), "data": [18, 22, 27, 35, 44, 52], "low": [18, 22, 27, 35, 39, 43],
             "high": [18, 22, 27, 35, 49, 61]},
            {"name": _("设备点检"), "data": [80, 79, 81, 77, 78, 77]},
        ],
    }  # fmt: skip
    heat = {
        "title": _("岗位与技能"), "unit": "%", "demo": True, "y_title": _("岗位"), "x": names[:4],
        "y": [_("封装工程师"), _("工艺技术员"), _("质检员")],
        "values": [[46, 31, 22, 12], [18, 40, 9, None], [4, 0, 35, 28]],
    }  # fmt: skip
    return [
        ("sample-bar", "bar", bar),
        ("sample-line", "line", line),
        ("sample-heat", "heatmap", heat),
        ("sample-graph", "graph", _graph(names)),
    ]


def _graph(names: list[str]) -> dict[str, object]:
    nodes = [
        {"id": "p1", "label": _("封装工程师"), "kind": "post"},
        {"id": "p2", "label": _("工艺技术员"), "kind": "post"},
        {
            "id": "s1",
            "label": names[0],
            "kind": "skill",
            "url": reverse("evidence", args=["sample", SAMPLES[0]]),
        },
        {"id": "m1", "label": _("陶瓷材料基础"), "kind": "module", "note": _("8 学时")},
        {"id": "m2", "label": _("电子封装实训"), "kind": "module", "note": _("24 学时")},
    ]
    pairs = (("p1", "s1", 46), ("p2", "s1", 18), ("s1", "m1", 8), ("s1", "m2", 24))
    edges = [{"source": source, "target": target, "weight": weight} for source, target, weight in pairs]
    kinds = {"post": _("岗位"), "skill": _("技能"), "module": _("模块")}
    return {"title": _("技能周围"), "demo": True, "kinds": kinds, "nodes": nodes, "edges": edges}
