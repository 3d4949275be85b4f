"""Monthly counts of the postings a person may see, by industry, post, skill or city: what forecasts and alerts rest on.

A month in which no counted import holds any posting is unknown, never zero; within a month that is known a series
without a posting has none. Postings without a month, and those of months that are not over, do not enter; they are
counted.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db.models import Count, QuerySet, Sum

from zhiqiao.engines import demand as engine
from zhiqiao.platform.data.models import JobPosting, PostingSkill, RoleCount, SkillCount
from zhiqiao.platform.data.selectors.demand import Live, live
from zhiqiao.platform.governance.api import Actor

__all__ = ["DemandSeries", "Dimension", "SeriesInput", "demand_series", "shared_live"]

Dimension = Literal["industry", "role", "skill", "city"]
Numbers = npt.NDArray[np.float64]
_ORDER: tuple[Dimension, ...] = ("industry", "role", "skill", "city")
_FIELDS: Mapping[Dimension, str] = {
    "industry": "role__link__industry__key",
    "role": "role__key",
    "skill": "skill__key",
    "city": "city",
}


@dataclass(frozen=True)
class SeriesInput:
    """An import behind a series, with how many of its postings were counted in it."""

    uuid: UUID
    file_name: str
    source: str
    postings: int
    is_demo: bool
    taxonomy_version: str

    def stored(self) -> dict[str, object]:
        """Return it as a result keeps it."""
        return {
            "uuid": str(self.uuid),
            "file_name": self.file_name,
            "source": self.source,
            "postings": self.postings,
            "is_demo": self.is_demo,
            "taxonomy_version": self.taxonomy_version,
        }


@dataclass(frozen=True)
class DemandSeries:
    """Monthly postings: `counts[i, j]` of `keys[i]` in `months[j]`, NaN where the month is unknown.

    `totals[i, j]` is what a share divides by: for skills the postings of the same post, industry or city, else all.
    """

    by: tuple[Dimension, ...]
    keys: tuple[tuple[str, ...], ...]
    months: tuple[str, ...]
    counts: Numbers
    totals: Numbers
    all_postings: Numbers
    undated: int
    unfinished: int
    unassigned: int
    imports: tuple[SeriesInput, ...]

    @property
    def unknown_months(self) -> tuple[str, ...]:
        """Return the months between the first and the last of which no import holds a posting."""
        return tuple(
            month for month, count in zip(self.months, self.all_postings, strict=True) if np.isnan(count)
        )

    @property
    def is_demo(self) -> bool:
        """Tell whether demonstration data is among the imports."""
        return any(item.is_demo for item in self.imports)

    @property
    def shares(self) -> Numbers:
        """Return counts by totals; NaN where either is unknown or the total is zero."""
        known = np.nan_to_num(self.totals) > 0
        return np.divide(self.counts, self.totals, out=np.full_like(self.counts, np.nan), where=known)

    def table(self, values: Numbers) -> engine.SeriesTable:
        """Return a table for the engine with the keys and months of this one."""
        return engine.SeriesTable(tuple(self.by), self.keys, self.months, values)


def shared_live(actor: Actor) -> Live:
    """Return the live imports open to the whole region: what published results may rest on."""
    return Live(tuple(row for row in live(actor).imports if row.source.is_shared))


def demand_series(
    acting: Actor, by: Iterable[Dimension], *, today: dt.date, among: Live | None = None
) -> DemandSeries:
    """Return the series of the live postings that the person may see (or of `among`), up to the last month over.

    Raises ValueError for a dimension that there is not, or none.
    """
    wanted = set(by)
    if not wanted or not wanted <= set(_ORDER):
        msg = f"series go by some of {', '.join(_ORDER)}, not {sorted(wanted)}"
        raise ValueError(msg)
    dimensions = tuple(name for name in _ORDER if name in wanted)
    found = among or live(acting)
    counted = _Counted.of(found, dimensions, today)
    months = _span(counted.by_month)
    at = {month: place for place, month in enumerate(months)}
    known = np.array([counted.by_month[month] > 0 for month in months], dtype=bool)
    keys = tuple(sorted({key for key, _month in counted.cells}))
    counts = _matrix(counted.cells, keys, at, known)
    return DemandSeries(
        by=dimensions,
        keys=keys,
        months=months,
        counts=counts,
        totals=_totals(counted, keys, at, known),
        all_postings=np.where(known, [float(counted.by_month[month]) for month in months], np.nan),
        undated=counted.undated,
        unfinished=counted.unfinished,
        unassigned=counted.unassigned,
        imports=tuple(
            SeriesInput(
                row.uuid, row.file_name, row.source.name, counted.by_import[row.pk], row.is_demo,
                row.taxonomy_version,
            )
            for row in found.imports
        ),
    )  # fmt: skip


_Cells = dict[tuple[tuple[str, ...], str], int]


@dataclass(frozen=True)
class _Counted:
    """Postings per key and month (`cells`), of what they are a part (`wholes`), and what did not enter."""

    cells: _Cells
    wholes: _Cells
    whole_of: tuple[int, ...]
    by_month: Counter[str]
    by_import: Counter[int]
    undated: int
    unfinished: int
    unassigned: int

    @classmethod
    def of(cls, found: Live, dimensions: tuple[Dimension, ...], today: dt.date) -> _Counted:
        base = tuple(name for name in dimensions if name != "skill")
        by_month: Counter[str] = Counter()
        by_import: Counter[int] = Counter()
        wholes: _Cells = defaultdict(int)
        undated = unfinished = unassigned = 0
        for import_id, month, *key, count in _postings(found, base):
            if not month:
                undated += count
                continue
            if month >= f"{today:%Y-%m}":
                unfinished += count
                continue
            by_month[month] += count
            by_import[import_id] += count
            if all(key):
                wholes[tuple(key), month] += count
            else:
                unassigned += count
        if "skill" not in dimensions:
            return cls(wholes, _all(by_month), (), by_month, by_import, undated, unfinished, unassigned)
        cells: _Cells = defaultdict(int)
        for month, *key, count in _mentions(found, dimensions):
            if month in by_month and all(key):
                cells[tuple(key), month] += count
        places = tuple(place for place, name in enumerate(dimensions) if name != "skill")
        return cls(
            cells, wholes if base else _all(by_month), places, by_month, by_import, undated, unfinished,
            unassigned,
        )  # fmt: skip


def _all(by_month: Mapping[str, int]) -> _Cells:
    return {((), month): count for month, count in by_month.items()}


def _postings(found: Live, base: tuple[Dimension, ...]) -> QuerySet[Any, Any]:  # Any: tuples of either table
    fields = ("posting_import_id", "month", *(_FIELDS[name] for name in base))
    if "city" in base:
        rows = JobPosting.objects.counted().filter(posting_import__in=found.ids).order_by()
        return rows.values_list(*fields).annotate(n=Count("id"))
    counts = RoleCount.objects.filter(posting_import__in=found.ids).order_by()
    return counts.values_list(*fields).annotate(n=Sum("postings"))


def _mentions(found: Live, dimensions: tuple[Dimension, ...]) -> QuerySet[Any, Any]:  # Any: see above
    if "city" in dimensions:
        fields = ("month", *(_FIELDS[name] for name in dimensions))
        names = [name if name.startswith("skill__") else f"posting__{name}" for name in fields]
        rows = PostingSkill.objects.filter(
            posting__posting_import__in=found.ids, posting__is_excluded=False
        ).order_by()
        return rows.values_list(*names).annotate(n=Count("id"))
    counts = SkillCount.objects.filter(posting_import__in=found.ids).order_by()
    return counts.values_list("month", *(_FIELDS[name] for name in dimensions)).annotate(n=Sum("postings"))


def _span(by_month: Mapping[str, int]) -> tuple[str, ...]:
    """Return all months from the first to the last with a posting; a month between them may have none."""
    if not by_month:
        return ()
    numbers = sorted(number for month in by_month if (number := engine.month_number(month)) is not None)
    return tuple(engine.month_text(number) for number in range(numbers[0], numbers[-1] + 1))


def _matrix(
    cells: _Cells, keys: tuple[tuple[str, ...], ...], at: Mapping[str, int], known: npt.NDArray[np.bool_]
) -> Numbers:
    values = np.zeros((len(keys), len(at)))
    rows = {key: row for row, key in enumerate(keys)}
    for (key, month), count in cells.items():
        if key in rows:
            values[rows[key], at[month]] += count
    values[:, ~known] = np.nan
    return values


def _totals(
    counted: _Counted, keys: tuple[tuple[str, ...], ...], at: Mapping[str, int], known: npt.NDArray[np.bool_]
) -> Numbers:
    wholes = tuple(dict.fromkeys(tuple(key[place] for place in counted.whole_of) for key in keys))
    values = _matrix(counted.wholes, wholes, at, known)
    rows = {whole: row for row, whole in enumerate(wholes)}
    if not keys:
        return np.zeros((0, len(at)))
    return values[[rows[tuple(key[place] for place in counted.whole_of)] for key in keys]]
