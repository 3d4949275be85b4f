"""Figures, dates and names as people of the active language write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone, translation

from zhiqiao.infra.db.names import local_name

Number = int | float | Decimal
_Steps = tuple[tuple[int, str], ...]
_CHINESE_STEPS: _Steps = ((100_000_000, "亿"), (10_000, "万"))
_ENGLISH_STEPS: _Steps = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))


def is_chinese() -> bool:
    """Tell whether the active language is Chinese."""
    return (translation.get_language() or "zh-hans").startswith("zh")


def number(value: Number, *, places: int | None = None) -> str:
    """Write a figure with thousands separators; without `places` at most two decimals, none that are zero."""
    if places is not None:
        return f"{value:,.{places}f}"
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def compact(value: Number) -> str:
    """Write a large figure short: 1.2万 in Chinese, 12k in English."""
    steps = _CHINESE_STEPS if is_chinese() else _ENGLISH_STEPS
    for step, sign in steps:
        if abs(float(value)) >= step:
            return f"{number(round(float(value) / step, 1))}{sign}"
    return number(value)


def percent(share: Number, *, places: int = 1) -> str:
    """Write a share of one as per cent."""
    return f"{float(share) * 100:,.{places}f}%"


def date(value: dt.date) -> str:
    """Write a day as 2026-11-20; a moment in the platform's time zone."""
    if isinstance(value, dt.datetime):
        value = _local(value)
    return value.strftime("%Y-%m-%d")


def moment(value: dt.datetime) -> str:
    """Write a moment as 2026-11-20 14:05 in the platform's time zone."""
    return _local(value).strftime("%Y-%m-%d %H:%M")


def named(value: object) -> str:
    """Return the name of a row that carries `name_zh` and `name_en`, in the active language."""
    return local_name(str(getattr(value, "name_zh", "")), str(getattr(value, "name_en", "")))


def _local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
