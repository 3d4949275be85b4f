"""Evidence of forecasts: the forecast itself and each of its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines import demand as engine
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.evidence import Hop, Link, resolver
from zhiqiao.platform.data.forecasting import storing
from zhiqiao.platform.data.forecasting.computing import HORIZON, LEVELS, share_of, year_changes
from zhiqiao.platform.data.forecasting.identifiers import FigurePlace, read_forecast_figure
from zhiqiao.platform.data.forecasting.parameters import calendar, forecast_rules
from zhiqiao.platform.data.forecasting.tables import line_url
from zhiqiao.platform.data.forecasting.words import method_words
from zhiqiao.platform.data.models import DemandForecast, JobPosting, PostingImport, PostingSkill
from zhiqiao.platform.data.selectors.forecasts import (
    ForecastLine,
    ForecastView,
    forecast,
    forecast_line,
    forecasts,
)
from zhiqiao.platform.governance.api import Actor, can, require, visible

__all__ = ["figure_hop", "forecast_hop"]

_NEIGHBOURS = 20


def _titles(actor: Actor, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    if not can(actor, "forecasts.read"):
        return {}
    return {row.uuid: _title(row.last_month) for row in forecasts(actor).filter(uuid__in=uuids)}


def _title(last_month: str) -> str:
    return _("依据到 %(month)s 的预测") % {"month": last_month}


@resolver("demand_forecast", label=gettext_lazy("需求预测"), titles=_titles)
def forecast_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a forecast: its imports, parameters, and that its files are those that were written."""
    require(actor, "forecasts.read")
    view = forecast(actor, uuid)
    row = DemandForecast.objects.get(pk=view.id)
    return Hop(
        kind="demand_forecast",
        uuid=uuid,
        title=_title(view.last_month),
        facts=[
            (_("状态"), view.state_label),
            (_("历史"), f"{view.first_month} – {view.last_month}"),
            (_("没有发布日期、未计入"), view.inputs.get("undated")),
            (_("月份未过完、未计入"), view.inputs.get("unfinished")),
            (_("参数版本"), _("、").join(f"{key} {value}" for key, value in view.parameters.items())),
            (_("技能目录版本"), _("、").join(_texts(view, "taxonomy_versions")) or None),
        ],
        how=_(
            "区域共享的招聘信息按月计数，各序列合在一起学习平滑、季节与趋势，预测今后 12 个月；"
            "区间取过去预测误差的分位数。第 2、3 年为情景。"
        ),
        method="data.forecast",
        method_version=row.method_version,
        at=view.made_at,
        basis=_imports(view),
        url=reverse("data:forecast", args=[uuid]),
        value=_checksum(row.digests),
        recompute=lambda: _recheck(row),
        is_demo=view.is_demo,
    )


def _texts(view: ForecastView, name: str) -> list[str]:
    found = view.inputs.get(name)
    return [str(item) for item in found] if isinstance(found, list) else []


def _checksum(digests: Mapping[str, str]) -> str:
    return " ".join(f"{name.partition('.')[0]}:{digest[:12]}" for name, digest in sorted(digests.items()))


def _recheck(row: DemandForecast) -> str:
    changed = storing.changed_files(row.uuid, row.digests)
    return (
        _("文件与生成时不一致：%(files)s") % {"files": _("、").join(changed)}
        if changed
        else _checksum(row.digests)
    )


def _imports(view: ForecastView) -> list[Link]:
    found = view.inputs.get("imports")
    counted = {str(item["uuid"]): item for item in found} if isinstance(found, list) else {}
    rows = PostingImport.objects.filter(uuid__in=list(counted)).select_related("source")
    return [
        Link(
            "posting_import",
            row.uuid,
            f"{row.source.name} · {row.file_name}",
            _("当时计入 %(count)s 条；现在的状态：%(state)s")
            % {"count": counted[str(row.uuid)]["postings"], "state": row.get_state_display()},
        )
        for row in rows.order_by("id")
    ]


