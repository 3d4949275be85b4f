"""Announced investment projects (招商引资项目) with the staff they say they need; they move scenario bands only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from zhiqiao.infra.db.names import Name, local_name
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import YEARS, ChainLink, Industry, InvestmentProject, JobRole, ProjectStaff
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.governance.api import Actor, get_visible, require, visible

__all__ = [
    "ProjectFacts",
    "ProjectView",
    "Staff",
    "get_project",
    "own_projects",
    "project_view",
    "projects",
    "save_project",
]

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Staff:
    """How many people a project needs for a post in a year."""

    role: JobRole
    year: int
    headcount: int


@dataclass(frozen=True)
class ProjectFacts:
    """What is stated of a project; `start` is yyyy-mm, `probability` 0..1 as the bureau judges it.

    `name_en` is None where it was not given.
    """

    name: str
    industry: Industry
    link: ChainLink | None
    region: str
    start: str
    probability: float
    state: str
    source: str
    announced: dt.date | None
    staff: Sequence[Staff] = ()
    name_en: str | None = None


@dataclass(frozen=True)
class ProjectView:
    """A project; `start` is yyyy-mm, `probability` 0..1, `staff` holds (post's key, head count, year)."""

    uuid: UUID
    name: str
    industry_key: str
    industry: Name
    link_key: str
    link: Name | None
    region: str
    start: str
    probability: float
    state: str
    state_label: str
    source: str
    announced: dt.date | None
    staff: tuple[tuple[str, int, int], ...]
    staff_names: tuple[Name, ...]
    is_demo: bool
    version: int
    name_en: str = ""

    @property
    def title(self) -> str:
        """Return the name in the active language; where nobody gave an English one, the Chinese."""
        return local_name(self.name, self.name_en)

    @property
    def headcount(self) -> int | None:
        """Return all people it says it needs; None when it names none."""
        return sum(count for _role, count, _year in self.staff) if self.staff else None


def projects(acting: Actor) -> list[ProjectView]:
    """Return the projects one may see, the earliest start first."""
    return [project_view(row) for row in visible(acting, "projects.read", _rows()).order_by("start", "id")]


def own_projects(acting: Actor) -> list[InvestmentProject]:
    """Return the rows of the projects that one's organisation keeps."""
    return list(visible(acting, "projects.edit", _rows()).filter(org_root_id=keeping.own_root(acting)))


def get_project(acting: Actor, uuid: UUID, action: str = "projects.read") -> InvestmentProject:
    """Return one project with its staff; 404 when it may not be seen."""
    return get_visible(acting, action, _rows(), uuid=uuid)


@transaction.atomic
def save_project(
    actor: Actor, row: InvestmentProject | None, facts: ProjectFacts, *, seen: int = 0
) -> InvestmentProject:
    """Keep a project with its staff.

    Raises Refused for a fact that can not be or a name that is there, Conflict when the row was changed.
    """
    require(actor, "projects.edit", row)
    root = keeping.own_root(actor)
    _check(facts)
    current = row or InvestmentProject(org_root_id=root)
    if InvestmentProject.objects.filter(org_root_id=root, name=facts.name).exclude(pk=current.pk).exists():
        raise Refused(_("已有同名的项目，请直接修改那一个。"))
    before = _lines(row) if row else []
    after = [(item.role.key, item.year, item.headcount) for item in facts.staff]
    names = ("industry", "link", "region", "start", "probability", "state", "source", "announced")
    also = {} if sorted(before) == sorted(after) else {"staff": [_staff_text(before), _staff_text(after)]}
    values = keeping.named(current, facts.name, facts.name_en) | {
        name: getattr(facts, name) for name in names
    }
    kept = keeping.keep(actor, current, values, seen=seen, verb="supply.project", also=also)
    if also:
        kept.staff.all().delete()
        ProjectStaff.objects.bulk_create(
            ProjectStaff(
                org_root_id=kept.org_root_id,
                project=kept,
                role=item.role,
                year=item.year,
                headcount=item.headcount,
            )
            for item in facts.staff
        )
    return kept


def project_view(row: InvestmentProject) -> ProjectView:
    """Return a project's row as a value."""
    staff = sorted(row.staff.all(), key=lambda item: (item.year, item.role.key))
    return ProjectView(
        uuid=row.uuid,
        name=row.name,
        name_en=row.name_en,
        industry_key=row.industry.key,
        industry=Name(row.industry.name_zh, row.industry.name_en),
        link_key=row.link.key if row.link else "",
        link=Name(row.link.name_zh, row.link.name_en) if row.link else None,
        region=row.region,
        start=row.start,
        probability=row.probability,
        state=row.state,
        state_label=str(row.get_state_display()),
        source=row.source,
        announced=row.announced,
        staff=tuple((item.role.key, item.headcount, item.year) for item in staff),
        staff_names=tuple(Name(item.role.name_zh, item.role.name_en) for item in staff),
        is_demo=row.is_demo,
        version=row.version,
    )


def _check(facts: ProjectFacts) -> None:
    if not facts.source.strip():
        raise Refused(_("请写明出处：哪份公告、公示或签约报道。"))
    if not _MONTH.fullmatch(facts.start):
        raise Refused(_("开工或投产月份请写成 2027-03 这样。"))
    if not 0 <= facts.probability <= 1:
        raise Refused(_("可能性要在 0 到 100% 之间。"))
    if facts.link is not None and facts.link.industry_id != facts.industry.pk:
        raise Refused(_("这个产业链环节不属于所选的产业。"))
    if any(not YEARS[0] <= item.year <= YEARS[1] for item in facts.staff):
        raise Refused(_("年份要在 %(low)s 到 %(high)s 之间。") % {"low": YEARS[0], "high": YEARS[1]})
    named = [(item.role.pk, item.year) for item in facts.staff]
    if len(set(named)) < len(named):
        raise Refused(_("同一岗位、同一年份的用人写了两次，请合并成一行。"))


def _lines(row: InvestmentProject) -> list[tuple[str, int, int]]:
    return [(item.role.key, item.year, item.headcount) for item in row.staff.all()]


def _staff_text(lines: list[tuple[str, int, int]]) -> str:
    return "; ".join(f"{role} {year}: {count}" for role, year, count in sorted(lines))


def _rows() -> QuerySet[InvestmentProject]:
    staff = ProjectStaff.objects.select_related("role")
    return InvestmentProject.objects.select_related("industry", "link").prefetch_related(
        Prefetch("staff", queryset=staff)
    )
