"""Table 1 as a document for print: what the page shows, with its labels, months and limits."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from zhiqiao.apps.management.balance.selectors import BalanceView, IndustryLine
from zhiqiao.apps.management.balance.tables import table_one_rows
from zhiqiao.engines.documents import Callout, Column, Document, Heading, Label, Source, Table, Tone
from zhiqiao.infra.ui import formats

__all__ = ["table_one"]


def limits(view: BalanceView) -> list[str]:
    """Return what the figures count and what they do not, in sentences."""
    months = f"{view.months[0]} – {view.months[1]}" if view.months else _("未知")
    return [
        _(
            "需求来自共享给区域的 %(count)s 条招聘信息：最近 %(window)s 个月（%(months)s），"
            "另含 %(undated)s 条无日期的；没有归入岗位的 %(without)s 条未计入。"
        )
        % {
            "count": formats.number(view.postings),
            "window": view.window,
            "months": months,
            "undated": formats.number(view.undated),
            "without": formats.number(view.without_role),
        },
        _(
            "供给来自各专业的目标岗位、课程表学时和最近一年已知的毕业人数；模块是否使用企业真实项目尚无记录，不作结论。"
        ),
        _("企业计划用人单独列出，只显示至少三家企业的合计；企业调查尚无。"),
        _("少于 %(least)s 条招聘信息的岗位不计算指数。界限和权重是平台默认值，未经专家核定。")
        % {"least": view.min_postings},
        _("区间的覆盖率为 %(level)s，由 %(draws)s 次重抽样得出，只反映招聘信息的抽样误差。")
        % {"level": formats.percent(view.level, places=0), "draws": view.draws},
    ]


def table_one(view: BalanceView, industries: list[IndustryLine]) -> Document:
    """Return table 1 of these industries."""
    labels = (Label(_("演示数据"), "DemoData", {"scope": "all"}, watermark=True),) if view.is_demo else ()
    title = _("主导产业人才需求与专业供给匹配度分析表")
    return Document(
        title=title,
        organisation=_("职桥"),
        date=timezone.localtime(view.computed_at).date(),
        language="zh" if formats.is_chinese() else "en",
        labels=labels,
        cover=None,
        sources=(Source("balance", _("区域供需匹配报告"), definition=f"{view.method} · {view.uuid}"),),
        blocks=[
            Heading(title, numbered=False),
            Table(
                title=title,
                columns=[
                    Column(_("主导产业"), merged=True, width=1.0),
                    Column(_("产业链关键环节及岗位"), width=2.0),
                    Column(_("核心技能需求"), width=3.0),
                    Column(_("现有对口专业"), width=2.0),
                    Column(_("供给缺口/错配分析"), width=4.0),
                ],
                rows=[
                    (row.industry, row.post, row.skills, row.programmes, row.gaps)
                    for row in table_one_rows(industries)
                ],
                empty_reason=_("这个产业还没有岗位"),
                landscape=True,
            ),
            Callout(_("数据与局限"), limits(view), Tone.LIMITS),
        ],
    )
