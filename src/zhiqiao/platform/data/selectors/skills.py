"""Reads of skills: the catalogue with demand, one skill with posts, months and modules, posts × skills."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum
from django.http import Http404

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.figures import Scope, demand_uuid
from zhiqiao.platform.data.models import JobRole, ModuleSkill, RoleCount, Skill, SkillCount
from zhiqiao.platform.data.selectors.demand import Live, SkillView, catalogue, live, skill_totals, skill_view
from zhiqiao.platform.governance.api import Actor, can, visible

__all__ = [
    "HeatMap",
    "RoleDemand",
    "SkillLine",
    "SkillPage",
    "TeachingModule",
    "heat_map",
    "skill_lines",
    "skill_page",
]

_GRAPH_ROLES, _GRAPH_MODULES = 8, 8


@dataclass(frozen=True)
class SkillLine:
    """A skill in the list with its demand over all visible postings; `count` None where postings may not be seen."""

    skill: SkillView
    figure_uuid: UUID
    count: int | None
    total: int
    aliases: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """Return the share of postings that ask for it, None when unknown."""
        return self.count / self.total if self.count is not None and self.total else None


@dataclass(frozen=True)
class RoleDemand:
    """How many postings of a post ask for the skill."""

    role_uuid: UUID
    role_key: str
    name: Name
    figure_uuid: UUID
    count: int
    total: int

    @property
    def share(self) -> float:
        """Return the share of the post's postings."""
        return self.count / self.total if self.total else 0.0


@dataclass(frozen=True)
class TeachingModule:
    """A visible module that teaches the skill."""

    uuid: UUID
    name: Name
    course: Name
    programme: Name
    hours: float
    level_label: str


@dataclass(frozen=True)
class SkillPage:
    """All that the page of one skill shows."""

    line: SkillLine
    broader: SkillView | None
    roles: tuple[RoleDemand, ...]
    months: tuple[tuple[str, int, int], ...]
    undated: int
    modules: tuple[TeachingModule, ...]
    is_active: bool


@dataclass(frozen=True)
class HeatMap:
    """Shares of postings per post (rows) and skill (columns), with counts and the uuid of each figure."""

    roles: tuple[tuple[JobRole, int], ...]
    skills: tuple[Skill, ...]
    counts: Mapping[tuple[int, int], int]

    def share(self, role: JobRole, total: int, skill: Skill) -> float | None:
        """Return the share of a post's postings that ask for a skill, None without postings."""
        return self.counts.get((role.pk, skill.pk), 0) / total if total else None

    def figure(self, role: JobRole, skill: Skill) -> UUID:
        """Return the uuid of one cell's figure."""
        return demand_uuid(skill.pk, (Scope.ROLE, role.pk))


def skill_lines(
    actor: Actor, *, role_id: int | None = None, asked_only: bool = False, among: Live | None = None
) -> list[SkillLine]:
    """Return the skills with their demand (in one post, or in all postings), the most asked first."""
    counts: dict[int, int] = {}
    total = 0
    if can(actor, "postings.read"):
        counts, total = skill_totals(actor, None if role_id is None else [role_id], among=among)
    scope = (Scope.ALL, 0) if role_id is None else (Scope.ROLE, role_id)
    lines = [
        SkillLine(
            skill, demand_uuid(skill.id, scope), counts.get(skill.id, 0) if total else None, total, aliases
        )
        for skill, aliases in catalogue()
        if skill.id in counts or not asked_only
    ]
    return sorted(lines, key=lambda line: (-(line.count or 0), line.skill.key))


def skill_page(actor: Actor, key: str, *, among: Live | None = None) -> SkillPage:
    """Return one skill with demand by post and by month, and the modules that teach it; 404 when unknown."""
    row = (
        Skill.objects.select_related("category", "broader__category", "broader__broader")
        .filter(key=key)
        .first()
    )
    if row is None:
        raise Http404
    reads = can(actor, "postings.read")
    imports = (among or live(actor)).ids if reads else []
    asked = _by_role_and_month(SkillCount.objects.filter(skill=row, posting_import__in=imports))
    totals = _by_role_and_month(RoleCount.objects.filter(posting_import__in=imports))
    total = sum(totals.values())
    line = SkillLine(
        skill_view(row),
        demand_uuid(row.pk, (Scope.ALL, 0)),
        sum(asked.values()) if total else None,
        total,
        tuple(row.aliases),
    )
    months = sorted({month for _role, month in totals if month})
    return SkillPage(
        line=line,
        broader=skill_view(row.broader) if row.broader else None,
        roles=_roles(row, asked, totals),
        months=tuple((month, _of_month(asked, month), _of_month(totals, month)) for month in months),
        undated=_of_month(totals, ""),
        modules=_modules(actor, row),
        is_active=row.is_active,
    )


