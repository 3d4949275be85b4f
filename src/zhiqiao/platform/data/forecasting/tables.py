"""Tables of the forecast pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui import formats
from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.infra.ui.templatetags.zq import chip
from zhiqiao.platform.data.forecasting.computing import Level, Measure
from zhiqiao.platform.data.forecasting.words import TONES, VERDICTS, method_words
from zhiqiao.platform.data.models import ForecastState, Industry
from zhiqiao.platform.data.selectors.forecasts import ForecastLine

__all__ = ["FORECASTS", "line_url", "lines_table"]

_FULL_YEAR = _("过去 12 个月不全")
_HEADS = {"role": _("岗位"), "skill": _("技能"), "industry_skill": _("技能"), "industry": _("产业")}


def line_url(line: ForecastLine) -> str:
    """Return the page of a series, under the forecast it belongs to."""
    kind = "skills" if line.skill else "roles" if line.role else "industries"
    url = reverse("data:forecast_series", args=[kind, line.skill or line.role or line.industry])
    scope = f"&industry={line.industry}" if line.level == "industry_skill" else ""
    scope += f"&role={line.role}" if line.level == "role_skill" else ""
    measure = "&measure=share" if line.measure == "share" else ""
    return f"{url}?forecast={line.forecast_uuid}{scope}{measure}"


def _verdict(line: ForecastLine) -> str:
    return str(VERDICTS[line.verdict])


def _verdict_chip(line: ForecastLine) -> object:
    mark = chip(_verdict(line), TONES.get(line.verdict, ""))
    return format_html("{} {}", mark, chip(_("样本少"), "info")) if line.is_small else mark


def _interval(line: ForecastLine) -> str | None:
    if line.low is None or line.high is None:
        return None
    if line.measure == "share":
        return f"{formats.percent(line.low)} – {formats.percent(line.high)}"
    return f"{formats.number(line.low, places=0)} – {formats.number(line.high, places=0)}"


def _change_interval(line: ForecastLine) -> str | None:
    if line.change_low is None or line.change_high is None:
        return None
    return f"{_signed(line.change_low)} – {_signed(line.change_high)}"


def _signed(share: float) -> str:
    return f"{'+' if share > 0 else ''}{formats.percent(share)}"


def _change(line: ForecastLine) -> str | None:
    return None if line.change is None else _signed(line.change)


def _rounded(line: ForecastLine) -> float | None:
    if line.next is None:
        return None
    return line.next if line.measure == "share" else round(line.next, 1)


def _industries() -> list[tuple[str, str]]:
    return [(row.key, formats.named(row)) for row in Industry.objects.order_by("sort", "key")]


def _in_industry(rows: Sequence[ForecastLine], key: str) -> list[ForecastLine]:
    return [row for row in rows if row.industry == key]


def lines_table(level: Level, measure: Measure) -> Table:
    """Return the table of the series of a level."""
    kind = "share" if measure == "share" else "number"
    columns = (
        Column("name", _HEADS[level], value=lambda row: str(row.name), url=line_url, is_head=True),
        Column(
            "industry",
            _("产业"),
            value=lambda row: str(row.industry_name) if row.industry_name else None,
            unknown=_("跨产业"),
            is_extra=level == "skill",
        ),
        Column("verdict", _("今后 12 个月"), value=_verdict, cell=_verdict_chip),
        Column("last", _("过去 12 个月"), kind, unknown=_FULL_YEAR),
        Column(
            "next", _("预测 12 个月"), kind, value=_rounded,
            evidence=lambda row: ("forecast_row", row.uuid), unknown=_("没有可用的数值"),
        ),
        Column("interval", _("预测区间"), value=_interval, sort=None, unknown=_("没有可用的数值")),
        Column("change", _("变化"), value=_change, unknown=_("过去 12 个月没有招聘信息或不全")),
        Column(
            "change_interval", _("变化的区间"), value=_change_interval, sort=None, is_extra=True,
            unknown=_("过去 12 个月没有招聘信息或不全"),
        ),
        Column("postings", _("过去 12 个月的条数"), "number", is_extra=True, unknown=_FULL_YEAR),
        Column("method", _("怎样预测"), value=lambda row: method_words(row.method), sort=None, is_extra=True),
    )  # fmt: skip
    filters = [Filter("verdict", _("今后 12 个月"), choices=list(VERDICTS.items()))]
    if level != "industry":
        filters.append(Filter("industry", _("产业"), choices=_industries, apply=_in_industry))
    return Table(
        key=f"forecast-{level}",
        caption=_("需求预测"),
        columns=columns,
        filters=filters,
        search=("name__zh", "name__en"),
        empty=Empty(_("没有符合条件的序列"), _("换一个产业或去掉筛选再看。")),
        file_name="demand-forecast",
    )


FORECASTS = Table(
    key="forecasts",
    caption=_("预测记录"),
    columns=(
        Column(
            "last_month",
            _("依据到"),
            url=lambda row: reverse("data:forecast", args=[row.uuid]),
            is_head=True,
        ),
        Column("state", _("状态"), value=lambda row: row.get_state_display()),
        Column("horizon", _("预测月数"), "number"),
        Column("created_at", _("生成时间"), "moment"),
        Column(
            "made_by", _("由谁"), value=lambda row: str(row.made_by) if row.made_by else None, sort=None,
            unknown=_("系统"),
        ),
        Column("published_at", _("发布时间"), "moment", unknown=_("还没有发布")),
        Column("error", _("平均误差（技能，条/月）"), "number", sort=None, unknown=_("预测的月份还没有到来")),
        Column("cover", _("落入区间"), "share", sort=None, unknown=_("预测的月份还没有到来")),
    ),
    filters=(Filter("state", _("状态"), choices=ForecastState.choices),),
    empty=Empty(_("还没有预测"), _("预测生成后，每一份连同后来的评分都列在这里。")),
    file_name="demand-forecasts",
    demo_key="is_demo",
)  # fmt: skip
