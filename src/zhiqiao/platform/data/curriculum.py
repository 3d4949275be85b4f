"""Changes to modules: each one checked, revised, audited and announced in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from zhiqiao.infra.jobs.api import publish
from zhiqiao.platform.data.events import ModuleChanged
from zhiqiao.platform.data.models import Course, Module, ModuleRevision, ModuleSkill, Skill
from zhiqiao.platform.governance.api import Actor, audit, get_visible


@dataclass(frozen=True)
class SkillHours:
    """A skill with the hours and level (1..4) to be taught beside what is taught already."""

    key: str
    hours: float
    level: int


@dataclass(frozen=True)
class ChangeNote:
    """Why a module changes and which proposal asked for it."""

    reason: str
    proposal_uuid: UUID | None = None


@transaction.atomic
def teach_in_module(
    module_uuid: UUID, *, acting: Actor, skills: Sequence[SkillHours], practice_share: float, note: ChangeNote
) -> UUID:
    """Add skills or hours to a module; its own hours grow with them. 404 when the module may not be edited."""
    module = get_visible(acting, "programmes.edit", _locked_modules(), uuid=module_uuid)
    return _teach(module, acting=acting, skills=skills, practice_share=practice_share, note=note)


@transaction.atomic
def add_module(
    course_uuid: UUID,
    *,
    acting: Actor,
    names: tuple[str, str],
    skills: Sequence[SkillHours],
    practice_share: float,
    note: ChangeNote,
) -> UUID:
    """Make a new module (names in Chinese and English) in a course and return its uuid."""
    courses = Course.objects.select_for_update(of=("self",)).select_related("programme__organisation")
    course = get_visible(acting, "programmes.edit", courses, uuid=course_uuid)
    last = course.modules.aggregate(last=Max("sort"))["last"] or 0
    module = Module.objects.create(
        org_root_id=course.org_root_id,
        course=course,
        key=f"{course.key}-n{last + 1}",
        name_zh=names[0],
        name_en=names[1],
        sort=last + 1,
        revision=0,
    )
    return _teach(module, acting=acting, skills=skills, practice_share=practice_share, note=note)


@transaction.atomic
def retire_module(module_uuid: UUID, *, acting: Actor, note: ChangeNote) -> UUID:
    """Take a module out of the course table; it and its history stay readable."""
    module = get_visible(acting, "programmes.edit", _locked_modules(), uuid=module_uuid)
    before = _content(module)
    module.is_active = False
    _save(module, acting=acting, before=before, note=note)
    return module.uuid


def _locked_modules() -> QuerySet[Module]:
    return Module.objects.select_for_update(of=("self",)).select_related("course__programme__organisation")


def _teach(
    module: Module, *, acting: Actor, skills: Sequence[SkillHours], practice_share: float, note: ChangeNote
) -> UUID:
    before = _content(module)
    known = {skill.key: skill for skill in Skill.objects.filter(key__in=[item.key for item in skills])}
    taught = {row.skill_id: row for row in module.skills.all()}
    for item in skills:
        skill = known[item.key]
        row = taught.get(skill.pk) or ModuleSkill(
            org_root_id=module.org_root_id, module=module, skill=skill, hours=Decimal(0), level=1
        )
        row.hours += Decimal(str(item.hours))
        row.level = max(row.level, item.level)
        row.save()
    added = round(sum(item.hours for item in skills))
    practice = round(added * practice_share)
    module.practice_hours += practice
    module.theory_hours += added - practice
    _save(module, acting=acting, before=before, note=note)
    return module.uuid


def _save(module: Module, *, acting: Actor, before: dict[str, object], note: ChangeNote) -> None:
    """Store the module with its new revision; the state before the first change is kept too."""
    if module.revision and not module.revisions.exists():
        ModuleRevision.objects.create(
            org_root_id=module.org_root_id, module=module, revision=module.revision, content=before
        )
    module.revision += 1
    module.save()
    content = _content(module)
    ModuleRevision.objects.create(
        org_root_id=module.org_root_id,
        module=module,
        revision=module.revision,
        content=content,
        proposal_uuid=note.proposal_uuid,
        reason=note.reason,
        changed_by_id=acting.user_id,
    )
    audit(
        acting,
        "module.changed",
        obj=("module", str(module.uuid)),
        detail={"before": before, "after": content},
    )
    publish(
        ModuleChanged(
            module_uuid=str(module.uuid),
            programme_uuid=str(module.course.programme.uuid),
            org_root_id=module.org_root_id,
        )
    )


def _content(module: Module) -> dict[str, object]:
    """Return what a revision keeps of a module."""
    rows = module.skills.select_related("skill").order_by("skill__key")
    return {
        "name_zh": module.name_zh,
        "name_en": module.name_en,
        "theory_hours": module.theory_hours,
        "practice_hours": module.practice_hours,
        "is_active": module.is_active,
        "skills": [asdict(SkillHours(row.skill.key, float(row.hours), row.level)) for row in rows],
    }
