"""Reads of an enterprise's own postings: the list, and one with the skills its published version names."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from zhiqiao.platform.data import lake
from zhiqiao.platform.data.models import ImportState, JobPosting, Skill, Vacancy
from zhiqiao.platform.data.reading import Passage, passages
from zhiqiao.platform.data.selectors.imports import run_of
from zhiqiao.platform.governance.api import Actor, get_visible, visible

__all__ = ["VacancyPage", "get_vacancy", "vacancies", "vacancy_page"]


@dataclass(frozen=True)
class VacancyPage:
    """A posting with what became of its published version."""

    row: Vacancy
    import_state: str
    is_open: bool
    is_duplicate: bool
    passages: tuple[Passage, ...]
    skills: tuple[str, ...]
    percent: int | None


def vacancies(actor: Actor) -> QuerySet[Vacancy]:
    """Return the enterprise's own postings, the last changed first."""
    return visible(actor, "vacancies.manage", Vacancy.objects.all()).order_by("-updated_at")


def get_vacancy(actor: Actor, uuid: UUID) -> Vacancy:
    """Return one posting of one's own enterprise; 404 otherwise."""
    rows = Vacancy.objects.select_related("source", "posting_import")
    return get_visible(actor, "vacancies.manage", rows, uuid=uuid)


def vacancy_page(actor: Actor, uuid: UUID) -> VacancyPage:
    """Return a posting with the passages and skills of its published version."""
    row = get_vacancy(actor, uuid)
    current = row.posting_import
    state = current.state if current else ""
    run = run_of(current) if current else None
    parts: tuple[tuple[str, lake.Span | None], ...] = ()
    if current is not None and state == ImportState.LIVE:
        posting = JobPosting.objects.filter(posting_import=current).first()
        found = (
            lake.posting(current.uuid, posting.row, mentions=(posting.mention_start, posting.mention_count))
            if posting
            else None
        )
        parts = tuple(lake.text_parts(found)) if found else ()
    keys = {span.skill_key for _text, span in parts if span and span.skill_key}
    names = {skill.key: str(skill) for skill in Skill.objects.filter(key__in=keys)}
    return VacancyPage(
        row=row,
        import_state=state,
        is_open=state in {ImportState.QUEUED, ImportState.RUNNING},
        is_duplicate=bool(current and state == ImportState.LIVE and not current.kept and current.duplicates),
        passages=tuple(passages(parts, names)),
        skills=tuple(sorted(set(names.values()))),
        percent=getattr(run, "percent", None),
    )
