"""Reads of postings: the list with its filters, one posting with its text, and sentences that ask for a skill."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from zhiqiao.engines.demand import month_number, month_text
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data import lake
from zhiqiao.platform.data.evidence import SourceText
from zhiqiao.platform.data.models import (
    JobPosting,
    JobRole,
    Occupation,
    PostingImport,
    PostingSkill,
    RoleCount,
    Skill,
)
from zhiqiao.platform.data.selectors.codes import PostingCodes, codes_of
from zhiqiao.platform.data.selectors.demand import (
    Live,
    SkillView,
    live,
    live_imports,
    skill_totals,
    skill_view,
)
from zhiqiao.platform.governance.api import Actor, can, get_visible, visible

__all__ = [
    "PostingDetail",
    "RoleLine",
    "asking_for",
    "filter_choices",
    "posting_detail",
    "posting_title",
    "postings",
    "roles_in_demand",
    "sentences",
    "visible_postings",
]


#: Skills offered as a filter; the page of any other skill leads to its postings too.
_SKILL_CHOICES = 200


@dataclass(frozen=True)
class PostingDetail:
    """One posting with its text cut at the mentions of skills."""

    uuid: UUID
    title: str
    company: str
    role: Name | None
    role_key: str
    occupation: str
    city: str
    salary: tuple[int | None, int | None]
    diploma: str
    experience_min: float | None
    published: dt.date | None
    row: int
    source: str
    import_uuid: UUID
    file_name: str
    is_demo: bool
    parts: tuple[tuple[str, lake.Span | None], ...]
    skills: tuple[SkillView, ...]
    duplicates: tuple[tuple[str, str, float], ...]
    codes: PostingCodes
    may_correct: bool


@dataclass(frozen=True)
class RoleLine:
    """A post with its postings; the occupation's name stands beside its code when the classification is loaded."""

    id: int
    uuid: UUID
    key: str
    name: Name
    link: Name
    industry: Name
    occupation: str
    postings: int


def visible_postings(actor: Actor) -> QuerySet[JobPosting]:
    """Return the live postings the actor may see."""
    return visible(actor, "postings.read", JobPosting.objects.live())


def postings(among: Live) -> QuerySet[JobPosting]:
    """Return the postings of imports that are live and visible, the newest first, as rows with source and post.

    Visibility is that of the imports, asked in `live`; without joins the database only touches the page's rows.
    """
    rows = JobPosting.objects.filter(posting_import__in=among.ids)
    return rows.prefetch_related("role", "posting_import__source").order_by("-id")


def asking_for(rows: QuerySet[JobPosting], skill_key: str) -> QuerySet[JobPosting]:
    """Keep the postings that ask for a skill."""
    return rows.filter(id__in=PostingSkill.objects.filter(skill__key=skill_key).values("posting_id"))


def filter_choices(actor: Actor, among: Live, *, skill: str = "") -> dict[str, list[tuple[str, str]]]:
    """Return the values each filter may take, the most frequent posts and skills first; `skill` is always offered."""
    counts = RoleCount.objects.filter(posting_import__in=among.ids).order_by()
    by_role: Counter[int | None] = Counter()
    months: set[str] = set()
    for role, month, number in counts.values_list("role_id", "month", "postings"):
        by_role[role] += number
        months.add(month)
    wanted = [pk for pk in by_role if pk is not None]
    roles = JobRole.objects.select_related("link__industry").in_bulk(wanted)
    industries = {row.link.industry.key: row.link.industry for row in roles.values()}
    cities = JobPosting.objects.filter(posting_import__in=among.ids).values_list("city", flat=True).distinct()
    asked, _total = skill_totals(actor, among=among)
    top = sorted(asked, key=lambda pk: (-asked[pk], pk))[:_SKILL_CHOICES]
    skills = {row.pk: row for row in Skill.objects.filter(Q(pk__in=top) | Q(key=skill))}
    top += [pk for pk in skills if pk not in set(top)]
    sources = {str(row.source.uuid): row.source.name for row in among.imports}
    return {
        "role": [
            (roles[pk].key, str(Name(roles[pk].name_zh, roles[pk].name_en)))
            for pk, _number in by_role.most_common()
            if pk is not None
        ],
        "city": [(city, city) for city in sorted(cities) if city],
        "month": [(month, month) for month in sorted(months, reverse=True) if month],
        "span": _span(months),
        "chain": [
            (row.key, str(Name(row.name_zh, row.name_en)))
            for row in sorted(industries.values(), key=lambda row: (row.sort, row.key))
        ],
        "skill": [(skills[pk].key, str(Name(skills[pk].name_zh, skills[pk].name_en))) for pk in top],
        "source": list(sources.items()),
    }


def _span(months: set[str]) -> list[tuple[str, str]]:
    """Return all months from the newest to the oldest, also those without postings: ends of a stretch of time."""
    known = sorted(number for month in months if (number := month_number(month)) is not None)
    return [(month_text(n), month_text(n)) for n in range(known[-1], known[0] - 1, -1)] if known else []


