"""The JSON API of the industry data: skills, postings, imports; the same permissions as the pages."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from zhiqiao.infra.rest import Number, Size
from zhiqiao.platform.data.models import JobPosting
from zhiqiao.platform.data.rest_competency import router as competency_router
from zhiqiao.platform.data.rest_facts import router as facts_router
from zhiqiao.platform.data.rest_forecasts import router as forecasts_router
from zhiqiao.platform.data.rest_regional import router as regional_router
from zhiqiao.platform.data.rest_sources import router as sources_router
from zhiqiao.platform.data.rest_supply import router as supply_router
from zhiqiao.platform.data.schemas import ImportOut, ImportsOut, PostingOut, PostingsOut, SkillOut, SkillsOut
from zhiqiao.platform.data.selectors import imports as import_reads
from zhiqiao.platform.data.selectors import postings as posting_reads
from zhiqiao.platform.data.selectors.demand import live
from zhiqiao.platform.data.selectors.skills import SkillLine, skill_lines
from zhiqiao.platform.governance.api import action, api_actor

router = Router(tags=["data"])
for part in (
    sources_router,
    supply_router,
    facts_router,
    regional_router,
    forecasts_router,
    competency_router,
):
    router.add_router("", part)


@router.get("/skills", response=SkillsOut, summary="Skills with their demand, the most asked first")
@action("skills.read")
def skills(request: HttpRequest, q: str = "", page: Number = 1, size: Size = 50) -> SkillsOut:
    """Return skills whose name or alias holds `q`."""
    wanted = q.casefold()
    lines = [line for line in skill_lines(api_actor(request)) if not wanted or _mentions(line, wanted)]
    return SkillsOut(
        total=len(lines),
        page=page,
        size=size,
        items=[_skill(line) for line in lines[(page - 1) * size : page * size]],
    )


@router.get("/postings", response=PostingsOut, summary="Live postings one may see, the newest first")
@action("postings.read")
def postings(  # noqa: PLR0917 - the parameters of the address
    request: HttpRequest,
    role: str = "",
    city: str = "",
    month: str = "",
    skill: str = "",
    page: Number = 1,
    size: Size = 50,
) -> PostingsOut:
    """Return postings, narrowed by the key of a post or skill, a city, or a month (yyyy-mm)."""
    rows = posting_reads.postings(live(api_actor(request)))
    given = {"role__key": role, "city": city, "month": month}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if skill:
        rows = posting_reads.asking_for(rows, skill)
    items = [_posting(row) for row in rows[(page - 1) * size : page * size]]
    return PostingsOut(total=rows.count(), page=page, size=size, items=items)


@router.get("/imports", response=ImportsOut, summary="Imports of one's organisation, the newest first")
@action("imports.read")
def imports(request: HttpRequest, page: Number = 1, size: Size = 50) -> ImportsOut:
    """Return imports with their counts."""
    rows = import_reads.imports(api_actor(request))
    items = [_import(row) for row in rows[(page - 1) * size : page * size]]
    return ImportsOut(total=len(rows), page=page, size=size, items=items)


def _mentions(line: SkillLine, wanted: str) -> bool:
    names = (line.skill.key, line.skill.name.zh, line.skill.name.en, *line.aliases)
    return any(wanted in name.casefold() for name in names)


def _skill(line: SkillLine) -> SkillOut:
    skill = line.skill
    return SkillOut(
        uuid=skill.uuid,
        key=skill.key,
        name_zh=skill.name.zh,
        name_en=skill.name.en,
        kind=skill.kind,
        category=skill.category,
        broader=skill.broader,
        aliases=list(line.aliases),
        postings=line.count,
        postings_total=line.total,
    )


def _posting(row: JobPosting) -> PostingOut:
    plain = (
        "uuid",
        "title",
        "company",
        "city",
        "city_code",
        "salary_min",
        "salary_max",
        "diploma",
        "experience_min",
        "role_confidence",
        "industry_code",
        "work_form",
    )
    return PostingOut(
        **{name: getattr(row, name) for name in plain},
        published=row.published,
        role=row.role.key if row.role else None,
        signals=list(row.signals) if row.is_coded else None,
        counts=not row.is_excluded,
        source=row.posting_import.source.name,
        is_demo=row.posting_import.is_demo,
    )


def _import(row: import_reads.ImportView) -> ImportOut:
    return ImportOut(**{name: getattr(row, name) for name in ImportOut.model_fields})
