"""The five ways of drawing a chart's figures."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FuncFormatter, MaxNLocator

from zhiqiao.engines.documents import _palette
from zhiqiao.engines.documents._chart_values import BandKind, Chart, ChartKind, Series
from zhiqiao.engines.documents._fonts import Fonts, printable
from zhiqiao.engines.documents._inline import ValueKind
from zhiqiao.engines.documents._text import formatted, number, width
from zhiqiao.engines.documents._words import Words

_NAN = math.nan
_MOST_TICKS = 12
_MOST_LABELLED_BARS = 60


@dataclass(frozen=True)
class Sheet:
    """What a drawing needs at hand."""

    canvas: Canvas
    axes: Axes
    chart: Chart
    words: Words
    fonts: Fonts

    def text(self, text: str) -> str:
        """Return a text as the font can print it."""
        return printable(text, self.fonts)

    def value(self, value: float) -> str:
        """Return a value as the labels and the axis write it."""
        return formatted(value, ValueKind.PERCENT if self.chart.percent else ValueKind.NUMBER)


def height_of(chart: Chart) -> float:
    """Return the height in inches: horizontal bars need room for each."""
    legend = 0.25 * math.ceil(_legend_entries(chart) / 3)
    rows = len(chart.categories)
    if chart.kind is ChartKind.BARS:
        return min(8.0, 0.75 + legend + rows * (0.16 + 0.17 * len(chart.series)))
    if chart.kind is ChartKind.DUMBBELL or (chart.kind is ChartKind.STACKED and lies_down(chart)):
        return min(8.0, 0.75 + legend + rows * 0.32)
    return 2.7 + legend


def draw_kind(sheet: Sheet) -> None:
    """Draw the chart onto its axes."""
    match sheet.chart.kind:
        case ChartKind.LINE:
            _lines(sheet)
        case ChartKind.BARS:
            _bars(sheet, lies=True)
        case ChartKind.COLUMNS:
            _bars(sheet, lies=False)
        case ChartKind.STACKED:
            _stack(sheet, lies=lies_down(sheet.chart))
        case ChartKind.DUMBBELL:
            _dumbbell(sheet)
    _legend(sheet)


def _lines(sheet: Sheet) -> None:
    axes, chart = sheet.axes, sheet.chart
    places = range(len(chart.categories))
    for at, series in enumerate(chart.series):
        colour = _palette.SERIES[at % len(_palette.SERIES)]
        for band in series.bands:
            low, high = _floats(band.low), _floats(band.high)
            label = sheet.text(band.name)
            if band.kind is BandKind.INTERVAL:
                axes.fill_between(places, low, high, color=colour, alpha=0.18, linewidth=0, label=label)
            else:
                axes.fill_between(
                    places,
                    low,
                    high,
                    facecolor="none",
                    edgecolor=colour,
                    hatch="////",
                    linewidth=0.6,
                    label=label,
                )
        _line(sheet, series, at, colour)
    for place, words in chart.marks:
        axes.axvline(place, color=_palette.MUTED, linewidth=0.8, linestyle=(0, (2, 2)))
        axes.annotate(
            sheet.text(words), (place, 1), (3, -2), ("data", "axes fraction"), "offset points",
            ha="left", va="top", fontsize=8.5, color=_palette.MUTED,
        )  # fmt: skip
    axes.margins(x=0.02)
    _upright_categories(sheet, thin=True)
    _value_axis(sheet, lies=False)


def _line(sheet: Sheet, series: Series, at: int, colour: str) -> None:
    values = _floats(series.values)
    cut = len(values) if series.dashed_from is None else max(series.dashed_from, 1)
    marker = _palette.MARKERS[at % len(_palette.MARKERS)]
    every = max(1, len(values) // 12)
    style: dict[str, Any] = {
        "color": colour,
        "linewidth": 1.6,
        "marker": marker,
        "markersize": 4.2,
        "markevery": every,
    }
    dash = _palette.DASHES[(at // len(_palette.SERIES)) % len(_palette.DASHES)]
    sheet.axes.plot(range(cut), values[:cut], linestyle=dash, label=sheet.text(series.name), **style)
    if cut < len(values):  # from the last observed point on, so that the line does not break
        later = range(cut - 1, len(values))
        style["markerfacecolor"] = "white"
        sheet.axes.plot(later, values[cut - 1 :], linestyle=(0, (4, 2)), **style)


def _bars(sheet: Sheet, *, lies: bool) -> None:
    axes, chart = sheet.axes, sheet.chart
    thick = 0.8 / len(chart.series)
    places = range(len(chart.categories))
    for at, series in enumerate(chart.series):
        offset = (at - (len(chart.series) - 1) / 2) * thick
        spots = [place + offset for place in places]
        lengths = [0.0 if value is None else float(value) for value in series.values]
        style = _bar_style(at)
        label = sheet.text(series.name)
        if lies:
            axes.barh(spots, lengths, height=thick * 0.92, label=label, **style)
        else:
            axes.bar(spots, lengths, width=thick * 0.92, label=label, **style)
        if len(places) * len(chart.series) <= _MOST_LABELLED_BARS:
            for spot, value in zip(spots, series.values, strict=True):
                _bar_label(sheet, spot, value, lies=lies)
        else:
            for spot, value in zip(spots, series.values, strict=True):
                if value is None:
                    _bar_label(sheet, spot, None, lies=lies)
    _category_axis(sheet, lies=lies)
    _value_axis(sheet, lies=lies)


def _bar_label(sheet: Sheet, spot: float, value: float | None, *, lies: bool) -> None:
    text = sheet.words.unknown if value is None else sheet.value(value)
    length = value or 0.0
    sign = -1 if length < 0 else 1
    place = (length, spot) if lies else (spot, length)
    shift = (3 * sign, 0) if lies else (0, 2 * sign)
    side = "left" if sign > 0 else "right"
    sheet.axes.annotate(
        text,
        place,
        shift,
        textcoords="offset points",
        ha=side if lies else "center",
        va="center" if lies else ("bottom" if sign > 0 else "top"),
        fontsize=8,
        color=_palette.MUTED if value is None else _palette.TEXT,
    )


def _stack(sheet: Sheet, *, lies: bool) -> None:
    axes, chart = sheet.axes, sheet.chart
    places = range(len(chart.categories))
    base = [0.0] * len(places)
    for at, series in enumerate(chart.series):
        lengths = [0.0 if value is None else float(value) for value in series.values]
        label = sheet.text(series.name)
        if lies:
            axes.barh(places, lengths, left=base, height=0.62, label=label, **_bar_style(at))
        else:
            axes.bar(places, lengths, bottom=base, width=0.62, label=label, **_bar_style(at))
        base = [below + length for below, length in zip(base, lengths, strict=True)]
    for place in places:
        if any(series.values[place] is None for series in chart.series):
            point = (base[place], place) if lies else (place, base[place])
            axes.annotate(
                sheet.words.unknown, point, (3, 0) if lies else (0, 2), textcoords="offset points",
                ha="left" if lies else "center", va="center" if lies else "bottom",
                fontsize=8, color=_palette.MUTED,
            )  # fmt: skip
    _category_axis(sheet, lies=lies)
    _value_axis(sheet, lies=lies)


def _dumbbell(sheet: Sheet) -> None:
    axes, chart = sheet.axes, sheet.chart
    first, second = (_floats(series.values) for series in chart.series)
    places = range(len(chart.categories))
    axes.hlines(places, first, second, color=_palette.MUTED, linewidth=1.4, zorder=1)
    for at, values in enumerate((first, second)):
        axes.scatter(
            values, places, s=42, marker=_palette.MARKERS[at], color=_palette.SERIES[at], zorder=2,
            label=sheet.text(chart.series[at].name),
        )  # fmt: skip
    for place in places:
        _dumbbell_labels(sheet, place, first[place], second[place])
    axes.margins(x=0.14)
    axes.set_ylim(-0.6, len(places) - 0.4)
    _category_axis(sheet, lies=True)
    _value_axis(sheet, lies=True)


def _dumbbell_labels(sheet: Sheet, place: int, first: float, second: float) -> None:
    for value, other in ((first, second), (second, first))[: 1 if first == second else 2]:
        if math.isnan(value):
            continue
        is_right = not value < other
        text = sheet.value(value)
        if math.isnan(other):
            text = f"{text}{sheet.words.comma}{sheet.words.unknown}"
        sheet.axes.annotate(
            text, (value, place), (7 if is_right else -7, 0), textcoords="offset points",
            ha="left" if is_right else "right", va="center", fontsize=8,
        )  # fmt: skip
    if math.isnan(first) and math.isnan(second):
        sheet.axes.annotate(
            sheet.words.unknown, (0.01, place), xycoords=("axes fraction", "data"), va="center", fontsize=8
        )


def _bar_style(at: int) -> dict[str, Any]:  # Any: keyword arguments of matplotlib
    colour = _palette.SERIES[at % len(_palette.SERIES)]
    return {
        "facecolor": colour,
        "edgecolor": "white",
        "linewidth": 0.0,
        "hatch": _palette.HATCHES[at % len(_palette.HATCHES)],
    }


def _category_axis(sheet: Sheet, *, lies: bool) -> None:
    if not lies:
        _upright_categories(sheet, thin=False)
        return
    axes, chart = sheet.axes, sheet.chart
    names = [sheet.text(_wrapped(name, 30, lines=2)) for name in chart.categories]
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()  # the first category on top, as in the table


def _upright_categories(sheet: Sheet, *, thin: bool) -> None:
    names = sheet.chart.categories
    fitting = min(_MOST_TICKS, 80 // (2 + max(map(width, names), default=1))) if thin else len(names)
    every = max(1, math.ceil(len(names) / max(1, fitting)))
    shown = range(0, len(names), every)
    room = max(4, 84 // max(1, len(shown)))
    sheet.axes.set_xticks(shown, [sheet.text(_wrapped(names[at], room, lines=3)) for at in shown])
    if sheet.chart.category_title:
        sheet.axes.set_xlabel(sheet.text(sheet.chart.category_title), fontsize=9)


def _value_axis(sheet: Sheet, *, lies: bool) -> None:
    axes, chart, words = sheet.axes, sheet.chart, sheet.words
    axis = axes.xaxis if lies else axes.yaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value, percent=chart.percent)))
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axes.grid(visible=True, axis="x" if lies else "y")
    bands = [band.low for series in chart.series for band in series.bands]
    several = [*(series.values for series in chart.series), *bands]
    known = [value for values in several for value in values if value is not None]
    if (
        chart.kind is not ChartKind.DUMBBELL and min(known) >= 0
    ):  # bars and areas lie unless they begin at zero
        (axes.set_xlim if lies else axes.set_ylim)(0)
    if chart.kind in {ChartKind.BARS, ChartKind.COLUMNS, ChartKind.STACKED}:
        axes.margins(x=0.1 if lies else None, y=None if lies else 0.1)
    if chart.unit:
        text = sheet.text(f"{words.unit}{words.colon}{chart.unit}")
        if lies:
            axes.set_xlabel(text, loc="right", fontsize=8.5, color=_palette.MUTED)
        else:
            axes.set_title(text, loc="left", fontsize=8.5, color=_palette.MUTED)


def _tick(value: float, *, percent: bool) -> str:
    return f"{number(value * 100)}%" if percent else number(value)


def _legend(sheet: Sheet) -> None:
    if _legend_entries(sheet.chart) < 2:
        return
    sheet.canvas.legend(
        loc="outside upper right", ncols=3, frameon=False, fontsize=9, handlelength=2.6, columnspacing=1.4
    )


def _legend_entries(chart: Chart) -> int:
    count = sum(1 + len(series.bands) for series in chart.series)
    return count if count > 1 else 0


def lies_down(chart: Chart) -> bool:
    """Tell whether parts are stacked to the side: long names or many of them do not fit below columns."""
    return len(chart.categories) > _MOST_TICKS or any(width(name) > 12 for name in chart.categories)


def _floats(values: Sequence[float | int | None]) -> list[float]:
    return [_NAN if value is None else float(value) for value in values]


def _wrapped(name: str, room: int, *, lines: int) -> str:
    """Break a name into lines of at most `room` half-width places; what does not fit ends in an ellipsis."""
    if width(name) <= room:
        return name
    if name.isascii():
        parts = textwrap.wrap(name, room) or [name]
    else:
        letters = max(2, room // 2)
        parts = [name[at : at + letters] for at in range(0, len(name), letters)]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], parts[lines - 1][:-1] + "…"]
    return "\n".join(parts)
