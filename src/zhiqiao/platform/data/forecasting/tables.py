"""Tables of the forecast pages."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui import formats
from zhiqiao.infra.ui.table import Column, Empty, Filter, Kind, Table
from zhiqiao.infra.ui.templatetags.zq import chip
from zhiqiao.platform.data.forecasting.computing import Level, Measure
from zhiqiao.platform.data.forecasting.inputs import Inputs
from zhiqiao.platform.data.forecasting.words import INPUTS, TONES, VERDICTS, method_words
from zhiqiao.platform.data.models import (
    AlertDirection,
    AlertState,
    DemandAlert,
    DemandForecast,
    DemandScenario,
    ForecastState,
    Industry,
)
from zhiqiao.platform.data.selectors.alerts import alert_view
from zhiqiao.platform.data.selectors.forecasts import ForecastLine

__all__ = ["ALERTS", "FORECASTS", "SCENARIOS", "line_url", "lines_table"]

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
    kind: Kind = "share" if measure == "share" else "number"
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


def _published(row: DemandForecast) -> str:
    return formats.moment(row.published_at) if row.published_at else gettext("还没有发布")


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
        Column("published_at", _("发布时间"), value=_published),
        Column("error", _("平均误差（技能，条/月）"), "number", sort=None, unknown=_("预测的月份还没有到来")),
        Column("cover", _("落入区间"), "share", sort=None, unknown=_("预测的月份还没有到来")),
    ),
    filters=(Filter("state", _("状态"), choices=ForecastState.choices),),
    empty=Empty(_("还没有预测"), _("预测生成后，每一份连同后来的评分都列在这里。")),
    file_name="demand-forecasts",
    demo_key="is_demo",
)  # fmt: skip


def _scenario_changes(row: DemandScenario) -> str:
    names = {item.id: item.stated.kind for item in Inputs.read(row.inputs).items}
    return _("；").join(
        f"{INPUTS[names[key]]} {old:g}% → {new:g}%" for key, (old, new) in row.changes.items()
    )


def _withdrawn(row: DemandScenario) -> object:
    return formats.moment(row.withdrawn_at) if row.withdrawn_at else chip(gettext("仍有效"), "success")


SCENARIOS = Table(
    key="scenarios",
    caption=_("保存的情景"),
    columns=(
        Column(
            "name",
            _("情景"),
            url=lambda row: reverse("data:scenario", args=[row.uuid]),
            is_head=True,
        ),
        Column("reason", _("为什么这样改"), "long", sort=None),
        Column("changes", _("改了什么"), "long", value=_scenario_changes, sort=None),
        Column("forecast", _("依据的预测"), value=lambda row: row.forecast.last_month, sort=None),
        Column("made_by", _("由谁"), value=lambda row: str(row.made_by) if row.made_by else None, sort=None),
        Column("created_at", _("保存时间"), "moment"),
        Column("withdrawn_at", _("撤下时间"), "moment", unknown=_("仍有效"), cell=_withdrawn),
    ),
    search=("name", "reason"),
    empty=Empty(
        _("还没有保存的情景"),
        _("打开一个岗位、技能或产业的预测，在“第 2、3 年：情景”里改一项输入，看过区间后保存。"),
    ),
    file_name="scenarios",
    demo_key="is_demo",
)


def _before_and_after(row: DemandAlert) -> str:
    item = alert_view(row)
    return f"{formats.percent(item.before_share)} → {formats.percent(item.share)}"


ALERTS = Table(
    key="alerts",
    caption=_("需求变化提醒"),
    columns=(
        Column(
            "skill",
            _("技能"),
            value=lambda row: formats.named(row.skill),
            sort="skill__name_zh",
            url=lambda row: reverse("data:alert", args=[row.uuid]),
            is_head=True,
        ),
        Column("scope", _("范围"), value=lambda row: alert_view(row).scope_label, sort="scope_key"),
        Column("month", _("看出的月份")),
        Column("direction", _("方向"), value=lambda row: row.get_direction_display()),
        Column(
            "shares",
            _("占比：此前 → 最近"),
            value=_before_and_after,
            sort=None,
            evidence=lambda row: ("demand_alert", row.uuid),
        ),
        Column("chance", _("出于偶然的可能"), "long", value=lambda row: alert_view(row).chance, sort="p"),
        Column("state", _("状态"), value=lambda row: row.get_state_display()),
        Column("count", _("最近提到的条数"), "number", is_extra=True),
        Column("total", _("最近的全部条数"), "number", is_extra=True),
        Column("before_count", _("此前提到的条数"), "number", is_extra=True),
        Column("before_total", _("此前的全部条数"), "number", is_extra=True),
        Column("dispersion", _("离散程度"), "number", is_extra=True),
        Column("reason", _("理由"), "long", sort=None, is_extra=True, unknown=_("没有填写")),
    ),
    filters=(
        Filter("state", _("状态"), choices=AlertState.choices),
        Filter("direction", _("方向"), choices=AlertDirection.choices),
    ),
    search=("skill__name_zh", "skill__name_en"),
    empty=Empty(
        _("没有需求变化提醒"),
        _("每次导入共享的招聘信息后，系统会查看每项技能；变化大到不像偶然时，列在这里。"),
    ),
    file_name="demand-alerts",
    demo_key="is_demo",
)
