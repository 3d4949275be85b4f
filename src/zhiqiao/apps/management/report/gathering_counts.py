"""The monthly counts that a report rests on: those of the forecast pages, up to the last month of its data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from zhiqiao.apps.management.errors import NothingToReport
from zhiqiao.engines import findings
from zhiqiao.platform.data.api import (
    DemandSeries,
    Dimension,
    ForecastLevel,
    Live,
    PostingStructure,
    demand_series,
    posting_structure,
    shared_live,
)
from zhiqiao.platform.governance.api import Actor

__all__ = ["LEVELS", "Counted", "counted"]

#: Levels of the report: what their series go by, and the level of stored forecasts that has the same series.
LEVELS: Mapping[findings.LevelName, tuple[tuple[Dimension, ...], ForecastLevel]] = {
    "industry": (("industry",), "industry"),
    "post": (("industry", "role"), "role"),
    "skill": (("industry", "skill"), "industry_skill"),
}


@dataclass(frozen=True)
class Counted:
    """Shared postings by month and level; `recent` and `earlier` are (first, last) month of the years compared.

    `is_newest` tells that no month that is over was left out, so that results in force speak of the same time.
    """

    among: Live
    months: tuple[str, ...]
    levels: Mapping[findings.LevelName, findings.Level]
    is_newest: bool
    recent: tuple[str, str]
    earlier: tuple[str, str] | None
    structure: PostingStructure
    is_demo: bool
    taxonomy: str


def counted(acting: Actor, year: int, *, today: dt.date, rules: findings.Rules) -> Counted:
    """Count the postings shared with the region up to the end of the year before; raises NothingToReport."""
    among = shared_live(acting)
    found = {name: demand_series(acting, by, today=today, among=among) for name, (by, _to) in LEVELS.items()}
    whole = found["industry"]
    months = tuple(month for month in whole.months if month <= f"{year - 1}-12")
    _check(months, whole, year)
    recent, earlier = findings.windows(months, rules.report.months)
    imports = [item for item in whole.imports if item.postings]
    first, last = months[recent][0], months[-1]
    return Counted(
        among=among,
        months=months,
        levels={name: _level(name, series, len(months)) for name, series in found.items()},
        is_newest=len(months) == len(whole.months),
        recent=(first, last),
        earlier=(months[earlier][0], months[earlier][-1]) if months[earlier] else None,
        structure=posting_structure(among, first=first, last=last, band=findings.experience_band),
        is_demo=any(item.is_demo for item in imports),
        taxonomy=", ".join(sorted({item.taxonomy_version for item in imports if item.taxonomy_version})),
    )


def _check(months: tuple[str, ...], whole: DemandSeries, year: int) -> None:
    if not whole.months:
        raise NothingToReport(_("还没有共享给区域的、带日期的招聘信息，无法编制报告。"))
    if not months:
        raise NothingToReport(
            _("%(end)s 年底以前没有招聘信息，不能编制 %(year)s 年度报告。请改用较晚的年份。")
            % {"end": year - 1, "year": year}
        )
    if months[-1] < f"{year - 1}-01":
        raise NothingToReport(
            _(
                "招聘信息只到 %(last)s，%(year)s 年度报告需要 %(end)s 年的数据。"
                "请改用较早的年份，或先导入新的招聘信息。"
            )
            % {"last": months[-1], "year": year, "end": year - 1}
        )
    if not np.nansum(whole.counts[:, : len(months)]):
        raise NothingToReport(_("招聘信息都还没有归入岗位，无法编制报告。请先更正职位名称或岗位的用词。"))


def _level(name: findings.LevelName, series: DemandSeries, months: int) -> findings.Level:
    """Return the series of the first months; what had no posting by then was not known then."""
    counts = series.counts[:, :months]
    rows = np.flatnonzero(np.nansum(counts, axis=1) > 0)
    return findings.Level(name, tuple(series.keys[row] for row in rows), counts[rows])