def heat_map(
    actor: Actor, *, most_roles: int = 15, most_skills: int = 20, among: Live | None = None
) -> HeatMap:
    """Return the posts with most postings against the skills they ask for most."""
    imports = (among or live(actor)).ids
    totals = dict(
        RoleCount.objects.filter(posting_import__in=imports, role__isnull=False)
        .order_by()
        .values_list("role_id")
        .annotate(n=Sum("postings"))
        .order_by("-n", "role_id")[:most_roles]
    )
    roles = JobRole.objects.in_bulk(list(totals))
    counts: Counter[tuple[int, int]] = Counter()
    per_skill: defaultdict[int, float] = defaultdict(float)
    rows = SkillCount.objects.filter(posting_import__in=imports, role__in=list(totals)).order_by()
    for role, skill, count in rows.values_list("role_id", "skill_id").annotate(n=Sum("postings")):
        counts[role, skill] = count
        per_skill[skill] += count / totals[role]  # every post counts alike, however many postings it has
    top = sorted(per_skill, key=lambda pk: (-per_skill[pk], pk))[:most_skills]
    skills = Skill.objects.in_bulk(top)
    return HeatMap(
        tuple((roles[pk], total) for pk, total in totals.items()), tuple(skills[pk] for pk in top), counts
    )


_RoleMonth = tuple[int | None, str]


def _by_role_and_month(rows) -> dict[_RoleMonth, int]:  # type: ignore[no-untyped-def]  # a queryset of either count table
    grouped = rows.order_by().values_list("role_id", "month").annotate(n=Sum("postings"))
    return {(role, month): count for role, month, count in grouped}


def _of_month(counts: Mapping[_RoleMonth, int], month: str) -> int:
    return sum(count for (_role, other), count in counts.items() if other == month)


def _roles(
    skill: Skill, asked: Mapping[_RoleMonth, int], totals: Mapping[_RoleMonth, int]
) -> tuple[RoleDemand, ...]:
    per_role: Counter[int] = Counter()
    for (role, _month), count in asked.items():
        if role is not None:
            per_role[role] += count
    all_of: Counter[int] = Counter()
    for (role, _month), count in totals.items():
        if role is not None:
            all_of[role] += count
    roles = JobRole.objects.in_bulk(list(per_role))
    found = [
        RoleDemand(
            role_uuid=roles[pk].uuid,
            role_key=roles[pk].key,
            name=Name(roles[pk].name_zh, roles[pk].name_en),
            figure_uuid=demand_uuid(skill.pk, (Scope.ROLE, pk)),
            count=count,
            total=all_of[pk],
        )
        for pk, count in per_role.items()
    ]
    return tuple(sorted(found, key=lambda item: (-item.count, item.role_key)))


def _modules(actor: Actor, skill: Skill) -> tuple[TeachingModule, ...]:
    if not can(actor, "programmes.read"):
        return ()
    rows = visible(actor, "programmes.read", ModuleSkill.objects.filter(skill=skill, module__is_active=True))
    rows = rows.select_related("module__course__programme").order_by("-hours", "module__key")
    return tuple(
        TeachingModule(
            uuid=row.module.uuid,
            name=Name(row.module.name_zh, row.module.name_en),
            course=Name(row.module.course.name_zh, row.module.course.name_en),
            programme=Name(row.module.course.programme.name_zh, row.module.course.programme.name_en),
            hours=float(row.hours),
            level_label=str(row.get_level_display()),
        )
        for row in rows
    )


def graph_parts(page: SkillPage) -> tuple[Sequence[RoleDemand], Sequence[TeachingModule]]:
    """Return the posts and modules that a small graph around a skill shows."""
    return page.roles[:_GRAPH_ROLES], page.modules[:_GRAPH_MODULES]
