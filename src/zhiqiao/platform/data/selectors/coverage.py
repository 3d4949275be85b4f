"""What the merged sources cover and where they leave gaps, as sentences with the numbers they were computed from."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _

from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.merging import CoverageRules, merging_rules
from zhiqiao.platform.data.models import Facet, FacetCount, RoleCount, SkillCount, Source
from zhiqiao.platform.data.selectors.demand import Live, live
from zhiqiao.platform.data.signals import sections
from zhiqiao.platform.governance.api import Actor

__all__ = ["Coverage", "SourceShare", "Statement", "coverage", "source_shares"]

StatementKind = Literal["few", "source", "industry", "place", "content", "refresh", "unmeasured"]


@dataclass(frozen=True)
class Statement:
    """One sentence about what is missing; `numbers` are what it rests on."""

    kind: StatementKind
    text: str
    numbers: Mapping[str, str | int | float]


@dataclass(frozen=True)
class SourceShare:
    """A source behind a figure: its postings in the scope and, for one skill, how many of them ask for it."""

    uuid: UUID
    name: str
    kind: str
    trust: str
    postings: int
    asking: int | None
    total: int
    is_demo: bool

    @property
    def share(self) -> float:
        """Return the share of all postings counted."""
        return self.postings / self.total if self.total else 0.0


@dataclass(frozen=True)
class Coverage:
    """The sources behind a report and the gaps they leave."""

    total: int
    sources: tuple[SourceShare, ...]
    statements: tuple[Statement, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the sentences, as exports carry them."""
        return tuple(statement.text for statement in self.statements)


@dataclass(frozen=True)
class _Value:
    postings: int
    latest: str


@dataclass(frozen=True)
class _Counts:
    total: int
    undated: int
    by_import: Counter[int]
    facets: Mapping[str, Mapping[str, _Value]]

    def of(self, facet: Facet, value: str) -> int:
        found = self.facets.get(facet, {}).get(value)
        return found.postings if found else 0

    @property
    def measured(self) -> int:
        return sum(value.postings for value in self.facets.get(Facet.TEXT_KIND, {}).values())


def coverage(
    actor: Actor, role_ids: Sequence[int] | None = None, *, today: dt.date, among: Live | None = None
) -> Coverage:
    """Return sources and gaps behind the figures of some posts (all postings by default), in two queries."""
    found = among or live(actor)
    counts = _counts(found, role_ids)
    rules = merging_rules().coverage
    sources = {row.source_id: row.source for row in found.imports}
    shares = _shares(found, counts.by_import)
    statements = [
        *_amount(counts, shares, rules),
        *_content(counts, rules),
        *_industries(sources.values(), counts, rules, today),
        *_places(sources.values(), counts, rules),
        *_overdue(sources.values(), today),
    ]
    return Coverage(counts.total, shares, tuple(statements))


def source_shares(
    among: Live, *, skill_id: int | None = None, role_ids: Sequence[int] | None = None
) -> tuple[SourceShare, ...]:
    """Return the sources behind a figure with trust and postings, the largest first."""
    postings = _by_import(RoleCount.objects.all(), among, role_ids)
    asking = None
    if skill_id is not None:
        asking = _by_import(SkillCount.objects.filter(skill=skill_id), among, role_ids)
    return _shares(among, postings, asking)


def _by_import(  # Any: either count table
    rows: QuerySet[Any], among: Live, role_ids: Sequence[int] | None
) -> Counter[int]:
    rows = _narrowed(rows, among, role_ids)
    return Counter(dict(rows.values_list("posting_import_id").annotate(n=Sum("postings"))))


def _narrowed(  # Any: any count table
    rows: QuerySet[Any], among: Live, role_ids: Sequence[int] | None
) -> QuerySet[Any]:
    rows = rows.filter(posting_import__in=among.ids).order_by()
    return rows if role_ids is None else rows.filter(role__in=role_ids)


def _counts(among: Live, role_ids: Sequence[int] | None) -> _Counts:
    by_import: Counter[int] = Counter()
    undated = 0
    grouped = _narrowed(RoleCount.objects.all(), among, role_ids).values_list("posting_import_id", "month")
    for import_id, month, count in grouped.annotate(n=Sum("postings")):
        by_import[import_id] += count
        undated += 0 if month else count
    facets: dict[str, dict[str, _Value]] = {}
    rows = _narrowed(FacetCount.objects.exclude(facet=Facet.PAY), among, role_ids)
    for facet, value, count, latest in rows.values_list("facet", "value").annotate(
        n=Sum("postings"), last=Max("latest")
    ):
        facets.setdefault(facet, {})[value] = _Value(count, latest)
    return _Counts(by_import.total(), undated, by_import, facets)


def _shares(
    among: Live, postings: Mapping[int, int], asking: Mapping[int, int] | None = None
) -> tuple[SourceShare, ...]:
    total = sum(postings.values())
    sums: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    sources: dict[int, Source] = {}
    for row in among.imports:
        sources[row.source_id] = row.source
        sums[row.source_id] += postings.get(row.pk, 0)
        asked[row.source_id] += (asking or {}).get(row.pk, 0)
    return tuple(
        SourceShare(
            uuid=sources[pk].uuid,
            name=sources[pk].name,
            kind=str(sources[pk].get_kind_display()),
            trust=sources[pk].trust,
            postings=count,
            asking=None if asking is None else asked[pk],
            total=total,
            is_demo=sources[pk].is_demo,
        )
        for pk, count in sums.most_common()
        if count
    )


