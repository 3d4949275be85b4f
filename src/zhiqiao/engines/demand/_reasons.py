"""The wording, Chinese and English, of refused cells and of flags; the one place for these texts."""

from __future__ import annotations

from typing import Literal

from zhiqiao.engines.demand._values import FlagCode, RejectCode

_TEXTS: dict[RejectCode | FlagCode, tuple[str, str]] = {
    "not_a_number": (
        "不是数字，按未知处理；请改为不带单位和千位分隔符的数字",
        "not a number, taken as unknown; write digits without unit or thousands separator",
    ),
    "negative": ("负数，按未知处理；请核对来源", "negative, taken as unknown; check the source"),
    "no_month": ("月份无法识别，未使用；请写成 YYYY-MM", "not a month, not used; write YYYY-MM"),
    "no_key": ("键为空，未使用", "a key is empty; not used"),
    "duplicate_key": (
        "键重复；数值相同则只用一次，不同则整个序列未使用，请合并或删除",
        "the key stands twice; used once if the values agree, else the series is left out: merge or delete",
    ),
    "duplicate_month": (
        "同一键同一月重复；数值相同则只用一次，不同则按未知处理",
        "key and month stand twice; used once if the values agree, else taken as unknown",
    ),
    "unreadable": ("该行无法读出", "the row can not be read"),
    "short": ("有数据的月份少于 6 个，区间已放宽", "fewer than 6 known months; the interval is widened"),
    "all_zero": ("已知月份全为零", "zero in all known months"),
    "gaps": ("有缺月，按未知处理，未填补", "months are missing; they stay unknown and are not filled"),
    "no_value": ("没有任何可用数值，不作预测", "no usable value; not forecast"),
    "month_missing": ("所有序列都缺这个月", "this month is missing for all series"),
    "no_value_at_the_end": (
        "末尾月份没有任何数值，预测从最后一个有数据的月份之后开始",
        "no series has a value; the forecast begins after the last month that has one",
    ),
}


def text_of(code: RejectCode | FlagCode, locale: Literal["zh", "en"]) -> str:
    """Word the code of a refused cell or a flag."""
    return _TEXTS[code][0 if locale == "zh" else 1]