@resolver("forecast_row", label=gettext_lazy("预测的数字"))
def figure_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a forecast figure: the series behind it, postings of its months, the method in words."""
    require(actor, "forecasts.read")
    place = read_forecast_figure(uuid)
    row = DemandForecast.objects.filter(pk=place.forecast_id).first() if place else None
    if place is None or row is None:
        raise Http404
    view = forecast(actor, row.uuid)
    line = forecast_line(view, place.level, {"at": place.at}, measure=place.measure)  # type: ignore[dict-item]
    past = storing.history(view.uuid, place.level, at=place.at)
    postings, more = _postings(actor, view, line)
    return Hop(
        kind="forecast_row",
        uuid=uuid,
        title=str(line.name),
        facts=[
            (_("今后 12 个月"), _value(line.next, line.low, line.high, line.measure)),
            (_("过去 12 个月"), None if line.last is None else _one(line.last, line.measure)),
            (_("背后的序列（月：条数/总数）"), _series(past)),
            (_("怎样预测"), method_words(line.method)),
        ],
        how=_(
            "该序列与同级的所有序列一起预测；全年的数是 12 个月预测之和（占比取平均）。"
            "条数的全年区间按计数的波动和已知条数推算，占比的取各月区间的平均，偏宽不偏窄。"
            "整个区间高于（低于）过去 12 个月，才叫预计上升（预计下降）。"
        ),
        method="data.forecast",
        method_version=row.method_version,
        at=view.made_at,
        basis=[Link("demand_forecast", view.uuid, _title(view.last_month), _("属于这份预测")), *postings],
        more_basis=more,
        url=line_url(line),
        value=_value(line.next, line.low, line.high, line.measure),
        recompute=lambda: _again(view, place),
        is_demo=view.is_demo,
    )


def _one(value: float, measure: str) -> str:
    return formats.percent(value, places=2) if measure == "share" else formats.number(value, places=1)


def _value(middle: float | None, low: float | None, high: float | None, measure: str) -> str:
    if middle is None or low is None or high is None:
        return _("未知：没有可用的数值")
    return f"{_one(middle, measure)} ({_one(low, measure)} – {_one(high, measure)})"


def _series(past: storing.History) -> str:
    return " · ".join(
        f"{month}: {_whole(count)}/{_whole(total)}"
        for month, count, total in zip(past.months, past.counts[0], past.totals[0], strict=True)
    )


def _whole(value: float) -> str:
    return _("未知") if value != value else f"{value:.0f}"  # noqa: PLR0124 - NaN is not itself


def _again(view: ForecastView, place: FigurePlace) -> str:
    """Forecast the stored series of the level once more and return the figure that comes out."""
    past = storing.history(view.uuid, place.level)
    values = past.counts if place.measure == "count" else share_of(past.counts, past.totals)
    table = engine.SeriesTable(tuple(LEVELS[place.level]), past.keys, past.months, values)
    found = engine.forecast(table, HORIZON, parameters=forecast_rules(), calendar=calendar())
    change = year_changes(found, mean=place.measure == "share")[place.at]
    return _value(change.next, change.low, change.high, place.measure)


def _postings(actor: Actor, view: ForecastView, line: ForecastLine) -> tuple[list[Link], int]:
    """Return some postings behind a figure that the person may see, the newest first, and how many more."""
    if not can(actor, "postings.read"):
        return [], 0
    found = view.inputs.get("imports")
    uuids = [item["uuid"] for item in found] if isinstance(found, list) else []
    rows = visible(actor, "postings.read", JobPosting.objects.counted()).filter(
        posting_import__uuid__in=uuids, month__gte=view.first_month, month__lte=view.last_month
    )
    if line.role:
        rows = rows.filter(role__key=line.role)
    elif line.level.startswith("industry"):
        rows = rows.filter(role__link__industry__key=line.industry)
    if line.skill:
        rows = rows.filter(id__in=PostingSkill.objects.filter(skill__key=line.skill).values("posting_id"))
    total = rows.count()
    newest = rows.order_by("-month", "-id")[:_NEIGHBOURS]
    links = [Link("posting", row.uuid, f"{row.title} · {row.company}", row.month) for row in newest]
    return links, max(0, total - len(links))
