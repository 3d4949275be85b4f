"""Chart data of the forecast pages as plain dictionaries; shapes are described in `infra.ui.charts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiqiao.engines.demand import Band
from zhiqiao.platform.data.forecasting.whatif import WhatIf
from zhiqiao.platform.data.selectors.forecasts import ForecastLine, ForecastPage

__all__ = ["by_month", "by_year"]

Data = dict[str, Any]  # Any: plain JSON


def by_month(page: ForecastPage, *, demo: bool = False) -> Data:
    """Return history and forecast of a series month by month, with the interval as a band."""
    share = page.line.measure == "share"
    past, ahead = len(page.history), len(page.rows)

    def shown(value: object) -> float | None:
        return round(value * 100 if share else value, 1) if isinstance(value, float) else None

    def after(name: str) -> list[float | None]:
        return [None] * past + [shown(getattr(row, name)) for row in page.rows]

    link = reverse("evidence", args=["forecast_row", page.line.uuid])
    return {
        "title": _("逐月招聘信息：实际与预测"),
        "unit": "%" if share else _("条"),
        "category_title": _("月份"),
        "categories": [*page.months, *(row.month for row in page.rows)],
        "series": [
            {"name": _("实际"), "data": [*map(shown, page.history), *[None] * ahead]},
            {"name": _("预测"), "data": after("expected"), "low": after("lo"), "high": after("hi")},
        ],
        "links": [*[""] * past, *[link] * ahead],
        "note": _("阴影为预测区间；没有数据的月份留空，不按零计。"),
        "demo": demo,
    }


def by_year(line: ForecastLine, found: WhatIf, *, demo: bool = False) -> Data:
    """Return the twelve months before and after, and the bands of years 2 and 3 as registered and as changed."""
    names = [_("过去 12 个月（实际）"), _("今后 12 个月（预测）")]
    names += [_("第 %(year)s 年（情景）") % {"year": band.year} for band in found.registered]

    def series(name: str, bands: Sequence[Band], past: Sequence[float | None]) -> Data:
        last, middle, low, high = past
        return {
            "name": name,
            "data": _rounded([last, middle, *(band.base for band in bands)]),
            "low": _rounded([None, low, *(band.low for band in bands)]),
            "high": _rounded([None, high, *(band.high for band in bands)]),
        }

    shown = [series(_("条数"), found.registered, (line.last, line.next, line.low, line.high))]
    if found.is_changed:
        shown.append(series(_("改动输入之后"), found.changed, (None, None, None, None)))
    return {
        "title": _("全年招聘信息：预测与情景"),
        "unit": _("条"),
        "category_title": _("时段"),
        "categories": names,
        "series": shown,
        "note": _("第 2、3 年是情景，不是预测：历史太短，无法检验。"),
        "demo": demo,
    }


def _rounded(values: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else round(float(value), 1) for value in values]
