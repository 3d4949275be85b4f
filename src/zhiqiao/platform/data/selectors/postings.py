"""Reads of postings: the list with its filters, one posting with its text, and sentences that ask for a skill."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.urls import reverse

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data import lake
from zhiqiao.platform.data.evidence import SourceText
from zhiqiao.platform.data.models import JobPosting, JobRole, Occupation, PostingImport, PostingSkill, RoleCount, Skill
from zhiqiao.platform.data.selectors.demand import SkillView, live_imports, skill_view
from zhiqiao.platform.governance.api import Actor, get_visible, visible

__all__ = [
    "PostingDetail",
    "PostingFilter",
    "RoleLine",
    "filter_choices",
    "posting_detail",
    "postings",
    "roles_in_demand",
    "sentences",
    "visible_postings",
]


@dataclass(frozen=True)
class PostingFilter:
    """What narrows the list; empty values narrow nothing. `role` and `skill` are keys, `source` a uuid."""

    role: str = ""
    city: str = ""
    month: str = ""
    source: str = ""
    skill: str = ""
    text: str = ""


@dataclass(frozen=True)
class PostingDetail:
    """One posting with its text cut at the mentions of skills."""

    uuid: UUID
    title: str
    company: str
    role: Name | None
    role_uuid: UUID | None
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


def postings(actor: Actor, wanted: PostingFilter) -> QuerySet[JobPosting]:
    """Return the postings that meet a filter, newest import first, as rows with source and post."""
    # naming the imports lets the database use the index of each instead of joining every posting
    ids = list(live_imports(actor).values_list("id", flat=True))
    rows = visible_postings(actor).filter(posting_import__in=ids)
    if wanted.role:
        rows = rows.filter(role__isnull=True) if wanted.role == "-" else rows.filter(role__key=wanted.role)
    if wanted.city:
        rows = rows.filter(city=wanted.city)
    if wanted.month:
        rows = rows.filter(month="" if wanted.month == "-" else wanted.month)
    if wanted.source:
        rows = rows.filter(posting_import__source__uuid=wanted.source)
    if wanted.skill:
        rows = rows.filter(id__in=PostingSkill.objects.filter(skill__key=wanted.skill).values("posting_id"))
    if wanted.text:
        rows = rows.filter(title__icontains=wanted.text) | rows.filter(company__icontains=wanted.text)
    return rows.select_related("role", "posting_import__source").order_by("-posting_import_id", "id")


def filter_choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """Return the values each filter may take, the most frequent posts and places first."""
    ids = list(live_imports(actor).values_list("id", flat=True))
    counts = RoleCount.objects.filter(posting_import__in=ids).order_by()
    roles = {row.pk: row for row in JobRole.objects.all()}
    by_role = counts.values_list("role_id").annotate(n=Sum("postings")).order_by("-n")
    months = counts.exclude(month="").values_list("month", flat=True).distinct().order_by("-month")
    cities = (
        JobPosting.objects.filter(posting_import__in=ids)
        .exclude(city="")
        .values_list("city", flat=True)
        .distinct()
        .order_by("city")
    )
    source_rows = {row.source.uuid: row.source.name for row in live_imports(actor).select_related("source")}
    return {
        "role": [(roles[pk].key, str(Name(roles[pk].name_zh, roles[pk].name_en))) for pk, _ in by_role if pk in roles],
        "city": [(city, city) for city in cities],
        "month": [(month, month) for month in months],
        "source": [(str(uuid), name) for uuid, name in source_rows.items()],
    }


def posting_detail(actor: Actor, uuid: UUID) -> PostingDetail:
    """Return one posting with its text; 404 when it may not be seen or does not count."""
    row = get_visible(
        actor, "postings.read", JobPosting.objects.live().select_related("role", "posting_import__source"), uuid=uuid
    )
    found = lake.posting(row.posting_import.uuid, row.row)
    skills = Skill.objects.select_related("category", "broader").filter(
        id__in=PostingSkill.objects.filter(posting=row).values("skill_id")
    )
    return PostingDetail(
        uuid=row.uuid,
        title=row.title,
        company=row.company,
        role=Name(row.role.name_zh, row.role.name_en) if row.role else None,
        role_uuid=row.role.uuid if row.role else None,
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
    )


def sentences(
    actor: Actor, skill_key: str, role_ids: Sequence[int] | None = None, limit: int = 20
) -> list[SourceText]:
    """Return sentences of live, visible postings (of some posts) that ask for a skill, each with its posting."""
    imports: dict[UUID, PostingImport] = {row.uuid: row for row in live_imports(actor)}
    roles = None
    if role_ids is not None:
        roles = list(JobRole.objects.filter(id__in=role_ids).values_list("key", flat=True))
    found = lake.sentences(list(imports), skill_key=skill_key, role_keys=roles, limit=limit)
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
        result.append(SourceText(item.parts, reverse("data:posting", args=[posting]) if posting else "", note))
    return result


def roles_in_demand(actor: Actor) -> list[RoleLine]:
    """Return all posts of the region with how many live, visible postings each has, the most asked first."""
    ids = list(live_imports(actor).values_list("id", flat=True))
    counts = dict(
        RoleCount.objects.filter(posting_import__in=ids).order_by().values_list("role_id").annotate(n=Sum("postings"))
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
