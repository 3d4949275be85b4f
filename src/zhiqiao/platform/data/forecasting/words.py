"""What verdicts, levels and methods of forecasts are called."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

__all__ = ["MEASURES", "TONES", "VERDICTS", "method_words"]

VERDICTS: dict[str, Promise] = {
    "rising": _("上升"),
    "fading": _("下降"),
    "flat": _("无明显变化"),
    "unknown": _("未知：过去 12 个月不全"),
}
TONES = {"rising": "success", "fading": "warning"}
MEASURES: dict[str, Promise] = {"count": _("按条数"), "share": _("按占比")}
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


def method_words(method: str) -> str:
    """Return how a series was forecast, in words; an unknown name stays as it is."""
    name, gaps, _rest = method.partition("+gaps")
    text = str(_METHODS.get(name, name))
    return str(_("%(method)s；有缺月，未填补") % {"method": text}) if gaps else text
