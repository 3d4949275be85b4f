"""Reads of the source register: its lines with their states, and one source with all its tabs show."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.merging import grades
from zhiqiao.platform.data.models import (
    CollectionTerms,
    Delivery,
    Facet,
    FacetCount,
    ImportState,
    PostingImport,
    Source,
    SourceKind,
    SourceToken,
    WageTable,
)
from zhiqiao.platform.data.selectors.imports import ImportView, import_view
from zhiqiao.platform.data.signals import sections
from zhiqiao.platform.governance.api import Actor, AuditEvent, can, get_visible, visible

__all__ = [
    "CoverageCell",
    "SourceState",
    "SourceView",
    "coverage_of",
    "deliveries_of",
    "get_source",
    "history_of",
    "imports_of",
    "source_view",
    "sources",
    "tokens_of",
    "wage_tables_of",
]


@dataclass(frozen=True)
class SourceState:
    """Something about a source that wants attention."""

    key: str
    text: str
    tone: str


@dataclass(frozen=True)
class SourceView:
    """A source as its pages show it; counts are those of its live imports, people are named to its own only."""

    uuid: UUID
    name: str
    kind: str
    kind_label: str
    licence_note: str
    collection_terms: str
    terms_label: str
    terms_note: str
    trust: str
    trust_name: str
    trust_meaning: str
    trust_reason: str
    graded_by: str
    graded_at: dt.datetime | None
    places: tuple[str, ...]
    industries: tuple[str, ...]
    covers: tuple[dt.date | None, dt.date | None]
    refresh_days: int | None
    refreshed_on: dt.date | None
    next_refresh: dt.date | None
    owner: str
    steward: str
    is_shared: bool
    is_own: bool
    is_demo: bool
    registered: dt.datetime
    imports: int
    rows_in: int
    kept: int
    duplicates: int
    quarantined: int
    wages: int
    last_import: dt.datetime | None
    states: tuple[SourceState, ...]

    @property
    def is_blocked(self) -> bool:
        """Tell whether the terms forbid collecting by machine."""
        return self.collection_terms == CollectionTerms.FORBIDDEN

    @property
    def is_wages(self) -> bool:
        """Tell whether guideline wages come from it in place of postings."""
        return self.kind == SourceKind.WAGE_GUIDELINE


@dataclass(frozen=True)
class CoverageCell:
    """How many postings of a source have a value, and when."""

    label: str
    postings: int
    earliest: str
    latest: str
    is_declared: bool


def sources(actor: Actor, *, today: dt.date) -> list[SourceView]:
    """Return the register: own sources and those shared with the region, those that want attention first."""
    rows = list(_counted(visible(actor, "sources.read", Source.objects.all())))
    seen = _industries([row.pk for row in rows])
    views = [source_view(actor, row, today=today, industries=seen.get(row.pk, frozenset())) for row in rows]
    return sorted(views, key=lambda view: (not view.is_own, -len(view.states), view.name))


def get_source(actor: Actor, action: str, uuid: UUID) -> Source:
    """Return the source on which the actor may do `action`, with its counts; 404 otherwise."""
    return get_visible(actor, action, _counted(Source.objects.all()), uuid=uuid)


def source_view(
    actor: Actor, row: Source, *, today: dt.date, industries: frozenset[str] | None = None
) -> SourceView:
    """Return a counted row as a value; `industries` are the sections its postings are of."""
    is_own = row.org_root_id == actor.org_root_id
    grade = grades().get(row.trust)
    found = _industries([row.pk]).get(row.pk, frozenset()) if industries is None else industries
    counts = {name: getattr(row, f"n_{name}", 0) or 0 for name in _COUNTED}
    return SourceView(
        uuid=row.uuid,
        name=row.name,
        kind=row.kind,
        kind_label=str(row.get_kind_display()),
        licence_note=row.licence_note,
        collection_terms=row.collection_terms,
        terms_label=str(row.get_collection_terms_display()),
        terms_note=row.terms_note,
        trust=row.trust,
        trust_name=f"{row.trust} {grade.name}" if grade else "",
        trust_meaning=str(grade.meaning) if grade else "",
        trust_reason=row.trust_reason,
        graded_by=str(row.graded_by) if is_own and row.graded_by else "",
        graded_at=row.graded_at,
        places=tuple(row.places),
        industries=tuple(row.industries),
        covers=(row.covers_from, row.covers_to),
        refresh_days=row.refresh_days,
        refreshed_on=row.refreshed_on,
        next_refresh=row.next_refresh,
        owner=str(row.brought_by) if is_own and row.brought_by else "",
        steward=str(row.steward) if is_own and row.steward else "",
        is_shared=row.is_shared,
        is_own=is_own,
        is_demo=row.is_demo,
        registered=row.created_at,
        last_import=getattr(row, "last", None),
        states=tuple(_states(row, kept=counts["kept"], wages=counts["wages"], industries=found, today=today)),
        **counts,
    )


def imports_of(actor: Actor, source: Source) -> list[ImportView]:
    """Return the imports of a source that the actor may see, the newest first."""
    rows = visible(actor, "imports.read", PostingImport.objects.filter(source=source))
    return [
        import_view(row) for row in rows.select_related("source", "imported_by").order_by("-created_at")[:200]
    ]


def wage_tables_of(source: Source) -> list[WageTable]:
    """Return the tables of guideline wages of a source, the newest first."""
    return list(source.wage_tables.select_related("imported_by").order_by("-created_at"))


def coverage_of(source: Source) -> dict[str, list[CoverageCell]]:
    """Return what the live postings of a source cover, measured: places, industries, kinds of text."""
    rows = FacetCount.objects.filter(
        posting_import__source=source, posting_import__state=ImportState.LIVE
    ).exclude(facet=Facet.PAY)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    months: dict[tuple[str, str], set[str]] = defaultdict(set)
    for facet, value, first, last, count in rows.values_list(
        "facet", "value", "earliest", "latest", "postings"
    ):
        counts[facet][value] += count
        months[facet, value] |= {month for month in (first, last) if month}
    declared = {Facet.CITY: set(source.places), Facet.INDUSTRY: set(source.industries)}
    return {
        facet: sorted(
            (
                CoverageCell(
                    _labelled(facet, value),
                    counts[facet][value],
                    min(months[facet, value], default=""),
                    max(months[facet, value], default=""),
                    value in declared.get(facet, set()),
                )
                for value in set(counts[facet]) | declared.get(facet, set())
            ),
            key=lambda cell: (-cell.postings, cell.label),
        )
        for facet in (Facet.INDUSTRY, Facet.CITY, Facet.TEXT_KIND)
    }


def deliveries_of(source: Source, *, limit: int = 50) -> list[Delivery]:
    """Return what connectors brought last, the newest first."""
    rows = Delivery.objects.filter(connector__source=source)
    return list(
        rows.select_related("connector", "posting_import", "wage_table").order_by("-created_at")[:limit]
    )


def tokens_of(source: Source) -> list[SourceToken]:
    """Return the tokens of a source that still hold, the newest first."""
    return list(source.tokens.filter(revoked_at__isnull=True).order_by("-created_at"))


def history_of(actor: Actor, source: Source, *, limit: int = 100) -> list[AuditEvent]:
    """Return what was done with a source, from the audit trail; own people only, for entries name them."""
    if not can(actor, "sources.manage", source):
        return []
    label = Source._meta.label_lower
    return list(
        AuditEvent.objects.filter(object_kind=label, object_id=str(source.uuid)).order_by("-sequence")[:limit]
    )


_COUNTED = ("imports", "rows_in", "kept", "duplicates", "quarantined", "wages")


def _counted(rows: QuerySet[Source]) -> QuerySet[Source]:
    live = Q(imports__state=ImportState.LIVE)
    return rows.select_related("brought_by", "graded_by", "steward").annotate(
        n_imports=Count("imports", filter=live),
        n_rows_in=Sum("imports__rows_in", filter=live),
        n_kept=Sum("imports__kept", filter=live),
        n_duplicates=Sum("imports__duplicates", filter=live),
        n_quarantined=Sum("imports__quarantined", filter=live),
        # a second join would multiply the sums of the first, hence a question of its own
        n_wages=Subquery(
            WageTable.objects.filter(source=OuterRef("pk"))
            .order_by()
            .values("source")
            .annotate(n=Sum("kept"))
            .values("n")
        ),
        last=Max("imports__finished_at", filter=live),
    )


def _industries(source_ids: list[int]) -> Mapping[int, frozenset[str]]:
    rows = FacetCount.objects.filter(
        posting_import__source__in=source_ids,
        posting_import__state=ImportState.LIVE,
        facet=Facet.INDUSTRY,
    ).exclude(value="")
    found: dict[int, set[str]] = defaultdict(set)
    for source, value in rows.values_list("posting_import__source_id", "value").distinct():
        found[source].add(value)
    return {source: frozenset(values) for source, values in found.items()}


def _states(
    row: Source, *, kept: int, wages: int, industries: frozenset[str], today: dt.date
) -> list[SourceState]:
    """Return what wants attention, also sections it claims to cover without a posting of them."""
    found = []
    if row.next_refresh is not None and row.next_refresh < today:
        days = (today - row.next_refresh).days
        found.append(SourceState("overdue", _("逾期 %(days)s 天未更新") % {"days": days}, "warning"))
    if not row.licence_note.strip():
        found.append(SourceState("no_licence", _("没有许可说明"), "error"))
    if not row.trust:
        found.append(SourceState("ungraded", _("未评可信等级"), "warning"))
    if row.collection_terms == CollectionTerms.FORBIDDEN:
        found.append(SourceState("forbidden", _("条款禁止采集"), "error"))
    if not kept and not wages:
        found.append(SourceState("empty", _("还没有数据"), ""))
    # where no posting tells its industry, none can be said to be missing
    missing = sorted(set(row.industries) - industries) if kept and industries else []
    names = sections()
    found += [
        SourceState(
            "industry", _("没有 %(industry)s 的招聘信息") % {"industry": f"{code} {names[code]}"}, "warning"
        )
        for code in missing[:2]
        if code in names
    ]
    if len(missing) > 2:
        found.append(
            SourceState("industry", _("另有 %(count)s 个行业没有") % {"count": len(missing) - 2}, "warning")
        )
    return found


_TEXT_KINDS: Mapping[str, Name] = {
    "text": Name("有正文", "with a text"),
    "tags": Name("只有标签", "tags only"),
}


def _labelled(facet: Facet, value: str) -> str:
    if not value:
        return _("未知")
    if facet is Facet.INDUSTRY:
        return f"{value} {sections().get(value, value)}"
    return str(_TEXT_KINDS.get(value, value)) if facet is Facet.TEXT_KIND else value
