"""The charts of a document as plain data for the island that draws them; every chart has its table twin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhiqiao.engines.documents import BandKind, ChartKind, ChartPlan, Series
from zhiqiao.infra.ui.charts import ChartType

__all__ = ["chart_data"]

Values = Sequence[float | int | None]
_PLACES = 1


def chart_data(
    planned: ChartPlan, urls: Sequence[str]
) -> tuple[ChartType, dict[str, Any]]:  # Any: plain JSON
    """Return the kind of drawing and its data; `urls` lead to the evidence of each category."""
    chart = planned.chart
    lines = chart.kind is ChartKind.LINE
    series = [part for one in chart.series for part in (_parts(one) if lines else [_bar(one, chart.percent)])]
    return (
        "line" if lines else "bar",
        {
            "title": f"{planned.label}　{planned.title}",
            "unit": "%" if chart.percent else chart.unit,
            "category_title": chart.category_title,
            "categories": list(chart.categories),
            "series": series,
            "links": list(urls),
        },
    )


def _bar(series: Series, percent: bool) -> dict[str, Any]:
    values = [None if value is None else value * 100 if percent else value for value in series.values]
    return {"name": series.name, "data": _rounded(values)}


def _parts(series: Series) -> list[dict[str, Any]]:
    """Return what was observed, what is forecast with its interval, and the ranges of scenarios, one series each."""
    seen = len(series.values) if series.dashed_from is None else series.dashed_from
    size = len(series.values)
    parts: list[dict[str, Any]] = [
        {"name": series.name, "data": _rounded([*series.values[:seen], *[None] * (size - seen)])}
    ]
    for band in series.bands:
        data: Values = [*[None] * seen, *series.values[seen:]]
        if band.kind is BandKind.SCENARIO:
            data = [None] * size
        parts.append(
            {
                "name": band.name,
                "data": _rounded(data),
                "low": _rounded(band.low),
                "high": _rounded(band.high),
                "dashed": True,
                "hatched": band.kind is BandKind.SCENARIO,
            }
        )
    return parts


def _rounded(values: Values) -> list[float | None]:
    return [None if value is None else round(float(value), _PLACES) for value in values]
