"""Charts of the workbook's own, drawn from the cells beside them."""

from __future__ import annotations

from openpyxl.chart import BarChart, LineChart
from openpyxl.chart import Reference as Range
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.legend import Legend
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from zhiqiao.engines.documents import _palette
from zhiqiao.engines.documents._chart_values import BandKind, Chart, ChartKind
from zhiqiao.engines.documents._draw_kinds import lies_down

_MARKERS = ("circle", "square", "triangle", "diamond", "dash", "x", "plus", "star")


def add_chart(sheet: Worksheet, chart: Chart, *, top: int, column: int) -> None:
    """Add the chart beside its figures, whose heads stand in row `top`.

    A dumbbell becomes bars side by side and bands become thin lines: spreadsheets know neither.
    """
    made = LineChart() if chart.kind is ChartKind.LINE else BarChart()
    if isinstance(made, BarChart):
        upright = chart.kind is ChartKind.COLUMNS or (
            chart.kind is ChartKind.STACKED and not lies_down(chart)
        )
        made.type = "col" if upright else "bar"
        if chart.kind is ChartKind.STACKED:
            made.grouping, made.overlap = "stacked", 100
        if made.type == "bar":
            made.x_axis.scaling.orientation = "maxMin"  # the first category on top
            made.y_axis.crosses = "max"
    count = len(chart.categories)
    columns = 1 + sum(1 + 2 * len(series.bands) for series in chart.series)
    figures = Range(sheet, min_col=2, max_col=columns, min_row=top, max_row=top + count)
    made.add_data(figures, titles_from_data=True)
    made.set_categories(Range(sheet, min_col=1, min_row=top + 1, max_row=top + count))
    made.display_blanks = "gap"  # an unknown value is no zero
    made.x_axis.delete = made.y_axis.delete = False
    made.y_axis.number_format = "0%" if chart.percent else "#,##0"
    lines = GraphicalProperties(ln=LineProperties(solidFill=_palette.GRID[1:]))
    made.y_axis.majorGridlines = ChartLines(spPr=lines)
    made.legend = Legend(legendPos="b")
    made.width, made.height = 22, max(9.0, min(18.0, 4 + 0.55 * count))
    _colour(made, chart)
    # below the heads: what stands beside them is printed with them on every page
    made.anchor = f"{get_column_letter(column)}{top + 1}"
    sheet.add_chart(made)


def _colour(made: LineChart | BarChart, chart: Chart) -> None:
    styles = [
        (at, band)
        for at, series in enumerate(chart.series)
        for band in [None, *(one for one in series.bands for _ in range(2))]
    ]
    for one, (at, band) in zip(made.series, styles, strict=True):
        colour = _palette.SERIES[at % len(_palette.SERIES)][1:]
        if isinstance(made, BarChart):
            one.graphicalProperties.solidFill = colour
            continue
        line = one.graphicalProperties.line
        line.solidFill = colour
        line.width = 22_000 if band is None else 9_000
        one.smooth = False
        if band is None:
            one.marker.symbol = _MARKERS[at % len(_MARKERS)]
            one.marker.graphicalProperties.solidFill = colour
        else:
            one.marker.symbol = "none"
            line.dashStyle = "sysDash" if band.kind is BandKind.INTERVAL else "lgDashDot"
