"""Gathers the facts of the yearly report from the database; every figure is made by engines/findings.

What the pages already show is taken over: the balance in force while it is current, a published forecast while it
rests on the very counts of the report, the score that a forecast of last year got, the alerts that were raised. Where
there is none of it, the same engine computes it with the same parameters.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhiqiao.apps.management.errors import NothingToReport
from zhiqiao.apps.management.models import BalanceReport
from zhiqiao.apps.management.report.gathering_balance import Supplied, supplied
from zhiqiao.apps.management.report.gathering_counts import Counted, counted
from zhiqiao.apps.management.report.gathering_evidence import evidence_of
from zhiqiao.apps.management.report.gathering_forecasts import Forecasts, forecasts_for
from zhiqiao.apps.management.report.gathering_region import Region, region_of, sources_of
from zhiqiao.apps.management.report.gathering_signals import alerts_for
from zhiqiao.engines import demand, findings
from zhiqiao.engines.report import Coverage, ReportFacts
from zhiqiao.packs import common_file, folder
from zhiqiao.platform.data.api import posting_intake
from zhiqiao.platform.governance.api import Actor, require

__all__ = ["STEPS", "gather_facts"]

Step = Callable[[int, str], None]
#: How many steps `gather_facts` tells.
STEPS = 7


def gather_facts(
    acting: Actor,
    year: int,
    *,
    today: dt.date,
    step: Step = lambda _done, _stage: None,
    anew: bool = False,
) -> ReportFacts:
    """Return the facts of the report of a year: data up to the end of the year before, or the last month that is over.

    `step` is told how far it is (of `STEPS`) and may raise to stop; nothing is written. With `anew` forecasts and the
    balance are computed from the records and none is taken over, but for the score of an earlier forecast. Raises
    NothingToReport, with a sentence for the person, when there are no postings of that time or too few months of them;
    404 for who may not compute the region's balance, for the report rests on all schools' course tables.
    """
    require(acting, "balance.compute", BalanceReport(org_root_id=acting.org_root_id or 0))
    step(0, gettext_noop("读取招聘信息"))
    rules = findings.Rules.read(folder("common"))
    region = region_of(acting)
    count = counted(acting, year, today=today, rules=rules)
    step(1, gettext_noop("读取课程表与供给数据"))
    supply = supplied(acting, count, rules, anew=anew)
    step(2, gettext_noop("读取预测与评分"))
    kept = forecasts_for(acting, count, year)
    if anew:
        kept = Forecasts(backtest=kept.backtest, scored=kept.scored)
    raised = alerts_for(acting, count)
    step(3, gettext_noop("计算变化、预测与缺口"))
    inputs = _inputs(acting, year=year, today=today, region=region, count=count, supply=supply, kept=kept)
    try:
        facts = findings.make_facts(
            inputs, rules, check=lambda: step(4, gettext_noop("计算变化、预测与缺口"))
        )
    except demand.ShortTable as error:
        raise NothingToReport(_too_short(len(count.months), rules.forecast.min_months)) from error
    step(5, gettext_noop("对应到依据"))
    facts = replace(facts, signals=raised.told(facts.signals, region))
    facts = replace(facts, evidence=evidence_of(facts, supply, kept, raised))
    step(STEPS, gettext_noop("完成"))
    return facts


def _too_short(months: int, least: int) -> str:
    return _(
        "带日期的招聘信息只有 %(months)s 个月，预测至少需要 %(least)s 个月。请先导入更早的招聘信息。"
    ) % {
        "months": months,
        "least": least,
    }


def _inputs(
    acting: Actor,
    *,
    year: int,
    today: dt.date,
    region: Region,
    count: Counted,
    supply: Supplied,
    kept: Forecasts,
) -> findings.Inputs:
    texts = tomllib.loads(common_file("report", "demand_report.toml").read_text(encoding="utf-8"))
    planned = region.planned(acting, year)
    return findings.Inputs(
        region=region.name,
        year=year,
        today=today,
        organisation=region.organisation,
        label=region.label if count.is_demo or supply.is_demo else None,
        chain=region.chain,
        skills=region.skills,
        months=count.months,
        levels=count.levels,
        coverage=_coverage(count, region),
        structure=region.structure(count),
        sources=sources_of(count, supply, planned),
        compared=supply.compared,
        planned=planned,
        projects=region.projects(acting),
        taxonomy=count.taxonomy,
        texts=texts["version"],
        kept=kept.levels,
        backtest=kept.backtest,
        versions={
            **({"forecast_kept": str(kept.view.uuid)} if kept.view else {}),
            **({"balance_kept": str(supply.report_uuid)} if supply.report_uuid else {}),
        },
    )


def _coverage(count: Counted, region: Region) -> Coverage:
    """Return what came in; places outside the region count, as on all pages of the region, and that is told."""
    found = posting_intake(count.among, last=count.months[-1], region=region.places)
    return Coverage(
        read=found.read,
        counted=found.counted,
        duplicates=found.duplicates,
        rejected=found.quarantined + found.undated + found.excluded,
        elsewhere=0,
        no_post=found.without_role,
        place_unknown=found.place_unknown,
        companies=count.structure.companies,
        outside=found.outside,
    )
