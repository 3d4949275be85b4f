"""What the shared postings of posts ask for, posting by posting, and the posts of the region with their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.models import ImportState, JobPosting, JobRole, PostingImport, PostingSkill
from zhiqiao.platform.data.selectors.demand import ImportShare
from zhiqiao.platform.governance.api import Actor, visible

__all__ = ["AskedPostings", "PostView", "asked_postings", "posts"]


@dataclass(frozen=True)
class PostView:
    """A post (岗位) of the region with its link of the chain and its industry."""

    id: int
    key: str
    name: Name
    link_key: str
    link: Name
    industry_key: str
    industry: Name
    industry_id: int
    is_lead: bool


@dataclass(frozen=True)
class AskedPostings:
    """Postings with a post, and the skills they name: `roles` [posting] are post ids, `pairs` (place, skill id).

    `without_role` counts postings that belong to no known post: they are left out, and that is to be said.
    """

    roles: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    months: tuple[str, str] | None
    undated: int
    without_role: int
    imports: tuple[ImportShare, ...]


def posts() -> list[PostView]:
    """Return all posts of the region, lead industries first, in the order of the region's pack."""
    rows = JobRole.objects.select_related("link__industry").order_by(
        "-link__industry__is_lead", "link__industry__sort", "link__industry__key", "link_id", "id"
    )
    return [
        PostView(
            id=row.pk,
            key=row.key,
            name=Name(row.name_zh, row.name_en),
            link_key=row.link.key,
            link=Name(row.link.name_zh, row.link.name_en),
            industry_key=row.link.industry.key,
            industry=Name(row.link.industry.name_zh, row.link.industry.name_en),
            industry_id=row.link.industry_id,
            is_lead=row.link.industry.is_lead,
        )
        for row in rows
    ]


def asked_postings(acting: Actor, *, months: int, until: str = "") -> AskedPostings:
    """Return the counted postings of shared sources of the newest `months` months, and those without a date.

    With `until` (yyyy-mm) they are those of the months up to it: what was known then, so none without a date.
    """
    imports = {
        row.pk: row
        for row in visible(acting, "postings.read", PostingImport.objects.select_related("source"))
        .filter(state=ImportState.LIVE, source__is_shared=True)
        .order_by("id")
    }
    rows = JobPosting.objects.filter(posting_import__in=list(imports), is_excluded=False)
    if until:
        rows = rows.exclude(month="").filter(month__lte=until)
    newest = rows.exclude(month="").order_by("-month").values_list("month", flat=True).first()
    first = _months_before(newest, months - 1) if newest else ""
    rows = rows.filter(Q(month="") | Q(month__gte=first))
    place: dict[int, int] = {}
    roles: list[int] = []
    per_import: Counter[int] = Counter()
    seen: set[str] = set()
    undated = 0
    listed = (
        rows.filter(role__isnull=False)
        .order_by("id")
        .values_list("id", "role_id", "posting_import_id", "month")
    )
    for pk, role, import_id, month in listed.iterator(chunk_size=5_000):
        place[pk] = len(roles)
        roles.append(role)
        per_import[import_id] += 1
        undated += not month
        seen.add(month)
    asked = PostingSkill.objects.filter(posting__in=rows).order_by("posting_id", "skill_id")
    pairs = tuple(
        (place[pk], skill)
        for pk, skill in asked.values_list("posting_id", "skill_id").iterator(chunk_size=10_000)
        if pk in place
    )
    dated = sorted(seen - {""})
    return AskedPostings(
        roles=tuple(roles),
        pairs=pairs,
        months=(dated[0], dated[-1]) if dated else None,
        undated=undated,
        without_role=rows.filter(role__isnull=True).count(),
        imports=_shares([row for pk, row in imports.items() if per_import[pk]], per_import),
    )


def _shares(rows: Sequence[PostingImport], counts: Counter[int]) -> tuple[ImportShare, ...]:
    return tuple(
        ImportShare(
            uuid=row.uuid,
            file_name=row.file_name,
            source=row.source.name,
            postings=counts[row.pk],
            is_demo=row.is_demo,
            taxonomy_version=row.taxonomy_version,
            source_uuid=row.source.uuid,
            trust=row.source.trust,
        )
        for row in rows
    )


def _months_before(month: str, count: int) -> str:
    """Return the month so many months before yyyy-mm."""
    whole = int(month[:4]) * 12 + int(month[5:]) - 1 - count
    return f"{whole // 12:04d}-{whole % 12 + 1:02d}"
