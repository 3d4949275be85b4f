"""What a yearly report tells of the shared postings themselves: how many came in, whom they seek, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from zhiqiao.platform.data import lake
from zhiqiao.platform.data.models import JobPosting
from zhiqiao.platform.data.selectors.demand import Live

__all__ = ["PostingIntake", "PostingStructure", "posting_intake", "posting_structure"]


@dataclass(frozen=True)
class PostingIntake:
    """Rows that came in and why some do not count; postings of months after the last one are in none of them.

    `undated` and `excluded` (by a person) are kept rows that do not count; `place_unknown` and `outside` (a place that
    is known and not of the region) are among `counted`.
    """

    read: int
    duplicates: int
    quarantined: int
    undated: int
    excluded: int
    without_role: int
    counted: int
    place_unknown: int
    outside: int


@dataclass(frozen=True)
class PostingStructure:
    """The counted postings of some months by city code, education and experience; None: not stated."""

    places: Mapping[str | None, int]
    diplomas: Mapping[str | None, int]
    experience: Mapping[str | None, int]
    companies: int


def posting_intake(among: Live, *, last: str, region: str) -> PostingIntake:
    """Return what came in with these imports up to a month (yyyy-mm); `region` begins its codes of places."""
    dated = ~Q(month="")
    counts = Q(is_excluded=False) & dated & Q(month__lte=last)
    found = JobPosting.objects.filter(posting_import__in=among.ids).aggregate(
        later=Count("id", filter=Q(month__gt=last)),
        undated=Count("id", filter=Q(month="")),
        excluded=Count("id", filter=Q(is_excluded=True, month__lte=last) & dated),
        without_role=Count("id", filter=counts & Q(role__isnull=True)),
        counted=Count("id", filter=counts & Q(role__isnull=False)),
        place_unknown=Count("id", filter=counts & Q(role__isnull=False, city_code="")),
        outside=Count(
            "id",
            filter=counts & Q(role__isnull=False) & ~Q(city_code="") & ~Q(city_code__startswith=region),
        ),
    )
    return PostingIntake(
        read=sum(row.rows_in for row in among.imports) - found.pop("later"),
        duplicates=sum(row.duplicates for row in among.imports),
        quarantined=sum(row.quarantined for row in among.imports),
        **found,
    )


def posting_structure(
    among: Live, *, first: str, last: str, band: Callable[[float | None, float | None], str | None]
) -> PostingStructure:
    """Return whom the counted postings of posts seek; `band` names the group of an experience (low, high) in years.

    The years of experience stand in the lake only: each import's file is read through once.
    """
    rows = JobPosting.objects.filter(
        posting_import__in=among.ids,
        is_excluded=False,
        role__isnull=False,
        month__gte=first,
        month__lte=last,
    ).order_by()
    return PostingStructure(
        places=_counted(rows.values_list("city_code").annotate(n=Count("id"))),
        diplomas=_counted(rows.values_list("diploma").annotate(n=Count("id"))),
        experience=_experience(among, rows.values_list("posting_import_id", "key"), band),
        companies=rows.exclude(company="").values("company").distinct().count(),
    )


def _counted(rows: object) -> dict[str | None, int]:
    return {value or None: count for value, count in rows}  # type: ignore[attr-defined]  # pairs of a queryset


def _experience(
    among: Live, keys: object, band: Callable[[float | None, float | None], str | None]
) -> dict[str | None, int]:
    wanted: dict[int, set[str]] = {}
    for import_id, key in keys.iterator(chunk_size=10_000):  # type: ignore[attr-defined]  # see above
        wanted.setdefault(import_id, set()).add(key)
    found: Counter[str | None] = Counter()
    for row in among.imports:
        mine = wanted.get(row.pk, set())
        stated = 0
        for key, low, high in lake.experience_of(row.uuid) if mine else ():
            if key in mine:
                found[band(low, high)] += 1
                stated += 1
        found[None] += len(mine) - stated
    return dict(found)
