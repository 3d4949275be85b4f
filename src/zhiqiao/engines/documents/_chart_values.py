"""What a chart shows: its figures and their meaning, no colours and no points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhiqiao.engines.documents._inline import Text

Values = Sequence[float | int | None]


class ChartKind(StrEnum):
    """How figures are drawn. DUMBBELL compares the two series of each category on one line."""

    LINE = "line"
    BARS = "bars"
    COLUMNS = "columns"
    STACKED = "stacked"
    DUMBBELL = "dumbbell"


class BandKind(StrEnum):
    """An interval is estimated from data; a scenario rests on assumptions and is hatched to look different."""

    INTERVAL = "interval"
    SCENARIO = "scenario"


@dataclass(frozen=True)
class Band:
    """A range around a series of a line chart, unknown where either end is."""

    name: str
    low: Values
    high: Values
    kind: BandKind = BandKind.INTERVAL


@dataclass(frozen=True)
class Series:
    """One value per category; from `dashed_from` on (an index) the line is no longer observed, hence dashed."""

    name: str
    values: Values
    bands: Sequence[Band] = ()
    dashed_from: int | None = None


@dataclass(frozen=True)
class Chart:
    """A chart with its figures; `percent` means the values are shares of one.

    `alt` says what one sees in a sentence; `marks` are (index, words) of upright lines. Without any known value
    `empty_reason` is printed instead and required. `origins` are those of the figures, one per category.
    """

    title: str
    kind: ChartKind
    categories: Sequence[str]
    series: Sequence[Series]
    alt: str
    unit: str = ""
    percent: bool = False
    category_title: str = ""
    key: str = ""
    notes: Sequence[Text] = ()
    source: Text = ""
    marks: Sequence[tuple[int, str]] = ()
    empty_reason: str = ""
    origins: Sequence[str] = ()
