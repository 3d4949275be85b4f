"""From figures of the report to what they rest on, in the form that `ReportFacts.evidence` describes.

Counts lead to the list of postings with the filters that give that very count (none for a count of zero), stored
results to their row in the evidence drawer. A figure that was computed for the report alone leads to the postings it
was computed from.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from zhiqiao.apps.management.report.gathering_balance import Supplied
from zhiqiao.apps.management.report.gathering_forecasts import Forecasts
from zhiqiao.apps.management.report.gathering_signals import Alerts
from zhiqiao.engines.report import Change, Ref, ReportFacts

__all__ = ["evidence_of"]

_Found = Iterator[tuple[str, Ref]]


def evidence_of(facts: ReportFacts, supply: Supplied, kept: Forecasts, raised: Alerts) -> dict[str, Ref]:
    """Return where the main figures of the report lead to."""
    return dict(
        [
            *_counts(facts),
            *_months(facts),
            *_skills(facts),
            *_expected(facts, kept),
            *_balance(facts, supply),
            *_signals(facts, raised),
            *((f"project:{item.name.key}", Ref("project", item.name.key)) for item in facts.projects),
        ]
    )


def _postings(months: tuple[str, ...], **query: str) -> Ref:
    """Return the list of the postings that count, of some months."""
    span = {"since": months[0], "until": months[-1]}
    return Ref("postings", query={"counted": "shared", **span, **query})


def _counts(facts: ReportFacts) -> _Found:
    spans = [("postings", "total", facts.recent)]
    spans += [("before", "total-before", facts.earlier)] if facts.earlier else []
    for name, total, months in spans:
        yield total, _postings(months)
        for industry in facts.industries:
            key = industry.name.key
            if _of(industry.change, name):
                yield f"{name}:{key}", _postings(months, chain=key)
            for post in industry.posts:
                if _of(post.change, name):
                    yield f"{name}:{key}/{post.name.key}", _postings(months, role=post.name.key)


def _months(facts: ReportFacts) -> _Found:
    for industry in facts.industries:
        key = industry.name.key
        for month, count in zip(facts.months, industry.outlook.counts, strict=True):
            if count:
                yield f"month:{key}/{month}", _postings((month,), chain=key)


def _of(change: Change, name: str) -> int | None:
    """Return the count of a year; of none there is nothing to show."""
    return change.now if name == "postings" else change.before


def _skills(facts: ReportFacts) -> _Found:
    for industry in facts.industries:
        for share in industry.skills:
            key, skill = industry.name.key, share.name.key
            yield f"skill:{key}/{skill}", _postings(facts.recent, chain=key, skill=skill)
    for item in facts.skills:
        key, skill = item.industry.key, item.skill.key
        if item.change.now:
            yield f"skill:{key}/{skill}", _postings(facts.recent, chain=key, skill=skill)
        if item.change.before:
            yield f"skill-before:{key}/{skill}", _postings(facts.earlier, chain=key, skill=skill)


def _expected(facts: ReportFacts, kept: Forecasts) -> _Found:
    """Yield the stored forecast of each series, else the months it was computed from."""
    if kept.view:
        yield "forecast", Ref("demand_forecast", str(kept.view.uuid))
    if kept.scored:
        yield "backtest", Ref("demand_forecast", str(kept.scored))
    for industry in facts.industries:
        key = industry.name.key
        yield f"forecast:{key}", _figure(kept.figures.get((key,)), _postings(facts.months, chain=key))
        for post in industry.posts:
            role = post.name.key
            found = kept.figures.get((key, role))
            yield f"forecast:{key}/{role}", _figure(found, _postings(facts.months, role=role))


def _figure(uuid: UUID | None, otherwise: Ref) -> Ref:
    return Ref("forecast_row", str(uuid)) if uuid else otherwise


def _balance(facts: ReportFacts, supply: Supplied) -> _Found:
    """Yield the stored line of each figure; without one the postings that were compared, or the programme."""
    if supply.report_uuid:
        yield "balance", Ref("balance_report", str(supply.report_uuid))
    for industry in facts.industries:
        key = industry.name.key
        yield f"uncovered:{key}", _line(supply, (key, "", ""), _postings(facts.judged, chain=key))
    for row in facts.gaps:
        post = row.post.key
        yield f"gap:{post}", _line(supply, ("", post, ""), _postings(facts.judged, role=post))
    for item in facts.lacking:
        post, skill = item.post.key, item.skill.name.key
        otherwise = _postings(facts.judged, role=post, skill=skill)
        yield f"lacking:{post}/{skill}", _line(supply, ("", post, skill), otherwise)
    for programme in facts.programmes:
        key = programme.name.key
        uuid = supply.health.get(key)
        yield f"programme:{key}", Ref("programme_health", str(uuid)) if uuid else Ref("programme", key)
        if key in supply.years:
            yield f"year:{key}", Ref("programme_year", str(supply.years[key]))


def _line(supply: Supplied, key: tuple[str, str, str], otherwise: Ref) -> Ref:
    uuid = supply.lines.get(key)
    return Ref("balance_line", str(uuid)) if uuid else otherwise


def _signals(facts: ReportFacts, raised: Alerts) -> _Found:
    """Yield the alert of a signal, else the postings of the newest months that name the skill."""
    for item in facts.signals:
        industry, skill = item.industry.key, item.skill.key
        uuid = raised.uuid_of(item)
        at = facts.months.index(item.month)
        months = facts.months[max(0, at - item.window + 1) : at + 1]
        scope = {"chain": industry} if industry else {}
        yield (
            f"signal:{industry}/{skill}/{item.month}",
            Ref("demand_alert", str(uuid)) if uuid else _postings(months, skill=skill, **scope),
        )
