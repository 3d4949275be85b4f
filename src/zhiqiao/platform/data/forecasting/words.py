"""What verdicts, levels and methods of forecasts are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.data.forecasting.inputs import Input, LeftOut

__all__ = [
    "INPUTS",
    "INPUT_VALUES",
    "MEASURES",
    "TONES",
    "VERDICTS",
    "input_definition",
    "input_name",
    "input_source",
    "left_out_text",
    "method_words",
]

VERDICTS: dict[str, Promise] = {
    "rising": _("预计上升"),
    "fading": _("预计下降"),
    "flat": _("无明显变化"),
    "unknown": _("未知：过去 12 个月不全"),
}
TONES = {"rising": "success", "fading": "warning"}
MEASURES: dict[str, Promise] = {"count": _("按条数"), "share": _("按占比")}
#: Kinds of inputs of the scenario bands, and what of each a person may change.
INPUTS: dict[str, Promise] = {
    "project": _("招商引资项目"),
    "plan": _("产业规划或用人计划"),
    "retirement": _("退休"),
}
INPUT_VALUES: dict[str, Promise] = {
    "project": _("可能性（%）"),
    "plan": _("年增长（%）"),
    "retirement": _("每年退休（%）"),
}
_METHODS: dict[str, Promise] = {
    "counts": _("条数少，按相近序列学到的小数目模型"),
    "pooled": _("按相近序列学到的平滑组合"),
    "season": _("平滑组合，含季节"),
    "trend": _("持续的趋势，逐月减弱"),
    "season+trend": _("趋势与季节"),
    "new": _("新出现的序列，按其他新序列的经历估计"),
    "break": _("近期水平突变，只看突变之后"),
    "short": _("有数据的月份少于 6 个，区间放宽"),
    "zero": _("已知月份全为零"),
    "constant": _("每月相同"),
    "unknown": _("没有任何可用数值"),
}


def input_name(item: Input) -> str:
    """Return what an input is called, in the reader's language."""
    return _named(item.stated.name, item.name_en, is_sum=item.is_sum)


def left_out_text(one: LeftOut) -> str:
    """Return what does not enter and why."""
    name = _named(one.name, one.name_en, is_sum=one.kind == "plan_sums")
    return gettext("%(name)s：%(reason)s") % {"name": name, "reason": gettext(one.reason)}


def _named(zh: str, en: str, *, is_sum: bool) -> str:
    name = local_name(zh, en)
    return gettext("企业用人计划合计：%(post)s") % {"post": name} if is_sum else name


def input_source(item: Input) -> str:
    """Return where an input is written."""
    return gettext("企业填报合计") if item.is_sum else item.stated.source


def input_definition(item: Input) -> str:
    """Return what exactly an input counts."""
    if item.stated.kind == "project":
        return gettext("公布的用人 × 可能性；可能性是教育局的判断")
    if not item.is_sum:
        return item.definition
    count, before, after = item.counts
    return gettext("%(count)s 家企业两年计划合计（%(before)s → %(after)s 人）之比") % {
        "count": count, "before": before, "after": after
    }  # fmt: skip


def method_words(method: str) -> str:
    """Return how a series was forecast, in words; an unknown name stays as it is."""
    name, gaps, _rest = method.partition("+gaps")
    text = str(_METHODS.get(name, name))
    return str(_("%(method)s；有缺月，未填补") % {"method": text}) if gaps else text
