"""Reads of programmes, courses and modules as plain values, always through `visible`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.models import Course, Module, ModuleRevision, ModuleSkill, Programme, ProgrammeRole
from zhiqiao.platform.governance.api import Actor, get_visible, visible


@dataclass(frozen=True)
class TaughtView:
    """A skill that a module teaches."""

    uuid: UUID
    key: str
    name: Name
    kind: str
    category: str
    broader: str
    hours: float
    level: int


@dataclass(frozen=True)
class ModuleView:
    """A module with its skills."""

    uuid: UUID
    key: str
    name: Name
    theory_hours: int
    practice_hours: int
    is_active: bool
    revision: int
    skills: tuple[TaughtView, ...]

    @property
    def hours(self) -> int:
        """Return all hours."""
        return self.theory_hours + self.practice_hours


@dataclass(frozen=True)
class CourseView:
    """A course with its modules."""

    uuid: UUID
    key: str
    name: Name
    category: str
    category_label: str
    term: int
    modules: tuple[ModuleView, ...]

    @property
    def hours(self) -> int:
        """Return the hours of the modules still taught."""
        return sum(module.hours for module in self.modules if module.is_active)


@dataclass(frozen=True)
class RoleView:
    """A post the programme trains for."""

    id: int
    uuid: UUID
    key: str
    name: Name


@dataclass(frozen=True)
class ProgrammeView:
    """A programme with target posts and, when asked for, its whole course table."""

    id: int
    uuid: UUID
    key: str
    code: str
    name: Name
    school: Name
    level: str
    level_label: str
    years: int
    path: str
    org_root_id: int
    is_demo: bool
    roles: tuple[RoleView, ...]
    courses: tuple[CourseView, ...] = ()

    def modules(self) -> Iterable[tuple[CourseView, ModuleView]]:
        """Yield the modules still taught, with their courses."""
        return ((course, module) for course in self.courses for module in course.modules if module.is_active)


@dataclass(frozen=True)
class RevisionView:
    """What a module was after one change."""

    revision: int
    at: dt.datetime
    changed_by: str
    reason: str
    proposal_uuid: UUID | None
    content: dict[str, object]


def programmes(acting: Actor) -> list[ProgrammeView]:
    """Return the programmes the person may see, without course tables, in the order of their schools."""
    rows = visible(acting, "programmes.read", _programmes()).order_by("organisation__path", "key")
    return [_programme(row) for row in rows]


def whole_programmes(acting: Actor) -> list[ProgrammeView]:
    """Return the programmes the person may see with their course tables, in the order of their schools."""
    rows = visible(acting, "programmes.read", _with_courses()).order_by("organisation__path", "key")
    return [_whole(row) for row in rows]


def programme(acting: Actor, programme_uuid: UUID) -> ProgrammeView:
    """Return one programme with its course table; 404 when it may not be seen."""
    return _whole(get_visible(acting, "programmes.read", _with_courses(), uuid=programme_uuid))


def programme_brief(acting: Actor, programme_uuid: UUID) -> ProgrammeView:
    """Return one programme with its target posts but without its course table; 404 when it may not be seen."""
    return _programme(get_visible(acting, "programmes.read", _programmes(), uuid=programme_uuid))


def programme_of_module(acting: Actor, module_uuid: UUID) -> ProgrammeView:
    """Return the programme a module belongs to; 404 when it may not be seen."""
    rows = _with_courses().filter(courses__modules__uuid=module_uuid)
    return _whole(get_visible(acting, "programmes.read", rows))


def names_of(acting: Actor, uuids: Sequence[UUID]) -> dict[UUID, Name]:
    """Return the names of those modules and courses that may be seen, by uuid."""
    modules = visible(acting, "programmes.read", Module.objects.filter(uuid__in=uuids))
    courses = visible(acting, "programmes.read", Course.objects.filter(uuid__in=uuids))
    rows: list[Module | Course] = [*modules, *courses]
    return {row.uuid: Name(row.name_zh, row.name_en) for row in rows}


def programme_of_course(acting: Actor, course_uuid: UUID) -> ProgrammeView:
    """Return the programme a course belongs to; 404 when it may not be seen."""
    return _whole(get_visible(acting, "programmes.read", _with_courses().filter(courses__uuid=course_uuid)))


def module_revisions(acting: Actor, module_uuid: UUID) -> list[RevisionView]:
    """Return a module's revisions, the newest first."""
    rows = visible(acting, "programmes.read", ModuleRevision.objects.select_related("changed_by"))
    return [
        RevisionView(
            row.revision,
            row.created_at,
            row.changed_by.display_name if row.changed_by else "",
            row.reason,
            row.proposal_uuid,
            row.content,
        )
        for row in rows.filter(module__uuid=module_uuid).order_by("-revision")
    ]


def _programmes() -> QuerySet[Programme]:
    roles = ProgrammeRole.objects.select_related("role").order_by("role__name_zh")
    return Programme.objects.select_related("organisation__parent__parent__parent").prefetch_related(
        Prefetch("target_roles", queryset=roles)
    )


def _with_courses() -> QuerySet[Programme]:
    skills = ModuleSkill.objects.select_related("skill__category", "skill__broader").order_by(
        "-hours", "skill__key"
    )
    modules = Module.objects.order_by("sort", "key").prefetch_related(Prefetch("skills", queryset=skills))
    courses = Course.objects.order_by("term", "sort", "key").prefetch_related(
        Prefetch("modules", queryset=modules)
    )
    return _programmes().prefetch_related(Prefetch("courses", queryset=courses))


def _programme(row: Programme, courses: tuple[CourseView, ...] = ()) -> ProgrammeView:
    school = row.organisation
    while school.parent is not None:
        school = school.parent
    return ProgrammeView(
        id=row.pk,
        uuid=row.uuid,
        key=row.key,
        code=row.code,
        name=Name(row.name_zh, row.name_en),
        school=Name(school.name_zh, school.name_en),
        level=row.level,
        level_label=str(row.get_level_display()),
        years=row.years,
        path=row.organisation.path,
        org_root_id=row.org_root_id,
        is_demo=row.is_demo,
        roles=tuple(
            RoleView(link.role.pk, link.role.uuid, link.role.key, Name(link.role.name_zh, link.role.name_en))
            for link in row.target_roles.all()
        ),
        courses=courses,
    )


def _whole(row: Programme) -> ProgrammeView:
    return _programme(row, tuple(_course(course) for course in row.courses.all()))


def _course(row: Course) -> CourseView:
    return CourseView(
        uuid=row.uuid,
        key=row.key,
        name=Name(row.name_zh, row.name_en),
        category=row.category,
        category_label=str(row.get_category_display()),
        term=row.term,
        modules=tuple(_module(module) for module in row.modules.all()),
    )


def _module(row: Module) -> ModuleView:
    return ModuleView(
        uuid=row.uuid,
        key=row.key,
        name=Name(row.name_zh, row.name_en),
        theory_hours=row.theory_hours,
        practice_hours=row.practice_hours,
        is_active=row.is_active,
        revision=row.revision,
        skills=tuple(
            TaughtView(
                uuid=link.skill.uuid,
                key=link.skill.key,
                name=Name(link.skill.name_zh, link.skill.name_en),
                kind=link.skill.kind,
                category=link.skill.category.key,
                broader=link.skill.broader.key if link.skill.broader else "",
                hours=float(link.hours),
                level=link.level,
            )
            for link in row.skills.all()
        ),
    )
