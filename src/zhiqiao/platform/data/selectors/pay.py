"""Reads of pay by post and source: what postings state and what guidelines publish, side by side, never averaged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.figures import pay_uuid
from zhiqiao.platform.data.merging import merging_rules
from zhiqiao.platform.data.models import Facet, FacetCount, GuidelineWage, JobRole, Source, WageUnit
from zhiqiao.platform.data.pay import Conflict, PayFigure, conflicts, quantile, solid
from zhiqiao.platform.data.selectors.demand import Live, live
from zhiqiao.platform.governance.api import Actor, visible

__all__ = ["RolePay", "pay_by_role", "pay_of_role", "posting_pay"]


@dataclass(frozen=True)
class RolePay:
    """A post with what every source says of its pay, and which of it contradicts."""

    uuid: UUID
    key: str
    name: Name
    figures: tuple[PayFigure, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def sources(self) -> int:
        """Return how many sources say something."""
        return len({figure.source_uuid for figure in self.figures})

    @property
    def is_comparable(self) -> bool:
        """Tell whether two sources state the pay with enough postings, so that they could contradict each other."""
        return len({figure.source_uuid for figure in solid(self.figures, merging_rules().conflict)}) > 1

    @property
    def widest(self) -> float | None:
        """Return the widest difference of medians that contradict, None when none do."""
        return self.conflicts[0].difference if self.conflicts else None


def pay_by_role(actor: Actor, *, among: Live | None = None) -> list[RolePay]:
    """Return the posts of which a source states the pay, those with contradictions first."""
    found = posting_pay(among or live(actor))
    for role, figure in _guidelines(actor):
        found[role].append(figure)
    roles = JobRole.objects.in_bulk(list(found))
    lines = [_role_pay(roles[pk], figures) for pk, figures in found.items()]
    return sorted(lines, key=lambda line: (-(line.widest or 0), -line.sources, line.key))


def pay_of_role(actor: Actor, key: str, *, among: Live | None = None) -> RolePay:
    """Return what every source says of one post's pay; 404 for an unknown post."""
    role = JobRole.objects.filter(key=key).first()
    if role is None:
        raise Http404
    figures = posting_pay(among or live(actor), [role.pk])[role.pk]
    figures += [figure for _role, figure in _guidelines(actor, [role.pk])]
    return _role_pay(role, figures)


def posting_pay(among: Live, role_ids: Sequence[int] | None = None) -> defaultdict[int, list[PayFigure]]:
    """Return per post the quartiles of stated pay by source, from live imports."""
    sources = {row.pk: row.source for row in among.imports}
    rows = FacetCount.objects.filter(
        posting_import__in=among.ids, facet=Facet.PAY, role__isnull=False
    ).exclude(value="")
    if role_ids is not None:
        rows = rows.filter(role__in=role_ids)
    values: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    months: dict[tuple[int, int], list[str]] = defaultdict(list)
    by_id: dict[int, Source] = {}
    columns = ("posting_import_id", "role_id", "value", "earliest", "latest", "postings")
    for import_id, role, value, earliest, latest, count in rows.values_list(*columns):
        source = sources[import_id]
        by_id[source.pk] = source
        values[role, source.pk][int(value)] += count
        months[role, source.pk] += [month for month in (earliest, latest) if month]
    found: defaultdict[int, list[PayFigure]] = defaultdict(list)
    for (role, source_id), counts in values.items():
        period = months[role, source_id]
        found[role].append(_stated(by_id[source_id], role, counts, period))
    return found


def _stated(source: Source, role: int, counts: Counter[int], months: list[str]) -> PayFigure:
    return PayFigure(
        figure_uuid=pay_uuid(role, source.pk),
        source_uuid=source.uuid,
        source=source.name,
        kind=source.get_kind_display(),
        trust=source.trust,
        low=quantile(counts, 0.25),
        median=quantile(counts, 0.5),
        high=quantile(counts, 0.75),
        postings=counts.total(),
        period=(min(months), max(months)) if months else None,
        is_demo=source.is_demo,
    )


def _guidelines(actor: Actor, role_ids: Sequence[int] | None = None) -> list[tuple[int, PayFigure]]:
    """Return guideline wages with their post, the newest year of each table's occupation and place."""
    rows = visible(actor, "postings.read", GuidelineWage.objects.filter(role__isnull=False))
    if role_ids is not None:
        rows = rows.filter(role__in=role_ids)
    newest: dict[tuple[object, ...], GuidelineWage] = {}
    for row in rows.select_related("table__source").order_by("year", "table_id"):
        newest[row.role_id, row.table.source_id, row.title, row.code, row.place] = row
    return [(row.role_id, _published(row)) for row in newest.values() if row.role_id is not None]


def _published(row: GuidelineWage) -> PayFigure:
    source = row.table.source
    months = merging_rules().wages.months_a_year if row.unit == WageUnit.YEAR else 1
    low, median, high = (
        None if value is None else round(value / months) for value in (row.low, row.median, row.high)
    )
    return PayFigure(
        figure_uuid=row.uuid,
        source_uuid=source.uuid,
        source=source.name,
        kind=source.get_kind_display(),
        trust=source.trust,
        low=low,
        median=median,
        high=high,
        postings=None,
        period=(str(row.year), str(row.year)),
        place=row.place,
        as_published=f"{row.title} · {row.get_unit_display()}",
        is_demo=source.is_demo,
    )


def _role_pay(role: JobRole, figures: Sequence[PayFigure]) -> RolePay:
    ordered = sorted(
        figures, key=lambda figure: (figure.trust or "Z", -(figure.postings or 0), figure.source)
    )
    return RolePay(
        role.uuid,
        role.key,
        Name(role.name_zh, role.name_en),
        tuple(ordered),
        conflicts(ordered, merging_rules().conflict),
    )