def posting_detail(actor: Actor, uuid: UUID) -> PostingDetail:
    """Return one posting with its text; 404 when it may not be seen or does not count."""
    row = get_visible(
        actor,
        "postings.read",
        JobPosting.objects.live().select_related(
            "role", "posting_import__source", "corrected__correction__person"
        ),
        uuid=uuid,
    )
    found = lake.posting(
        row.posting_import.uuid,
        row.row,
        mentions=(row.mention_start, row.mention_count),
        version=row.posting_import.taxonomy_version,
    )
    skills = Skill.objects.select_related("category", "broader").filter(
        id__in=PostingSkill.objects.filter(posting=row).values("skill_id")
    )
    return PostingDetail(
        uuid=row.uuid,
        title=row.title,
        company=row.company,
        role=Name(row.role.name_zh, row.role.name_en) if row.role else None,
        role_key=row.role.key if row.role else "",
        occupation=_occupation(row.role, _occupation_names([row.role])) if row.role else "",
        city=row.city,
        salary=(row.salary_min, row.salary_max),
        diploma=row.diploma,
        experience_min=row.experience_min,
        published=row.published,
        row=row.row,
        source=row.posting_import.source.name,
        import_uuid=row.posting_import.uuid,
        file_name=row.posting_import.file_name,
        is_demo=row.posting_import.is_demo,
        parts=tuple(lake.text_parts(found)) if found else (),
        skills=tuple(skill_view(skill) for skill in skills.order_by("kind", "key")),
        duplicates=tuple(lake.duplicates_of(row.posting_import.uuid, found.key)) if found else (),
        codes=codes_of(row, found),
        may_correct=can(actor, "postings.correct", row),
    )


def posting_title(actor: Actor, uuid: UUID) -> str:
    """Return the title of a posting; 404 when it may not be seen."""
    return get_visible(actor, "postings.read", JobPosting.objects.live(), uuid=uuid).title


def sentences(
    actor: Actor, skill_key: str, role_ids: Sequence[int] | None = None, limit: int = 20
) -> list[SourceText]:
    """Return sentences of live, visible postings (of some posts) that ask for a skill, each with its posting."""
    imports: dict[UUID, PostingImport] = {row.uuid: row for row in live_imports(actor)}
    roles = None
    if role_ids is not None:
        roles = list(JobRole.objects.filter(id__in=role_ids).values_list("key", flat=True))
    versions = {uuid: row.taxonomy_version for uuid, row in imports.items()}
    found = lake.sentences(
        versions,
        skill_key=skill_key,
        role_keys=roles,
        decided=_decided(list(imports.values()), role_ids),
        limit=limit,
    )
    by_row = {
        (row.posting_import_id, row.row): row.uuid
        for uuid in {item.import_uuid for item in found}
        for row in JobPosting.objects.filter(
            posting_import=imports[uuid], row__in=[item.row for item in found if item.import_uuid == uuid]
        ).only("posting_import_id", "row", "uuid")
    }
    result = []
    for item in found:
        posting = by_row.get((imports[item.import_uuid].pk, item.row))
        note = " · ".join(part for part in (item.title, item.company) if part)
        result.append(
            SourceText(item.parts, reverse("data:posting", args=[posting]) if posting else "", note)
        )
    return result


def _decided(imports: Sequence[PostingImport], role_ids: Sequence[int] | None) -> dict[UUID, lake.Decided]:
    """Return the rows whose post or count people decided: the lake keeps what the machine said."""
    which = Q(is_excluded=True)
    if role_ids is not None:
        which |= Q(corrected__isnull=False)
    rows = JobPosting.objects.filter(which, posting_import__in=imports)
    added: dict[UUID, list[int]] = defaultdict(list)
    removed: dict[UUID, list[int]] = defaultdict(list)
    uuids = {row.pk: row.uuid for row in imports}
    for pk, row, role, excluded in rows.values_list("posting_import_id", "row", "role_id", "is_excluded"):
        counts = not excluded and (role_ids is None or role in role_ids)
        (added if counts else removed)[uuids[pk]].append(row)
    return {uuid: lake.Decided(added[uuid], removed[uuid]) for uuid in uuids.values()}


def roles_in_demand(actor: Actor, *, among: Live | None = None) -> list[RoleLine]:
    """Return all posts of the region with how many live, visible postings each has, the most asked first."""
    ids = (among or live(actor)).ids
    counts = dict(
        RoleCount.objects.filter(posting_import__in=ids)
        .order_by()
        .values_list("role_id")
        .annotate(n=Sum("postings"))
    )
    rows = list(JobRole.objects.select_related("link__industry"))
    names = _occupation_names(rows)
    lines = [
        RoleLine(
            id=row.pk,
            uuid=row.uuid,
            key=row.key,
            name=Name(row.name_zh, row.name_en),
            link=Name(row.link.name_zh, row.link.name_en),
            industry=Name(row.link.industry.name_zh, row.link.industry.name_en),
            occupation=_occupation(row, names),
            postings=counts.get(row.pk, 0),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.postings, line.key))


def _occupation_names(rows: Sequence[JobRole | None]) -> Mapping[str, str]:
    codes = {row.occupation_code for row in rows if row and row.occupation_code}
    return dict(Occupation.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


def _occupation(role: JobRole, names: Mapping[str, str]) -> str:
    """Return code and name of a post's occupation: as loaded, else as the pack names it."""
    if not role.occupation_code:
        return ""
    return f"{role.occupation_code} {names.get(role.occupation_code, role.occupation_name)}".strip()
