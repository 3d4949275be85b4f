"""Which columns of a table are keys, months and values, and whether it is wide or long; no cell is read here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from zhiqiao.engines.demand._errors import MissingColumn, MixedLayout, NoMonthColumn
from zhiqiao.engines.demand._months import month_number
from zhiqiao.engines.tabular import Vocabulary, fold_name


@dataclass(frozen=True)
class Layout:
    """Names of the columns by their part; `months` pairs column and month number of a wide table."""

    kind: Literal["wide", "long"]
    keys: tuple[str, ...]
    months: tuple[tuple[str, int], ...] = ()
    month: str = ""
    value: str = ""


def find_layout(columns: Sequence[str], keys: Sequence[str], vocabulary: Vocabulary) -> Layout:
    """Tell the layout from the column names; `keys` empty means all columns that are nothing else.

    Raises MissingColumn, NoMonthColumn or MixedLayout.
    """
    missing = [name for name in keys if name not in columns]
    if missing:
        raise MissingColumn(
            f"表中没有列“{'、'.join(missing)}”。现有列：{_shown(columns)}。请检查 --keys。",
            f"The table has no column {', '.join(missing)}. It has: {_shown(columns)}. Check --keys.",
        )
    free = [name for name in columns if name not in keys]
    months = [(name, number) for name in free if (number := month_number(name)) is not None]
    month, value = (_named(free, vocabulary[part]) for part in ("month", "value"))
    if months and month and value:
        raise MixedLayout(
            f"表中既有按月的列（如“{months[0][0]}”），又有月份列“{month}”，无法判断是宽表还是长表。请只保留一种。",
            f"There are columns per month (such as {months[0][0]}) and a column of months ({month}): wide or long? "
            "Keep one of the two.",
        )
    if months:
        return Layout("wide", tuple(keys) or _rest(free, [name for name, _ in months]), months=_once(months))
    if month and value:
        return Layout("long", tuple(keys) or _rest(free, [month, value]), month=month, value=value)
    raise NoMonthColumn(
        f"没有找到月份：宽表需要列名为 YYYY-MM 的列，长表需要月份列和数值列。现有列：{_shown(columns)}。",
        "No months were found: a wide table needs columns named YYYY-MM, a long one a column of months and one of "
        f"values. It has: {_shown(columns)}.",
    )


def _once(months: list[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Return the month columns in order of time; two for one month can not be told apart."""
    ordered = sorted(months, key=lambda pair: pair[1])
    for (first, one), (second, other) in pairwise(ordered):
        if one == other:
            raise MixedLayout(
                f"列“{first}”和“{second}”是同一个月。请只保留一列。",
                f"The columns {first} and {second} are the same month. Keep one.",
            )
    return tuple(ordered)


def _rest(columns: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in columns if name not in taken)


def _named(columns: Sequence[str], names: Sequence[str]) -> str:
    wanted = [fold_name(name) for name in names]
    found = [(wanted.index(fold_name(name)), name) for name in columns if fold_name(name) in wanted]
    return min(found)[1] if found else ""


def _shown(columns: Sequence[str]) -> str:
    return ", ".join(columns[:8]) + (" …" if len(columns) > 8 else "")
