"""Whether tables and charts agree with themselves, before anything is drawn."""

from __future__ import annotations

from zhiqiao.engines.documents._chart_values import Chart, ChartKind
from zhiqiao.engines.documents._errors import BadBlock
from zhiqiao.engines.documents._text import is_known
from zhiqiao.engines.documents._values import Table


def check_table(table: Table) -> None:
    """Raise BadBlock for rows that do not fit the columns, or an empty table that does not say why."""
    if not table.columns:
        raise BadBlock(table.title, "a table without columns")
    if not table.rows and not table.empty_reason.strip():
        raise BadBlock(table.title, "no rows and no empty_reason: say why there are none")
    wanted = len(table.columns)
    for at, row in enumerate(table.rows, 1):
        if len(row) != wanted:
            raise BadBlock(table.title, f"row {at} has {len(row)} cells under {wanted} columns")


def check_chart(chart: Chart) -> None:
    """Raise BadBlock for series that do not fit the categories or the kind, and for what a picture must not lack."""
    if not chart.alt.strip():
        raise BadBlock(chart.title, "no alt: say in a sentence what the picture shows")
    names = [series.name for series in chart.series]
    if not names or len(set(names)) < len(names):
        raise BadBlock(chart.title, "series need names of their own, at least one")
    if chart.kind is ChartKind.DUMBBELL and len(names) != 2:
        raise BadBlock(chart.title, f"a dumbbell compares two series, here are {len(names)}")
    for series in chart.series:
        _check_lengths(chart, series.name, series.values)
        for band in series.bands:
            _check_band(chart, band.name, (band.low, band.high))
    if chart.kind is ChartKind.STACKED:
        _check_parts(chart)
    if wrong := [at for at, _ in chart.marks if not 0 <= at < len(chart.categories)]:
        raise BadBlock(chart.title, f"a mark at {wrong[0]}, beyond the {len(chart.categories)} categories")
    known = any(is_known(value) for series in chart.series for value in series.values)
    if not known and not chart.empty_reason.strip():
        raise BadBlock(chart.title, "no known value and no empty_reason: say why there are none")


def _check_lengths(chart: Chart, name: str, *several: object) -> None:
    for values in several:
        assert hasattr(values, "__len__")
        if len(values) != len(chart.categories):
            raise BadBlock(
                chart.title, f"{name} has {len(values)} values for {len(chart.categories)} categories"
            )


def _check_band(chart: Chart, name: str, ends: tuple[object, object]) -> None:
    if chart.kind is not ChartKind.LINE:
        raise BadBlock(chart.title, f"{name}: only a line chart has bands")
    _check_lengths(chart, name, *ends)


def _check_parts(chart: Chart) -> None:
    for series in chart.series:
        for category, value in zip(chart.categories, series.values, strict=True):
            if value is not None and is_known(value) and value < 0:
                raise BadBlock(
                    chart.title, f"{series.name}, {category}: a part of a whole can not be {value}"
                )