def _amount(counts: _Counts, shares: Sequence[SourceShare], rules: CoverageRules) -> Iterator[Statement]:
    if counts.total < rules.min_postings:
        text = _("只有 %(count)s 条招聘信息，少于 %(least)s 条，数字只供参考。") % {
            "count": formats.number(counts.total),
            "least": rules.min_postings,
        }
        yield Statement("few", text, {"postings": counts.total, "least": rules.min_postings})
    if shares and shares[0].share >= rules.single_source_share:
        first = shares[0]
        text = _("%(share)s 的招聘信息来自同一个来源“%(source)s”。") % {
            "share": formats.percent(first.share),
            "source": first.name,
        }
        yield Statement("source", text, {"postings": first.postings, "total": counts.total})
    ungraded = [item for item in shares if not item.trust]
    if ungraded:
        postings = sum(item.postings for item in ungraded)
        text = _("%(count)s 个来源没有评定可信等级，涉及 %(share)s 的招聘信息。") % {
            "count": len(ungraded),
            "share": formats.percent(postings / counts.total),
        }
        yield Statement("source", text, {"sources": len(ungraded), "postings": postings})


def _content(counts: _Counts, rules: CoverageRules) -> Iterator[Statement]:
    if not counts.total:
        return
    unmeasured = counts.total - counts.measured
    if unmeasured > 0:
        text = _("%(count)s 条招聘信息的行业、地点和文本类型还没有测量。") % {
            "count": formats.number(unmeasured)
        }
        yield Statement("unmeasured", text, {"postings": unmeasured})
    parts = (
        (counts.undated, rules.undated_share, _("%(share)s 的招聘信息没有发布月份。")),
        (
            counts.of(Facet.TEXT_KIND, "tags"),
            rules.tag_only_share,
            _("%(share)s 的招聘信息只有技能标签，没有正文。"),
        ),
        (
            counts.of(Facet.INDUSTRY, ""),
            rules.industry_unknown_share,
            _("%(share)s 的招聘信息没有可识别的行业门类。"),
        ),
        (counts.of(Facet.CITY, ""), rules.city_unknown_share, _("%(share)s 的招聘信息没有可识别的地点。")),
    )
    for postings, least, text in parts:
        share = postings / counts.total
        if postings and share >= least:
            numbers = {"postings": postings, "total": counts.total}
            yield Statement("content", text % {"share": formats.percent(share)}, numbers)


def _industries(
    sources: Collection[Source],
    counts: _Counts,
    rules: CoverageRules,
    today: dt.date,
) -> Iterator[Statement]:
    """Name sections that a source claims to cover or once covered, of which nothing (new) came."""
    names, seen = sections(), counts.facets.get(Facet.INDUSTRY, {})
    if counts.of(Facet.INDUSTRY, "") == counts.measured:
        return  # no industry is known at all, which is said already
    claimed = {code for source in sources for code in source.industries}
    oldest = _months_before(today, rules.stale_months)
    found = []
    for code in sorted(claimed | (set(seen) - {""})):
        name = f"{code} {names.get(code, code)}"
        value = seen.get(code)
        if value is None:
            text = _("没有行业门类 %(industry)s 的招聘信息，而登记的来源声明覆盖它。") % {"industry": name}
            found.append(Statement("industry", text, {"industry": code, "postings": 0}))
        elif value.latest and value.latest < oldest:
            text = _("%(month)s 之后没有行业门类 %(industry)s 的招聘信息。") % {
                "month": value.latest,
                "industry": name,
            }
            found.append(Statement("industry", text, {"industry": code, "latest": value.latest}))
    yield from _at_most(found, rules.most_statements, "industry")


def _places(
    sources: Collection[Source],
    counts: _Counts,
    rules: CoverageRules,
) -> Iterator[Statement]:
    seen = [place for place in counts.facets.get(Facet.CITY, {}) if place]
    claimed = sorted({place for source in sources for place in source.places})
    found = [
        Statement(
            "place",
            _("没有%(place)s的招聘信息，而登记的来源声明覆盖它。") % {"place": place},
            {"place": place, "postings": 0},
        )
        for place in claimed
        if counts.measured and not any(city.startswith(place) or place.startswith(city) for city in seen)
    ]
    yield from _at_most(found, rules.most_statements, "place")


def _overdue(sources: Collection[Source], today: dt.date) -> Iterator[Statement]:
    for source in sources:
        due = source.next_refresh
        if due is not None and due < today:
            text = _("来源“%(source)s”应在 %(day)s 前更新，已逾期 %(days)s 天。") % {
                "source": source.name,
                "day": formats.date(due),
                "days": (today - due).days,
            }
            yield Statement("refresh", text, {"due": due.isoformat(), "days": (today - due).days})


def _at_most(found: Sequence[Statement], most: int, kind: StatementKind) -> Iterator[Statement]:
    yield from found[:most]
    if len(found) > most:
        rest = len(found) - most
        yield Statement(kind, _("另有 %(count)s 处同类缺口。") % {"count": rest}, {"more": rest})


def _months_before(day: dt.date, months: int) -> str:
    """Return the month that lies some months before a day, as yyyy-mm."""
    month = day.year * 12 + day.month - 1 - months
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
