"""Plain values of the demand forecast: the table, what was wrong with it, the forecast; no computing here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

FlagCode = Literal["short", "all_zero", "gaps", "no_value", "month_missing", "no_value_at_the_end"]
"""What is said of a series, or (the two of months) of the table as a whole."""

RejectCode = Literal[
    "not_a_number", "negative", "no_month", "no_key", "duplicate_key", "duplicate_month", "unreadable"
]
"""Why a cell or row was not used; the cell is then unknown, a row with `duplicate_key` leaves its series out."""


@dataclass(frozen=True)
class SeriesTable:
    """Monthly series: `values[i, j]` of series `keys[i]` in month `months[j]`; NaN is unknown, never zero.

    `key_names` are the columns the keys come from. Months are `YYYY-MM`, without a hole between first and last.
    """

    key_names: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    months: tuple[str, ...]
    values: Numbers


@dataclass(frozen=True)
class Rejected:
    """A cell or row that was not used: where it stands, why, and what it held."""

    row: int
    field: str
    reason: RejectCode
    value: str = ""


@dataclass(frozen=True)
class Flag:
    """A series (by its key) or a month (as `month`) that is handled specially, and why."""

    code: FlagCode
    keys: tuple[str, ...] = ()
    month: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Reading:
    """A table as it was read, with everything that was not taken or is out of the ordinary.

    `whole_keys` names the key columns that hold whole numbers, so that results can be joined with the table again.
    """

    table: SeriesTable
    layout: Literal["wide", "long"]
    rows: int
    rejected: tuple[Rejected, ...] = ()
    flags: tuple[Flag, ...] = ()
    whole_keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Forecast:
    """What is expected of each series in each of the months to come, in the unit of the table.

    `mean` is the central forecast, fitted to lie nearest in absolute error: of rare counts it is below the average, so
    totals are summed from `expected`, the average. `lo` and `hi` bound the interval of `level` per cent.
    All are [series, month], not negative; NaN where a series has no known value at all.
    """

    table: SeriesTable
    months: tuple[str, ...]
    mean: Numbers
    lo: Numbers
    hi: Numbers
    expected: Numbers
    method: tuple[str, ...]
    level: float
    facts: Mapping[str, float]
